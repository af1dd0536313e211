import { groupItems } from '../compare/group.ts';
import { describeType } from '../values/describe.ts';
import { isNumber } from '../values/equality.ts';
import { createRunError } from '../values/error.ts';
import type { Budget } from '../values/limits.ts';
import { add } from '../values/operators.ts';
import type { Value } from '../values/value.ts';
import { sortItems, takeDescending } from './item-order.ts';

/** A list and its predicate, evaluated for one position at a time. */
export interface Loop {
  items: readonly Value[];
  budget: Budget;
  evaluate(position: number, accumulated?: Value): Value;
}

type LoopFunction = (loop: Loop, extra: Value | undefined) => Value;

/** The functions that take a predicate, by name. */
export const loops: ReadonlyMap<string, LoopFunction> = new Map<string, LoopFunction>([
  ['all', (loop) => findPosition(loop, 'all', false) < 0],
  ['any', (loop) => findPosition(loop, 'any', true) >= 0],
  ['none', (loop) => findPosition(loop, 'none', true) < 0],
  ['one', (loop) => countMatches(loop, 'one') === 1],
  ['count', (loop) => countMatches(loop, 'count')],
  ['filter', filterItems],
  ['map', mapItems],
  ['find', (loop) => loop.items[findPosition(loop, 'find', true)] ?? null],
  ['findIndex', (loop) => toPosition(findPosition(loop, 'findIndex', true))],
  ['findLast', (loop) => loop.items[findLastPosition(loop, 'findLast')] ?? null],
  ['findLastIndex', (loop) => toPosition(findLastPosition(loop, 'findLastIndex'))],
  ['sum', sumItems],
  ['groupBy', (loop) => groupItems(loop.items, mapItems(loop), loop.budget)],
  ['sortBy', sortItemsBy],
  ['reduce', reduceItems],
]);

function test(loop: Loop, name: string, position: number): boolean {
  const value = loop.evaluate(position);
  if (typeof value === 'boolean') return value;
  throw createRunError(
    `the predicate of \`${name}\` must give a bool, got ${describeType(value)} for item ${position}`,
    'compare it with something: there is no truthiness',
  );
}

function findPosition(loop: Loop, name: string, wanted: boolean): number {
  for (let i = 0; i < loop.items.length; i++) if (test(loop, name, i) === wanted) return i;
  return -1;
}

function findLastPosition(loop: Loop, name: string): number {
  for (let i = loop.items.length - 1; i >= 0; i--) if (test(loop, name, i)) return i;
  return -1;
}

// The reference language gives nil, not -1, where no item satisfies the predicate.
function toPosition(position: number): Value {
  return position < 0 ? null : position;
}

function countMatches(loop: Loop, name: string): number {
  let count = 0;
  for (let i = 0; i < loop.items.length; i++) if (test(loop, name, i)) count++;
  return count;
}

function filterItems(loop: Loop): Value {
  const kept = loop.items.filter((_, position) => test(loop, 'filter', position));
  loop.budget.makeItems(kept.length);
  return kept;
}

function mapItems(loop: Loop): readonly Value[] {
  loop.budget.makeItems(loop.items.length);
  return loop.items.map((_, position) => loop.evaluate(position));
}

function sumItems(loop: Loop): Value {
  let sum: Value = 0;
  for (let i = 0; i < loop.items.length; i++) {
    const value = loop.evaluate(i);
    if (!isNumber(value)) throw createRunError(`\`sum\` needs numbers, got ${describeType(value)} for item ${i}`);
    sum = add(sum, value, loop.budget);
  }
  return sum;
}

function sortItemsBy(loop: Loop, order: Value | undefined): Value {
  const isDescending = takeDescending('sortBy', order);
  const keys = mapItems(loop);
  return sortItems({ name: 'sortBy', items: loop.items, keys, isDescending, budget: loop.budget });
}

function reduceItems(loop: Loop, start: Value | undefined): Value {
  const { items } = loop;
  if (start === undefined && items.length === 0) {
    throw createRunError('`reduce` of an empty array needs a start value', 'give it as the third argument');
  }
  let accumulated = start ?? null;
  let first = 0;
  if (start === undefined) {
    accumulated = items[0] ?? null;
    first = 1;
  }
  for (let i = first; i < items.length; i++) accumulated = loop.evaluate(i, accumulated);
  return accumulated;
}
