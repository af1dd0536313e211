import type { RunFacts } from '../../model/action/io.ts';
import type { StepPosition } from '../../model/events.ts';
import type { FlowInputs, Replay } from '../../model/inputs.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import type { FlowTrace } from './flow-trace.ts';

/** What is known of a flow's execution from its beginning, and never changes. */
export interface FlowFacts {
  readonly plan: FlowPlan;
  /** Position of the run's flow, from 0; that of the caller in a flow that is called. */
  readonly index: number;
  readonly run: RunFacts;
  readonly trace: FlowTrace;
  readonly replay: Replay | undefined;
  /** Of a flow that is called: the phase of the run's flow that the call belongs to. */
  readonly calledIn: Phase | undefined;
  /** Of a flow that is called: the address of this run of the step that calls it. */
  readonly caller: string | undefined;
  /** Values from outside for a flow that is called. */
  inputsOf(plan: FlowPlan): FlowInputs;
  /** Where a step of this flow stands: in a flow that is called, below the step that calls it. */
  positionOf(step: StepPlan): StepPosition;
  /** Whether the step runs without those before it. */
  isReplayed(step: StepPlan): boolean;
}
