import { stringifyJson, type Value } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';

/** A text that two equal settings share; expressions by their source. */
export function writeKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeKey).join(',')}]`;
  if (typeof value !== 'object' || value === null) return stringifyJson((value ?? null) as Value);
  if (isExpressionAt(value)) return value.text.text;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}:${writeKey(item)}`)
    .sort()
    .join(',')}}`;
}
