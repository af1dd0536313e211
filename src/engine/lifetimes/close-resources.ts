import type { OwnedResources } from './resources.ts';
import type { SessionServices } from './services.ts';

const CLOSE_MS = 5000;
/** How long closing may take once everything is to end at once. */
const HURRIED_CLOSE_MS = 250;

/** Closes what is open for a lifetime; what could not be closed is a warning that begins with its owner. */
export async function closeResources(
  { clock, stops, emit }: Pick<SessionServices, 'clock' | 'stops' | 'emit'>,
  resources: OwnedResources,
  owner: string,
): Promise<void> {
  for (const failure of await resources.closeAll(stops.undo.reason ? HURRIED_CLOSE_MS : CLOSE_MS)) {
    emit({ type: 'run_noted', at: clock.now(), level: 'warning', text: `${owner}: ${failure}` });
  }
}
