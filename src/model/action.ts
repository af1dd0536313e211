import type { $ZodType } from 'zod/v4/core';
import type { Env, Host, Value } from '../expr/index.ts';
import type { Detail, Exchange, Outcome, Problem } from './events.ts';
import type { ExpressionAt } from './expression-at.ts';

/** An action: data that says what it takes and gives, and one function that does it. */
export interface ActionDefinition<Config = unknown> {
  /** As written in YAML. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for help, README and editors. */
  readonly summary: string;
  /** Schema of the settings (built with zod/mini), strict at every level. */
  readonly config: $ZodType<Config>;
  /** Other spellings of settings, accepted and not taught: spelling → setting. */
  readonly configAliases?: Readonly<Record<string, string>>;
  /**
   * Settings that are expressions, by path (`until`, `match.where`, `variables.*`; `[]` for the items of a list, where a single
   * text is a list of one), with the names they see besides the flow's: a list, or `child` for the result of the control's step.
   * In the checked settings each is an ExpressionAt.
   */
  readonly expressions?: Readonly<Record<string, readonly string[] | 'child'>>;
  /** Settings whose text is taken literally, without placeholders, by path. */
  readonly verbatim?: readonly string[];
  /**
   * Settings that hold a step (`step`) or a list of steps (`steps[]`, `branches[].steps[]`), `?` behind those that may be absent;
   * they become `io.children`. Makes the action a control.
   */
  readonly steps?: readonly string[];
  /** How the lists of steps relate: each is a branch that sees nothing of the others, or one of them runs and the others do not. */
  readonly branches?: 'together' | 'either';
  /** Names that only its steps see (loop variables), from the settings as authored. */
  readonly binds?: (authored: unknown) => readonly string[];
  /** The setting that names a flow to call, and the one that gives it values; the flow's steps become `io.children`. */
  readonly calls?: { readonly flow: string; readonly input: string };
  /** Whether it touches nothing outside of the run, so that nothing can be waited for that it caused. */
  readonly isLocal?: boolean;
  /** Whether it is a part of another action, which flows do not name. */
  readonly isInternal?: boolean;
  /** Settings whose text is the path of a file, relative to the flow's, by path (`query.file`; `*` for the keys of a map, `[]` for the items of a list); the file has to be there before the run. */
  readonly files?: readonly string[];
  /** Settings that may be `{file, template: true}`: what the action then gets is the file's text with its placeholders filled in. */
  readonly templates?: readonly string[];
  /** Steps that the settings name by their id (`since: step:<id>`), from the settings as authored; each has to exist. */
  readonly mentions?: (authored: unknown) => readonly StepMention[];
  /** A setting that is a list of assertions, added to the step's own. */
  readonly assertions?: string;
  /** The keys of the result: the names that `assert` and `output` see. A control's `child` keys are added to them. */
  readonly result: readonly string[];
  /** More result keys that the settings make, from the settings as authored. */
  readonly resultOf?: (authored: unknown) => readonly string[];
  /** Variables that the step sets by itself, from the settings as authored (`set`). */
  readonly provides?: (authored: unknown) => readonly string[];
  /** Whether the action by itself fails when what it looks for is not there (kafka_consumer, poll, assert), so needs no assertion; asked with the settings as authored. */
  readonly judges: boolean | ((authored: unknown) => boolean);
  /** What the step reads, from the settings as authored; undefined when that cannot be known before the run. */
  readonly reads?: (authored: unknown) => Reading | undefined;
  /** Whether the action keeps its own deadline (the smaller of `io.timeoutMs` and its own setting) instead of being aborted at the step's timeout. */
  readonly ownsDeadline?: boolean;
  /** More findings about the settings as authored, made before the run; paths are within the settings. */
  readonly check?: (authored: unknown) => readonly ConfigFinding[];
  /** Starts loading what the action needs (its client library), beside other work, as soon as a plan has the action. */
  preload?(): Promise<unknown>;
  /** The settings that `prepare` reads; absent: all. The others are left out of its config. */
  readonly prepares?: readonly string[];
  /** Called before the first step of the flow, or as soon as the placeholders of these settings are known. */
  prepare?(config: Config, io: PrepareIo): Promise<void>;
  /** Does it. @throws ActionError when it could not be carried out */
  run(config: Config, io: ActionIo): Promise<ActionOutcome>;
}

