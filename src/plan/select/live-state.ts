import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listPhases, listSteps, toPlanAddress } from '../../model/walk-steps.ts';

/**
 * Whether steps, or those before them, work on what ends with the flow and no record keeps: stubs and what these were asked, proxies
 * and their faults, services that were stopped. Alone such a step would do something else.
 */
export function needsLiveState(flow: FlowPlan, addresses: readonly string[]): boolean {
  const steps = listSteps(listPhases(flow));
  const plain = new Set(addresses.map((address) => toPlanAddress(address)));
  const last = steps.findLastIndex(({ address }) => plain.has(address));
  const before = last === -1 ? steps : steps.slice(0, last + 1);
  const uses = flow.companionUses ?? [];
  return before.some(isLive) || uses.some(({ kind, variable }) => kind !== 'service' && variable === undefined);
}

function isLive({ action }: StepPlan): boolean {
  return action.result.started !== undefined || action.traits?.isAlone === true;
}
