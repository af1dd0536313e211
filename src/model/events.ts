import type { Value } from '../expr/index.ts';
import type { SignalName } from '../stop/stop-error.ts';
import type { Done } from './action/done.ts';
import type { Clue } from './clues.ts';
import type { Exchange } from './exchange.ts';
import type { Explained } from './explained.ts';
import type { FlowAbout } from './flow-about.ts';
import type { FlowOutput } from './flow-output.ts';
import type { StepMeasures } from './load/measures.ts';
import type { Phase } from './phase.ts';
import type { ExcerptLine } from './source-file.ts';

/** Version of the event stream's shape; it rises when a consumer would have to change. */
export const EVENT_VERSION = 2;

export type Outcome = 'passed' | 'failed' | 'errored' | 'skipped';

/** Whether a step or flow ended with something wrong. */
export function isBad(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

/**
 * Everything that happens in a run, in order; reports, records and metrics are folds over it. What stands in each field says
 * `event-table/`. Times are ms since 1970 (`at`) or lengths in ms.
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

interface FlowEventBase extends EventBase {
  /** Position of the flow in the run, from 0. */
  readonly flow: number;
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

export interface FlowStarted extends FlowEventBase {
  readonly type: 'flow_started';
  readonly about: FlowAbout;
  readonly inputs: FlowValues;
  /** Whether only chosen steps run (`--only`). */
  readonly isPartial: boolean;
  /** The run that gives the values of steps that do not run; absent when no other does. */
  readonly replayOf?: string | undefined;
  /** Length of the longest step id, for layouts that stream. */
  readonly longestId?: number | undefined;
}

/** What a flow is given. */
export interface FlowValues {
  /** Declared variables that something of higher precedence set, and what. */
  readonly overrides: readonly Override[];
  /** Declared variables as they are in this run (secrets masked). */
  readonly variables: Readonly<Record<string, Value>>;
  /** Names of declared variables whose value has a random or time part. */
  readonly volatileNames: readonly string[];
}

export interface Override {
  readonly name: string;
  /** `environment`, `--var`, `--var-file`, `--env-file`, `--secret`, `TESTMESH_VAR_…`. */
  readonly from: string;
  /** Host and database of an address, when the value is one. */
  readonly target?: string | undefined;
}

export interface PhaseStarted extends FlowEventBase {
  readonly type: 'phase_started';
  readonly phase: Phase;
  readonly stepCount: number;
}

/** Where a run of a step stands. */
export interface StepPosition {
  readonly address: string;
  /** Address of this run of the control that runs it; absent for a step of the flow itself. */
  readonly parent?: string | undefined;
  /** Of a loop's steps and a poll's looks: which time, from 0. */
  readonly round?: number | undefined;
  /** The branch of its control that it stands in. */
  readonly branch?: string | undefined;
  /** Nesting below controls: 0 for a step of the flow. */
  readonly depth: number;
  /** `look`: of a poll, whose to judge it is, and replaced by the next one; `cleanup`: it undoes what another step did; `watch`: it judges the flow or the step that it stands at. */
  readonly role?: 'look' | 'cleanup' | 'watch' | undefined;
}

export interface StepRef extends StepPosition {
  readonly id: string;
  readonly name?: string | undefined;
  readonly phase: Phase;
  readonly action: string;
}

export interface StepStarted extends FlowEventBase {
  readonly type: 'step_started';
  readonly step: StepRef;
  readonly attempt: number;
}

/** What a running step waits for; for the spinner. */
export interface StepProgress extends FlowEventBase {
  readonly type: 'step_progress';
  readonly step: StepPosition;
  readonly text: string;
}

/** Output of the `log` action. */
export interface LogWritten extends FlowEventBase {
  readonly type: 'log_written';
  readonly step: StepPosition;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly data?: Value | undefined;
}

/** Something that a later `--only` of this step needs again (Kafka positions). */
export interface StepRemembered extends FlowEventBase {
  readonly type: 'step_remembered';
  readonly step: StepPosition;
  readonly key: string;
  /** Absent where it was too large to be kept. */
  readonly value?: Value | undefined;
}

/** What became of one step (the last attempt's values). */
export interface StepFinished extends FlowEventBase {
  readonly type: 'step_finished';
  readonly step: StepRef;
  readonly location: Location;
  readonly outcome: Outcome;
  readonly skip?: Skip | undefined;
  /** Everything that made it fail or error, the first first; empty when passed or skipped. */
  readonly problems: readonly Problem[];
  readonly timing: StepTiming;
  readonly output: StepOutput;
  readonly evidence: Evidence;
}

export interface StepTiming {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly attempts: number;
}

/** What a step gave. */
export interface StepOutput {
  /** A few words on what came: `201`, `2 rows affected`, `1 matched of 3 seen, lag 14 ms`. */
  readonly summary: string;
  /** The action's result; absent when it gave none. */
  readonly result?: Readonly<Record<string, Value>> | undefined;
  readonly captures: readonly Captured[];
  readonly assertionCount: number;
}

/** What was seen on the way, for people. */
export interface Evidence {
  /** Present when a consumer wants it for this outcome. */
  readonly exchange?: Exchange | undefined;
  /** Waits: nearest messages, the timeline of a poll, the attempts of a retry. */
  readonly details: readonly Detail[];
  readonly notes: readonly string[];
  readonly measures?: StepMeasures | undefined;
  readonly done?: Done | undefined;
}

/** Why something did not run. */
export interface Skip {
  readonly kind: SkipKind;
  /** In words: `when is false`, `not reached`, the reason given. */
  readonly reason: string;
}

/**
 * `skip`: the author says so; `when`: its condition is false; `not_reached`: what came before ended it; `not_taken`: the other branch
 * was; `not_needed`: there is nothing to undo; `kept`: what ran is not to be undone; `nothing_ran`: a flow none of whose steps did; `not_judged`: what was recorded is not what it would do.
 */
export type SkipKind =
  | 'skip'
  | 'when'
  | 'not_reached'
  | 'not_taken'
  | 'not_needed'
  | 'kept'
  | 'nothing_ran'
  | 'not_judged';

export interface FlowFinished extends FlowEventBase {
  readonly type: 'flow_finished';
  readonly about: FlowAbout;
  readonly outcome: Outcome;
  readonly skip?: Skip | undefined;
  /** `follows`: it did not pass, and is run again, so that this counts for nothing; `flaky`: it passed, and did not before. */
  readonly retry?: 'follows' | 'flaky' | undefined;
  readonly durationMs: number;
  /** Steps of all phases, children of controls not counted. */
  readonly counts: OutcomeCounts;
  readonly output: FlowOutput;
  /** Problems of the flow itself, not of a step: a variable that cannot be made, a timeout, an interruption. */
  readonly problems: readonly Problem[];
  /** What was seen beside its steps: requests that no route of a stub took, what `agree` compared. */
  readonly details?: readonly Detail[] | undefined;
}

export interface RunFinished extends EventBase {
  readonly type: 'run_finished';
  readonly runId: string;
  readonly outcome: Outcome;
  readonly interrupted?: SignalName | undefined;
  readonly durationMs: number;
  readonly flows: OutcomeCounts;
  /** How many of those that passed did not before, with `--retries`; absent when none. */
  readonly flaky?: number | undefined;
  readonly steps: OutcomeCounts;
  /** Of what lived longer than a flow. */
  readonly problems?: readonly Problem[] | undefined;
}

/** A line for the reader that belongs to no step: a record that cannot be written, a reporter that was dropped. */
export interface RunNoted extends EventBase {
  readonly type: 'run_noted';
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

export interface OutcomeCounts {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
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
  /** Of an expression: the values that made it so. */
  readonly explained?: Explained | undefined;
  /** What the values suggest. */
  readonly clues?: readonly Clue[] | undefined;
  /** What to look at or do next, a sentence each. */
  readonly hints?: readonly string[] | undefined;
  /** Of what a signal ended, when there is no more to say. */
  readonly signal?: SignalName | undefined;
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
  /** Where it is in a line of the excerpt in which something before it is masked. */
  readonly shown?: { readonly column: number; readonly endColumn: number } | undefined;
}

export interface Detail {
  readonly title: string;
  readonly lines: readonly string[];
  /** Whether it is only for those who want to see everything. */
  readonly isExtra?: boolean | undefined;
}
