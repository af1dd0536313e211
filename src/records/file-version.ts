import { takeShown } from '../util/take-shown.ts';
/** What a record keeps of a flow file: enough to see which lines changed, nothing that could be read. */
export interface FileVersion {
  /** A short hash of each line. */
  readonly lines: readonly string[];
}

/** How a flow file differs from the one that was recorded. */
export interface FileChange {
  /** Lines of the present file, from 1, that are not as recorded. */
  readonly lines: readonly number[];
  /** How many recorded lines are gone or were changed. */
  readonly lostCount: number;
}

/** Makes the version of a text. */
export function describeVersion(text: string): FileVersion {
  // Most lines of a flow stand in it many times.
  const known = new Map<string, string>();
  const lines = text.split('\n').map((line) => {
    const hash = known.get(line) ?? hashLine(line);
    known.set(line, hash);
    return hash;
  });
  return { lines };
}

/** Says how a text differs from a recorded version; undefined when it does not. */
export function compareVersions(recorded: FileVersion, text: string): FileChange | undefined {
  const present = describeVersion(text);
  const { start, oldEnd, newEnd } = findMiddle(recorded.lines, present.lines);
  if (start === oldEnd && start === newEnd) return undefined;
  const left = countLines(recorded.lines.slice(start, oldEnd));
  const lines: number[] = [];
  for (let index = start; index < newEnd; index++) {
    const hash = present.lines[index] ?? '';
    const count = left.get(hash) ?? 0;
    if (count > 0) left.set(hash, count - 1);
    else lines.push(index + 1);
  }
  return { lines, lostCount: [...left.values()].reduce((sum, count) => sum + count, 0) };
}

/** Words for a change: `lines 4-6 and 9 are new or changed, 2 lines are gone`. */
export function describeChange(change: FileChange): string {
  const ranges = toRanges(change.lines);
  const many = change.lines.length > 1;
  const parts = [];
  if (ranges.length > 0)
    parts.push(`${many ? 'lines' : 'line'} ${joinWords(ranges)} ${many ? 'are' : 'is'} new or changed`);
  const goneCount = change.lostCount - change.lines.length;
  if (goneCount > 0) parts.push(`${goneCount} ${goneCount === 1 ? 'line is' : 'lines are'} gone`);
  return parts.length > 0 ? parts.join(', ') : 'its lines are in a different order';
}

function findMiddle(before: readonly string[], after: readonly string[]) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  return { start, oldEnd, newEnd };
}

function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function toRanges(lines: readonly number[]): readonly string[] {
  const ranges: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && last.to === line - 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  const words = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  const { shown, hidden } = takeShown(words, 5);
  return hidden > 0 ? [...shown, `${hidden} more places`] : shown;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

// FNV-1a with 32 bits: a whole file takes microseconds, and so short a hash of a line cannot be turned back into it.
function hashLine(line: string): string {
  let hash = 0x811c9dc5;
  const text = line.trimEnd();
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
