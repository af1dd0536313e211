import { LIMITS } from '../../expr/index.ts';

/**
 * Whether data takes less room than a limit, in characters as JSON, roughly, and is nested no deeper than values may be;
 * stops looking as soon as either is reached.
 */
export function isSmallerThan(data: unknown, limit: number): boolean {
  return data === undefined || takeFrom(limit, data, 0) >= 0;
}

/** What is left when the data has taken its room; less than 0 where that does not do, or it is nested too deep. */
function takeFrom(limit: number, data: unknown, depth: number): number {
  if (depth > LIMITS.dataDepth) return -1;
  let left = limit - 4;
  if (typeof data === 'string') return left - data.length;
  if (typeof data !== 'object' || data === null) return left;
  if (Array.isArray(data)) {
    if (data.length * 2 > left) return -1;
    for (let index = 0; index < data.length && left >= 0; index++) left = takeFrom(left, data[index], depth + 1);
    return left;
  }
  for (const key in data) {
    left = takeFrom(left - key.length - 3, (data as Readonly<Record<string, unknown>>)[key], depth + 1);
    if (left < 0) return left;
  }
  if (data instanceof Map) for (const pair of data) if (left >= 0) left = takeFrom(left, pair, depth + 1);
  return left;
}
