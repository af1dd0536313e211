import type { Env, Host } from '../../expr/index.ts';
import type { RunFacts } from '../../model/action/io.ts';
import type { Services } from '../lifetimes/services.ts';
import { createBuiltIns } from './built-ins.ts';
import type { Context } from './context.ts';

/** What the expressions of a step's attempt are evaluated with. */
export interface Surroundings {
  readonly env: Env;
  readonly host: Host;
}

export interface Moment {
  readonly context: Context;
  /** Of the step. */
  readonly id: string;
  readonly attempt: number;
  /** Names the step's randomness. */
  readonly stream: string;
  /** Names that of functions, where it is not the attempt's: a `when` has one of its own. */
  readonly hostStream?: string;
}

/** Gives the names and services of one attempt of a step. */
export function surround(
  facts: RunFacts,
  { clock, random, createHost }: Pick<Services, 'clock' | 'random' | 'createHost'>,
  { context, id, attempt, stream, hostStream }: Moment,
): Surroundings {
  const own = `${stream}#${attempt}`;
  const builtIns = createBuiltIns({ clock, facts, random: () => random.derive(own), step: { id, attempt } });
  return { env: context.withBuiltIns(builtIns), host: createHost(hostStream ?? own) };
}
