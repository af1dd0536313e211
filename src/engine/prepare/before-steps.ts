import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listSteps, toPlanAddress } from '../../model/walk-steps.ts';
import { countShared, placeBeside } from '../names/addresses.ts';
import type { Preparation } from './preparation.ts';

/** A run of a step that waits for what another one causes. */
export interface WaitingStep {
  readonly step: StepPlan;
  readonly address: string;
  readonly preparation: Preparation;
}

/** What is to be called right before steps: lookups of those that wait for what a step causes. */
export interface BeforeSteps {
  /** Registers a call before each attempt of the step with this id: the nearest one, the waiting step's phase first. */
  add(waiting: WaitingStep, id: string, call: () => Promise<void>): void;
  /** Calls what was registered for this run of a step; what goes wrong is kept for the waiting step. */
  call(address: string): Promise<void> | undefined;
}

interface Waiting extends WaitingStep {
  readonly call: () => Promise<void>;
}

/** Makes the hooks of a flow. A step that registers again for the same id replaces its earlier call. */
export function createBeforeSteps(plan: Pick<FlowPlan, 'setup' | 'steps' | 'teardown'>): BeforeSteps {
  const waitingByAddress = new Map<string, Map<string, Waiting>>();
  return {
    add(waiting, id, call) {
      const step = findStep(plan, waiting, id);
      if (!step) return;
      const address = placeBeside(step.address, waiting.address);
      const calls = waitingByAddress.get(address) ?? new Map<string, Waiting>();
      waitingByAddress.set(address, calls.set(waiting.address, { ...waiting, call }));
    },
    call(address) {
      if (waitingByAddress.size === 0) return undefined;
      const calls = waitingByAddress.get(address) ?? waitingByAddress.get(toPlanAddress(address));
      return calls && callAll(calls.values());
    },
  };
}

async function callAll(calls: Iterable<Waiting>): Promise<void> {
  for (const { step, preparation, call } of calls) {
    try {
      await call();
    } catch (error) {
      preparation.errors.set(step, error);
    }
  }
}

function findStep(
  plan: Pick<FlowPlan, 'setup' | 'steps' | 'teardown'>,
  { step: waiting, address }: WaitingStep,
  id: string,
): StepPlan | undefined {
  const phases = [plan[waiting.phase], plan.steps, plan.setup, plan.teardown];
  for (const steps of phases) {
    const found = listSteps(steps).filter((step) => step.id === id);
    if (found.length > 0)
      return found.sort((a, b) => countShared(b.address, address) - countShared(a.address, address))[0];
  }
  return undefined;
}
