import type { DurationValue } from './date.ts';

/** Says that a name such as `duration_ms` is a number, and which one a length of time is beside it; undefined for other names. */
export function describeMilliseconds(name: string, { nanoseconds }: DurationValue): string | undefined {
  if (!/(?:_ms|[a-z]Ms|_?millis|_?milliseconds)$/.test(name)) return undefined;
  return `\`${name}\` is a number of milliseconds: write \`${Number(nanoseconds) / 1e6}\``;
}
