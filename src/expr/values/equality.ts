import { DateValue, DurationValue } from './date.ts';
import { describeType } from './describe.ts';
import { createBudgetError, createRunError } from './error.ts';
import { compareNumbers, ExactNumber, type NumberValue } from './exact.ts';
import { Budget, LIMITS } from './limits.ts';
import { admitValue, isKeyedMap, isMap, type KeyedMap, readKey, type Value, type ValueMap } from './value.ts';

/** Whether two values are equal: numbers by value, lists by item, maps by key, dates as points in time. */
export function isEqual(a: Value, b: Value, budget: Budget = new Budget()): boolean {
  return isDeepEqual(a, b, { budget, depth: 0 });
}

/** Orders two numbers, texts, dates or durations: negative, zero, positive, or NaN; throws for anything else. */
export function compareValues(a: Value, b: Value, budget?: Budget): number {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b, budget);
  if (typeof a === 'string' && typeof b === 'string') {
    budget?.spend((a.length + b.length) / 64);
    return compareTexts(a, b);
  }
  if (a instanceof DateValue && b instanceof DateValue) return compareBigints(a.nanoseconds, b.nanoseconds);
  if (a instanceof DurationValue && b instanceof DurationValue) return compareBigints(a.nanoseconds, b.nanoseconds);
  throw createRunError(`cannot compare ${describeType(a)} with ${describeType(b)}`);
}

/** Whether the value is a number in either carrier. */
export function isNumber(value: Value): value is NumberValue {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** Orders texts by code point. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const isUnitOrder = !/[\ud800-\udfff]/.test(a) && !/[\ud800-\udfff]/.test(b);
  if (isUnitOrder) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The value of a keyed map under a key; undefined when it is missing. */
export function readKeyed(map: KeyedMap, key: Value, budget: Budget = new Budget()): Value | undefined {
  const found = map.get(key);
  if (found !== undefined || typeof key !== 'object' || key === null) return found;
  for (const [candidate, value] of map) if (isEqual(candidate, key, budget)) return value;
  return undefined;
}

interface Walk {
  budget: Budget;
  depth: number;
}

function isDeepEqual(a: Value, b: Value, walk: Walk): boolean {
  if (typeof a !== 'object' && typeof b !== 'object') return a === b;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b || (isNumber(a) && isNumber(b) && compareNumbers(a, b, walk.budget) === 0);
  }
  walk.budget.spend(1);
  if (Array.isArray(a)) return Array.isArray(b) && areListsEqual(a, b, walk);
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b, walk.budget) === 0;
  if (a instanceof DateValue) return b instanceof DateValue && a.nanoseconds === b.nanoseconds;
  if (a instanceof DurationValue) return b instanceof DurationValue && a.nanoseconds === b.nanoseconds;
  if (isMap(a)) return isMap(b) && areMapsEqual(a, b, walk);
  return isKeyedMap(a) && isKeyedMap(b) && areKeyedEqual(a, b, walk);
}

function areListsEqual(a: readonly Value[], b: readonly Value[], walk: Walk): boolean {
  if (a.length !== b.length) return false;
  const inner = descend(walk);
  for (let i = 0; i < a.length; i++) {
    walk.budget.spend(1);
    if (!isDeepEqual(admitValue(a[i]), admitValue(b[i]), inner)) return false;
  }
  return true;
}

function areMapsEqual(a: ValueMap, b: ValueMap, walk: Walk): boolean {
  const keys = Object.keys(a);
  walk.budget.spend(keys.length);
  if (keys.length !== Object.keys(b).length) return false;
  const inner = descend(walk);
  for (const key of keys) {
    const other = readKey(b, key);
    if (other === undefined || !isDeepEqual(admitValue(a[key]), other, inner)) return false;
  }
  return true;
}

function areKeyedEqual(a: KeyedMap, b: KeyedMap, walk: Walk): boolean {
  walk.budget.spend(a.size);
  if (a.size !== b.size) return false;
  const inner = descend(walk);
  for (const [key, value] of a) {
    const other = readKeyed(b, key, walk.budget);
    if (other === undefined || !isDeepEqual(value, other, inner)) return false;
  }
  return true;
}

function descend(walk: Walk): Walk {
  if (walk.depth >= LIMITS.dataDepth) throw createBudgetError('the values are nested too deeply to be compared');
  return { budget: walk.budget, depth: walk.depth + 1 };
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
