import type { Value } from '../../expr/index.ts';
import type { CalledOutcome } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { Stop } from '../../stop/stop.ts';
import type { Frame, StepEnd } from '../run/step-types.ts';

/** A call of a flow by a step of another. */
export interface FlowCall {
  readonly step: StepPlan;
  readonly frame: Frame;
  readonly attempt: number;
  /** Highest precedence in the flow that is called. */
  readonly input: Readonly<Record<string, Value>>;
  /** Names that the call will give, and whose values are not known yet. */
  readonly unknown?: ReadonlySet<string> | undefined;
  /** Ends what runs in its setup and steps. */
  readonly stop: Stop;
}

/** What became of a flow that was called. */
export interface CalledEnd extends CalledOutcome {
  /** Of its setup and steps. */
  readonly ends: readonly { readonly step: StepPlan; readonly end: StepEnd }[];
  /** Of the flow itself: its variables, its time, its teardown. */
  readonly problems: readonly Problem[];
}
