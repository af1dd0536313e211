import { Scalar } from './scalar.ts';

/** A point in time with nanoseconds; `zone` is `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`. */
export class DateValue extends Scalar {
  readonly nanoseconds: bigint;
  readonly zone: string;

  constructor(nanoseconds: bigint, zone = 'UTC') {
    super();
    this.nanoseconds = nanoseconds;
    this.zone = zone;
  }

  /** Makes a point in time from milliseconds since 1970. */
  static fromMilliseconds(epochMs: number, zone = 'UTC'): DateValue {
    return new DateValue(BigInt(Math.round(epochMs * 1_000)) * 1_000n, zone);
  }

  override toString(): string {
    const ms = Number(floorDivide(this.nanoseconds, 1_000_000n));
    const fraction = String(((this.nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, '0');
    const trimmed = fraction.replace(/0+$/, '');
    const seconds = new Date(ms).toISOString().replace(/\.\d+Z$/, '');
    return `${seconds}${trimmed === '' ? '' : `.${trimmed}`}Z`;
  }
}

/** A span of time in nanoseconds. */
export class DurationValue extends Scalar {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = nanoseconds;
  }

  override toString(): string {
    return formatDuration(this.nanoseconds);
  }
}

const unitNanoseconds: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const maxNanoseconds = 2n ** 63n;

/** Reads a duration such as `1h30m` or `-250ms`; undefined when it is none. */
export function parseDuration(text: string): DurationValue | undefined {
  const sign = /^[+-]?/.exec(text)?.[0] ?? '';
  const rest = text.slice(sign.length);
  if (rest === '0') return new DurationValue(0n);
  if (rest.length > 100 || !/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of rest.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const factor = unitNanoseconds[unit] ?? 0n;
    total += BigInt(whole || '0') * factor + (BigInt(fraction || '0') * factor) / 10n ** BigInt(fraction.length);
  }
  if (total >= maxNanoseconds) return undefined;
  return new DurationValue(sign === '-' ? -total : total);
}

/** Writes a duration as `1h30m0s`, `1.5s`, `250ms`. */
function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${formatFraction(nanoseconds, 1_000n)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${formatFraction(nanoseconds, 1_000_000n)}ms`;
  const hours = nanoseconds / 3_600_000_000_000n;
  const minutes = (nanoseconds / 60_000_000_000n) % 60n;
  const seconds = `${formatFraction(nanoseconds % 60_000_000_000n, 1_000_000_000n)}s`;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

/** Divides towards minus infinity, as a calendar wants it. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function formatFraction(value: bigint, unit: bigint): string {
  const digits = String(value % unit).padStart(String(unit).length - 1, '0');
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? String(value / unit) : `${value / unit}.${trimmed}`;
}
