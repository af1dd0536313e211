import type { Value } from '../expr/index.ts';
import { describeType, ExactNumber, ExprError, isList } from '../expr/index.ts';
import { isInteger, toDouble } from '../expr/values/exact.ts';

/** A call of a function, for the messages about its arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly Value[];
}

/** Makes the error of an argument that does not fit. */
export function argumentError(message: string, hint?: string): ExprError {
  return new ExprError('run', message, { hint });
}

/** The argument as text. */
export function takeText(call: Call, index = 0): string {
  const value = call.args[index] ?? null;
  if (typeof value === 'string') return value;
  const isScalar = typeof value === 'number' || typeof value === 'boolean' || value instanceof ExactNumber;
  const hint = isScalar ? 'convert it with `string(…)`' : value === null ? undefined : 'convert it with `json(…)`';
  throw argumentError(`${describePlace(call, index)} must be a string, got ${describeType(value)}`, hint);
}

/** The argument as a number in either carrier. */
export function takeNumber(call: Call, index = 0): number | ExactNumber {
  const value = call.args[index] ?? null;
  if (typeof value === 'number' || value instanceof ExactNumber) return value;
  const hint = typeof value === 'string' ? 'convert it with `int(…)` or `float(…)`' : undefined;
  throw argumentError(`${describePlace(call, index)} must be a number, got ${describeType(value)}`, hint);
}

/** The argument as a whole number that a double holds exactly. */
export function takeWhole(call: Call, index = 0): number {
  const value = takeNumber(call, index);
  const whole = toDouble(value);
  if (!isInteger(value) || !Number.isSafeInteger(whole)) {
    throw argumentError(`${describePlace(call, index)} must be a whole number, got ${String(value)}`);
  }
  return whole;
}

/** The argument as a list. */
export function takeList(call: Call, index = 0): readonly Value[] {
  const value = call.args[index] ?? null;
  if (isList(value)) return value;
  throw argumentError(`${describePlace(call, index)} must be an array, got ${describeType(value)}`);
}

/** The argument as one of some words; the first one when it is left out. */
export function takeChoice<T extends string>(call: Call, index: number, choices: readonly [T, ...T[]]): T {
  if (call.args.length <= index) return choices[0];
  const text = takeText(call, index);
  const choice = choices.find((word) => word === text);
  if (choice !== undefined) return choice;
  throw argumentError(
    `${describePlace(call, index)} must be ${choices.map((word) => `"${word}"`).join(' or ')}, got "${text.slice(0, 40)}"`,
  );
}

function describePlace(call: Call, index: number): string {
  return call.args.length > 1 ? `argument ${index + 1} of \`${call.name}\`` : `the argument of \`${call.name}\``;
}
