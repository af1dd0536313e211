import type { PrepareIo } from '../model/action.ts';
import type { StepPlan } from '../model/plan.ts';
import type { Preparation } from './preparation.ts';
import type { FlowScope } from './run-scope.ts';

export interface PrepareIoOptions {
  /** Of this run of the step. */
  readonly address: string;
  readonly preparation: Preparation;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Makes what an action may touch before its step runs. */
export function createPrepareIo(scope: FlowScope, step: StepPlan, options: PrepareIoOptions): PrepareIo {
  const { address, preparation, timeoutMs, signal } = options;
  return {
    address,
    clock: scope.clock,
    signal,
    resources: scope.resources,
    facts: scope.facts,
    timeoutMs,
    isConditional: preparation.conditional.has(step),
    remember: (key, value) => scope.remember(address, key, value),
    recall: (key) => scope.replay?.memory.get(address)?.get(key),
    isReplay: scope.isReplayed(step),
    beforeStep: (id, call) => scope.beforeSteps.add({ step, address, preparation }, id, call),
  };
}
