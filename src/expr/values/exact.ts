import { createRequire } from 'node:module';
import type { Decimal } from 'decimal.js';
import { createBudgetError, createRunError } from './error.ts';
import type { Budget } from './limits.ts';
import { compareNumerals, isDoubleText, isWhole, type Numeral, parseNumeral } from './numeral.ts';
import { Scalar } from './scalar.ts';

const require = createRequire(import.meta.url);

const maxDigits = 10_000;
const maxExponent = 10_000;

/** A number that a double would not keep digit for digit, or would spell otherwise; `text` is what was given. */
export class ExactNumber extends Scalar {
  // Private, so that nothing that walks own keys takes a number for a map.
  readonly #text: string;
  #double: number | null | undefined;
  #numeral: Numeral | undefined;
  #decimal: Decimal | undefined;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  /** The digits as they were written. */
  get text(): string {
    return this.#text;
  }

  /** The double that has these digits, trailing zeros aside: the number is one and calculates as one. */
  get double(): number | undefined {
    if (this.#double === undefined) this.#double = isDoubleText(this.#text) ? Number(this.#text) : null;
    return this.#double ?? undefined;
  }

  /** The number taken apart; throws when the text is no decimal number. */
  get numeral(): Numeral {
    this.#numeral ??= parseNumeral(this.text);
    if (this.#numeral === undefined) throw createRunError(`\`${this.text.slice(0, 40)}\` is not a number`);
    return this.#numeral;
  }

  /** The number as a decimal to calculate with; throws when it has too many digits or too large an exponent. */
  get decimal(): Decimal {
    this.#decimal ??= createDecimal(this.text, this.numeral);
    return this.#decimal;
  }

  override toString(): string {
    return this.text;
  }
}

/** A number in either carrier. */
export type NumberValue = number | ExactNumber;

/** Reads the text of a number: a double where one is spelled so, else a number that keeps the text. */
export function readSpelledNumber(text: string): NumberValue {
  const double = Number(text);
  return String(double) === text ? double : new ExactNumber(text);
}

/** The nearest double. */
export function toDouble(value: NumberValue): number {
  return typeof value === 'number' ? value : Number(value.text);
}

/** Whether the number has no fraction; Infinity and NaN have none to speak of and are not whole. */
export function isInteger(value: NumberValue): boolean {
  return typeof value === 'number' ? Number.isInteger(value) : isWhole(value.numeral);
}

/** Compares by value: negative, zero, positive, or NaN when one of them is NaN. */
export function compareNumbers(left: NumberValue, right: NumberValue, budget?: Budget): number {
  const a = takeOperand(left);
  const b = takeOperand(right);
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < b) return -1;
    if (a > b) return 1;
    return a === b ? 0 : Number.NaN;
  }
  budget?.spend(3 + (countDigits(a) + countDigits(b)) / 20);
  const double = typeof a === 'number' ? a : typeof b === 'number' ? b : 0;
  if (Number.isNaN(double)) return Number.NaN;
  if (!Number.isFinite(double)) return typeof a === 'number' ? Math.sign(double) : -Math.sign(double);
  return compareNumerals(takeNumeral(a), takeNumeral(b));
}

type Operator = '+' | '-' | '*' | '/' | '%';

/** Calculates as doubles do with two of them, unless whole ones leave what a double keeps; else exactly. */
export function calculate(operator: Operator, left: NumberValue, right: NumberValue, budget: Budget): NumberValue {
  const a = takeOperand(left);
  const b = takeOperand(right);
  if (typeof a !== 'number' || typeof b !== 'number') return calculateExactly(operator, a, b, budget);
  const result = calculateDoubles(operator, a, b);
  const isRounded =
    !Number.isSafeInteger(result) && Number.isInteger(a) && Number.isInteger(b) && isWholeResult(operator);
  return isRounded ? calculateExactly(operator, a, b, budget) : result;
}

function isWholeResult(operator: Operator): boolean {
  return operator === '+' || operator === '-' || operator === '*';
}

