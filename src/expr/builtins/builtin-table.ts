import type { Builtin } from './builtin.ts';
import { dateBuiltins } from './date-builtins.ts';
import { listBuiltins } from './list-builtins.ts';
import { mapBuiltins } from './map-builtins.ts';
import { numberBuiltins } from './number-builtins.ts';
import { loops } from './predicate-builtins.ts';
import { textBuiltins } from './text-builtins.ts';

export type { Builtin } from './builtin.ts';

/** The built-in functions without a predicate, by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [listBuiltins, textBuiltins, mapBuiltins, numberBuiltins, dateBuiltins].flatMap((table) => Object.entries(table)),
);

const names = new Set([...builtins.keys(), ...loops.keys()]);

/** Whether the name is that of a built-in function. */
export function isBuiltinName(name: string): boolean {
  return names.has(name);
}

/** The names of all built-in functions. */
export function listBuiltinNames(): Iterable<string> {
  return names;
}
