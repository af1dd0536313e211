import type { Value } from '../expr/index.ts';
import type { PrepareIo } from '../model/action.ts';
import type { Replay } from '../model/inputs.ts';
import type { StepPlan } from '../model/plan.ts';
import { toPlanAddress } from './addresses.ts';
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
    recall: (key) => recall(scope.replay, address, key),
    isReplay: scope.isReplayed(step),
    beforeStep: (id, call) => scope.beforeSteps.add({ step, address, preparation }, id, call),
  };
}

/** What the record has for this round of a loop, or for the loop as a whole. */
function recall(replay: Replay | undefined, address: string, key: string): Value | undefined {
  return replay?.memory.get(address)?.get(key) ?? replay?.memory.get(toPlanAddress(address))?.get(key);
}
