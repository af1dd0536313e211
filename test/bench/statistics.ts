import { formatNumber } from './figure.ts';

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that the given share lies at or below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return sorted[index] ?? Number.NaN;
}

/** What the work itself takes on a machine that others use too: they only ever add to it. */
export function least(values: readonly number[]): number {
  return Math.min(...values);
}

/** Ratios of values that were measured next to each other. */
export function pairRatios(values: readonly number[], base: readonly number[]): readonly number[] {
  return values.map((value, index) => value / (base[index] ?? Number.NaN));
}

/** `1.84 (1.71–2.20)`: median, least and most. */
export function spread(values: readonly number[]): string {
  return `${formatNumber(median(values))} (${formatNumber(least(values))}–${formatNumber(Math.max(...values))})`;
}
