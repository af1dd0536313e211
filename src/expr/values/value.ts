import type { DateValue, DurationValue } from './date.ts';
import type { ExactNumber } from './exact.ts';
import { Scalar } from './scalar.ts';

/** A map with text keys: own properties of a plain object. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** A map whose keys are not all text; only `groupBy` makes one. */
export type KeyedMap = ReadonlyMap<Value, Value>;

/** Everything an expression can see or give: plain data, never a JavaScript function or a class of others. */
export type Value =
  | null
  | boolean
  | number
  | string
  | ExactNumber
  | DateValue
  | DurationValue
  | readonly Value[]
  | KeyedMap
  | ValueMap;

const hasCaselessKeys = Symbol('testmesh.hasCaselessKeys');

/** Whether the value is a list. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether the value is a map with text keys. */
export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Scalar) &&
    !(value instanceof Map)
  );
}

/** Whether the value is a map of `groupBy` whose keys are not all text. */
export function isKeyedMap(value: Value): value is KeyedMap {
  return value instanceof Map;
}

/** Whether the value is certainly a map, found without looking at its class; a cheap test for the common case. */
export function isPlainMap(value: Value): value is ValueMap {
  // Asking for the prototype itself takes three times as long; what only looks like a plain object is a map too.
  return typeof value === 'object' && value !== null && value.constructor === Object;
}

/** Sets an own property, whatever its name: `__proto__` is a key like any other. */
export function setKey<T>(target: { [key: string]: T }, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** Reads an own property of plain data; undefined when the key is missing, nil when what stands there is not data. */
export function readKey(map: ValueMap, key: string): Value | undefined {
  if (Object.hasOwn(map, key)) return admitValue(map[key]);
  return hasCaselessKeys in map ? readCaseless(map, key) : undefined;
}

/** Whether the map has the key. */
export function hasKey(map: ValueMap, key: string): boolean {
  return readKey(map, key) !== undefined;
}

/** Makes a map whose keys match in any case, as names of HTTP headers do; keys print as they were given. */
export function createCaselessMap(entries: Iterable<readonly [string, Value]>): ValueMap {
  const map: { [key: string]: Value } = {};
  for (const [key, value] of entries) setKey(map, key, value);
  Object.defineProperty(map, hasCaselessKeys, { value: true });
  return map;
}

/** Whether the keys of this map match in any case. */
export function isCaseless(map: ValueMap): boolean {
  return hasCaselessKeys in map;
}

/** Lets only data through: what is a JavaScript function, a symbol or undefined is nil for an expression. */
export function admitValue(value: unknown): Value {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return null;
  return value as Value;
}

function readCaseless(map: ValueMap, key: string): Value | undefined {
  const wanted = key.toLowerCase();
  const found = Object.keys(map).find((candidate) => candidate.toLowerCase() === wanted);
  return found === undefined ? undefined : admitValue(map[found]);
}
