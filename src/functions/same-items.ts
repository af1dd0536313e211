import type { Value } from '../expr/index.ts';
import { ExactNumber, isEqual, isList, isMap } from '../expr/index.ts';

/** Whether two arrays have the same items as often, in any order. */
export function hasSameItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  const left = groupItems(b);
  return a.every((item) => {
    const candidates = left.get(summarize(item)) ?? [];
    const at = candidates.findIndex((candidate) => isEqual(item, candidate));
    if (at !== -1) candidates.splice(at, 1);
    return at !== -1;
  });
}

/** Whether an array has every one of the wanted items. */
export function hasAllItems(items: readonly Value[], wanted: readonly Value[]): boolean {
  const present = groupItems(items);
  return wanted.every((item) => present.get(summarize(item))?.some((other) => isEqual(item, other)) ?? false);
}

/** The items that have no counterpart left in the other list, each with its place. */
export function listUnmatched(
  items: readonly Value[],
  others: readonly Value[],
): readonly { item: Value; index: number }[] {
  const left = groupItems(others);
  return items.flatMap((item, index) => {
    const candidates = left.get(summarize(item)) ?? [];
    const at = candidates.findIndex((candidate) => isEqual(item, candidate));
    if (at === -1) return [{ item, index }];
    candidates.splice(at, 1);
    return [];
  });
}

/** The wanted items that a list has nowhere. */
export function listAbsent(wanted: readonly Value[], items: readonly Value[]): readonly Value[] {
  const present = groupItems(items);
  return wanted.filter((item) => !present.get(summarize(item))?.some((other) => isEqual(item, other)));
}

/** Items that could be equal stand together, so that long arrays are not compared each with each. */
export function groupItems(items: readonly Value[]): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const item of items) {
    const key = summarize(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const DEEPEST = 50;

/** Equal values have equal summaries; what stands deeper than any data that people compare is left out. */
function summarize(value: Value, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return `${value + 0}`;
  if (value instanceof ExactNumber) return `${Number(value.text) + 0}`;
  if (depth > DEEPEST) return '…';
  if (isList(value)) return `[${value.map((item) => summarize(item, depth + 1)).join()}]`;
  if (!isMap(value)) return typeof value === 'object' && value !== null ? `o${String(value)}` : `${value}`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${summarize(item, depth + 1)}`);
  return `{${entries.sort().join()}}`;
}
