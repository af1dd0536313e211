import { DateValue } from './date.ts';
import { formatDate } from './date-layout.ts';
import { createBudgetError } from './error.ts';
import { ExactNumber } from './exact.ts';
import { type Budget, LIMITS } from './limits.ts';
import { Scalar } from './scalar.ts';
import { isKeyedMap, isList, isMap, type Value } from './value.ts';

/** Writes a value as the function `string` does: nil is `<nil>`, lists are `[1 2]`, maps `map[a:1]`. */
export function toText(value: Value, budget: Budget, depth = 0): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  if (typeof value === 'number') return formatDouble(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof DateValue) return formatDate(value, '2006-01-02 15:04:05.999999999 -0700 MST');
  if (value instanceof ExactNumber || value instanceof Scalar) return value.toString();
  if (depth >= LIMITS.dataDepth) throw createBudgetError('the value is nested too deeply to be written');
  const write = (item: Value) => {
    const text = toText(item, budget, depth + 1);
    budget.spend(8);
    budget.makeText(text.length);
    return text;
  };
  if (isList(value)) return `[${value.map(write).join(' ')}]`;
  const entries: [Value, Value][] = isKeyedMap(value) ? [...value] : isMap(value) ? Object.entries(value) : [];
  const pairs = entries.map(([key, item]): [string, string] => [write(key), write(item)]);
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${pairs.map(([key, item]) => `${key}:${item}`).join(' ')}]`;
}

/** Writes a double: whole numbers in full below 1e21, fractions of a million or more with an exponent of two digits. */
function formatDouble(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  const size = Math.abs(value);
  const isPlain = Number.isInteger(value) ? size < 1e21 : size < 1e6 && size >= 1e-4;
  if (isPlain || Number.isNaN(value)) return String(value);
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}
