import { DateValue } from '../values/date.ts';
import { layoutPattern, monthNames, weekdayNames } from '../values/date-layout.ts';
import { resolveLocal } from '../values/date-zone.ts';
import { createRunError } from '../values/error.ts';
import { readIsoDate } from './date-iso.ts';
import { suggestEpoch } from './epoch-hint.ts';
import { suggestLayout } from './foreign-layout.ts';

const commonLayouts = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
];
const maxTextLength = 200;

/** Reads a date in one of the common layouts or by ISO 8601, in UTC unless the text says otherwise; throws when none fits. */
export function parseAnyDate(text: string): DateValue {
  for (const layout of commonLayouts) {
    const date = readDate(text, layout, 'UTC');
    if (date !== undefined) return date;
  }
  const date = readIsoDate(text);
  if (date !== undefined) return date;
  const isCount = /^-?\d{9,19}$/.test(text);
  throw createRunError(
    `${JSON.stringify(text.slice(0, 60))} is not a date`,
    (isCount && suggestEpoch(text)) ||
      'write it like `2006-01-02`, `2006-01-02T15:04:05Z`, or give a layout as the second argument',
  );
}

/** Reads a date by a layout in a zone; throws when it does not fit. */
export function parseDate(text: string, layout: string, zone: string): DateValue {
  const date = readDate(text, layout, zone);
  if (date !== undefined) return date;
  const shown = JSON.stringify(text.slice(0, 60));
  throw createRunError(
    `${shown} is not a date in the layout ${JSON.stringify(layout.slice(0, 60))}`,
    suggestLayout(layout.slice(0, 60)),
  );
}

interface ParsedDate {
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  isAfternoon: boolean | undefined;
  zone: string | undefined;
}

/** What an element of a layout accepts, and what it says about the date; false refuses. */
interface Reader {
  pattern: string;
  apply(parsed: ParsedDate, text: string): boolean;
}

// Each element takes what it can, once: a layout that would fit if an earlier element took less does not fit.
function readDate(text: string, layout: string, zone: string): DateValue | undefined {
  if (text.length > maxTextLength || layout.length > maxTextLength) return undefined;
  const parsed = createEmptyDate();
  let at: number | undefined = 0;
  let from = 0;
  for (const match of layout.matchAll(layoutPattern)) {
    at = skipPlain(text, at, layout.slice(from, match.index));
    from = match.index + match[0].length;
    at = at === undefined ? undefined : readElement(parsed, findReader(match[0]), { text, at });
    if (at === undefined) return undefined;
    // A fraction may follow the seconds whether or not the layout shows one.
    const isFractionShown = !/^0?5$/.test(match[0]) || /^[.,][09]/.test(layout.slice(from));
    if (!isFractionShown) at = readElement(parsed, fractionReader, { text, at }) ?? at;
  }
  const end = skipPlain(text, at, layout.slice(from));
  return end === text.length ? assembleDate(parsed, zone) : undefined;
}

/** Where an element ends that begins at a place of the text; undefined when it does not stand there. */
function readElement(parsed: ParsedDate, reader: Reader, from: { text: string; at: number }): number | undefined {
  const pattern = new RegExp(reader.pattern, 'y');
  pattern.lastIndex = from.at;
  const found = pattern.exec(from.text);
  if (found === null || !reader.apply(parsed, found[0])) return undefined;
  return pattern.lastIndex;
}

/** Where plain text of a layout ends in the text; blanks fit any number of blanks, and none at the end. */
function skipPlain(text: string, start: number, plain: string): number | undefined {
  let at = start;
  for (const [part] of plain.matchAll(/ +|[^ ]+/g)) {
    if (part.startsWith(' ')) {
      if (at < text.length && text[at] !== ' ') return undefined;
      while (text[at] === ' ') at++;
    } else if (text.startsWith(part, at)) at += part.length;
    else return undefined;
  }
  return at;
}

function createEmptyDate(): ParsedDate {
  return {
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    isAfternoon: undefined,
    zone: undefined,
  };
}

type NumberField = 'year' | 'month' | 'day' | 'yearDay' | 'hour' | 'minute' | 'second';

function readNumber(pattern: string, field: NumberField, min: number, max: number): Reader {
  return {
    pattern,
    apply(parsed, text) {
      const value = Number(text);
      parsed[field] = value;
      return value >= min && value <= max;
    },
  };
}

function readName(names: readonly string[], length: number | undefined, field: 'month' | undefined): Reader {
  const words = names.map((name) => name.slice(0, length));
  return {
    pattern: words.map((word) => word.replace(/./g, ignoreCase)).join('|'),
    apply(parsed, text) {
      const index = words.findIndex((word) => word.toLowerCase() === text.toLowerCase());
      if (field !== undefined) parsed[field] = index + 1;
      return index >= 0;
    },
  };
}

function ignoreCase(letter: string): string {
  return `[${letter.toUpperCase()}${letter.toLowerCase()}]`;
}

const fractionReader: Reader = {
  pattern: '[.,]\\d+|',
  apply(parsed, text) {
    parsed.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'));
    return true;
  },
};

