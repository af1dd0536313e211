import type { Difference, FunctionDef, Value } from '../expr/index.ts';
import { createRunError, isList, isMap, matchesPartial, nearlyEqual } from '../expr/index.ts';
import { calculateExactly, compareNumbers, takeAbsolute } from '../expr/values/exact.ts';
import { Budget } from '../expr/values/limits.ts';
import { toExact } from '../schema/to-exact.ts';
import { takeList, takeNumber } from './arguments.ts';
import { hasAllItems, hasSameItems, listAbsent, listUnmatched } from './same-items.ts';

/** Comparisons that a test needs besides `==`. */
export const comparisonFunctions: readonly FunctionDef[] = [
  {
    name: 'matches_partial',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether the value has at least the given fields, at any depth',
    call([value = null, expected = null], host, budget) {
      const path = host.onRemark && findEmptyMap(expected);
      if (path !== undefined) host.onRemark?.(describeEmptyMap(path));
      return matchesPartial(value, expected, budget).ok;
    },
    nearly: ([value = null, expected = null]) => nearlyEqual(value, expected, 'fields'),
    differences([value = null, expected = null], path) {
      return matchesPartial(value, expected).differences.map((one) => ({ ...one, path: joinPaths(path, one.path) }));
    },
  },
  {
    name: 'same_items',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether two arrays have the same items, each the same number of times, in any order',
    call(args, host, budget) {
      const call = { name: 'same_items', args };
      const [actual, expected] = [takeList(call, 0), takeList(call, 1)];
      if (actual.length + expected.length === 0)
        host.onRemark?.('both lists of `same_items` are empty: nothing was compared');
      return hasSameItems(actual, expected, budget);
    },
    nearly: ([list = null, expected = null]) => nearlyEqual(list, expected, 'items'),
    differences: (args, path) => {
      const [actual, expected] = [takeList({ name: 'same_items', args }, 0), takeList({ name: 'same_items', args }, 1)];
      const missing = listUnmatched(expected, actual).map(({ item }) => describeMissing(item, path));
      const extra = listUnmatched(actual, expected).map(({ item, index }): Difference => {
        return { kind: 'extra', path: `${path}[${index}]`, actual: item };
      });
      return [...missing, ...extra];
    },
  },
  {
    name: 'contains_all',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether the first array has every item of the second',
    call(args, host, budget) {
      const call = { name: 'contains_all', args };
      const items = takeList(call, 1);
      if (items.length === 0) host.onRemark?.('`contains_all` holds of every list: no items are expected');
      return hasAllItems(takeList(call, 0), items, budget);
    },
    nearly: ([list = null, items = null]) => nearlyEqual(list, items, 'has items'),
    differences(args, path) {
      const call = { name: 'contains_all', args };
      return listAbsent(takeList(call, 1), takeList(call, 0)).map((item) => describeMissing(item, path));
    },
  },
  {
    name: 'approx',
    minArgs: 3,
    maxArgs: 3,
    pure: true,
    summary: 'whether two numbers differ by at most the tolerance',
    call(args, _host, budget) {
      const call = { name: 'approx', args };
      const difference = calculateExactly('-', toExact(takeNumber(call, 0)), takeNumber(call, 1), budget);
      return compareNumbers(takeAbsolute(difference), takeTolerance(call, budget), budget) <= 0;
    },
    explain(args) {
      const call = { name: 'approx', args };
      const difference = calculateExactly('-', toExact(takeNumber(call, 0)), takeNumber(call, 1), new Budget());
      return [`they differ by ${takeAbsolute(difference)}, which is more than ${takeNumber(call, 2)}`];
    },
  },
];

/** Nothing differs by less than nothing: `not approx(…)` would hold of all. */
function takeTolerance(call: Parameters<typeof takeNumber>[0], budget: Budget): ReturnType<typeof takeNumber> {
  const tolerance = takeNumber(call, 2);
  if (Number.isNaN(Number(tolerance)) || compareNumbers(tolerance, 0, budget) < 0)
    throw createRunError(`the tolerance of \`approx\` is ${tolerance}: expected 0 or more`);
  return tolerance;
}

/** The path of the first map without fields in what is expected; empty where it is all of it. */
function findEmptyMap(value: Value, path = ''): string | undefined {
  const isMapping = isMap(value);
  if (!isMapping && !isList(value)) return undefined;
  const entries = Object.entries(value);
  if (isMapping && entries.length === 0) return path;
  for (const [key, item] of entries) {
    const found = findEmptyMap(item, isMapping ? joinPaths(path, key) : `${path}[${key}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describeEmptyMap(path: string): string {
  return path === ''
    ? '`matches_partial` holds of every map: no fields are expected'
    : `\`matches_partial\` takes any map for \`${path}\`: no fields are expected there`;
}

/** An item that is nowhere in the list has no place there. */
function describeMissing(item: Value, path: string): Difference {
  return { kind: 'missing', path: `${path}[*]`, expected: item };
}

function joinPaths(outer: string, inner: string): string {
  if (outer === '' || inner === '' || inner.startsWith('[')) return `${outer}${inner}`;
  return `${outer}.${inner}`;
}
