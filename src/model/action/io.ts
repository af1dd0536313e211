import type { Env, Host, Value } from '../../expr/index.ts';
import type { Exchange, Problem } from '../events.ts';
import type { ExpressionAt } from '../expression-at.ts';
import type { ChildStep, RunStepOptions, RunStepsOptions } from './children.ts';
import type { CalledOutcome, ChildOutcome, SequenceOutcome } from './outcome.ts';
import type { Clock, Resources } from './resources.ts';

/** Facts of the run. */
export interface RunFacts {
  readonly runId: string;
  readonly flowId: string;
  readonly flowName: string;
  /** 32 hex digits, W3C. */
  readonly traceId: string;
  /** Directory of the flow file, for relative paths. */
  readonly directory: string;
}

/** What an action may touch before the run. */
export interface PrepareIo {
  /** Of this run of the step: `each[3]>wait` in a loop. */
  readonly address: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly resources: Resources;
  readonly facts: RunFacts;
  /** The step's timeout, ms, when it has one. */
  readonly timeoutMs: number | undefined;
  /** Whether the step stands under `when`: then a peer that does not answer is no error yet. */
  readonly isConditional: boolean;
  /** Kept in the run's record for a later `--only` of this step. */
  remember(key: string, value: Value): void;
  /** What the recorded run remembered for this step; undefined outside of a replay. */
  recall(key: string): Value | undefined;
  /** Whether this step runs without those before it (`--only`). */
  readonly isReplay: boolean;
  /** Calls back right before each attempt of the step with this id (same phase first). */
  beforeStep(id: string, call: () => Promise<void>): void;
}

/** What an action may touch while it runs. */
export interface ActionIo extends Omit<PrepareIo, 'beforeStep' | 'isConditional'> {
  /** The names and services that expressions in the settings are evaluated with. */
  readonly env: Env;
  readonly host: Host;
  readonly attempt: number;
  /** Calls back when the step is to end, at once if it is already; gives the function that takes that back. Costs less than `signal`. */
  onStop(call: (reason: unknown) => void): () => void;
  /** Planned steps of a control, in the order written. */
  readonly children: readonly ChildStep[];
  /** Runs a child as a step of its own. Its failure is its result's, not thrown. */
  runStep(child: ChildStep, options?: RunStepOptions): Promise<ChildOutcome>;
  /** Runs children one after another, as a phase does: the first that fails ends it, unless its `on_error` is `continue`. Never throws. */
  runSteps(children: readonly ChildStep[], options?: RunStepsOptions): Promise<SequenceOutcome>;
  /** Whether a round of a loop is to run: with `--only` some are left out. */
  isChosen(iteration: number): boolean;
  /** Runs the flow that the step calls, from its variables to its teardown. Never throws. */
  runFlow(input: Readonly<Record<string, Value>>): Promise<CalledOutcome>;
  /** The problem of an expression that is false or cannot be evaluated, explained from one evaluation; undefined when it is true. */
  check(expression: ExpressionAt, env: Env): Problem | undefined;
  /** What was sent and received; built only when a report needs it. */
  exchange(build: () => Exchange): void;
  /** One why-line in the report. */
  note(text: string): void;
  /** What the step waits for, for the spinner. */
  progress(text: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: Value): void;
}
