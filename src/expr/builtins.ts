import type { Builtin } from './builtin.ts';
import { dateBuiltins } from './builtins-date.ts';
import { listBuiltins } from './builtins-list.ts';
import { mapBuiltins } from './builtins-map.ts';
import { numberBuiltins } from './builtins-number.ts';
import { loops } from './builtins-predicate.ts';
import { textBuiltins } from './builtins-text.ts';

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
