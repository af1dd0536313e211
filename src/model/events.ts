import type { Value } from '../expr/index.ts';
import type { ExplainedComparison, ExplainedDifference, ExplainedLoop, ExplainedPart } from './explained.ts';
import type { Phase } from './phase.ts';

/** Version of the event stream's shape; it rises when a consumer would have to change. */
export const EVENT_VERSION = 1;

export type Outcome = 'passed' | 'failed' | 'errored' | 'skipped';

/**
 * Everything that happens in a run, in order; reports, records and metrics are folds over it.
 * Each event is serialisable with `encodeEvent`: exact numbers survive. Times are ms since 1970 (`at`) or lengths in ms.
 */
export type RunEvent =
  | RunStarted
  | FlowStarted
  | PhaseStarted
  | StepStarted
  | StepProgress
  | LogWritten
  | StepRemembered
  | StepFinished
  | FlowFinished
  | RunFinished
  | RunNoted;

interface EventBase {
  readonly at: number;
}

export interface RunStarted extends EventBase {
  readonly type: 'run_started';
  readonly version: typeof EVENT_VERSION;
  readonly testmesh: string;
  readonly runId: string;
  readonly seed: number;
  readonly isSeedFixed: boolean;
  readonly flowCount: number;
}

export interface FlowStarted extends EventBase {
  readonly type: 'flow_started';
  /** Position of the flow in the run, from 0; every later event of the flow carries it. */
  readonly flow: number;
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly traceId: string;
  readonly tags: readonly string[];
  /** Declared variables that something of higher precedence set, and what. */
  readonly overrides: readonly Override[];
  /** Declared variables as they are in this run (secrets masked). */
  readonly variables: Readonly<Record<string, Value>>;
  /** Names of declared variables whose value has a random or time part. */
  readonly volatileNames: readonly string[];
  /** The row of the flow's data, from 1; absent without `data:`. */
  readonly row?: number | undefined;
  /** Whether only chosen steps run (`--only`). */
  readonly isPartial: boolean;
  /** Length of the longest step id, for layouts that stream. */
  readonly longestId?: number | undefined;
}

export interface Override {
  readonly name: string;
  /** `environment`, `--var`, `--var-file`, `--env-file`, `--secret`, `TESTMESH_VAR_…`. */
  readonly from: string;
  /** Host and database of an address, when the value is one. */
  readonly target?: string | undefined;
}

export interface PhaseStarted extends EventBase {
  readonly type: 'phase_started';
  readonly flow: number;
  readonly phase: Phase;
  readonly stepCount: number;
}

export interface StepStarted extends EventBase {
  readonly type: 'step_started';
  readonly flow: number;
  readonly address: string;
  readonly id: string;
  readonly name?: string | undefined;
  readonly phase: Phase;
  readonly action: string;
  readonly attempt: number;
  readonly depth: number;
}

/** What a running step waits for; for the spinner. */
export interface StepProgress extends EventBase {
  readonly type: 'step_progress';
  readonly flow: number;
  readonly address: string;
  readonly text: string;
}

/** Output of the `log` action. */
export interface LogWritten extends EventBase {
  readonly type: 'log_written';
  readonly flow: number;
  readonly address: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly data?: Value | undefined;
}

/** Something that a later `--only` of this step needs again (Kafka positions). */
export interface StepRemembered extends EventBase {
  readonly type: 'step_remembered';
  readonly flow: number;
  readonly address: string;
  readonly key: string;
  readonly value: Value;
}

export interface StepFinished extends EventBase, StepResult {
  readonly type: 'step_finished';
  readonly flow: number;
}

export interface FlowFinished extends EventBase {
  readonly type: 'flow_finished';
  readonly flow: number;
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly outcome: Outcome;
  readonly skipReason?: string | undefined;
  readonly durationMs: number;
  /** Steps of all phases, children of controls not counted. */
  readonly counts: OutcomeCounts;
  readonly captures: Readonly<Record<string, Value>>;
  readonly secretNames: readonly string[];
  /** Problems of the flow itself, not of a step: a variable that cannot be made, a timeout, an interruption. */
  readonly problems: readonly Problem[];
}

