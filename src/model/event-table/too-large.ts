import type { Value, ValueMap } from '../../expr/index.ts';
import { isSmallerThan } from './json-size.ts';
import { MAX_VALUE_SIZE } from './kinds.ts';

/** Shorter lists are left to who writes events. */
const LONG = 1000;

/** Stands in an event for a value that is larger than any consumer keeps; of no plain prototype, so that a quick look takes it for no small JSON. */
export const TOO_LARGE: ValueMap = Object.freeze(
  Object.assign(Object.create({}), { left_out: `more than ${MAX_VALUE_SIZE / 1e6} MB` }),
);

/** A long list that is too large is nobody's to see: to mask and to measure it for each consumer would take more memory than itself. */
export function leaveOutLarge(value: Value): Value {
  return Array.isArray(value) && value.length > LONG && !isSmallerThan(value, MAX_VALUE_SIZE) ? TOO_LARGE : value;
}

/** A result is left out as a whole, as whoever reads it has all of it or none. */
export function leaveOutLargeResult(result: ValueMap): ValueMap {
  return Object.values(result).some((value) => leaveOutLarge(value) === TOO_LARGE) ? TOO_LARGE : result;
}

/** Those of values by their names are left out one by one; nearly always none is. */
export function leaveOutLargeOnes<T extends Readonly<Record<string, Value>>>(values: T): T {
  const entries = Object.entries(values).map(([key, value]) => [key, value, leaveOutLarge(value)] as const);
  if (entries.every(([, value, left]) => value === left)) return values;
  return Object.fromEntries(entries.map(([key, , left]) => [key, left])) as T;
}
