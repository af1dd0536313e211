import { isNumber, type Value } from '../../expr/index.ts';

/** The text by which a key is known wherever it stands: an id as text and as a number is one; undefined: it is none. */
export function toKeyText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (value === undefined || value === null || !isNumber(value)) return undefined;
  return String(value);
}
