import { calculate, compareNumbers, takeAbsolute } from '../expr/exact.ts';
import type { FunctionDef, Value } from '../expr/index.ts';
import { ExactNumber, isEqual, isList, isMap, matchesPartial } from '../expr/index.ts';
import { Budget } from '../expr/limits.ts';
import { takeList, takeNumber } from './arguments.ts';

/** Comparisons that a test needs besides `==`. */
export const comparisonFunctions: readonly FunctionDef[] = [
  {
    name: 'matches_partial',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether the value has at least the given fields, at any depth',
    call: ([value = null, expected = null]) => matchesPartial(value, expected).ok,
  },
  {
    name: 'same_items',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether two arrays have the same items as often, in any order',
    call(args) {
      const call = { name: 'same_items', args };
      return hasSameItems(takeList(call, 0), takeList(call, 1));
    },
  },
  {
    name: 'contains_all',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether an array has every item of the second one',
    call(args) {
      const call = { name: 'contains_all', args };
      const present = groupItems(takeList(call, 0));
      return takeList(call, 1).every(
        (item) => present.get(summarize(item))?.some((other) => isEqual(item, other)) ?? false,
      );
    },
  },
  {
    name: 'approx',
    minArgs: 3,
    maxArgs: 3,
    pure: true,
    summary: 'whether two numbers differ by the tolerance at most',
    call(args) {
      const call = { name: 'approx', args };
      const difference = calculate('-', toExact(takeNumber(call, 0)), takeNumber(call, 1), new Budget());
      return compareNumbers(takeAbsolute(difference), takeNumber(call, 2)) <= 0;
    },
  },
];

/** As doubles 1.1 and 1.0 differ by more than 0.1, as the decimals they print they do not. */
function toExact(value: number | ExactNumber): number | ExactNumber {
  return typeof value === 'number' && Number.isFinite(value) ? new ExactNumber(String(value)) : value;
}

function hasSameItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  const left = groupItems(b);
  return a.every((item) => {
    const candidates = left.get(summarize(item)) ?? [];
    const at = candidates.findIndex((candidate) => isEqual(item, candidate));
    if (at !== -1) candidates.splice(at, 1);
    return at !== -1;
  });
}

/** Items that could be equal stand together, so that long arrays are not compared each with each. */
function groupItems(items: readonly Value[]): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const item of items) {
    const key = summarize(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Equal values have equal summaries. */
function summarize(value: Value): string {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'number') return `n${value + 0}`;
  if (value instanceof ExactNumber) return `n${Number(value.text) + 0}`;
  if (isList(value)) return `l${value.length} ${value.length > 0 ? summarize(value[0] ?? null) : ''}`;
  return isMap(value) ? `m${JSON.stringify(Object.keys(value).sort())}` : `o${String(value)}`;
}
