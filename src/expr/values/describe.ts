import { DateValue, DurationValue } from './date.ts';
import { ExactNumber, isInteger } from './exact.ts';
import type { Value } from './value.ts';

/** The word for a value's type: nil, bool, int, float, string, array, map, time.Time, time.Duration. */
export function describeType(value: Value): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || value instanceof ExactNumber) return isInteger(value) ? 'int' : 'float';
  if (Array.isArray(value)) return 'array';
  if (value instanceof DateValue) return 'time.Time';
  return value instanceof DurationValue ? 'time.Duration' : 'map';
}
