import type { OwnedResources } from './resources.ts';
import type { RunScope } from './run-scope.ts';

const CLOSE_MS = 5000;
/** How long closing may take once everything is to end at once. */
const HURRIED_CLOSE_MS = 250;

/** Closes what one lifetime opened; warns of what could not be closed, each behind `whose`. */
export async function closeOwned(run: RunScope, resources: OwnedResources, whose: string): Promise<void> {
  const { clock, interrupt } = run.options;
  for (const failure of await resources.closeAll(interrupt.hard.aborted ? HURRIED_CLOSE_MS : CLOSE_MS)) {
    run.emit({ type: 'run_noted', at: clock.now(), level: 'warning', text: `${whose}${failure}` });
  }
}
