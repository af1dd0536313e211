import type { Value } from '../../expr/index.ts';

/** The mask of secrets, standing alone: longer rows of asterisks are somebody's data. */
const MASK = /(?<!\*)\*{3}(?!\*)/;

/** Whether a secret was masked in a value, so that it is not what the run worked with. */
export function isMasked(value: Value): boolean {
  if (typeof value === 'string') return MASK.test(value);
  if (typeof value !== 'object' || value === null) return false;
  const parts: Iterable<Value> = value instanceof Map ? [...value].flat() : Object.values(value);
  for (const part of parts) if (isMasked(part)) return true;
  return false;
}
