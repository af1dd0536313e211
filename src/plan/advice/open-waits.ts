import type { OpenWait } from '../../model/plan.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';
import type { CalledFlow, PlannedStep } from '../read/context.ts';
import { type OutsideNames, OwnValues } from './own-values.ts';

/** The waits that what another flow causes may satisfy: nothing that they are found by is a value of this flow alone. */
export function listOpenWaits(flow: CalledFlow, outside: OutsideNames): readonly OpenWait[] {
  const all = listSteps(listPhases(flow), childrenAndCleanups);
  if (!all.some(({ foresight: { awaited, seesOthers } }) => awaited ?? seesOthers)) return [];
  const own = new OwnValues(flow, outside);
  return listSteps(listPhases(flow), belowOwn).flatMap((step): readonly OpenWait[] => {
    if (step.skip !== undefined || step.isBroken) return [];
    if (step.calls) return listOpenWaits(step.calls, { ...outside, ownInputs: listOwnInputs(step, own) });
    const { awaited: { ownBy, toOwn } = {}, seesOthers } = step.foresight;
    const help = seesOthers ?? toOwn ?? '';
    const isOpen = seesOthers !== undefined || (ownBy !== undefined && ownBy !== true && !own.has(ownBy));
    return isOpen ? [{ address: step.address, span: step.span, help }] : [];
  });
}

/** What is below a step, but for a flow that it calls. */
function belowOwn(step: PlannedStep): readonly PlannedStep[] {
  return step.calls ? (step.cleanup ?? []) : childrenAndCleanups(step);
}

/** The names to which a call gives a value of the calling flow's own. */
function listOwnInputs({ action, authored }: PlannedStep, own: OwnValues): ReadonlySet<string> {
  const setting = action.control?.calls?.input;
  const inputs = setting === undefined ? {} : Object(Object(authored)[setting]);
  return new Set(Object.keys(inputs).filter((name) => own.has(inputs[name])));
}
