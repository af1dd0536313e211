import { DateValue } from '../values/date.ts';
import type { NumberValue } from '../values/exact.ts';

interface Unit {
  readonly name: string;
  readonly short: string;
  /** From this number on it is meant; a second is meant below. */
  readonly from: number;
  readonly perSecond: number;
  /** The method that makes such a number of a date. */
  readonly method: string;
}

const SECONDS: Unit = { name: 'seconds', short: 's', from: 0, perSecond: 1, method: 'Unix' };
/** Of as many milliseconds as 1e11 the date is in 1973, of as many seconds in the year 5138. */
const UNITS: readonly Unit[] = [
  { name: 'nanoseconds', short: 'ns', from: 1e17, perSecond: 1e9, method: 'UnixNano' },
  { name: 'microseconds', short: 'us', from: 1e14, perSecond: 1e6, method: 'UnixMicro' },
  { name: 'milliseconds', short: 'ms', from: 1e11, perSecond: 1e3, method: 'UnixMilli' },
  SECONDS,
];
const LATEST_MS = 8.64e15;

/** How a number that counts the time since 1970 (or a text of its digits) is made a date, or compared with one; undefined for one that is no such count. */
export function suggestEpoch(value: NumberValue | string): string | undefined {
  const number = Number(value);
  const unit = UNITS.find(({ from }) => Math.abs(number) >= from) ?? SECONDS;
  const ms = (number / unit.perSecond) * 1000;
  if (!(Math.abs(ms) <= LATEST_MS)) return undefined;
  const seconds = DateValue.fromMilliseconds(Math.trunc(ms / 1000) * 1000);
  const count = Number.isInteger(number) ? `string(n) + "${unit.short}"` : 'string(int(n * 1000)) + "ms"';
  return `${value} in ${unit.name} since 1970 is ${seconds}: write \`date("1970-01-01") + duration(${count})\` for it, or compare numbers: \`date(text).${unit.method}() == ${typeof value === 'string' ? 'int(n)' : 'n'}\``;
}
