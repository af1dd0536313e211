import type { OpenWait } from '../../model/plan.ts';
import {
  childrenAndCleanups,
  listPhases,
  listSteps,
  listWatches,
  ownChildrenAndCleanups,
} from '../../model/walk-steps.ts';
import type { CalledFlow, PlannedStep } from '../read/context.ts';
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
      const { awaited: { ownBy, toOwn } = {}, seesOthers } = step.foresight;
      const help = seesOthers ?? toOwn ?? '';
      const isOpen =
        seesOthers !== undefined ||
        (ownBy !== undefined && ownBy !== true && !own.identifies(ownBy, listBesides(step)));
      return isOpen ? [{ address: step.address, span: step.span, help }] : [];
    },
  );
}

/** The names of what is awaited, in the settings of a step that are expressions. */
function listBesides({ action }: PlannedStep): ReadonlySet<string> {
  return new Set(Object.values(action.settings.expressions ?? {}).flatMap((names) => (names === 'child' ? [] : names)));
}
