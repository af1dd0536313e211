import { type DateValue, floorDivide } from './date.ts';
import { findOffset, nameZone, writeOffset } from './date-zone.ts';

/** A calendar's view of a point in time in its zone. */
interface DateFields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  weekday: number;
  yearDay: number;
  /** Seconds ahead of UTC. */
  offset: number;
}

export const monthNames = 'January February March April May June July August September October November December'.split(
  ' ',
);
export const weekdayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/**
 * The parts of a layout: elements of the reference date `Mon Jan 2 15:04:05 MST 2006`, and plain text between them. A short
 * name that goes on in small letters is part of a word, and of `_2006` the stroke is plain.
 */
export const layoutPattern =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|002|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|01|02|03|04|05|06|15|_2(?!006)|PM|pm|[.,](?:0+|9+)(?!\d)|[12345]/g;

/** Takes a point in time apart in its zone. */
export function takeFields(date: DateValue): DateFields {
  const epochMs = Number(floorDivide(date.nanoseconds, 1_000_000n));
  const offset = findOffset(date.zone, epochMs);
  const local = new Date(epochMs + offset * 1_000);
  const year = local.getUTCFullYear();
  const startOfYear = new Date(0).setUTCFullYear(year, 0, 1);
  const second = floorDivide(date.nanoseconds, 1_000_000_000n);
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    nanosecond: Number(date.nanoseconds - second * 1_000_000_000n),
    weekday: local.getUTCDay(),
    yearDay: Math.floor((local.getTime() - startOfYear) / 86_400_000) + 1,
    offset,
  };
}

/** Writes a date by a layout. */
export function formatDate(date: DateValue, layout: string): string {
  const fields = takeFields(date);
  return layout.replace(layoutPattern, (element) => formatElement(element, fields, date));
}

type ElementWriter = (fields: DateFields) => string;

const pad = (value: number, length: number, filler = '0') =>
  `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(length, filler)}`;
const to12 = (hour: number) => (hour % 12 === 0 ? 12 : hour % 12);

const writers: { readonly [element: string]: ElementWriter } = {
  January: ({ month }) => monthNames[month - 1] ?? '',
  Jan: ({ month }) => (monthNames[month - 1] ?? '').slice(0, 3),
  '1': ({ month }) => String(month),
  '01': ({ month }) => pad(month, 2),
  Monday: ({ weekday }) => weekdayNames[weekday] ?? '',
  Mon: ({ weekday }) => (weekdayNames[weekday] ?? '').slice(0, 3),
  '2': ({ day }) => String(day),
  _2: ({ day }) => pad(day, 2, ' '),
  '02': ({ day }) => pad(day, 2),
  __2: ({ yearDay }) => pad(yearDay, 3, ' '),
  '002': ({ yearDay }) => pad(yearDay, 3),
  '15': ({ hour }) => pad(hour, 2),
  '3': ({ hour }) => String(to12(hour)),
  '03': ({ hour }) => pad(to12(hour), 2),
  '4': ({ minute }) => String(minute),
  '04': ({ minute }) => pad(minute, 2),
  '5': ({ second }) => String(second),
  '05': ({ second }) => pad(second, 2),
  '2006': ({ year }) => pad(year, 4),
  '06': ({ year }) => pad(year % 100, 2),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
};

function formatElement(element: string, fields: DateFields, date: DateValue): string {
  const writer = Object.hasOwn(writers, element) ? writers[element] : undefined;
  if (writer !== undefined) return writer(fields);
  if (element === 'MST') return nameZone(date.zone, Number(floorDivide(date.nanoseconds, 1_000_000n)));
  if (element.startsWith('Z') || element.startsWith('-')) return formatOffset(element, fields.offset);
  return formatFraction(element, fields.nanosecond);
}

function formatOffset(element: string, offset: number): string {
  if (element.startsWith('Z') && offset === 0) return 'Z';
  const written = writeOffset(offset, element.includes(':') ? ':' : '');
  if (element.length === 3) return written.slice(0, 3);
  const hasSeconds = element.length > 6;
  if (!hasSeconds) return written;
  return `${written}${element.includes(':') ? ':' : ''}${pad(Math.abs(offset) % 60, 2)}`;
}

function formatFraction(element: string, nanosecond: number): string {
  const digits = pad(nanosecond, 9).slice(0, element.length - 1);
  if (element.charAt(1) === '0') return element.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : element.charAt(0) + trimmed;
}
