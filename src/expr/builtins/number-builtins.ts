import { DurationValue } from '../values/date.ts';
import { describeType } from '../values/describe.ts';
import { compareValues, isNumber } from '../values/equality.ts';
import { createBudgetError, createRunError } from '../values/error.ts';
import {
  compareNumbers,
  ExactNumber,
  isInteger,
  type NumberValue,
  roundNumber,
  takeAbsolute,
} from '../values/exact.ts';
import type { Budget } from '../values/limits.ts';
import { isDoubleText, parseNumeral } from '../values/numeral.ts';
import { add, divide } from '../values/operators.ts';
import { isList, type Value } from '../values/value.ts';
import { type Builtin, type BuiltinTable, define, takeList, takeNumber } from './builtin.ts';

/** Functions over numbers. */
export const numberBuiltins: BuiltinTable = {
  abs: define(1, 1, (args) => takeAbsolute(takeNumber('abs', args))),
  ceil: define(1, 1, (args, frame) => roundNumber('ceil', takeNumber('ceil', args), frame)),
  floor: define(1, 1, (args, frame) => roundNumber('floor', takeNumber('floor', args), frame)),
  round: define(1, 1, (args, frame) => roundNumber('round', takeNumber('round', args), frame)),
  int: define(1, 1, ([value], frame) => toInteger(chargeText(value ?? null, frame), frame)),
  float: define(1, 1, ([value], frame) => toFloat(chargeText(value ?? null, frame))),
  sum: define(1, 1, ([list], frame) => {
    return sumNumbers(takeNumbers('sum', takeList('sum', [list ?? null]), frame), frame);
  }),
  mean: define(1, Number.POSITIVE_INFINITY, (args, frame) => {
    const numbers = collectNumbers('mean', args, frame);
    return numbers.length === 0 ? 0 : divide(sumNumbers(numbers, frame), numbers.length, frame);
  }),
  median: define(1, Number.POSITIVE_INFINITY, (args, frame) =>
    findMedian(collectNumbers('median', args, frame), frame),
  ),
  min: define(1, Number.POSITIVE_INFINITY, (args, frame) => findExtreme('min', args, frame)),
  max: define(1, Number.POSITIVE_INFINITY, (args, frame) => findExtreme('max', args, frame)),
  bitand: defineBits('bitand', (a, b) => a & b),
  bitor: defineBits('bitor', (a, b) => a | b),
  bitxor: defineBits('bitxor', (a, b) => a ^ b),
  bitnand: defineBits('bitnand', (a, b) => a & ~b),
  bitnot: define(1, 1, (args) => fromBits(~takeBits('bitnot', args, 0))),
  bitshl: defineShift('bitshl', (a, count) => (count > 63n ? 0n : a << count)),
  bitshr: defineShift('bitshr', (a, count) => a >> (count > 63n ? 63n : count)),
  bitushr: defineShift('bitushr', (a, count) => (count > 63n ? 0n : BigInt.asUintN(64, a) >> count)),
};

// To read a number takes longer than to look at its characters.
function chargeText(value: Value, budget: Budget): Value {
  if (typeof value === 'string') budget.spend(40);
  return value;
}

function toInteger(value: Value, budget: Budget): NumberValue {
  if (isNumber(value)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw createRunError(`\`int\` cannot take ${value}`);
    return roundNumber('trunc', value, budget);
  }
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return readNumber(value);
  if (value instanceof DurationValue) return fromBits(value.nanoseconds);
  throw createRunError(
    typeof value === 'string'
      ? `\`int\` cannot read ${JSON.stringify(value.slice(0, 60))}`
      : `\`int\` needs a number or a string, got ${describeType(value)}`,
  );
}

