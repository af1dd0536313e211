import type { Frame } from '../evaluate/frame.ts';
import { takeInteger } from '../values/access.ts';
import { describeType } from '../values/describe.ts';
import { isNumber } from '../values/equality.ts';
import { createRunError } from '../values/error.ts';
import type { NumberValue } from '../values/exact.ts';
import { isList, type Value } from '../values/value.ts';

/** A function of the language: how many arguments it takes, and what it gives. */
export interface Builtin {
  minArgs: number;
  maxArgs: number;
  call(args: readonly Value[], frame: Frame): Value;
}

/** A table of functions of the language. */
export interface BuiltinTable {
  readonly [name: string]: Builtin;
}

/** Makes a function of the language from the numbers of its arguments. */
export function define(minArgs: number, maxArgs: number, call: Builtin['call']): Builtin {
  return { minArgs, maxArgs, call };
}

/** The argument as text. */
export function takeText(name: string, args: readonly Value[], index = 0): string {
  const value = args[index] ?? null;
  if (typeof value === 'string') return value;
  const isPosition = isList(value) && index === 0 && /^(?:lastI|i)ndexOf$/.test(name);
  const conversion = value === null ? undefined : 'convert it with `string(…)`';
  const hint = isPosition ? 'write `item in list`, or `findIndex(list, # == item)` for its position' : conversion;
  throw createRunError(`\`${name}\` needs a string${place(args, index)}, got ${describeType(value)}`, hint);
}

/** The argument as a list. */
export function takeList(name: string, args: readonly Value[], index = 0): readonly Value[] {
  const value = args[index] ?? null;
  if (isList(value)) return value;
  throw createRunError(`\`${name}\` needs an array${place(args, index)}, got ${describeType(value)}`);
}

/** The argument as a number. */
export function takeNumber(name: string, args: readonly Value[], index = 0): NumberValue {
  const value = args[index] ?? null;
  if (isNumber(value)) return value;
  const hint = typeof value === 'string' ? 'convert it with `int(…)` or `float(…)`' : undefined;
  throw createRunError(`\`${name}\` needs a number${place(args, index)}, got ${describeType(value)}`, hint);
}

/** The argument as a whole number. */
export function takeWhole(name: string, args: readonly Value[], index: number): number {
  return takeInteger(args[index] ?? null, `argument ${index + 1} of \`${name}\``);
}

/** The argument as a number of things, which is not negative. */
export function takeCount(name: string, args: readonly Value[], index: number): number {
  const count = takeWhole(name, args, index);
  if (count < 0) throw createRunError(`argument ${index + 1} of \`${name}\` must not be negative, got ${count}`);
  return count;
}

function place(args: readonly Value[], index: number): string {
  return args.length > 1 ? ` as argument ${index + 1}` : '';
}
