import { takeInteger } from './access.ts';
import { DateValue, DurationValue, parseDuration } from './date.ts';
import { describeType } from './describe.ts';
import { compareValues, isEqual, isNumber, readKeyed } from './equality.ts';
import { createBudgetError, createRunError, isOverBudget } from './error.ts';
import { calculate, isInteger, type NumberValue, negate, toDouble } from './exact.ts';
import { type Budget, LIMITS } from './limits.ts';
import { parseNumeral } from './numeral.ts';
import { hasKey, isKeyedMap, isList, isMap, type Value } from './value.ts';

/** Calculates an operator whose operands are both evaluated first; the fast cases are decided by the caller. */
export type BinaryFunction = (left: Value, right: Value, budget: Budget) => Value;

/** Adds numbers, texts, durations, or a date and a duration. */
export function add(a: Value, b: Value, budget: Budget): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    budget.makeText(a.length + b.length);
    return a + b;
  }
  if (isNumber(a) && isNumber(b)) return calculate('+', a, b, budget);
  if (a instanceof DateValue && b instanceof DurationValue) return shiftDate(a, b.nanoseconds);
  if (a instanceof DurationValue && b instanceof DateValue) return shiftDate(b, a.nanoseconds);
  if (a instanceof DurationValue && b instanceof DurationValue) return makeDuration(a.nanoseconds + b.nanoseconds);
  throw createOperandError('+', a, b, suggestForTime(a, b) ?? suggestForTime(b, a) ?? suggestForPlus(a, b));
}

/** Subtracts numbers, durations, a duration from a date, or a date from a date. */
export function subtract(a: Value, b: Value, budget: Budget): Value {
  if (isNumber(a) && isNumber(b)) return calculate('-', a, b, budget);
  if (a instanceof DateValue && b instanceof DurationValue) return shiftDate(a, -b.nanoseconds);
  if (a instanceof DateValue && b instanceof DateValue) return makeDuration(a.nanoseconds - b.nanoseconds);
  if (a instanceof DurationValue && b instanceof DurationValue) return makeDuration(a.nanoseconds - b.nanoseconds);
  throw createOperandError('-', a, b);
}

/** Multiplies numbers, or a duration by a number. */
export function multiply(a: Value, b: Value, budget: Budget): Value {
  if (isNumber(a) && isNumber(b)) return calculate('*', a, b, budget);
  if (a instanceof DurationValue && isNumber(b)) return scaleDuration(a, '*', b);
  if (b instanceof DurationValue && isNumber(a)) return scaleDuration(b, '*', a);
  throw createOperandError('*', a, b);
}

/** Divides numbers without truncating, a duration by a number, or a duration by a duration. */
export function divide(a: Value, b: Value, budget: Budget): Value {
  if (isNumber(a) && isNumber(b)) return calculate('/', a, b, budget);
  if (a instanceof DurationValue && isNumber(b)) return scaleDuration(a, '/', b);
  if (a instanceof DurationValue && b instanceof DurationValue) return divideSpans(a.nanoseconds, b.nanoseconds);
  throw createOperandError('/', a, b);
}

/** The remainder of integers, with the sign of the left side. */
export function takeRemainder(a: Value, b: Value, budget: Budget): Value {
  if (!isNumber(a) || !isNumber(b) || !isInteger(a) || !isInteger(b)) throw createOperandError('%', a, b);
  if (toDouble(b) === 0) throw createRunError('a division by 0 has no remainder');
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return calculate('%', a, b, budget);
}

/** Raises a number to a power, as doubles do. */
export function raise(a: Value, b: Value): Value {
  if (!isNumber(a) || !isNumber(b)) throw createOperandError('**', a, b);
  return toDouble(a) ** toDouble(b);
}

/** Makes the list of the integers from the left to the right side, both included. */
export function makeRange(a: Value, b: Value, budget: Budget): Value {
  const isRange = isNumber(a) && isNumber(b) && isInteger(a) && isInteger(b);
  if (!isRange) throw createOperandError('..', a, b);
  const from = takeInteger(a, 'the start of a range');
  const to = takeInteger(b, 'the end of a range');
  if (to < from) return [];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw createBudgetError('the range is too large');
  if (to - from >= LIMITS.items) throw createBudgetError(`the range has more than ${LIMITS.items} items`);
  budget.makeItems(to - from + 1);
  const items: number[] = [];
  for (let item = from; item <= to; item++) items.push(item);
  return items;
}

/** Whether the left side is an item of the list or a key of the map on the right. */
export function isIn(item: Value, container: Value, budget: Budget): boolean {
  if (container === null) return false;
  if (isList(container)) {
    budget.spend(container.length);
    return container.some((candidate) => isEqual(candidate, item, budget));
  }
  if (isMap(container)) {
    if (typeof item === 'string') return hasKey(container, item);
    if (item === null) return false;
    throw createRunError(`a key of a map must be a string, got ${describeType(item)}`);
  }
  if (isKeyedMap(container)) return readKeyed(container, item, budget) !== undefined;
  const hint =
    typeof container === 'string'
      ? 'use `contains` for a part of a text'
      : 'a list goes in brackets, as in `x in [1, 2]`';
  throw createRunError(`\`in\` needs an array or a map on its right side, got ${describeType(container)}`, hint);
}

/** Whether the text on the left contains, starts with or ends with the one on the right; nil on a side is false. */
export function testText(
  operator: 'contains' | 'startsWith' | 'endsWith',
  a: Value,
  b: Value,
  budget: Budget,
): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spend(operator === 'contains' ? a.length : b.length);
    if (operator === 'contains') return a.includes(b);
    return operator === 'startsWith' ? a.startsWith(b) : a.endsWith(b);
  }
  const isText = (value: Value) => typeof value === 'string' || value === null;
  if (isText(a) && isText(b)) return false;
  throw createOperandError(
    operator,
    a,
    b,
    operator === 'contains' && isList(a) ? 'use `x in list` for a list' : undefined,
  );
}

