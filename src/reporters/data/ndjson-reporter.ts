import type { Consumer } from '../../model/consumer.ts';
import { writeEventLine } from '../../model/event-table/event-line.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';

/** Makes the reporter for programs: one JSON object a line for each event, as it happens. */
export function createNdjsonReporter(options: ReporterOptions): Consumer {
  return {
    name: 'ndjson',
    wants: { exchanges: isVerbose(options) ? 'all' : 'failed', results: true, progress: true },
    on: (event) => options.write(writeEventLine(event)),
    async close() {
      await options.finish?.();
    },
  };
}
