import { isEqual } from '../values/equality.ts';
import { Budget } from '../values/limits.ts';
import { admitValue, isList, isMap, readKey, type Value, type ValueMap } from '../values/value.ts';
import { alignLists } from './list-alignment.ts';

/**
 * A place where two values differ. `path` is the place in the actual value; that of a missing item is where it was
 * expected. `expected` or `actual` is absent when the place exists on one side alone.
 */
export interface Difference {
  /** `changed`: both sides have the place; `missing`, `extra`: one has; `order`: lists of the same items in another order. */
  kind: 'changed' | 'missing' | 'extra' | 'order';
  path: string;
  /** Where it stands in the expected value, when that is elsewhere: an item was added or left out before it. */
  expectedPath?: string;
  expected?: Value;
  actual?: Value;
  /** Of `order`: the one item that stands elsewhere, when it is one. */
  move?: { from: string; to: string };
}

/** Differences that are kept: more are counted only. */
const maxDifferences = 10_000;
const maxDepth = 200;

/** All places where two values differ; `path` is where they stand, empty for the values themselves. */
export function listDifferences(actual: Value, expected: Value, path = ''): readonly Difference[] {
  return compareDeeply({ actual, expected, path }, new Budget()).differences;
}

/** The same with their number, which is higher than that of the list where there are more than ten thousand. */
export function compareDeeply(
  { actual, expected, path }: { actual: Value; expected: Value; path: string },
  budget: Budget,
): { differences: readonly Difference[]; count: number } {
  const search: Search = { found: [], count: 0, budget, isPartial: false };
  compareParts(search, { actual, expected, path, expectedPath: path, depth: 0 });
  return { differences: search.found, count: search.count };
}

/** Whether a value has the given fields at any depth; lists have to have the same length and each item the given fields. */
export function matchesPartial(
  actual: Value,
  expected: Value,
  budget: Budget = new Budget(),
): { ok: boolean; differences: readonly Difference[] } {
  const search: Search = { found: [], count: 0, budget, isPartial: true };
  compareParts(search, { actual, expected, path: '', expectedPath: '', depth: 0 });
  return { ok: search.count === 0, differences: search.found };
}

interface Search {
  found: Difference[];
  count: number;
  budget: Budget;
  isPartial: boolean;
}

interface Place {
  path: string;
  expectedPath: string;
  depth: number;
}

type Parts<A = Value | undefined, E = A> = Place & { actual: A; expected: E };

function compareParts(search: Search, parts: Parts): void {
  const { actual, expected, depth } = parts;
  search.budget.spend(10);
  if (actual === undefined || expected === undefined) {
    addDifference(search, parts, actual === undefined ? 'missing' : 'extra');
  } else if (depth < maxDepth && isList(actual) && isList(expected)) {
    compareLists(search, { ...parts, actual, expected });
  } else if (depth < maxDepth && isMap(actual) && isMap(expected)) {
    compareMaps(search, { ...parts, actual, expected });
  } else if (!isEqual(actual, expected, search.budget)) {
    addDifference(search, parts, 'changed');
  }
}

function addDifference(search: Search, parts: Parts, kind: Difference['kind']): Difference | undefined {
  search.count++;
  if (search.found.length >= maxDifferences) return undefined;
  const { actual, expected, expectedPath } = parts;
  const path = kind === 'missing' ? expectedPath : parts.path;
  const difference: Difference = {
    kind,
    path,
    ...(kind !== 'missing' && kind !== 'extra' && expectedPath !== path && { expectedPath }),
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
  };
  search.budget.spend(20);
  search.found.push(difference);
  return difference;
}

function compareLists(search: Search, parts: Parts<readonly Value[]>): void {
  const { actual, expected, path } = parts;
  if (search.isPartial) {
    const length = Math.max(actual.length, expected.length);
    for (let i = 0; i < length; i++) compareItems(search, parts, i, i);
    return;
  }
  const alignment = alignLists(actual, expected, search.budget);
  if (alignment.kind === 'order') {
    const difference = addDifference(search, parts, 'order');
    const { move } = alignment;
    if (difference && move) difference.move = { from: `${path}[${move.actual}]`, to: `${path}[${move.expected}]` };
    return;
  }
  for (const pair of alignment.pairs) compareItems(search, parts, pair.actual, pair.expected);
}

function compareItems(
  search: Search,
  parts: Parts<readonly Value[]>,
  at: number | undefined,
  expectedAt: number | undefined,
): void {
  const { actual, expected, path, expectedPath, depth } = parts;
  const isHere = at !== undefined && at < actual.length;
  const isWanted = expectedAt !== undefined && expectedAt < expected.length;
  compareParts(search, {
    actual: isHere ? admitValue(actual[at]) : undefined,
    expected: isWanted ? admitValue(expected[expectedAt]) : undefined,
    path: `${path}[${isHere ? at : expectedAt}]`,
    // A missing item is named where the reader looks: below the actual value's path.
    expectedPath: isHere ? `${expectedPath}[${expectedAt ?? at}]` : `${path}[${expectedAt}]`,
    depth: depth + 1,
  });
}

function compareMaps(search: Search, parts: Parts<ValueMap>): void {
  const { actual, expected, depth } = parts;
  const compareKey = (key: string, sides: { actual: Value | undefined; expected: Value | undefined }) => {
    const path = joinPath(parts.path, key);
    // What is missing is named below the actual value's path, too.
    const expectedPath = sides.actual === undefined ? path : joinPath(parts.expectedPath, key);
    compareParts(search, { ...sides, path, expectedPath, depth: depth + 1 });
  };
  for (const key of Object.keys(expected)) {
    compareKey(key, { actual: readKey(actual, key), expected: readKey(expected, key) });
  }
  if (search.isPartial) return;
  for (const key of Object.keys(actual)) {
    if (readKey(expected, key) !== undefined) continue;
    compareKey(key, { actual: readKey(actual, key), expected: undefined });
  }
}

/** A key below a path, as it is read. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
