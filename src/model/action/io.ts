import type { Env, Expression, Host, Value } from '../../expr/index.ts';
import type { Stop } from '../../stop/stop.ts';
import type { ServicesInUse } from '../companions/services-in-use.ts';
import type { Location, Problem } from '../events.ts';
import type { Exchange } from '../exchange.ts';
import type { ExpressionAt } from '../expression-at.ts';
import type { Measuring, Turn } from '../load/measures.ts';
import type { ChildSteps } from './children.ts';
import type { FlowAmongOthers } from './other-flows.ts';
import type { Clock, Resources } from './resources.ts';
import type { StepTrace } from './step-trace.ts';

/** What an action may touch before the run. */
export interface PrepareIo {
  readonly step: StepFacts;
  readonly facts: RunFacts;
  readonly clock: Clock;
  /** When the work is to end. */
  readonly stop: Stop;
  readonly resources: Resources;
  readonly memory: StepMemory;
  /** Whether the step stands under `when` or `expect_error`: then a peer that does not answer is not an error yet. */
  readonly isConditional: boolean;
  readonly report: Pick<StepReport, 'note'>;
  /** Calls back right before each attempt of the step with this id (same phase first). */
  beforeStep(id: string, call: () => Promise<void>): void;
}

/** What an action may touch while it runs. */
export interface ActionIo {
  readonly step: StepFacts;
  readonly facts: RunFacts;
  readonly clock: Clock;
  /** When the work is to end. */
  readonly stop: Stop;
  readonly resources: Resources;
  readonly memory: StepMemory;
  readonly expressions: Expressions;
  /** Of a control: the steps that it runs. */
  readonly children: ChildSteps;
  readonly report: StepReport;
  /** A text without the secrets in it, for what leaves the run by another way than reports, which are masked anyway. */
  mask(text: string): string;
}

/** This run of the step. */
export interface StepFacts {
  readonly id: string;
  /** `each[3]>wait` in a loop. */
  readonly address: string;
  /** The step's timeout, ms, when it has one. */
  readonly timeoutMs: number | undefined;
  /** From 1. */
  readonly attempt: number;
  /** Whether something asks how many things are in the result, and not only whether there are enough. */
  readonly isCounted?: boolean | undefined;
  /** Whether the step is right when it fails. */
  readonly isErrorExpected?: boolean | undefined;
  /** Of what watches: whether what it watched failed, so that what is missing is missing for that reason. */
  readonly isAfterFailure?: boolean | undefined;
  /** What says to others that what the step sends belongs to the flow. */
  readonly trace: StepTrace;
  /** Where a setting stands, by its path; the nearest around it that is authored. */
  locate(path: readonly (string | number)[]): Location;
}

/** Facts of the run. */
export interface RunFacts extends FlowAmongOthers {
  readonly runId: string;
  readonly flowId: string;
  readonly flowName: string;
  /** Directory of the flow file, for relative paths. */
  readonly directory: string;
  /** Those of testmesh.yaml, where the run has any. */
  readonly services?: ServicesInUse | undefined;
  /** Absent in a plain run. */
  readonly turn?: Turn | undefined;
}

/** What a step leaves in the run's record for a later `--only`. */
export interface StepMemory {
  /** Whether this step runs without those before it (`--only`). */
  readonly isReplay: boolean;
  remember(key: string, value: Value): void;
  /** What the recorded run remembered for this step; undefined outside of a replay. */
  recall(key: string): Value | undefined;
}

/** The names and services that expressions in the settings are evaluated with. */
export interface Expressions {
  readonly env: Env;
  readonly host: Host;
  /** The problem of an expression that is false or cannot be evaluated, explained from one evaluation; undefined when it is true. */
  check(expression: ExpressionAt, env: Env): Problem | undefined;
  /** The same of what is claimed to hold: not true is one, too, that reads a key that nothing of its kind can have, such as a column that no row has. */
  claim(expression: ExpressionAt, env: Env): Problem | undefined;
  /** The value of an expression; what is to be said of it, such as that a key that it reads is not there, is kept for the report. */
  take(expression: Expression): Value;
}

/** What people see of the step. */
export interface StepReport {
  /** What was sent and received; built only when a report needs it. */
  exchange(build: () => Exchange): void;
  /** What came and is shown though it is no result: the result that it would have been, for the secrets that the step captures. */
  rejected(result: Readonly<Record<string, Value>>): void;
  /** From now on nobody is to see the text. */
  hide(text: string): void;
  /** One why-line in the report. */
  note(text: string): void;
  /** What the step waits for, for the spinner. */
  progress(text: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: Value): void;
  /** Takes what the step took, in numbers; absent when nobody wants it. */
  readonly measure?: Measuring | undefined;
}
