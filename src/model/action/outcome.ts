import type { Env, Value } from '../../expr/index.ts';
import type { Detail, Outcome, Problem, Skip } from '../events.ts';
import type { Exchange } from '../exchange.ts';

/** What an action that was carried out gives back. */
export interface ActionOutcome {
  /** Plain data; its keys are those that the definition names. */
  readonly result: Readonly<Record<string, Value>>;
  /** A few words for the step's line. */
  readonly summary: string;
  /** What the action itself found wrong (too few messages); empty or absent: nothing. */
  readonly problems?: readonly Problem[];
  readonly details?: readonly Detail[];
  /** What is to be known of keys of the result where an assertion over them does not hold. */
  readonly asides?: Readonly<Record<string, () => string>> | undefined;
  /** What is to be known of keys of the result where an assertion that denies them, or bounds them from above, holds. */
  readonly denied?: Readonly<Record<string, () => string>> | undefined;
  /** The keys that each thing in the result's list has, and never another: columns. */
  readonly itemKeys?: readonly string[] | undefined;
  /** Variables to set (`set`). */
  readonly captures?: Readonly<Record<string, Value>>;
}

/** Why an action could not be carried out; ends the step errored. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly problem: Problem;
  readonly details: readonly Detail[];
  /** More keys of `error` for expect_error: `table`, `constraint`, `peer`, … */
  readonly data: Readonly<Record<string, Value>>;

  constructor(
    problem: Omit<Problem, 'outcome'>,
    more: { details?: readonly Detail[]; data?: Readonly<Record<string, Value>>; cause?: unknown } = {},
  ) {
    super(problem.message, { cause: more.cause });
    this.problem = { outcome: 'errored', ...problem };
    this.details = more.details ?? [];
    this.data = more.data ?? {};
  }
}

export interface ChildOutcome {
  readonly outcome: 'passed' | 'failed' | 'errored' | 'skipped';
  /** Why it did not run. */
  readonly skip?: Skip | undefined;
  readonly result: Readonly<Record<string, Value>> | undefined;
  readonly problems: readonly Problem[];
  readonly details: readonly Detail[];
  readonly captures: Readonly<Record<string, Value>>;
  readonly summary: string;
  /** What it sent and received, made when someone is to see it. */
  readonly exchange?: (() => Exchange) | undefined;
  /** The flow's names with the child's result keys over them, for `until`. */
  readonly env: Env;
}

/** What became of steps that ran one after another. */
export interface SequenceOutcome {
  /** The worst of them; skipped when none ran. */
  readonly outcome: Outcome;
  /** Results of the steps that have one, by id. */
  readonly results: Readonly<Record<string, Value>>;
  readonly captures: Readonly<Record<string, Value>>;
  /** The last result. */
  readonly last: Readonly<Record<string, Value>> | undefined;
  /** The names as a step behind the last of them would see them. */
  readonly env: Env;
  /** Whether it was ended before it was done, so that nothing more is to be started. */
  readonly isCut: boolean;
  /** Whether its control stopped a step of it. */
  readonly isStopped: boolean;
}

/** What became of a flow that was called. */
export interface CalledOutcome {
  readonly outcome: Outcome;
  /** The flow's `output`; empty unless it passed. */
  readonly output: Readonly<Record<string, Value>>;
  /** What is to be said of it. */
  readonly notes: readonly string[];
  readonly stepCount: number;
  /** Why nothing of it ran. */
  readonly skip: Skip | undefined;
}
