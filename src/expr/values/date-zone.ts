import { createRunError } from './error.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();
const firstRulesMs = Date.UTC(1800, 0, 1);
const maxFormatters = 100;
const dateOptions: Intl.DateTimeFormatOptions = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
};
const offsetPattern = /^([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** The zone under its proper name; throws when there is none. */
export function checkZone(name: string): string {
  if (name === '' || name === 'UTC' || name === 'Local') return 'UTC';
  if (!/^[A-Za-z0-9_+\-/]{1,64}$/.test(name) || offsetPattern.test(name)) throw createZoneError(name);
  takeFormatter(name);
  return name;
}

/** The seconds that a zone is ahead of UTC at a point in time, given in milliseconds since 1970. */
export function findOffset(zone: string, epochMs: number): number {
  if (zone === 'UTC') return 0;
  const fixed = offsetPattern.exec(zone);
  if (fixed !== null) {
    const [, sign, hours, minutes, seconds = '0'] = fixed;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds));
  }
  // Before the first rules every zone keeps one offset, and the formatter would drop the era of the oldest years.
  const whole = Math.max(firstRulesMs, Math.floor(epochMs / 1_000) * 1_000);
  const fields: { [field: string]: number } = {};
  for (const { type, value } of takeFormatter(zone).formatToParts(whole)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  return (Date.UTC(year, month - 1, day, hour, minute, second) - whole) / 1_000;
}

/** The milliseconds since 1970 of a local time in a zone; a time that a clock change skips moves on with it. */
export function resolveLocal(zone: string, localMs: number): number {
  const first = localMs - findOffset(zone, localMs) * 1_000;
  const second = localMs - findOffset(zone, first) * 1_000;
  return findOffset(zone, second) === findOffset(zone, first) ? second : Math.max(first, second);
}

/** The short name of a zone at a point in time, such as CET; an offset where it has none. */
export function nameZone(zone: string, epochMs: number): string {
  if (zone === 'UTC') return 'UTC';
  if (offsetPattern.test(zone)) return writeOffset(findOffset(zone, epochMs), '');
  for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN']) {
    const formatter = takeFormatter(zone, locale, { timeZoneName: 'short' });
    const name = formatter.formatToParts(epochMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]{3,5}$/.test(name)) return name;
  }
  return writeOffset(findOffset(zone, epochMs), '').replace(/00$/, '');
}

/** Writes an offset of seconds as `+02:00`, with the given separator. */
export function writeOffset(seconds: number, separator: string): string {
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}${separator}${pad(minutes % 60)}`;
}

function takeFormatter(
  zone: string,
  locale = 'en-US-u-ca-gregory-nu-latn',
  options: Intl.DateTimeFormatOptions = dateOptions,
): Intl.DateTimeFormat {
  const key = `${locale} ${zone}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  try {
    const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    if (formatters.size >= maxFormatters) formatters.clear();
    formatters.set(key, formatter);
    return formatter;
  } catch {
    throw createZoneError(zone);
  }
}

function createZoneError(name: string) {
  return createRunError(`unknown time zone \`${name.slice(0, 64)}\``, 'write it like `Europe/Berlin`');
}
