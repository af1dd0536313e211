import type { Difference } from '../compare/difference.ts';
import { createRunError } from '../values/error.ts';
import type { Budget } from '../values/limits.ts';
import type { Value } from '../values/value.ts';
import type { Host } from './frame.ts';

/** A function that is added to the language; `call` throws `ExprError` for bad arguments, and spends of the evaluation's budget what it costs beyond the size of texts and lists among its arguments. */
export interface FunctionDef {
  name: string;
  minArgs: number;
  maxArgs: number;
  /** Whether the same arguments always give the same value. */
  pure: boolean;
  summary: string;
  /** Whether it makes another text of its first argument, which tells as much. */
  derives?: true;
  call(args: readonly Value[], host: Host, budget: Budget): Value;
  /** Says why a call gave false, a line each; asked for explanations alone, with the arguments of that call. */
  explain?(args: readonly Value[], host: Host): readonly string[];
  /** By what alone a call that gave false is not so (`letter case`); asked for where it has to be false. */
  nearly?(args: readonly Value[], host: Host): string | undefined;
  /** Where the arguments of a call that gave false differ from what it wants; `path` is how the first one is written. */
  differences?(args: readonly Value[], path: string): readonly Difference[];
}

/** The host of an evaluation that was given none: it has no clock. */
export const emptyHost: Host = {
  now() {
    throw createRunError('the current time is not available here');
  },
};
