import type { FlowPlan, StepPlan } from '../model/plan.ts';

/** What is to be called right before steps: lookups of those that wait for what a step causes. */
export interface BeforeSteps {
  /** Registers a call before each attempt of the step with this id, the waiting step's phase first. */
  add(waiting: StepPlan, id: string, call: () => Promise<void>): void;
  /** Calls what was registered for the step; one that throws makes `fail` hear of the waiting step. */
  call(step: StepPlan, fail: (waiting: StepPlan, error: unknown) => void): Promise<void>;
}

/** Makes the hooks of a flow. A step that registers again for the same id replaces its earlier call. */
export function createBeforeSteps(plan: FlowPlan): BeforeSteps {
  const callsByStep = new Map<StepPlan, Map<StepPlan, () => Promise<void>>>();
  return {
    add(waiting, id, call) {
      const step = findStep(plan, waiting, id);
      if (!step) return;
      const calls = callsByStep.get(step) ?? new Map<StepPlan, () => Promise<void>>();
      callsByStep.set(step, calls.set(waiting, call));
    },
    async call(step, fail) {
      const calls = callsByStep.get(step);
      if (!calls) return;
      for (const [waiting, call] of calls) {
        try {
          await call();
        } catch (error) {
          fail(waiting, error);
        }
      }
    },
  };
}

function findStep(plan: FlowPlan, waiting: StepPlan, id: string): StepPlan | undefined {
  const phases = [plan[waiting.phase], plan.steps, plan.setup, plan.teardown];
  for (const steps of phases) {
    const found = listSteps(steps).find((step) => step.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Steps with all that are nested in them, in the order written. */
export function listSteps(steps: readonly StepPlan[]): readonly StepPlan[] {
  if (steps.every((step) => step.children.length === 0)) return steps;
  return steps.flatMap((step) => [step, ...listSteps(step.children)]);
}
