import type { Host, Value } from '../expr/index.ts';
import type { Clock, RunFacts } from '../model/action.ts';
import type { RunEvent } from '../model/events.ts';
import type { Replay } from '../model/inputs.ts';
import type { FlowPlan, StepPlan } from '../model/plan.ts';
import type { BeforeSteps } from './before-steps.ts';
import type { Preparation } from './preparation.ts';
import type { Random } from './random.ts';
import type { OwnedResources } from './resources.ts';
import type { RunOptions } from './run-options.ts';
import type { Secrets } from './secrets.ts';
import type { Stops } from './stops.ts';

/** What all flows of a run share. */
export interface RunScope {
  readonly options: RunOptions;
  readonly secrets: Secrets;
  emit(event: RunEvent): void;
  /** Keeps the error for whoever must hear of a bug. */
  tellBug(error: unknown): void;
}

/** What all steps of a flow share. */
export interface FlowScope {
  readonly run: RunScope;
  readonly clock: Clock;
  readonly plan: FlowPlan;
  readonly index: number;
  readonly facts: RunFacts;
  readonly random: Random;
  readonly resources: OwnedResources;
  readonly replay: Replay | undefined;
  readonly stops: Stops;
  readonly preparation: Preparation;
  readonly beforeSteps: BeforeSteps;
  /** Names whose values are secret; grows with what is captured. */
  readonly secretNames: Set<string>;
  /** Steps that did not pass: their results may lack what they have when all is well. */
  readonly brokenIds: Set<string>;
  /** Makes the services of one evaluation stream: its random values depend on the stream only. */
  createHost(stream: string): Host;
  /** Keeps a value for a later run of this step by itself. */
  remember(address: string, key: string, value: Value): void;
  /** Whether the step runs without those before it. */
  isReplayed(step: StepPlan): boolean;
}
