import { describeType } from './describe.ts';
import { isEqual } from './equality.ts';
import { createRunError } from './error.ts';
import { ExactNumber } from './exact.ts';
import type { Budget } from './limits.ts';
import { isDoubleText } from './numeral.ts';
import { isKeyedMap, isList, isMap, setKey, type Value } from './value.ts';

/** Groups items by their keys: a plain map when all keys are text, else a map that keeps the kind of its keys. */
export function groupItems(items: readonly Value[], keys: readonly Value[], budget: Budget): Value {
  const groups = new Map<Value, Value[]>();
  for (const [position, given] of keys.entries()) {
    // One key for both carriers of a number.
    const key = given instanceof ExactNumber && isDoubleText(given.text) ? Number(given.text) : given;
    if (isList(key) || isMap(key) || isKeyedMap(key)) {
      throw createRunError(`\`groupBy\` cannot use ${describeType(key)} as a key`);
    }
    const known = findGroup(groups, key, budget);
    const item = items[position] ?? null;
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  budget.makeItems(items.length);
  return [...groups.keys()].every((key) => typeof key === 'string') ? toTextMap(groups) : groups;
}

function findGroup(groups: ReadonlyMap<Value, Value[]>, key: Value, budget: Budget): Value[] | undefined {
  const found = groups.get(key);
  if (found !== undefined || typeof key !== 'object' || key === null) return found;
  budget.spend(groups.size);
  for (const [candidate, group] of groups) if (isEqual(candidate, key, budget)) return group;
  return undefined;
}

function toTextMap(groups: ReadonlyMap<Value, Value[]>): Value {
  const map: { [key: string]: Value } = {};
  for (const [key, group] of groups) setKey(map, String(key), group);
  return map;
}
