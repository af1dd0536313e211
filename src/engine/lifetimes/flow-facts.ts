import type { RunFacts } from '../../model/action/io.ts';
import type { FlowInputs, Replay } from '../../model/inputs.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';

/** What is known of a flow's execution from its beginning, and never changes. */
export interface FlowFacts {
  readonly plan: FlowPlan;
  /** Position of the run's flow, from 0; that of the caller in a flow that is called. */
  readonly index: number;
  readonly run: RunFacts;
  readonly replay: Replay | undefined;
  /** Of a flow that is called: the phase of the run's flow that the call belongs to. */
  readonly calledIn: Phase | undefined;
  /** Of its steps: 0, or deeper in the flow that calls this one. */
  readonly depth: number;
  /** What addresses of its steps begin with: empty, or that of the step that calls the flow and `>`. */
  readonly prefix: string;
  /** Values from outside for a flow that is called. */
  inputsOf(plan: FlowPlan): FlowInputs;
  /** The address of a step of this flow: in a flow that is called, below the step that calls it. */
  addressOf(step: StepPlan): string;
  /** Whether the step runs without those before it. */
  isReplayed(step: StepPlan): boolean;
}
