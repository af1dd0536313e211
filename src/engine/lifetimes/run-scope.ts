import type { Host, Value } from '../../expr/index.ts';
import type { RunFacts } from '../../model/action/io.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { RunEvent } from '../../model/events.ts';
import type { FlowInputs, Replay } from '../../model/inputs.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import type { Secrets } from '../events/secrets.ts';
import type { Locals } from '../names/locals.ts';
import type { Random } from '../names/random.ts';
import type { BeforeSteps } from '../prepare/before-steps.ts';
import type { Preparation } from '../prepare/preparation.ts';
import type { Stops } from '../stop/stops.ts';
import type { CalledEnd, FlowCall } from './called.ts';
import type { OwnedResources } from './resources.ts';
import type { RunOptions } from './run-options.ts';

/** What all flows of a run share. */
export interface RunScope {
  readonly options: RunOptions;
  readonly secrets: Secrets;
  /** What lives as long as the run. */
  readonly resources: OwnedResources;
  emit(event: RunEvent): void;
  /** Services for the functions of flows in a directory: always the same object, for a prototype costs V8 more than what has it. */
  servicesFor(directory: string): Readonly<Record<string, unknown>>;
  /** Runs a flow that a step of another calls. */
  callFlow(around: FlowScope, call: FlowCall): Promise<CalledEnd>;
  /** Keeps the error for whoever must hear of a bug. */
  tellBug(error: unknown): void;
}

/** Steps that undo what a step did. */
export interface PendingCleanup {
  readonly step: StepPlan;
  /** Of the run of the step that is to be undone. */
  readonly address: string;
  readonly locals: Locals | undefined;
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
  /** What lives as long as the session that the flow belongs to: here one flow's, those included that it calls. */
  readonly session: OwnedResources;
  readonly replay: Replay | undefined;
  readonly stops: Stops;
  /** Of a flow that is called: the phase of the run's flow that the call belongs to. */
  readonly calledIn: Phase | undefined;
  /** Of its steps: 0, or deeper in the flow that calls this one. */
  readonly depth: number;
  /** Addresses of the steps that were told of; kept only where chosen steps run. */
  readonly told: Set<string> | undefined;
  /** What is to be undone in teardown, in the order in which it was done; undefined when teardown does not run. */
  readonly cleanups: PendingCleanup[] | undefined;
  /** What was captured by lists of steps that then failed: for teardown alone. */
  readonly leftovers: Map<string, Value>;
  /** Values from outside for a flow that is called. */
  readonly inputsOf: (plan: FlowPlan) => FlowInputs;
  readonly preparation: Preparation;
  readonly beforeSteps: BeforeSteps;
  /** Names whose values are secret; grows with what is captured. */
  readonly secretNames: Set<string>;
  /** Steps that did not pass: their results may lack what they have when all is well. */
  readonly brokenIds: Set<string>;
  /** Makes the services of one evaluation stream: its random values depend on the stream only. */
  createHost(stream: string): Host;
  /** What addresses of its steps begin with: empty, or that of the step that calls the flow and `>`. */
  readonly prefix: string;
  /** The address of a step of this flow: in a flow that is called, below the step that calls it. */
  addressOf(step: StepPlan): string;
  /** Keeps a value for a later run of this step by itself. */
  remember(address: string, key: string, value: Value): void;
  /** Whether the step runs without those before it. */
  isReplayed(step: StepPlan): boolean;
}
