import type { Consumer } from '../../model/consumer.ts';
import { writeEventLine } from '../../model/event-table/event-line.ts';
import { beginOnce } from '../output/begin-once.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';

/** Makes the reporter for `merge-reports`: what the run is a part of, then its events. */
export function createBlobReporter(options: ReporterOptions): Consumer {
  const { outside: { blob } = {} } = options;
  const open = blob === undefined ? () => undefined : beginOnce(options, () => `${JSON.stringify(blob)}\n`);
  return {
    name: 'blob',
    wants: { exchanges: isVerbose(options) ? 'all' : 'failed', results: true, settings: true },
    on(event) {
      open();
      options.write(writeEventLine(event));
    },
    async close() {
      open();
      await options.finish?.();
    },
  };
}
