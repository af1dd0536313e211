import { setFlagsFromString } from 'node:v8';
import { mostVusOf } from '../../load/executors/extent.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';

/** From so many on it is their iterations, not the program, that memory goes to. */
const MANY_USERS = 200;

/**
 * Has V8 collect sooner under many virtual users that pause. Those that wake together are all alive at once, so their iterations grow old before they
 * are over, and V8 by itself lets several times that pile up. Not without pauses: a small nursery costs a load that is never idle twice its CPU.
 */
export function keepHeapSmall(plan: LoadPlan): void {
  if (!isMostlyPausing(plan)) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}

/** Whether many virtual users pause, and all do. */
export function isMostlyPausing({ scenarios }: Pick<LoadPlan, 'scenarios'>): boolean {
  const users = scenarios.reduce((sum, { executor }) => sum + mostVusOf(executor), 0);
  return users >= MANY_USERS && scenarios.every(({ think, pacing }) => think !== undefined || pacing !== undefined);
}
