import type { Budget, Value } from '../expr/index.ts';
import { summarizeValue } from '../expr/index.ts';

/** Items that could be equal stand together, so that long arrays are not compared each with each. */
export function groupItems(items: readonly Value[], budget: Budget): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const item of items) {
    const key = summarizeValue(item, budget);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
