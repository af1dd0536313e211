import type { MetricUnit } from '../../model/load/load-metrics.ts';

export type TimeUnit = 's' | 'ms' | 'us';

/** A length of time in the unit that reads best, or in the one that is asked for: `148.2ms`, `1.2s`. */
export function formatMs(ms: number, unit?: TimeUnit): string {
  if (unit === 's') return `${(ms / 1000).toFixed(6)}s`;
  if (unit === 'ms') return `${ms.toFixed(2)}ms`;
  if (unit === 'us') return `${(ms * 1000).toFixed(0)}µs`;
  if (ms === 0) return '0s';
  if (Math.abs(ms) < 1) return `${Math.round(ms * 1000)}µs`;
  if (Math.abs(ms) < 1000) return `${trim(ms)}ms`;
  if (Math.abs(ms) < 60_000) return `${trim(ms / 1000)}s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${trim(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${trim(bytes / 1e6)} MB` : `${trim(bytes / 1e9)} GB`;
}

export function formatNumber(value: number): string {
  return Number.isInteger(value)
    ? String(value)
    : Math.abs(value) >= 100
      ? value.toFixed(1)
      : String(Number(value.toPrecision(4)));
}

export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

export function formatValue(value: number, unit: MetricUnit, time?: TimeUnit): string {
  if (unit === 'ms') return formatMs(value, time);
  return unit === 'bytes' ? formatBytes(value) : formatNumber(value);
}

function trim(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toFixed(value >= 10 ? 1 : 2)));
}