/** Adds, subtracts, multiplies as decimals do, or divides to 40 digits; an infinite or NaN operand makes it a matter of doubles. */
export function calculateExactly(operator: Operator, a: NumberValue, b: NumberValue, budget: Budget): NumberValue {
  const left = toDouble(a);
  const right = toDouble(b);
  const isSpecial = (value: NumberValue) => typeof value === 'number' && !Number.isFinite(value);
  if (isSpecial(a) || isSpecial(b) || (operator === '/' && right === 0 && takeNumeral(b).sign === 0)) {
    return calculateDoubles(operator, left, right);
  }
  const x = takeDecimal(a);
  const y = takeDecimal(b);
  budget.spend(20 + x.precision() + y.precision());
  if (operator === '/' || operator === '%') budget.spend(200);
  if (operator === '*') budget.spend((x.precision() * y.precision()) / 50);
  return createExact(calculateDecimals(operator, x, y));
}

/** Rounds towards the way named by the mode; `round` goes half away from zero. */
export function roundNumber(
  mode: 'ceil' | 'floor' | 'round' | 'trunc',
  given: NumberValue,
  budget: Budget,
): NumberValue {
  const value = takeOperand(given);
  if (typeof value !== 'number') {
    budget.spend(20 + countDigits(value) / 5);
    return createExact(value.decimal[mode]());
  }
  if (mode !== 'round') return Math[mode](value);
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** The number without its sign. */
export function takeAbsolute(value: NumberValue): NumberValue {
  return typeof value === 'number' ? Math.abs(value) : new ExactNumber(value.text.replace(/^[-+]/, ''));
}

/** The number with the other sign. */
export function negate(value: NumberValue): NumberValue {
  if (typeof value === 'number') return -value;
  return new ExactNumber(value.text.startsWith('-') ? value.text.slice(1) : `-${value.text.replace(/^\+/, '')}`);
}

/** What to calculate with: the double when the number is one. */
function takeOperand(value: NumberValue): NumberValue {
  return typeof value === 'number' ? value : (value.double ?? value);
}

/** A measure of the work that a number makes. */
function countDigits(value: NumberValue): number {
  return typeof value === 'number' ? 0 : value.text.length;
}

function takeNumeral(value: NumberValue): Numeral {
  if (typeof value !== 'number') return value.numeral;
  return parseNumeral(String(value)) ?? { sign: 0, digits: '', exponent: 0 };
}

function takeDecimal(value: NumberValue): Decimal {
  return typeof value === 'number' ? new (loadDecimal())(value) : value.decimal;
}

function calculateDoubles(operator: string, a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  return operator === '/' ? a / b : a % b;
}

function calculateDecimals(operator: string, x: Decimal, y: Decimal): Decimal {
  if (operator === '+') return x.plus(y);
  if (operator === '-') return x.minus(y);
  if (operator === '*') return x.times(y);
  if (operator === '%') return x.mod(y);
  const quotient = loadDecimal().clone({ precision: 40 });
  return quotient.div(x, y);
}

function createExact(decimal: Decimal): NumberValue {
  if (decimal.precision() > maxDigits || Math.abs(decimal.e) > maxExponent) throw createSizeError();
  const double = decimal.toNumber();
  if (Number.isSafeInteger(double) && decimal.isInteger()) return double;
  return new ExactNumber(Math.abs(decimal.e) > 40 ? decimal.toString() : decimal.toFixed());
}

function createDecimal(text: string, numeral: Numeral): Decimal {
  if (numeral.digits.length > maxDigits || Math.abs(numeral.exponent) > maxExponent) throw createSizeError();
  return new (loadDecimal())(text.replace(/^\+/, ''));
}

function createSizeError() {
  return createBudgetError(`a number has more than ${maxDigits} digits or an exponent beyond ±${maxExponent}`);
}

let decimalClass: typeof Decimal | undefined;

function loadDecimal(): typeof Decimal {
  if (decimalClass === undefined) {
    const loaded: { Decimal: typeof Decimal } = require('decimal.js');
    // Sums of numbers at both ends of the allowed exponents need twice as many digits before they can be refused.
    decimalClass = loaded.Decimal.clone({ precision: 2 * (maxDigits + maxExponent), toExpNeg: -40, toExpPos: 10_001 });
  }
  return decimalClass;
}
