import { isEqual } from './equality.ts';
import { Budget } from './limits.ts';
import { isList, isMap, readKey, type Value, type ValueMap } from './value.ts';

/** A place where two values differ; `expected` or `actual` is absent when the place exists on one side alone. */
export interface Difference {
  path: string;
  expected?: Value;
  actual?: Value;
}

const maxDifferences = 100;
const maxDepth = 200;

/** All places where two values differ, at most a hundred; `path` is where they stand, empty for the values themselves. */
export function listDifferences(actual: Value, expected: Value, path = ''): readonly Difference[] {
  const search: Search = { found: [], budget: new Budget(), isPartial: false };
  compareParts(search, { actual, expected, path, depth: 0 });
  return search.found;
}

/** Whether a value has the given fields at any depth; lists have to have the same length and each item the given fields. */
export function matchesPartial(actual: Value, expected: Value): { ok: boolean; differences: readonly Difference[] } {
  const search: Search = { found: [], budget: new Budget(), isPartial: true };
  compareParts(search, { actual, expected, path: '', depth: 0 });
  return { ok: search.found.length === 0, differences: search.found };
}

interface Search {
  found: Difference[];
  budget: Budget;
  isPartial: boolean;
}

interface Parts {
  actual: Value | undefined;
  expected: Value | undefined;
  path: string;
  depth: number;
}

function compareParts(search: Search, parts: Parts): void {
  const { actual, expected, path, depth } = parts;
  if (search.found.length >= maxDifferences) return;
  if (actual === undefined || expected === undefined) {
    search.found.push({ path, ...(expected !== undefined && { expected }), ...(actual !== undefined && { actual }) });
    return;
  }
  if (depth < maxDepth && isList(actual) && isList(expected)) {
    compareLists(search, { actual, expected, path, depth });
  } else if (depth < maxDepth && isMap(actual) && isMap(expected)) {
    compareMaps(search, { actual, expected, path, depth });
  } else if (!isEqual(actual, expected, search.budget)) {
    search.found.push({ path, expected, actual });
  }
}

function compareLists(
  search: Search,
  parts: { actual: readonly Value[]; expected: readonly Value[]; path: string; depth: number },
): void {
  const { actual, expected, path, depth } = parts;
  const length = Math.max(actual.length, expected.length);
  for (let i = 0; i < length && search.found.length < maxDifferences; i++) {
    compareParts(search, { actual: actual[i], expected: expected[i], path: `${path}[${i}]`, depth: depth + 1 });
  }
}

function compareMaps(
  search: Search,
  parts: { actual: ValueMap; expected: ValueMap; path: string; depth: number },
): void {
  const { actual, expected, path, depth } = parts;
  for (const key of Object.keys(expected)) {
    const inner = { actual: readKey(actual, key), expected: readKey(expected, key), path: joinPath(path, key) };
    compareParts(search, { ...inner, depth: depth + 1 });
  }
  if (search.isPartial) return;
  for (const key of Object.keys(actual)) {
    if (readKey(expected, key) !== undefined) continue;
    compareParts(search, { actual: readKey(actual, key), expected: undefined, path: joinPath(path, key), depth });
  }
}

function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