function readHalf(pattern: string): Reader {
  return {
    pattern,
    apply(parsed, text) {
      parsed.isAfternoon = /^p/i.test(text);
      return true;
    },
  };
}

const yearReader: Reader = {
  pattern: '\\d{2}',
  apply(parsed, text) {
    const value = Number(text);
    parsed.year = value >= 69 ? 1_900 + value : 2_000 + value;
    return true;
  },
};

const abbreviationReader: Reader = {
  pattern: 'GMT[+-]\\d{1,2}|(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])|ChST|MeST|[+-]\\d{1,2}',
  apply(parsed, text) {
    if (text === 'UTC' || text === 'GMT') parsed.zone = 'UTC';
    const [, sign, hours = ''] = /^(?:GMT)?([+-])(\d+)$/.exec(text) ?? [];
    if (sign !== undefined) parsed.zone = Number(hours) === 0 ? 'UTC' : `${sign}${hours.padStart(2, '0')}:00`;
    return Number(hours) <= 23;
  },
};

const readers: { readonly [element: string]: Reader } = {
  January: readName(monthNames, undefined, 'month'),
  Jan: readName(monthNames, 3, 'month'),
  Monday: readName(weekdayNames, undefined, undefined),
  Mon: readName(weekdayNames, 3, undefined),
  '1': readNumber('\\d{1,2}', 'month', 1, 12),
  '01': readNumber('\\d{2}', 'month', 1, 12),
  '2': readNumber('\\d{1,2}', 'day', 1, 31),
  _2: readNumber(' ?\\d{1,2}', 'day', 1, 31),
  '02': readNumber('\\d{2}', 'day', 1, 31),
  __2: readNumber(' {0,2}\\d{1,3}', 'yearDay', 1, 366),
  '002': readNumber('\\d{3}', 'yearDay', 1, 366),
  '15': readNumber('\\d{1,2}', 'hour', 0, 23),
  '3': readNumber('\\d{1,2}', 'hour', 0, 12),
  '03': readNumber('\\d{2}', 'hour', 0, 12),
  '4': readNumber('\\d{1,2}', 'minute', 0, 59),
  '04': readNumber('\\d{2}', 'minute', 0, 59),
  '5': readNumber('\\d{1,2}', 'second', 0, 59),
  '05': readNumber('\\d{2}', 'second', 0, 59),
  '2006': readNumber('\\d{4}', 'year', 0, 9_999),
  '06': yearReader,
  PM: readHalf('AM|PM'),
  pm: readHalf('am|pm'),
  MST: abbreviationReader,
};

function findReader(element: string): Reader {
  const reader = Object.hasOwn(readers, element) ? readers[element] : undefined;
  if (reader !== undefined) return reader;
  if (element.startsWith('Z') || element.startsWith('-')) return createOffsetReader(element);
  return element.charAt(1) === '0' ? { ...fractionReader, pattern: `[.,]\\d{${element.length - 1}}` } : fractionReader;
}

function createOffsetReader(element: string): Reader {
  const separator = element.includes(':') ? ':' : '';
  const digits = element.replace(/\D/g, '').length;
  const groups = Array.from({ length: digits / 2 }, () => '\\d{2}').join(separator);
  return {
    pattern: element.startsWith('Z') ? `Z|[+-]${groups}` : `[+-]${groups}`,
    apply(parsed, text) {
      const [hours = '00', minutes = '00', seconds] = text.slice(1).match(/\d{2}/g) ?? [];
      const offset = `${text.charAt(0)}${hours}:${minutes}${seconds === undefined ? '' : `:${seconds}`}`;
      const isZero = /^z$/i.test(text) || /^[+-][0:]+$/.test(offset);
      parsed.zone = isZero ? 'UTC' : offset;
      return Number(hours) <= 24 && Number(minutes) < 60;
    },
  };
}

function assembleDate(parsed: ParsedDate, zone: string): DateValue | undefined {
  const day = findDay(parsed);
  if (day === undefined) return undefined;
  const local = new Date(0);
  local.setUTCFullYear(parsed.year, day.month - 1, day.day);
  local.setUTCHours(takeHour(parsed), parsed.minute, parsed.second);
  const used = parsed.zone ?? zone;
  const epochMs = resolveLocal(used, local.getTime());
  return new DateValue(BigInt(epochMs) * 1_000_000n + BigInt(parsed.nanosecond), used);
}

/** The day that is meant; undefined when there is none, or when its number in the year says another than the month and its day. */
function findDay({ year, month, day, yearDay }: ParsedDate): { month: number; day: number } | undefined {
  const date = new Date(0);
  if (yearDay === undefined) date.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
  else date.setUTCFullYear(year, 0, yearDay);
  const found = { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  const isSame = found.month === (month ?? found.month) && found.day === (day ?? found.day);
  return isSame && date.getUTCFullYear() === year ? found : undefined;
}

/** An hour of the afternoon may be reported by either clock. */
function takeHour({ hour, isAfternoon }: ParsedDate): number {
  if (isAfternoon === true && hour < 12) return hour + 12;
  return isAfternoon === false && hour === 12 ? 0 : hour;
}
