import type { Value } from '../expr/index.ts';
import { Budget, isEqual, summarizeValue } from '../expr/index.ts';
import { groupItems } from '../schema/group-items.ts';

/** Whether two arrays have the same items, each the same number of times, in any order. */
export function hasSameItems(a: readonly Value[], b: readonly Value[], budget: Budget): boolean {
  if (a.length !== b.length) return false;
  const left = groupItems(b, budget);
  return a.every((item) => takeEqual(left, item, budget));
}

/** Whether an array has every one of the wanted items. */
export function hasAllItems(items: readonly Value[], wanted: readonly Value[], budget: Budget): boolean {
  const present = groupItems(items, budget);
  return wanted.every((item) => hasEqual(present, item, budget));
}

/** The items that have no counterpart left in the other list, each with its place. */
export function listUnmatched(
  items: readonly Value[],
  others: readonly Value[],
): readonly { item: Value; index: number }[] {
  const budget = new Budget();
  const left = groupItems(others, budget);
  return items.flatMap((item, index) => (takeEqual(left, item, budget) ? [] : [{ item, index }]));
}

/** The wanted items that a list has nowhere. */
export function listAbsent(wanted: readonly Value[], items: readonly Value[]): readonly Value[] {
  const budget = new Budget();
  const present = groupItems(items, budget);
  return wanted.filter((item) => !hasEqual(present, item, budget));
}

type Groups = ReadonlyMap<string, Value[]>;

function hasEqual(groups: Groups, item: Value, budget: Budget): boolean {
  return groups.get(summarizeValue(item, budget))?.some((other) => isEqual(item, other, budget)) ?? false;
}

/** Takes an equal item out of its group; false when there is none. */
function takeEqual(groups: Groups, item: Value, budget: Budget): boolean {
  const candidates = groups.get(summarizeValue(item, budget)) ?? [];
  const at = candidates.findIndex((candidate) => isEqual(item, candidate, budget));
  if (at !== -1) candidates.splice(at, 1);
  return at !== -1;
}
