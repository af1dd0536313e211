import { isAbsolute, posix } from 'node:path';
import type { Consumer } from '../../model/consumer.ts';
import { countOf } from '../../util/count.ts';
import { type Annotation, writeAnnotation } from '../../util/workflow-commands.ts';
import { describeEarlier } from '../fold/failures.ts';
import { WrongFlows, type WrongGroup, type WrongStep } from '../fold/wrong-flows.ts';
import type { ReporterOptions } from '../output/options.ts';
import { firstSaid } from '../output/problem-text.ts';
import { cleanLine, cleanText, cutTo } from '../output/text.ts';
import { describeCause } from './cause-text.ts';
import { USUAL_SLOWEST } from './markdown-reporter.ts';
import { renderMarkdown } from './render-markdown.ts';

/** So many annotations of a kind GitHub shows of a step. */
const MAX_ANNOTATIONS = 10;
const MAX_TITLE = 200;
const MAX_MESSAGE_LINES = 40;
const MAX_MESSAGE = 4000;

/** Makes the reporter for GitHub Actions: annotations at the lines of flow files, and a job summary, failures first. */
export function createGithubReporter(options: ReporterOptions): Consumer {
  const wrong = new WrongFlows({ slowest: options.slowest || USUAL_SLOWEST });
  const { again = { words: [] }, outside: { summary, folder = '' } = {} } = options;
  return {
    name: 'github',
    wants: { exchanges: 'failed' },
    on: (event) => wrong.on(event),
    async close() {
      const groups = wrong.end();
      const errors = limit(groups.flatMap(toErrors), 'failure');
      const warnings = limit(toWarnings(wrong), 'flaky flow');
      const lines = [...errors, ...warnings].map((one) =>
        writeAnnotation({ ...one, file: toRepository(one.file, folder) }),
      );
      options.write(lines.map((line) => `${line}\n`).join(''));
      summary?.write(renderMarkdown(wrong, { again, maxBytes: summary.room }));
      await Promise.all([options.finish?.(), summary?.finish?.()]);
    },
  };
}

/** What it says of a run that did not start. */
export function renderNotStarted(said: string): string {
  return `${writeAnnotation({ severity: 'error', title: 'the run could not start', message: cleanText(firstSaid(said)) })}\n`;
}

/** Each failure; of flows that fail alike those of the first. */
function toErrors({ first, members, steps }: WrongGroup): readonly Annotation[] {
  const more = members.length > 1 ? ` (and ${members.length - 1} more that fail alike)` : '';
  if (steps.length > 0) return steps.map((step) => describeStep(first.name, step, more));
  return first.failures.map(({ address, place, text }) => {
    const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? [];
    return { severity: 'error', file, line: Number(line), title: title(first.name, address, more), message: text };
  });
}

function describeStep(flow: string, step: WrongStep, more: string): Annotation {
  const { file, line, endLine, column, endColumn } = step.place;
  const message = describeCause(step, { isPlaced: false, maxLines: MAX_MESSAGE_LINES }).join('\n');
  const text = message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}…`;
  const named = { severity: 'error', title: title(flow, step.address, more), message: text || step.outcome } as const;
  return file === '' ? named : { ...named, file, line, endLine, column, endColumn };
}

function title(flow: string, address: string, more: string): string {
  return `${cutTo(cleanLine(address === '' ? flow : `${flow}: ${address}`), MAX_TITLE - more.length)}${more}`;
}

function toWarnings({ flaky }: WrongFlows): readonly Annotation[] {
  return flaky.map(({ about, earlier }) => ({
    ...{ severity: 'warning', file: about.file, line: about.line, title: title(about.name, 'flaky', '') },
    message: [`passed at attempt ${about.attempt}, before:`, ...earlier.map(describeEarlier)]
      .join('\n')
      .slice(0, MAX_MESSAGE),
  }));
}

/** Of too many the last that is shown says how many more there are. */
function limit(all: readonly Annotation[], noun: string): readonly Annotation[] {
  const hidden = all.length - MAX_ANNOTATIONS;
  if (hidden <= 0) return all;
  const note = `… and ${countOf(hidden, `more ${noun}`)}: GitHub shows ten annotations of a kind, the job summary has all`;
  return all
    .slice(0, MAX_ANNOTATIONS)
    .map((one, index) => (index < MAX_ANNOTATIONS - 1 ? one : { ...one, message: `${one.message}\n\n${note}` }));
}

/** The path as the repository has it; where the file is elsewhere, as it is. */
function toRepository(file: string | undefined, folder: string): string | undefined {
  if (file === undefined || file === '') return undefined;
  return isAbsolute(file) ? file : posix.join(folder, file);
}
