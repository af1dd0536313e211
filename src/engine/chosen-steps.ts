import type { Replay, Selection } from '../model/inputs.ts';
import type { Phase } from '../model/phase.ts';
import type { FlowPlan, StepPlan } from '../model/plan.ts';
import { listSteps } from './steps.ts';

export type ChosenSteps = Readonly<Record<Phase, readonly StepPlan[]>>;

/** The steps of a flow that run, by phase; of a control that is not chosen, its chosen children run by themselves. */
export function chooseSteps(plan: FlowPlan, selection: Selection | undefined): ChosenSteps {
  if (!selection) return plan;
  const { addresses, withSetup, withTeardown } = selection;
  return {
    setup: withSetup ? plan.setup : pickSteps(plan.setup, addresses),
    steps: pickSteps(plan.steps, addresses),
    teardown: withTeardown ? plan.teardown : pickSteps(plan.teardown, addresses),
  };
}

/**
 * The chosen steps that run without what caused what they wait for: those before which none but waiting steps run.
 * A step that runs after others waits for what these cause now, not for what a recorded run left.
 */
export function findReplayed(chosen: ChosenSteps, replay: Replay | undefined): ReadonlySet<StepPlan> {
  const replayed = new Set<StepPlan>();
  if (!replay) return replayed;
  for (const step of listSteps([...chosen.steps, ...chosen.teardown])) {
    replayed.add(step);
    if (step.children.length === 0 && !step.action.prepare) break;
  }
  return replayed;
}

function pickSteps(steps: readonly StepPlan[], addresses: ReadonlySet<string>): readonly StepPlan[] {
  return steps.flatMap((step) => (addresses.has(step.address) ? [step] : pickSteps(step.children, addresses)));
}
