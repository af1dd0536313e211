import type { Consumer } from '../model/consumer.ts';
import type { ReporterOptions } from './output/options.ts';

interface ReporterModule {
  readonly create: (options: ReporterOptions) => Consumer;
  /** What its file says of a run that did not start, of which there are no events: the text is what the command said. */
  readonly refuse?: (said: string) => string;
}

/** Each reporter by its name, loaded when it is first asked for. */
const LOADERS = {
  tree: async () => ({
    create: (await import('./tree/tree-reporter.ts')).createTreeReporter,
    refuse: (said) => `${said.trimEnd()}\n`,
  }),
  minimal: async () => ({
    create: (await import('./brief/minimal-reporter.ts')).createMinimalReporter,
    refuse: (said) => `${said.trimEnd()}\n`,
  }),
  json: async () => {
    const { createJsonReporter, renderNotStarted } = await import('./data/json-reporter.ts');
    return { create: createJsonReporter, refuse: renderNotStarted };
  },
  ctrf: async () => {
    const { createCtrfReporter, renderNotStarted } = await import('./data/ctrf-reporter.ts');
    return { create: createCtrfReporter, refuse: renderNotStarted };
  },
  tap: async () => {
    const { createTapReporter, renderNotStarted } = await import('./data/tap-reporter.ts');
    return { create: createTapReporter, refuse: renderNotStarted };
  },
  markdown: async () => {
    const { createMarkdownReporter, renderNotStarted } = await import('./brief/markdown-reporter.ts');
    return { create: createMarkdownReporter, refuse: renderNotStarted };
  },
  github: async () => {
    const { createGithubReporter, renderNotStarted } = await import('./brief/github-reporter.ts');
    return { create: createGithubReporter, refuse: renderNotStarted };
  },
  html: async () => {
    const { createHtmlReporter, renderNotStarted } = await import('./html/html-reporter.ts');
    return { create: createHtmlReporter, refuse: renderNotStarted };
  },
  ndjson: async () => ({ create: (await import('./data/ndjson-reporter.ts')).createNdjsonReporter }),
  blob: async () => ({ create: (await import('./data/blob-reporter.ts')).createBlobReporter }),
  junit: async () => ({
    create: (await import('./junit/junit-reporter.ts')).createJunitReporter,
    refuse: (await import('./junit/refused-report.ts')).renderRefused,
  }),
} as const satisfies Record<string, () => Promise<ReporterModule>>;

/** What `--reporter` takes. */
export const reporterNames: readonly string[] = Object.keys(LOADERS);

/** Loads and makes a reporter. @throws Error when `reporterNames` does not have the name */
export async function createReporter(name: string, options: ReporterOptions): Promise<Consumer> {
  return (await loadReporter(name)).create(options);
}

/** What a reporter's file says of a run that did not start; nothing where a reader takes that as it is meant. */
export async function refuseReport(name: string, said: string): Promise<string> {
  return (await loadReporter(name)).refuse?.(said) ?? '';
}

async function loadReporter(name: string): Promise<ReporterModule> {
  const load: (() => Promise<ReporterModule>) | undefined = Object.entries(LOADERS).find(
    ([known]) => known === name,
  )?.[1];
  if (!load) throw new Error(`there is no reporter \`${name}\`: expected ${reporterNames.join(', ')}`);
  return load();
}