export interface RunFinished extends EventBase {
  readonly type: 'run_finished';
  readonly runId: string;
  readonly outcome: Outcome;
  readonly interrupted?: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | undefined;
  readonly durationMs: number;
  readonly flows: OutcomeCounts;
  readonly steps: OutcomeCounts;
  /** Of what lived longer than a flow. */
  readonly problems?: readonly Problem[] | undefined;
}

/** A line for the reader that belongs to no step: a record that cannot be written, a reporter that was dropped. */
export interface RunNoted extends EventBase {
  readonly type: 'run_noted';
  readonly level: 'info' | 'warning';
  readonly text: string;
}

export interface OutcomeCounts {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
}

/** What became of one step (the last attempt's values). */
export interface StepResult {
  readonly address: string;
  readonly id: string;
  readonly name?: string | undefined;
  readonly phase: Phase;
  readonly action: string;
  /** Nesting below controls: 0 for a step of the flow. */
  readonly depth: number;
  /** Whether it is a look of a poll: its outcome is for the control to judge, and the next look replaces it. */
  readonly isProbe?: boolean | undefined;
  readonly location: Location;
  readonly outcome: Outcome;
  /** Why it was skipped: `when is false`, `not reached`, the reason given. */
  readonly skipReason?: string | undefined;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly attempts: number;
  /** A few words on what came: `201`, `2 rows affected`, `1 matched of 3 seen, lag 14 ms`. */
  readonly summary: string;
  /** The action's result; absent when it gave none. */
  readonly result?: Value | undefined;
  readonly assertionCount: number;
  /** Everything that made it fail or error, the first first; empty when passed or skipped. */
  readonly problems: readonly Problem[];
  readonly captures: readonly Captured[];
  /** Present when the step did not pass, or when asked for with `-v`. */
  readonly exchange?: Exchange | undefined;
  /** Waits: nearest messages, the timeline of a poll, the attempts of a retry. */
  readonly details: readonly Detail[];
  readonly notes: readonly string[];
}

export interface Captured {
  readonly name: string;
  /** Absent for a secret. */
  readonly value?: Value | undefined;
  readonly isSecret: boolean;
}

/** One thing that is wrong, with its cause, as data. */
export interface Problem {
  readonly outcome: 'failed' | 'errored';
  /** `assertion`, `capture`, `expectation`, `when`, `placeholder`, `config`, `timeout`, `connection`, `sql`, `interrupted`, … */
  readonly kind: string;
  /** ECONNREFUSED, an SQLSTATE, a TM code. */
  readonly code?: string | undefined;
  readonly message: string;
  readonly location?: Location | undefined;
  /** The parts of an expression with the values they had, outermost last. */
  readonly parts?: readonly ExplainedPart[] | undefined;
  /** Calls such as `all(list, …)` whose items were the cause, with the first items that decided. */
  readonly loops?: readonly ExplainedLoop[] | undefined;
  readonly differences?: readonly ExplainedDifference[] | undefined;
  /** How many differences there are, when more than are listed. */
  readonly differenceCount?: number | undefined;
  /** Both sides of a comparison with several differences, when they are not large. */
  readonly compared?: ExplainedComparison | undefined;
  /** What to look at or do next, a sentence each. */
  readonly hints?: readonly string[] | undefined;
}

/** A place in a file with the lines around it, so that a report needs no file. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Exclusive; on the same or a later line. */
  readonly endLine: number;
  readonly endColumn: number;
  /** The line itself and, for problems, some before it. */
  readonly excerpt?: readonly ExcerptLine[] | undefined;
}

export interface ExcerptLine {
  readonly line: number;
  readonly text: string;
}

/** What went over the wire, for people: cut by the reporters, masked by the hub. */
export interface Exchange {
  /** `POST http://localhost:5003/api/v1/orders`, the SQL text. */
  readonly sent?: string | undefined;
  readonly sentBody?: string | undefined;
  /** `201 application/json`. */
  readonly received?: string | undefined;
  readonly receivedBody?: string | undefined;
  /** A line to repeat it by hand: `curl …`, `psql …`, `kcat …`. */
  readonly byHand?: string | undefined;
}

export interface Detail {
  readonly title: string;
  readonly lines: readonly string[];
}
