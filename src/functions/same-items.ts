import type { Value } from '../expr/index.ts';
import { isEqual, summarizeValue } from '../expr/index.ts';
import { groupItems } from '../schema/group-items.ts';

/** Whether two arrays have the same items as often, in any order. */
export function hasSameItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  const left = groupItems(b);
  return a.every((item) => {
    const candidates = left.get(summarizeValue(item)) ?? [];
    const at = candidates.findIndex((candidate) => isEqual(item, candidate));
    if (at !== -1) candidates.splice(at, 1);
    return at !== -1;
  });
}

/** Whether an array has every one of the wanted items. */
export function hasAllItems(items: readonly Value[], wanted: readonly Value[]): boolean {
  const present = groupItems(items);
  return wanted.every((item) => present.get(summarizeValue(item))?.some((other) => isEqual(item, other)) ?? false);
}

/** The items that have no counterpart left in the other list, each with its place. */
export function listUnmatched(
  items: readonly Value[],
  others: readonly Value[],
): readonly { item: Value; index: number }[] {
  const left = groupItems(others);
  return items.flatMap((item, index) => {
    const candidates = left.get(summarizeValue(item)) ?? [];
    const at = candidates.findIndex((candidate) => isEqual(item, candidate));
    if (at === -1) return [{ item, index }];
    candidates.splice(at, 1);
    return [];
  });
}

/** The wanted items that a list has nowhere. */
export function listAbsent(wanted: readonly Value[], items: readonly Value[]): readonly Value[] {
  const present = groupItems(items);
  return wanted.filter((item) => !present.get(summarizeValue(item))?.some((other) => isEqual(item, other)));
}
