import { ExactNumber } from './exact.ts';
import { isList, isMap, type Value } from './value.ts';

const deepest = 50;

/** A text that equal values share; what stands deeper than any data that people compare is left out of it. */
export function summarizeValue(value: Value, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return `${value + 0}`;
  if (value instanceof ExactNumber) return `${Number(value.text) + 0}`;
  if (depth > deepest) return '…';
  if (isList(value)) return `[${value.map((item) => summarizeValue(item, depth + 1)).join()}]`;
  if (!isMap(value)) return typeof value === 'object' && value !== null ? `o${String(value)}` : `${value}`;
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${summarizeValue(item, depth + 1)}`,
  );
  return `{${entries.sort().join()}}`;
}
