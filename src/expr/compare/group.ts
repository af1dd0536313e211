import { describeType } from '../values/describe.ts';
import { isEqual } from '../values/equality.ts';
import { createRunError } from '../values/error.ts';
import { ExactNumber } from '../values/exact.ts';
import type { Budget } from '../values/limits.ts';
import { isDoubleText } from '../values/numeral.ts';
import { isKeyedMap, isList, isMap, setKey, type Value } from '../values/value.ts';

/** Groups items by their keys: a plain map when all keys are text, else a map that keeps the kind of its keys. */
export function groupItems(items: readonly Value[], keys: readonly Value[], budget: Budget): Value {
  const groups = new Map<Value, Value[]>();
  for (const [position, given] of keys.entries()) {
    budget.spend(5);
    const key = findKey(groups, takeGroupKey('groupBy', given), budget);
    const known = groups.get(key);
    const item = items[position] ?? null;
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  budget.makeItems(items.length);
  return toPlainMap(groups);
}

/** The value as a key, one for both carriers of a number; lists and maps cannot be keys. */
export function takeGroupKey(name: string, given: Value): Value {
  const key = given instanceof ExactNumber && isDoubleText(given.text) ? Number(given.text) : given;
  if (!isList(key) && !isMap(key) && !isKeyedMap(key)) return key;
  throw createRunError(`\`${name}\` cannot use ${describeType(key)} as a key`);
}

/** The equal key that the map has already, else the key itself. */
export function findKey(map: ReadonlyMap<Value, unknown>, key: Value, budget: Budget): Value {
  if (map.has(key) || typeof key !== 'object' || key === null) return key;
  budget.spend(map.size);
  for (const candidate of map.keys()) if (isEqual(candidate, key, budget)) return candidate;
  return key;
}

/** A plain map when all keys are text, else the map itself. */
export function toPlainMap(map: ReadonlyMap<Value, Value>): Value {
  const plain: { [key: string]: Value } = {};
  for (const [key, value] of map) {
    if (typeof key !== 'string') return map;
    setKey(plain, key, value);
  }
  return plain;
}
