import type { PrepareIo } from '../model/action.ts';
import type { StepPlan } from '../model/plan.ts';
import type { FlowScope } from './run-scope.ts';

export interface PrepareIoOptions {
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Makes what an action may touch before its step runs. */
export function createPrepareIo(scope: FlowScope, step: StepPlan, { timeoutMs, signal }: PrepareIoOptions): PrepareIo {
  return {
    address: step.address,
    clock: scope.clock,
    signal,
    resources: scope.resources,
    facts: scope.facts,
    timeoutMs,
    isConditional: scope.preparation.conditional.has(step),
    remember: (key, value) => scope.remember(step.address, key, value),
    recall: (key) => scope.replay?.memory.get(step.address)?.get(key),
    isReplay: scope.isReplayed(step),
    beforeStep: (id, call) => scope.beforeSteps.add(step, id, call),
  };
}
