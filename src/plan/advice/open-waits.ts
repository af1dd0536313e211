import type { OpenWait } from '../../model/plan.ts';
import {
  childrenAndCleanups,
  listPhases,
  listSteps,
  listWatches,
  ownChildrenAndCleanups,
} from '../../model/walk-steps.ts';
import type { CalledFlow } from '../read/context.ts';
import { type OutsideNames, OwnValues } from './own-values.ts';

/** The waits that what another flow causes may satisfy: nothing that they are found by is a value of this flow alone. */
export function listOpenWaits(flow: CalledFlow, outside: OutsideNames): readonly OpenWait[] {
  const all = [...listSteps(listPhases(flow), childrenAndCleanups), ...listWatches(flow)];
  if (!all.some(({ foresight: { awaited, seesOthers } }) => awaited ?? seesOthers)) return [];
  const own = new OwnValues(flow, outside);
  return [...listSteps(listPhases(flow), ownChildrenAndCleanups), ...listWatches(flow)].flatMap(
    (step): readonly OpenWait[] => {
      if (step.skip !== undefined || step.isBroken) return [];
      if (step.calls) return listOpenWaits(step.calls, { ...outside, inputs: own.listInputs(step) });
      const { awaited, seesOthers } = step.foresight;
      const help = seesOthers ?? awaited?.toOwn ?? '';
      const isOpen = seesOthers !== undefined || (awaited !== undefined && !own.awaits(step));
      return isOpen ? [{ address: step.address, span: step.span, help }] : [];
    },
  );
}