function toFloat(value: Value): NumberValue {
  if (isNumber(value)) return value;
  if (typeof value === 'string') {
    const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(value);
    if (special !== null) return readSpecial(special[1] ?? '', special[2] ?? '');
    const digits = value.replace(/(?<=\d)_(?=\d)/g, '');
    if (parseNumeral(digits) !== undefined) return readNumber(digits);
    throw createRunError(`\`float\` cannot read ${JSON.stringify(value.slice(0, 60))}`);
  }
  throw createRunError(`\`float\` needs a number or a string, got ${describeType(value)}`);
}

function readSpecial(sign: string, word: string): number {
  if (/^nan$/i.test(word)) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function readNumber(text: string): NumberValue {
  return isDoubleText(text) ? Number(text) + 0 : new ExactNumber(text);
}

/** The numbers of values and of the lists among them, at any depth. */
function collectNumbers(name: string, values: readonly Value[], budget: Budget): NumberValue[] {
  const numbers: NumberValue[] = [];
  const collect = (items: readonly Value[], depth: number): void => {
    if (depth > 100) throw createBudgetError(`\`${name}\` got lists that are nested too deeply`);
    budget.spend(items.length + 10);
    for (const item of items) {
      if (isNumber(item)) numbers.push(item);
      else if (isList(item)) collect(item, depth + 1);
      else throw createRunError(`\`${name}\` needs numbers, got ${describeType(item)}`);
    }
  };
  collect(values, 0);
  return numbers;
}

/** The numbers of a list; a list in it is not one. */
function takeNumbers(name: string, list: readonly Value[], budget: Budget): NumberValue[] {
  budget.spend(list.length);
  return list.map((item, index) => {
    if (isNumber(item)) return item;
    throw createRunError(`\`${name}\` needs numbers, got ${describeType(item)} for item ${index}`);
  });
}

function sumNumbers(numbers: readonly NumberValue[], budget: Budget): Value {
  let sum: Value = 0;
  for (const number of numbers) {
    sum = add(sum, number, budget);
  }
  return sum;
}

function findMedian(numbers: readonly NumberValue[], budget: Budget): Value {
  if (numbers.length === 0) return 0;
  const sorted = numbers.toSorted((a, b) => compareNumbers(a, b, budget));
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  if (sorted.length % 2 === 1) return upper;
  return divide(add(sorted[middle - 1] ?? 0, upper, budget), 2, budget);
}

function findExtreme(name: 'min' | 'max', values: readonly Value[], budget: Budget): Value {
  const sign = name === 'max' ? 1 : -1;
  if (values.length > 0 && values.every((value) => value instanceof DurationValue)) {
    return values.reduce((a, b) => (compareValues(b, a, budget) * sign > 0 ? b : a));
  }
  const numbers = collectNumbers(name, values, budget);
  let extreme: NumberValue | null = null;
  for (const number of numbers) {
    if (extreme === null || compareNumbers(number, extreme, budget) * sign > 0) extreme = number;
  }
  return extreme;
}

function takeBits(name: string, args: readonly Value[], index: number): bigint {
  const value = takeNumber(name, args, index);
  if (!isInteger(value)) throw createRunError(`\`${name}\` needs integers, got ${describeType(value)}`);
  const text = typeof value === 'number' ? BigInt(value) : BigInt(value.decimal.toFixed(0));
  if (BigInt.asIntN(64, text) !== text) throw createRunError(`\`${name}\` needs integers of 64 bits`);
  return text;
}

function fromBits(bits: bigint): NumberValue {
  const value = BigInt.asIntN(64, bits);
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : new ExactNumber(value.toString());
}

function defineBits(name: string, combine: (a: bigint, b: bigint) => bigint): Builtin {
  return define(2, 2, (args) => fromBits(combine(takeBits(name, args, 0), takeBits(name, args, 1))));
}

function defineShift(name: string, shift: (a: bigint, count: bigint) => bigint): Builtin {
  return define(2, 2, (args) => {
    const count = takeBits(name, args, 1);
    if (count < 0n) throw createRunError(`\`${name}\` cannot shift by a negative number`);
    return fromBits(shift(takeBits(name, args, 0), count));
  });
}
