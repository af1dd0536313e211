import type { Skip } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { CalledEnd, FlowCall } from '../lifetimes/called.ts';
import type { CalledFlows } from '../lifetimes/called-flows.ts';
import type { Context } from '../names/context.ts';
import type { Preparer } from '../prepare/preparer.ts';
import type { Pauses } from './pauses.ts';
import type { Frame, StepEnd } from './step-types.ts';

/** Runs the steps of one execution of a flow: what lists and controls use of it. */
export interface RunsSteps {
  readonly preparer: Preparer;
  readonly called: CalledFlows;
  /** Holds lists of steps, where somebody goes through them. */
  readonly pauses: Pauses | undefined;
  /** Runs a step with all its attempts. */
  run(step: StepPlan, frame: Frame): Promise<StepEnd>;
  /** Reports that a step does not run. */
  skip(step: StepPlan, frame: Frame, why: Skip): StepEnd;
  /** Why a step of teardown has nothing to do: it needs what nobody captured. */
  findMissing(step: StepPlan, context: Context): Skip | undefined;
  /** Runs the flow that a step calls. */
  callFlow(call: FlowCall): Promise<CalledEnd>;
}
