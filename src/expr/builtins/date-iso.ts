import { DateValue } from '../values/date.ts';

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Reads a date, or date and time, as ISO 8601 and databases write it: a blank for the `T`, an offset with or without its colon
 * or minutes, no seconds, no zone (UTC then). A leap second is the one after it. Undefined when the text is none.
 */
export function readIsoDate(text: string): DateValue | undefined {
  const match = isoPattern.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [, , , , , , , fraction = '', zone = 'Z'] = match;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  const isDay = month >= 1 && local.getUTCMonth() === month - 1 && local.getUTCDate() === day && day >= 1;
  const offset = readOffset(zone);
  if (!isDay || hour > 23 || minute > 59 || second > 60 || offset === undefined) return undefined;
  local.setUTCHours(hour, minute, second);
  const nanoseconds = BigInt(local.getTime() - offset.minutes * 60_000) * 1_000_000n;
  return new DateValue(nanoseconds + BigInt(fraction.padEnd(9, '0')), offset.zone);
}

function readOffset(zone: string): { zone: string; minutes: number } | undefined {
  if (zone === 'Z') return { zone: 'UTC', minutes: 0 };
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  if (hours > 23 || minutes > 59) return undefined;
  const total = (zone.startsWith('-') ? -1 : 1) * (60 * hours + minutes);
  const written = `${zone.slice(0, 3)}:${String(minutes).padStart(2, '0')}`;
  return { zone: total === 0 ? 'UTC' : written, minutes: total };
}
