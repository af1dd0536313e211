import type { Consumer } from '../model/consumer.ts';
import { renderRefused } from './junit/refused-report.ts';
import type { ReporterOptions } from './output/options.ts';

type Load = () => Promise<(options: ReporterOptions) => Consumer>;

/** Each reporter by its name, loaded when it is first asked for. */
const LOADERS = {
  tree: async () => (await import('./tree/tree-reporter.ts')).createTreeReporter,
  ndjson: async () => (await import('./ndjson.ts')).createNdjsonReporter,
  junit: async () => (await import('./junit/junit-reporter.ts')).createJunitReporter,
} as const satisfies Record<string, Load>;

/** What `--reporter` takes. */
export const reporterNames: readonly string[] = Object.keys(LOADERS);

/** Loads and makes a reporter. @throws Error when `reporterNames` does not have the name */
export async function createReporter(name: string, options: ReporterOptions): Promise<Consumer> {
  const load = Object.entries(LOADERS).find(([known]) => known === name)?.[1];
  if (!load) throw new Error(`there is no reporter \`${name}\`: expected ${reporterNames.join(', ')}`);
  const create = await load();
  return create(options);
}

/** Writes what a reporter's file says of a run that did not start: of events there are none. */
export function refuseReport(name: string, write: ReporterOptions['write'], said: string): void {
  if (name === 'junit') write(renderRefused(said));
  if (name === 'tree') write(`${said.trimEnd()}\n`);
}
