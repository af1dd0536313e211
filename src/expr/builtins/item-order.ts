import { describeType } from '../values/describe.ts';
import { compareValues } from '../values/equality.ts';
import { createRunError, isOverBudget } from '../values/error.ts';
import type { Budget } from '../values/limits.ts';
import type { Value } from '../values/value.ts';

/** Whether an order argument asks for the largest first; without one the smallest is. */
export function takeDescending(name: string, order: Value | undefined): boolean {
  if (order === undefined || order === 'asc') return false;
  if (order === 'desc') return true;
  const got = typeof order === 'string' ? `\`${order}\`` : describeType(order);
  throw createRunError(`the order of \`${name}\` is "asc" or "desc", got ${got}`);
}

/** Sorts items by their keys into a new list; equal items keep their order. */
export function sortItems(sort: {
  name: string;
  items: readonly Value[];
  keys: readonly Value[];
  isDescending: boolean;
  budget: Budget;
}): readonly Value[] {
  const { name, items, keys, isDescending, budget } = sort;
  budget.makeItems(items.length);
  budget.spend(items.length * Math.ceil(Math.log2(items.length + 1)));
  const positions = items.map((_, index) => index);
  positions.sort((a, b) => {
    const order = compareKeys({ name, budget }, keys[a] ?? null, keys[b] ?? null);
    return isDescending ? -order : order;
  });
  return positions.map((position) => items[position] ?? null);
}

function compareKeys({ name, budget }: { name: string; budget: Budget }, a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  try {
    return compareValues(a, b, budget);
  } catch (error) {
    if (isOverBudget(error)) throw error;
    throw createRunError(`\`${name}\` cannot order ${describeType(a)} and ${describeType(b)}`);
  }
}
