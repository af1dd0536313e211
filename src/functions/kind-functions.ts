import type { FunctionDef, Value } from '../expr/index.ts';
import { ExactNumber, isList, isMap } from '../expr/index.ts';
import { isInteger } from '../expr/values/exact.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const ISO_DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:Z|[+-](\d{2}):?(\d{2})|[+-]\d{2})?)?$/;

/** Questions about what kind of value something is; they take anything and never fail. */
export const kindFunctions: readonly FunctionDef[] = [
  define(
    'is_uuid',
    'whether the value is a text of the form of a UUID',
    (value) => typeof value === 'string' && UUID.test(value),
  ),
  define(
    'is_iso_date',
    'whether the value is a text with an ISO 8601 date, or date and time',
    (value) => typeof value === 'string' && isIsoDate(value),
  ),
  define('is_int', 'whether the value is a number without a fraction', (value) => isNumber(value) && isInteger(value)),
  define('is_number', 'whether the value is a number', isNumber),
  define('is_string', 'whether the value is a string', (value) => typeof value === 'string'),
  define('is_array', 'whether the value is an array', isList),
  define('is_map', 'whether the value is a map', isMap),
  define('is_bool', 'whether the value is true or false', (value) => typeof value === 'boolean'),
];

function define(name: string, summary: string, holds: (value: Value) => boolean): FunctionDef {
  return { name, minArgs: 1, maxArgs: 1, pure: true, summary, call: ([value = null]) => holds(value) };
}

function isNumber(value: Value): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

function isIsoDate(text: string): boolean {
  const match = ISO_DATE.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  // Leap years repeat every 400 years, and years below 100 mean others to `Date.UTC`.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour <= 23 && minute <= 59 && second <= 60 && zoneHour <= 23 && zoneMinute <= 59;
}
