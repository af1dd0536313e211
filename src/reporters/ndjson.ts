import type { Consumer } from '../model/consumer.ts';
import { encodeEvent } from '../model/event-codec.ts';
import type { ReporterOptions } from './options.ts';

/** Makes the reporter for programs: one JSON object a line for each event, as it happens. */
export function createNdjsonReporter(options: ReporterOptions): Consumer {
  return {
    name: 'ndjson',
    // JSON.stringify escapes halves of surrogate pairs, so a line is always valid UTF-8 and valid JSON.
    on: (event) => options.write(`${JSON.stringify(encodeEvent(event))}\n`),
    async close() {
      await options.finish?.();
    },
  };
}
