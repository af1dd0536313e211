import type { NameRef } from '../../model/plan.ts';
import type { PlannedStep } from '../read/context.ts';

/** Checks the names of what watches at two times, around the check of what it watches: those that it prepares itself with come before. */
export function checkWatched(
  watches: readonly PlannedStep[] = [],
  checkRef: (ref: NameRef, watch: PlannedStep) => void,
  checkInside: () => void,
): void {
  const checkNames = (areEarly: boolean): void => {
    for (const watch of watches)
      for (const ref of watch.ownNeeds) if (isEarly(watch, ref) === areEarly) checkRef(ref, watch);
  };
  checkNames(true);
  checkInside();
  checkNames(false);
}

function isEarly({ action }: PlannedStep, { setting = '' }: NameRef): boolean {
  return action.preparation?.settings?.includes(setting) ?? true;
}
