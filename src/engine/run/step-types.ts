import type { Env, Value } from '../../expr/index.ts';
import type { Done } from '../../model/action/done.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { Detail, Outcome, Problem, Skip, StepPosition } from '../../model/events.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { CheckMeasure, RequestMeasure, StepMeasures, ValueMeasure } from '../../model/load/measures.ts';
import type { CapturePlan, StepPlan } from '../../model/plan.ts';
import type { Bounded } from '../../stop/run-bounded.ts';
import type { Stop } from '../../stop/stop.ts';
import type { Context } from '../names/context.ts';
import type { Locals } from '../names/locals.ts';
import type { Surroundings } from '../names/surroundings.ts';
import type { Preparation } from '../prepare/preparation.ts';

/** When a step began. */
export interface Begin {
  /** ms since 1970. */
  readonly startedAt: number;
  readonly monotonicMs: number;
}

/** What an action said while it ran. */
export interface StepNotes {
  readonly notes: string[];
  /** What is to be said of conditions that hold, such as that a list had no items. */
  remarks: Set<string> | undefined;
  /** What came and was no result. */
  readonly rejected: Readonly<Record<string, Value>>[];
  exchange: (() => Exchange) | undefined;
  /** Its settings as they were rendered, for who wants them. */
  settings: readonly string[] | undefined;
  /** Absent when nobody wants them. */
  readonly measures: KeptMeasures | undefined;
}

/** What was measured in an attempt. */
export interface KeptMeasures extends StepMeasures {
  readonly requests: RequestMeasure[];
  readonly values: ValueMeasure[];
  readonly checks: CheckMeasure[];
  key?: string | undefined;
}

/** Where a step runs: what it sees and what may end it. */
export interface Frame {
  readonly position: StepPosition;
  readonly context: Context;
  /** Ends it. */
  readonly stop: Stop;
  /** Names the step's randomness; differs each time that a control runs it. */
  readonly stream: string;
  /** What is known of it and the steps around it that prepare themselves. */
  readonly preparation: Preparation;
  /** What was made around it that only a control's steps see; undefined for a step of the flow. */
  readonly locals?: Locals | undefined;
  /** Of a look: what its poll captures, and the one around that. */
  readonly captures?: readonly CapturePlan[] | undefined;
  /** Of what watches: whether what it watched failed. */
  readonly isAfterFailure?: boolean | undefined;
  /** What came of it already, where it was run plainly and did not simply pass. */
  readonly begun?: BegunStep | undefined;
}

/** A step whose action ran, before anything is expected of it. */
export interface BegunStep {
  readonly begin: Begin;
  readonly around: Surroundings;
  readonly kept: StepNotes;
  readonly config: unknown;
  readonly bounded: Bounded<ActionOutcome>;
}

/** A variable that a step sets. */
export interface Capture {
  readonly name: string;
  readonly value: Value;
  readonly isSecret: boolean;
}

type Result = Readonly<Record<string, Value>>;

/** One attempt to be made. */
export interface Attempt {
  readonly step: StepPlan;
  readonly frame: Frame;
  /** From 1. */
  readonly attempt: number;
}

/** What became of a step. */
export interface StepEnd {
  readonly outcome: Outcome;
  /** Why it did not run. */
  readonly skip?: Skip | undefined;
  readonly summary: string;
  readonly result: Result | undefined;
  /** The result as the step's id gives it. */
  readonly named?: Value | undefined;
  readonly problems: readonly Problem[];
  readonly captures: readonly Capture[];
  readonly details: readonly Detail[];
  /** Of a look's last attempt. */
  readonly exchange?: (() => Exchange) | undefined;
  readonly env: Env;
}

/** What became of one attempt of a step. */
export interface AttemptEnd extends Omit<StepEnd, 'named'> {
  readonly name: string | undefined;
  readonly notes: readonly string[];
  readonly measures: StepMeasures | undefined;
  readonly done: Done | undefined;
}
