import { describeType } from '../values/describe.ts';
import { ExactNumber, type NumberValue, toDouble } from '../values/exact.ts';
import { compareNumerals, parseNumeral } from '../values/numeral.ts';
import { readMoment } from './hints-time.ts';
import type { Pair } from './pair.ts';
import { quoteValue } from './quote-value.ts';

/** What two numbers that are not equal have to do with each other. */
export function relateNumbers(a: NumberValue, b: NumberValue, text: string): string | undefined {
  const x = toDouble(a);
  const y = toDouble(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return 'NaN equals nothing, not even itself';
  const isExact = [a, b].some((number) => number instanceof ExactNumber && number.double === undefined);
  if (isExact && isNear(x, y, 1e-15)) {
    return 'they differ only beyond the 15 to 17 digits that a float keeps: has one side gone through a float?';
  }
  if (isNear(x, y, 1e-9)) {
    return `they differ by ${formatDifference(x - y)}, as calculations with floats do: compare \`approx(${text}, …, 0.000001)\``;
  }
  return x === -y ? 'they differ only in sign' : (relateByTime(x, y) ?? relateByFactor(x, y) ?? relateRounded(x, y));
}

/** What a number and a text that are not equal have to do with each other. */
export function relateNumberToText({ actual, expected, text, other }: Pair): string | undefined {
  const [number, string] = typeof actual === 'string' ? [expected, actual] : [actual, expected];
  if (typeof string !== 'string' || (typeof number !== 'number' && !(number instanceof ExactNumber))) return undefined;
  const types = `${describeType(actual)} ${quoteValue(actual, 40)} is not ${describeType(expected)} ${quoteValue(expected, 40)}`;
  const numeral = parseNumeral(string.trim());
  const same = numeral !== undefined && compareNumerals(numeral, takeNumeral(number)) === 0;
  if (!same) {
    const more = isGrouped(string, number) ? '; it is the same number, with a comma' : relateClass(string, text);
    return relateToMoment(number, string) ?? `${types}: a number never equals a text${more}`;
  }
  const convert = /^\s*[-+]?\d+\s*$/.test(string) ? 'int' : 'float';
  const [own, others] = typeof actual === 'string' ? [convert, 'string'] : ['string', convert];
  const reason = typeof actual === 'string' ? 'a text never equals a number' : 'a number never equals a text';
  const compare = `compare \`${own}(${text})\``;
  if (other !== undefined) return `${types}: ${reason}; ${compare}, or \`${others}(${other})\``;
  const quotes = typeof actual === 'string' ? 'quote the expected value' : 'leave out the quotes';
  return `${types}: ${reason}; ${quotes}, or ${compare}`;
}

/** `2xx`, which is a range. */
function relateClass(text: string, written: string): string {
  if (!/^\d+x+$/i.test(text)) return '';
  return `; write \`${written} in ${text.replace(/x/gi, '0')}..${text.replace(/x/gi, '9')}\``;
}

/** Whether the text is the number with a comma for its point, or between its thousands: `12,50`, `1,234.50`, `1.234,50`. */
function isGrouped(text: string, number: NumberValue): boolean {
  const forms = [text.replaceAll(',', ''), text.replaceAll('.', '').replace(',', '.')];
  const areSame = (form: string) => {
    const numeral = parseNumeral(form.trim());
    return numeral !== undefined && compareNumerals(numeral, takeNumeral(number)) === 0;
  };
  return /^\s*-?[\d.]*,[\d.,]*\s*$/.test(text) && forms.some(areSame);
}

function takeNumeral(number: NumberValue) {
  return parseNumeral(String(number)) ?? { sign: 0 as const, digits: '', exponent: 0 };
}

function isNear(x: number, y: number, tolerance: number): boolean {
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
}

function formatDifference(difference: number): string {
  return String(Number(Math.abs(difference).toPrecision(2)));
}

const hour = 3600;

/** Seconds or milliseconds since 1970 that are whole hours apart. */
function relateByTime(x: number, y: number): string | undefined {
  const unit = Math.min(x, y) > 1e11 ? 1000 : 1;
  if (Math.min(x, y) < 1e9 || Math.max(x, y) > 1e13) return undefined;
  const hours = Math.abs(x - y) / (unit * hour);
  if (hours === 0 || hours > 14 || hours * 4 !== Math.round(hours * 4)) return undefined;
  return `as points in time they are exactly ${hours} h apart: is a time zone lost or applied twice?`;
}

function relateByFactor(x: number, y: number): string | undefined {
  const [small, large] = Math.abs(x) < Math.abs(y) ? [x, y] : [y, x];
  if (small > 0 && small < 1 && large >= 1 && isNear(small * 100, large, 1e-12))
    return 'one is exactly 100 times the other: a share and a percentage?';
  if (small <= 0 || large < 1000) return undefined;
  if (isNear(small * 100, large, 1e-12)) return 'one is exactly 100 times the other: cents and whole units?';
  return isNear(small * 1000, large, 1e-12)
    ? 'one is exactly 1000 times the other: milliseconds and seconds?'
    : undefined;
}

/** One is the other with fewer decimal places. */
function relateRounded(x: number, y: number): string | undefined {
  const [short, long] = countDecimals(x) < countDecimals(y) ? [x, y] : [y, x];
  const places = countDecimals(short);
  if (places === countDecimals(long)) return undefined;
  const scale = 10 ** places;
  const [side, other] = short === x ? ['the value', 'the expected one'] : ['the expected value', 'this one'];
  const how = [
    [Math.round(long * scale), 'rounded'],
    [Math.trunc(long * scale), 'cut off'],
  ].find(([number]) => number === Math.round(short * scale));
  if (how === undefined) return undefined;
  return `${side} is ${other}, ${how[1]} ${places === 0 ? 'to a whole number' : `after ${places} decimal ${places === 1 ? 'place' : 'places'}`}`;
}

function countDecimals(number: number): number {
  return /^-?\d+\.(\d+)$/.exec(String(number))?.[1]?.length ?? 0;
}

function relateToMoment(number: NumberValue, text: string): string | undefined {
  const moment = readMoment(text);
  if (moment?.instantMs === undefined) return undefined;
  const value = toDouble(number);
  const unit = isNear(value, moment.instantMs, 1e-9)
    ? 'milliseconds'
    : isNear(value * 1000, moment.instantMs, 1e-9)
      ? 'seconds'
      : undefined;
  return (
    unit &&
    `the number is the same point in time in ${unit} since 1970: compare \`date(…).Unix${unit === 'seconds' ? '' : 'Milli'}()\``
  );
}
