import type { FunctionDef, Value } from '../expr/index.ts';
import { ExactNumber, isList, isMap, readIsoDate } from '../expr/index.ts';
import { isInteger } from '../expr/values/exact.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Questions about what kind of value something is; they take anything and never fail. */
export const kindFunctions: readonly FunctionDef[] = [
  define(
    'is_uuid',
    'whether the value is a text in the form of a UUID',
    (value) => typeof value === 'string' && UUID.test(value),
  ),
  define(
    'is_iso_date',
    'whether the value is a text with an ISO 8601 date, or date and time',
    (value) => typeof value === 'string' && readIsoDate(value) !== undefined,
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
