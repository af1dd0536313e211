import { createRequire } from 'node:module';
import { showInvisible } from '../../expr/index.ts';

const require = createRequire(import.meta.url);

/** A line of a comparison: on both sides, on one, or the place of a stretch (`@@ -3,4 +3,4 @@`). */
export interface DiffLine {
  readonly kind: 'both' | 'expected' | 'actual' | 'place';
  readonly text: string;
}

const CONTEXT_LINES = 3;
// Beyond these the lines that differ are not compared one by one: a diff is for a screen, and has to come at once.
const MAX_LINES = 3000;
const MAX_CHARACTERS = 400_000;
const MAX_EDITS = 1500;

/** Compares two texts line by line, as `diff -u` does; undefined when they differ in too much to be shown so. */
export function diffLines(expected: string, actual: string): readonly DiffLine[] | undefined {
  const before = expected.split('\n');
  const after = actual.split('\n');
  const start = countCommon(before, after, (lines, index) => lines[index]);
  const room = Math.min(before.length, after.length) - start;
  const common = countCommon(before, after, (lines, index) => lines[lines.length - 1 - index]);
  const end = Math.min(room, common);
  // What is the same at both ends is left out before anything is compared, but for what is shown around.
  const from = Math.max(0, start - CONTEXT_LINES);
  const keep = Math.max(0, end - CONTEXT_LINES);
  const left = before.slice(from, before.length - keep);
  const right = after.slice(from, after.length - keep);
  if (left.length + right.length > MAX_LINES) return undefined;
  const [a, b] = [joinLines(left), joinLines(right)];
  if (a.length + b.length > MAX_CHARACTERS) return undefined;
  const { structuredPatch }: typeof import('diff') = require('diff');
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDITS };
  const patch = structuredPatch('', '', a, b, '', '', options);
  return patch?.hunks.flatMap((hunk) => [
    { kind: 'place', text: describePlace(hunk, from) } as const,
    ...hunk.lines.map(readLine),
  ]);
}

/** The place where two texts part: characters before it, and how many each has. */
export function findParting(expected: string, actual: string): number {
  const length = Math.min(expected.length, actual.length);
  let at = 0;
  while (at < length && expected.charCodeAt(at) === actual.charCodeAt(at)) at++;
  // A pair of surrogates, or an accent and its letter, is not torn apart.
  while (at > 0 && /^[\p{M}\udc00-\udfff]/u.test(expected.slice(at, at + 1))) at--;
  return at;
}

/** Makes visible what a line ends with or holds without showing it. */
function readLine(line: string): DiffLine {
  const kind = line.startsWith('-') ? 'expected' : line.startsWith('+') ? 'actual' : 'both';
  const text = line.slice(1).replaceAll('\t', '    ');
  if (kind === 'both') return { kind, text: showInvisible(text) };
  return { kind, text: showInvisible(text.replace(/ +$/, (blanks) => '·'.repeat(blanks.length))) };
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function countCommon(
  a: readonly string[],
  b: readonly string[],
  at: (lines: readonly string[], index: number) => string | undefined,
): number {
  const length = Math.min(a.length, b.length);
  let count = 0;
  while (count < length && at(a, count) === at(b, count)) count++;
  return count;
}

interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

function describePlace({ oldStart, oldLines, newStart, newLines }: Hunk, skipped: number): string {
  return `@@ -${oldStart + skipped},${oldLines} +${newStart + skipped},${newLines} @@`;
}
