import { formatValue } from '../../expr/index.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { FlowFinished, RunNoted } from '../../model/events.ts';
import { createPaint } from '../../util/paint.ts';
import { renderAgain, SharedFiles } from '../fold/again.ts';
import { describeEarlier, type FlowFailures } from '../fold/failures.ts';
import type { FlowCases } from '../fold/flow-cases.ts';
import { OF_RUN, RunCases } from '../fold/run-cases.ts';
import { renderBeside } from '../output/beside-lines.ts';
import type { ReporterOptions } from '../output/options.ts';
import { describeCounts } from '../output/outcome.ts';
import { writeProblems } from '../output/problem-text.ts';
import { cleanLine, cleanText } from '../output/text.ts';
import { writeDocument, writeNotStarted } from './document.ts';
import { makeStep } from './make-step.ts';
import { PackedFlows } from './packed-flows.ts';
import type { FlowEntry, FlowPage, StepPage } from './pages.ts';

/** Of the whole file 25 MB; the rest of it is the list of flows. */
const ROOM = 22 * 1024 * 1024;
const MAX_VALUE = 20_000;

const paint = createPaint(false);

/** Makes the reporter for browsers: the whole run in one file, which loads nothing. */
export function createHtmlReporter(options: ReporterOptions): Consumer {
  const flows: { readonly entry: FlowEntry; readonly failures: FlowFailures }[] = [];
  const packed = new PackedFlows(ROOM);
  const files = new SharedFiles();
  const notes: RunNoted[] = [];
  const keys = new Set<string>();
  const { again = { words: [] } } = options;
  const tellAgain = (failures: FlowFailures): string | undefined =>
    failures.failures.length === 0
      ? undefined
      : renderAgain(failures, { isFileShared: files.has(failures.file) }, again);
  const cases = new RunCases<StepPage | undefined>({
    makeStep,
    // What is wrong with the flow by itself stands in its own problems.
    makeFlow: () => undefined,
    onNote: (note) => notes.push(note),
    onFlow(flow) {
      const { about } = flow.start;
      if (flow.start.flow !== OF_RUN) files.add(about);
      const key = takeKey(about, keys);
      flows.push({ entry: makeEntry(flow, key, cases.run?.at ?? flow.start.at), failures: flow.failures });
      packed.add(makePage(flow));
    },
  });
  return {
    name: 'html',
    wants: { exchanges: 'all' },
    on: (event) => cases.on(event),
    async close() {
      cases.end();
      const entries = flows.map(({ entry, failures }) => ({ ...entry, again: tellAgain(failures) }));
      const { run, finished } = cases;
      const pieces = writeDocument({ run, finished, notes, left: packed.left, flows: entries, pages: packed.list() });
      for (const piece of pieces) options.write(piece);
      await options.finish?.();
    },
  };
}

/** What it says of a run that did not start. */
export function renderNotStarted(said: string): string {
  return writeNotStarted(cleanText(said.trimEnd()));
}

/** The same in every run of the same flows, for links that stay. */
function takeKey({ id, row, repeat }: FlowCases<unknown>['start']['about'], taken: Set<string>): string {
  const parts = [id.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-'), ...(row === undefined ? [] : [`row-${row}`])];
  const base =
    [...parts, ...(repeat === undefined ? [] : [`time-${repeat}`])].join('.').replace(/^-+|-+$/g, '') || 'flow';
  let key = base;
  for (let count = 2; taken.has(key); count++) key = `${base}.${count}`;
  taken.add(key);
  return key;
}

function makeEntry(flow: FlowCases<StepPage | undefined>, key: string, startedAt: number): FlowEntry {
  const { start, finished, failures, cases } = flow;
  const { about } = start;
  return {
    key,
    about: {
      name: cleanLine(about.name),
      place: about.file === '' ? '' : `${cleanLine(about.file)}:${about.line}`,
      row: about.row,
      tags: about.tags.map(cleanLine),
    },
    end: {
      outcome: finished?.outcome ?? 'errored',
      isFlaky: finished?.retry === 'flaky',
      skip: finished?.skip && cleanLine(finished.skip.reason),
      counts: finished ? describeCounts(finished.counts) : 'it was never over',
    },
    at: Math.max(0, start.at - startedAt),
    ms: finished?.durationMs ?? 0,
    failures: failures.failures.map(({ address, place, text }) => ({ address, place, text })),
    more: failures.more,
    trace: finished?.output.trace && { id: finished.output.trace.traceId, url: finished.output.trace.url },
    steps: cases.flatMap((one) => one?.step.address ?? []),
  };
}

function makePage(flow: FlowCases<StepPage | undefined>): FlowPage {
  const { start, finished, earlier, cases } = flow;
  return {
    variables: Object.entries(start.inputs.variables).map(([name, value]) => ({
      name,
      value: cleanText(formatValue(value, MAX_VALUE)),
    })),
    problems: (finished?.problems ?? []).map((problem) => writeProblems([problem])),
    earlier: earlier.map(describeEarlier),
    beside: finished ? listBeside(finished) : [],
    steps: cases.flatMap((one) => one ?? []),
  };
}

function listBeside(finished: FlowFinished): readonly string[] {
  return renderBeside(finished, paint, { isEverything: true });
}
