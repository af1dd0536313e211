import { LIMITS } from '../../expr/index.ts';

/**
 * Whether data takes less room than a limit, in characters as JSON, roughly, and is nested no deeper than values may be;
 * stops looking as soon as either is reached.
 */
export function isSmallerThan(data: unknown, limit: number): boolean {
  if (data === undefined) return true;
  let left = limit;
  let level: unknown[] = [data];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LIMITS.dataDepth) return false;
    const below: unknown[] = [];
    for (const next of level) {
      left -= 4;
      if (typeof next === 'string') left -= next.length;
      else if (Array.isArray(next)) {
        if (next.length * 2 > left) return false;
        for (const item of next) below.push(item);
      } else if (typeof next === 'object' && next !== null) {
        for (const key in next) {
          left -= key.length + 3;
          below.push((next as Readonly<Record<string, unknown>>)[key]);
        }
        if (next instanceof Map) for (const pair of next) below.push(pair);
      }
      if (left < 0) return false;
    }
    level = below;
  }
  return true;
}
