import { ExactNumber } from '../values/exact.ts';
import type { Budget } from '../values/limits.ts';
import { isDoubleText } from '../values/numeral.ts';
import { isList, isMap, type Value } from '../values/value.ts';

const deepest = 50;

/** A text that equal values share; what stands deeper than any data that people compare is left out of it. */
export function summarizeValue(value: Value, budget: Budget): string {
  const summary = summarize(value, 0);
  budget.spend(2 + summary.length / 2);
  return summary;
}

function summarize(value: Value, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return `${value + 0}`;
  if (value instanceof ExactNumber) return summarizeExact(value);
  if (depth > deepest) return '…';
  if (isList(value)) return `[${value.map((item) => summarize(item, depth + 1)).join()}]`;
  if (!isMap(value)) return typeof value === 'object' && value !== null ? `o${String(value)}` : `${value}`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${summarize(item, depth + 1)}`);
  return `{${entries.sort().join()}}`;
}

/** As a double when it is one; many exact numbers stand near to one double. */
function summarizeExact({ text, numeral }: ExactNumber): string {
  return isDoubleText(text) ? `${Number(text) + 0}` : `${numeral.sign} ${numeral.digits} ${numeral.exponent}`;
}
