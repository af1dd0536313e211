import { createHash } from 'node:crypto';
import type { RunFinished, RunNoted, RunStarted } from '../../model/events.ts';
import { formatDuration } from '../../util/duration.ts';
import { describeCounts, sumOf } from '../output/outcome.ts';
import { writeProblems } from '../output/problem-text.ts';
import { cleanLine } from '../output/text.ts';
import type { FlowEntry } from './pages.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** What a report of a run is made of. */
export interface DocumentParts {
  readonly run: RunStarted | undefined;
  /** Absent of a run that broke off. */
  readonly finished: RunFinished | undefined;
  readonly notes: readonly RunNoted[];
  /** What was left out, in words. */
  readonly left: readonly string[];
  readonly flows: readonly FlowEntry[];
  /** What each flow shows when it is opened, packed, in their order. */
  readonly pages: Iterable<string>;
}

/** Writes the file, piece by piece. Whatever a run brought is data in it, which the browser neither reads as markup nor runs. */
export function* writeDocument(parts: DocumentParts): Generator<string, void, undefined> {
  const title = nameRun(parts.finished);
  yield writeHead(title);
  yield `<script type="application/json" id="run">${writeData(describeRun(parts, title))}</script>\n`;
  let index = 0;
  for (const page of parts.pages) yield `<script type="text/plain" id="page-${index++}">${page}</script>\n`;
  yield `<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

/** The same of a run that did not start. */
export function writeNotStarted(said: string): string {
  const run = {
    title: 'The run could not start',
    outcome: 'errored',
    facts: [],
    notes: [],
    problems: [said],
    flows: [],
  };
  return `${writeHead(run.title)}<script type="application/json" id="run">${writeData(run)}</script>
<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

function writeHead(title: string): string {
  const rules = [
    "default-src 'none'",
    `script-src '${hash(SCRIPT)}'`,
    `style-src '${hash(STYLE)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>testmesh: ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<noscript>This report is drawn by the script in it, which loads nothing: let it run.</noscript>
`;
}

function describeRun({ run, finished, notes, left, flows }: DocumentParts, title: string): object {
  const facts: [string, string][] = [];
  if (finished) {
    facts.push(['flows', describeCounts(finished.flows)], ['steps', describeCounts(finished.steps)]);
    if (finished.flaky) facts.push(['flaky', String(finished.flaky)]);
    facts.push(['time', formatDuration(finished.durationMs)]);
  }
  if (run)
    facts.push(
      ['began', new Date(run.at).toISOString()],
      ['run', run.runId],
      ['seed', String(run.seed)],
      ['testmesh', run.testmesh],
    );
  const told = notes.map(({ level, text }) => `${level === 'info' ? 'note' : level}: ${cleanLine(text)}`);
  const cut = left.length > 0 ? [`note: left out, so that the file stays within 25 MB: ${left.join('; ')}`] : [];
  return {
    title,
    outcome: finished?.outcome ?? 'errored',
    ms: finished?.durationMs ?? 0,
    facts,
    notes: [...told, ...cut],
    problems: (finished?.problems ?? []).map((problem) => writeProblems([problem])),
    flows,
  };
}

function nameRun(finished: RunFinished | undefined): string {
  if (!finished) return 'the run broke off';
  const { flows, interrupted } = finished;
  const bad = flows.failed + flows.errored;
  const all = sumOf(flows);
  const text = bad === 0 ? describeCounts(flows) : `${bad} of ${all} failed`;
  return interrupted ? `${text}, interrupted by ${interrupted}` : text;
}

/** JSON that no end tag and no comment can break out of. */
function writeData(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
