import { isEqual } from '../values/equality.ts';
import type { Budget } from '../values/limits.ts';
import { isMap, readKey, type Value, type ValueMap } from '../values/value.ts';
import { summarizeValue } from './summary.ts';

/** Positions that belong together; one is absent when the item has no counterpart. */
export interface ItemPair {
  readonly actual?: number;
  readonly expected?: number;
}

/** How two lists compare: by pairs of items that may differ, or as the same items in another order. */
export type Alignment =
  | { readonly kind: 'pairs'; readonly pairs: readonly ItemPair[] }
  | { readonly kind: 'order'; readonly move?: { readonly actual: number; readonly expected: number } };

/** Above this many comparisons it is not looked for items that were added or left out between others. */
const maxTable = 1_000_000;

/** Finds which items of two lists belong together, so that one item too many is one difference. */
export function alignLists(actual: readonly Value[], expected: readonly Value[], budget: Budget): Alignment {
  const start = countEqual(actual, expected, (index) => index, budget);
  const room = Math.min(actual.length, expected.length) - start;
  const end = Math.min(
    room,
    countEqual(actual, expected, (index, list) => list.length - 1 - index, budget),
  );
  const a = { from: start, to: actual.length - end };
  const b = { from: start, to: expected.length - end };
  const sizes = [a.to - a.from, b.to - b.from] as const;
  const isPlain = sizes[0] === 0 || sizes[1] === 0 || sizes[0] * sizes[1] === 1;
  if (isPlain) return { kind: 'pairs', pairs: zip(a, b) };
  const classes = classify(actual.slice(a.from, a.to), expected.slice(b.from, b.to), budget);
  if (sizes[0] * sizes[1] > maxTable) {
    return isReordered(classes) ? { kind: 'order' } : { kind: 'pairs', pairs: zip(a, b) };
  }
  budget.spend(sizes[0] * sizes[1]);
  const common = findCommon(classes).map(([x, y]) => [x + start, y + start] as const);
  if (isReordered(classes)) return { kind: 'order', ...findMove(common, a, b) };
  const pairs = pairUp(common, { actual, expected, a, b, budget });
  const isShift = sizes[0] !== sizes[1] || pairs.length < countUnequal(classes);
  return { kind: 'pairs', pairs: isShift ? pairs : zip(a, b) };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function countEqual(
  a: readonly Value[],
  b: readonly Value[],
  at: (index: number, list: readonly Value[]) => number,
  budget: Budget,
): number {
  const length = Math.min(a.length, b.length);
  let count = 0;
  while (count < length && isEqual(a[at(count, a)] ?? null, b[at(count, b)] ?? null, budget)) count++;
  return count;
}

function zip(a: Range, b: Range): readonly ItemPair[] {
  const length = Math.max(a.to - a.from, b.to - b.from);
  return Array.from({ length }, (_, index) => ({
    ...(a.from + index < a.to && { actual: a.from + index }),
    ...(b.from + index < b.to && { expected: b.from + index }),
  }));
}

interface Classes {
  readonly actual: readonly number[];
  readonly expected: readonly number[];
}

/** Gives equal items equal numbers. */
function classify(actual: readonly Value[], expected: readonly Value[], budget: Budget): Classes {
  const known = new Map<string, { value: Value; id: number }[]>();
  let next = 0;
  const identify = (value: Value): number => {
    const summary = summarizeValue(value, budget);
    const group = known.get(summary) ?? [];
    const found = group.find((candidate) => isEqual(candidate.value, value, budget));
    if (found) return found.id;
    known.set(summary, [...group, { value, id: next }]);
    return next++;
  };
  return { actual: actual.map(identify), expected: expected.map(identify) };
}

function countUnequal({ actual, expected }: Classes): number {
  return actual.filter((id, index) => id !== expected[index]).length;
}

function isReordered({ actual, expected }: Classes): boolean {
  const sort = (ids: readonly number[]) => [...ids].sort((x, y) => x - y);
  const other = sort(expected);
  return actual.length === expected.length && sort(actual).every((id, index) => id === other[index]);
}

/** The longest sequence of items that both lists have in the same order. */
function findCommon({ actual, expected }: Classes): readonly (readonly [number, number])[] {
  const width = expected.length + 1;
  const table = new Uint32Array((actual.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = actual.length - 1; i >= 0; i--) {
    for (let j = expected.length - 1; j >= 0; j--) {
      table[i * width + j] = actual[i] === expected[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < actual.length && j < expected.length; ) {
    if (actual[i] === expected[j]) common.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return common;
}

/** The one item that stands elsewhere, when it is one. */
function findMove(common: readonly (readonly [number, number])[], a: Range, b: Range) {
  if (common.length !== a.to - a.from - 1) return {};
  const find = (range: Range, side: 0 | 1) => {
    const taken = new Set(common.map((pair) => pair[side]));
    for (let index = range.from; index < range.to; index++) if (!taken.has(index)) return index;
    return range.from;
  };
  return { move: { actual: find(a, 0), expected: find(b, 1) } };
}

interface Sides {
  readonly actual: readonly Value[];
  readonly expected: readonly Value[];
  readonly a: Range;
  readonly b: Range;
  readonly budget: Budget;
}

/** Pairs what stands between equal items. */
function pairUp(common: readonly (readonly [number, number])[], sides: Sides): readonly ItemPair[] {
  const pairs: ItemPair[] = [];
  let [i, j] = [sides.a.from, sides.b.from];
  for (const [x, y] of [...common, [sides.a.to, sides.b.to] as const]) {
    pairs.push(...pairGap({ ...sides, a: { from: i, to: x }, b: { from: j, to: y } }));
    [i, j] = [x + 1, y + 1];
  }
  return pairs;
}

/** Pairs neighbours that look alike; as many as there are otherwise. */
function pairGap(sides: Sides): readonly ItemPair[] {
  const { actual, expected, a, b, budget } = sides;
  if (a.to - a.from === b.to - b.from) return zip(a, b);
  const pairs: ItemPair[] = [];
  let i = a.from;
  let hasAlike = false;
  for (let j = b.from; j < b.to; j++) {
    let found = i;
    while (found < a.to && !areAlike(actual[found] ?? null, expected[j] ?? null, budget)) found++;
    if (found === a.to) pairs.push({ expected: j });
    else {
      hasAlike = true;
      for (; i < found; i++) pairs.push({ actual: i });
      pairs.push({ actual: i++, expected: j });
    }
  }
  for (; i < a.to; i++) pairs.push({ actual: i });
  return hasAlike ? pairs : zip(a, b);
}

const identifiers = ['id', '_id', 'uuid', 'key', 'sku', 'code', 'name', 'email'];

function areAlike(a: Value, b: Value, budget: Budget): boolean {
  budget.spend(2);
  if (!isMap(a) || !isMap(b)) return false;
  const hasSame = (key: string) => isSameScalar(readKey(a, key), readKey(b, key));
  const identifier = identifiers.find((key) => readKey(a, key) !== undefined && readKey(b, key) !== undefined);
  if (identifier !== undefined) return hasSame(identifier);
  const keys = Object.keys(b);
  budget.spend(10 + 2 * keys.length);
  return keys.length > 0 && keys.filter(hasSame).length * 2 > Math.max(keys.length, countKeys(a));
}

function countKeys(map: ValueMap): number {
  return Object.keys(map).length;
}

function isSameScalar(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && (typeof a !== 'object' || a === null) && a === b;
}
