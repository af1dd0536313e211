import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import type { Frame, StepEnd } from './step-types.ts';

/** Runs a step with all its attempts. */
export type RunStep = (scope: FlowScope, step: StepPlan, frame: Frame) => Promise<StepEnd>;

/** One attempt to be made. */
export interface AttemptOptions {
  readonly scope: FlowScope;
  readonly step: StepPlan;
  readonly frame: Frame;
  readonly attempt: number;
  readonly runStep: RunStep;
}