/** What a query reads, as far as its settings say. */
export interface Reading {
  /** Columns that it names, and does not compare itself. */
  readonly columns: readonly ReadColumn[];
  /** How many columns it names in all. */
  readonly columnCount: number;
  /** How many rows there can be; `always one` whatever is there, of `count(…)` and its like. */
  readonly rows: 'any' | 'at most one' | 'always one';
  /** Variables that it compares a column with by `=`. */
  readonly keys: readonly string[];
}

/** A column that a query names, at its place in the text of the setting `query`. */
export interface ReadColumn {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

export interface ConfigFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: readonly (string | number)[];
  /** Whether the key itself is wrong, not what stands behind it. */
  readonly isKey?: boolean;
  readonly message: string;
  readonly help?: readonly string[];
}

/** A step named in the settings of another. */
export interface StepMention {
  readonly id: string;
  /** The setting that names it. */
  readonly path: readonly (string | number)[];
}

/** What an action that was carried out gives back. */
export interface ActionOutcome {
  /** Plain data; its keys are those that the definition names. */
  readonly result: Readonly<Record<string, Value>>;
  /** A few words for the step's line. */
  readonly summary: string;
  /** What the action itself found wrong (too few messages); empty or absent: nothing. */
  readonly problems?: readonly Problem[];
  readonly details?: readonly Detail[];
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

/** Time, handed in so that tests need not wait. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** ms from an arbitrary start that never go back. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back after `ms` unless cancelled by the function that it gives. */
  after(ms: number, call: () => void): () => void;
}

/** How long something stays open: run ⊃ session ⊃ flow. */
export type Lifetime = 'run' | 'session' | 'flow';

/** What is open, by key, each for the length of its lifetime; closed last-first whatever happens. */
export interface Resources {
  /** Gives what is open under the key for this lifetime (`flow` when absent), or creates it; all who ask at one time get one. */
  open<T>(key: string, create: () => Promise<Resource<T>>, options?: { readonly lifetime?: Lifetime }): Promise<T>;
  /** Gives what is open under the key, of the shortest lifetime that has it. */
  find<T>(key: string): Promise<T | undefined>;
}

export interface Resource<T> {
  readonly value: T;
  /** What it is called when it cannot be closed; its key when absent. */
  readonly name?: string;
  close(): Promise<void>;
}

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

/** A planned step below a control; the engine knows it by identity. */
export interface ChildStep {
  readonly address: string;
  readonly id: string;
  /** The list that it stands in: `then`, `branches[0].steps`. */
  readonly group?: string | undefined;
}

export interface RunStepOptions {
  /** Names that only the child sees (loop variables). */
  readonly bindings?: Readonly<Record<string, Value>>;
  /** Whether the child's problems are the control's to judge: then it is reported without failing the flow. */
  readonly isProbe?: boolean;
  readonly signal?: AbortSignal;
}

export interface RunStepsOptions extends Omit<RunStepOptions, 'isProbe'> {
  /** Position in a loop, from 0: part of the steps' addresses (`each[3]>check`); waits are armed anew. */
  readonly iteration?: number;
  /** None of them runs; each is told so, with this reason. */
  readonly skipReason?: string;
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
  readonly stepCount: number;
  /** Why nothing of it ran. */
  readonly skipReason: string | undefined;
}

export interface ChildOutcome {
  readonly outcome: 'passed' | 'failed' | 'errored' | 'skipped';
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
