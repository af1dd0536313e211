import { createRequire } from 'node:module';
import type { Decimal } from 'decimal.js';
import { createBudgetError, createRunError } from './error.ts';
import type { Budget } from './limits.ts';
import { compareNumerals, isWhole, type Numeral, parseNumeral } from './numeral.ts';
import { Scalar } from './scalar.ts';

const require = createRequire(import.meta.url);

const maxDigits = 10_000;
const maxExponent = 10_000;

/** A number whose digits a double would not keep; `text` is what was given, digit for digit. */
export class ExactNumber extends Scalar {
  // Private, so that nothing that walks own keys takes a number for a map.
  readonly #text: string;
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

/** The nearest double. */
export function toDouble(value: NumberValue): number {
  return typeof value === 'number' ? value : Number(value.text);
}

/** Whether the number has no fraction; Infinity and NaN have none to speak of and are not whole. */
export function isInteger(value: NumberValue): boolean {
  return typeof value === 'number' ? Number.isInteger(value) : isWhole(value.numeral);
}

/** Compares by value: negative, zero, positive, or NaN when one of them is NaN. */
export function compareNumbers(a: NumberValue, b: NumberValue, budget?: Budget): number {
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

/** Adds, subtracts, multiplies exactly, or divides to 40 digits; an infinite or NaN operand makes it a matter of doubles. */
export function calculate(
  operator: '+' | '-' | '*' | '/' | '%',
  a: NumberValue,
  b: NumberValue,
  budget: Budget,
): NumberValue {
  if (typeof a === 'number' && typeof b === 'number') return calculateDoubles(operator, a, b);
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
  value: NumberValue,
  budget: Budget,
): NumberValue {
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
