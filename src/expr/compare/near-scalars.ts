import { DateValue, DurationValue, parseDuration } from '../values/date.ts';
import { isInstantOf, isSameInstant } from '../values/date-forms.ts';
import { isNumber } from '../values/equality.ts';
import { ExactNumber, toDouble } from '../values/exact.ts';
import { compareNumerals, type Numeral, parseNumeral } from '../values/numeral.ts';
import type { Value } from '../values/value.ts';

/** What two texts that differ both are, and what gives that of either, as it is written. */
export interface Spelling {
  readonly what: string;
  /** By what alone they differ. */
  readonly by: string;
  readonly write: (source: string, text: string) => string;
}

/** What is longer is an id, or no number. */
const LONGEST_NUMERAL = 40;
/** Longer texts are no words that somebody chose to write. */
const LONGEST_WORDS = 1000;
const LONGEST_BLANKS = 20;
/** What is shorter is the base64 of something by chance. */
const SHORTEST_DECODED = 3;

/** What two texts that differ both say; undefined where they do not say the same. */
export function findSpelling(a: string, b: string): Spelling | undefined {
  if (isSameInstant(a, b))
    return {
      what: 'one point in time, written differently',
      by: 'how a time is written',
      write: (source) => `date(${source})`,
    };
  const [x, y] = [readNumeral(a), readNumeral(b)];
  if (x && y && compareNumerals(x, y) === 0)
    return {
      what: 'one number, written differently',
      by: 'how a number is written',
      write: (source) => `float(${source})`,
    };
  return findLooks(a, b) ?? findEncoding(a, b);
}

/** Texts that are the same but for letter case, or for blanks. */
function findLooks(a: string, b: string): Spelling | undefined {
  if (Math.abs(a.length - b.length) > LONGEST_BLANKS || a.length > LONGEST_WORDS) return undefined;
  const [x, y] = [a.trim(), b.trim()];
  if (x === y)
    return {
      what: 'one text but for the blanks around it',
      by: 'blanks',
      write: (source) => `trim(${source})`,
    };
  if (x.toLowerCase() !== y.toLowerCase()) return undefined;
  if (a.toLowerCase() === b.toLowerCase())
    return { what: 'one text but for letter case', by: 'letter case', write: (source) => `lower(${source})` };
  return {
    what: 'one text but for letter case and blanks',
    by: 'letter case and blanks',
    write: (source) => `lower(trim(${source}))`,
  };
}

/** Of bytes that came as base64, and the text that they are. */
function findEncoding(a: string, b: string): Spelling | undefined {
  const encoded = isBase64Of(a, b) ? a : isBase64Of(b, a) ? b : undefined;
  if (encoded === undefined) return undefined;
  return {
    what: 'one text, once in base64',
    by: 'base64',
    write: (source, text) => (text === encoded ? `fromBase64(${source})` : source),
  };
}

function isBase64Of(encoded: string, text: string): boolean {
  if (text.length < SHORTEST_DECODED || text.length > LONGEST_WORDS) return false;
  if (encoded.length <= text.length || encoded.length % 4 !== 0) return false;
  return Buffer.from(text).toString('base64') === encoded;
}

/** A text as a number, where it is one that somebody writes. */
export function readNumeral(text: string): Numeral | undefined {
  return text.length > LONGEST_NUMERAL ? undefined : parseNumeral(text);
}

/** Whether two values of other types say the same: 5 and "5", a point in time and its text or its seconds since 1970. */
export function readsAlike(a: Value, b: Value): boolean {
  if (isTime(a) || isTime(b)) return isTime(a) ? isTimeOf(a, b) : isTime(b) && isTimeOf(b, a);
  const [text, other] = typeof a === 'string' ? [a, b] : [b, a];
  if (typeof text !== 'string' || typeof other === 'string') return false;
  if (typeof other === 'boolean') return text === String(other);
  if (other instanceof ExactNumber) return text === other.text || isNumeralOf(other.text, text);
  return typeof other === 'number' && text.trim() !== '' && Number(text) === other;
}

function isNumeralOf(one: string, other: string): boolean {
  const [x, y] = [readNumeral(one), readNumeral(other)];
  return x !== undefined && y !== undefined && compareNumerals(x, y) === 0;
}

function isTime(value: Value): value is DateValue | DurationValue {
  return value instanceof DateValue || value instanceof DurationValue;
}

function isTimeOf(time: DateValue | DurationValue, other: Value): boolean {
  if (isNumber(other)) return [1e9, 1e6].some((unit) => Number(time.nanoseconds) / unit === toDouble(other));
  if (typeof other !== 'string') return false;
  if (time instanceof DateValue) return isInstantOf(time, other);
  return parseDuration(other.trim())?.nanoseconds === time.nanoseconds;
}