/** Orders two values for `<` and its like. */
export function order(operator: string, a: Value, b: Value, budget: Budget): number {
  try {
    return compareValues(a, b, budget);
  } catch (error) {
    throw isOverBudget(error) ? error : createOperandError(operator, a, b);
  }
}

/** Negates a number or a duration. */
export function negateValue(value: Value): Value {
  if (isNumber(value)) return negate(value);
  if (value instanceof DurationValue) return makeDuration(-value.nanoseconds);
  throw createRunError(`\`-\` needs a number, got ${describeType(value)}`);
}

/** Gives a number or a duration as it is. */
export function keepNumber(value: Value): Value {
  if (isNumber(value) || value instanceof DurationValue) return value;
  throw createRunError(`\`+\` needs a number, got ${describeType(value)}`);
}

/** Makes the error for operands that do not fit. */
export function createOperandError(operator: string, a: Value, b: Value, hint?: string) {
  const meant = hint ?? suggestForTime(a, b) ?? suggestForTime(b, a);
  return createRunError(`\`${operator}\` does not fit ${describeType(a)} and ${describeType(b)}`, meant);
}

/** What was meant beside a date or a duration. */
function suggestForTime(time: Value, other: Value): string | undefined {
  const isDate = time instanceof DateValue;
  if (!isDate && !(time instanceof DurationValue)) return undefined;
  if (isNumber(other)) return `a number has no unit: write \`duration("${toDouble(other)}s")\``;
  if (typeof other !== 'string') return undefined;
  const [, number = '', unit = ''] = /^\s*([+-]?[\d.]+)\s*([a-zµ]+)/i.exec(other) ?? [];
  const short = parseDuration(other) ? other : `${number}${shortenUnit(unit)}`;
  if (/^(?:d|w)$/.test(short.slice(number.length)) && number !== '')
    return `a length of time is written \`duration("${Number(number) * (short.endsWith('d') ? 24 : 168)}h")\``;
  if (parseDuration(short) !== undefined) return `a length of time is written \`duration("${short}")\``;
  return isDate ? 'convert the text with `date(…)`' : 'convert the text with `duration(…)`';
}

/** `1 hour`, `5 min`, `2d`: the unit as durations have it. */
function shortenUnit(unit: string): string {
  if (/^mil|^ms/i.test(unit)) return 'ms';
  return unit.charAt(0).toLowerCase();
}

function suggestForPlus(a: Value, b: Value): string | undefined {
  if (typeof a === 'string' || typeof b === 'string') return 'convert the other side with `string(…)`';
  return isList(a) && isList(b) ? 'join lists with `concat(a, b)`' : undefined;
}

const maxNanoseconds = 2n ** 63n;
// The years -271821 to 275760 are what a calendar of milliseconds covers.
const maxDateNanoseconds = 8_640_000_000_000_000n * 1_000_000n;

/** Moves a date by nanoseconds. */
export function shiftDate(date: DateValue, nanoseconds: bigint): DateValue {
  const moved = date.nanoseconds + nanoseconds;
  if (moved > maxDateNanoseconds || moved < -maxDateNanoseconds) throw createRunError('the date is out of range');
  return new DateValue(moved, date.zone);
}

function makeDuration(nanoseconds: bigint): DurationValue {
  if (nanoseconds >= maxNanoseconds || nanoseconds <= -maxNanoseconds) {
    throw createRunError('a duration has at most about 292 years');
  }
  return new DurationValue(nanoseconds);
}

/** By decimals, so that a forty-ninth of 49 s is 1 s and 0.57 of 1 s 570 ms; what is less than a nanosecond is cut off. */
function scaleDuration(duration: DurationValue, operator: '*' | '/', factor: NumberValue): DurationValue {
  const scale = takeScale(factor);
  const isMultiplied = operator === '*';
  if (scale === undefined || (!isMultiplied && scale.digits === 0n)) {
    if (!isMultiplied && Math.abs(toDouble(factor)) === Number.POSITIVE_INFINITY) return new DurationValue(0n);
    throw createRunError(`a duration cannot be ${isMultiplied ? 'multiplied' : 'divided'} by ${toDouble(factor)}`);
  }
  const { digits, exponent } = scale;
  const shift = isMultiplied ? exponent : -exponent;
  const upper = duration.nanoseconds * (isMultiplied ? digits : 1n) * 10n ** BigInt(Math.max(0, shift));
  const lower = (isMultiplied ? 1n : digits) * 10n ** BigInt(Math.max(0, -shift));
  return makeDuration(upper / lower);
}

// Beyond that a duration is more than it may be, or nothing.
const maxScaleExponent = 400;

/** A finite number as digits × 10^exponent. */
function takeScale(factor: NumberValue): { digits: bigint; exponent: number } | undefined {
  const numeral = parseNumeral(typeof factor === 'number' ? String(factor) : factor.text);
  if (numeral === undefined) return undefined;
  const digits = numeral.digits.slice(0, maxScaleExponent);
  const exponent = numeral.exponent - digits.length;
  return {
    digits: BigInt(numeral.sign) * BigInt(digits === '' ? '0' : digits),
    exponent: Math.max(-2 * maxScaleExponent, Math.min(2 * maxScaleExponent, exponent)),
  };
}

function divideSpans(a: bigint, b: bigint): number {
  return b !== 0n && a % b === 0n ? Number(a / b) : Number(a) / Number(b);
}
