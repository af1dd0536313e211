import type { Consumer } from '../../model/consumer.ts';
import { WrongFlows } from '../fold/wrong-flows.ts';
import type { ReporterOptions } from '../output/options.ts';
import { firstSaid } from '../output/problem-text.ts';
import { writeBlock } from './markdown-text.ts';
import { renderMarkdown } from './render-markdown.ts';

/** A comment of GitHub takes 65,536 characters. */
const MAX_BYTES = 60_000;
/** How many of the slowest flows are listed where nobody says it. */
export const USUAL_SLOWEST = 5;

/** Makes the reporter for comments on pull requests: counts, failures first with cause and values, what is flaky, what slow. */
export function createMarkdownReporter(options: ReporterOptions): Consumer {
  const wrong = new WrongFlows({ slowest: options.slowest || USUAL_SLOWEST });
  const { again = { words: [] } } = options;
  return {
    name: 'markdown',
    wants: { exchanges: 'failed' },
    on: (event) => wrong.on(event),
    async close() {
      options.write(renderMarkdown(wrong, { again, maxBytes: MAX_BYTES }));
      await options.finish?.();
    },
  };
}

/** What it says of a run that did not start. */
export function renderNotStarted(said: string): string {
  return `## ⚠️ testmesh: the run could not start\n\n${writeBlock(said.trim() === '' ? [firstSaid(said)] : said.trimEnd().split('\n'))}`;
}
