import type { ReadySettings } from '../model/companions/service-plan.ts';
import type { ComposeRun } from './compose-run.ts';
import { createProbe, isTaken } from './ready.ts';

/** What runs already where a service is to be started. */
export interface Instance {
  /** `something else already answers at localhost:5432, and would be taken for it`. */
  readonly text: string;
  /** Why it cannot be used as the service; undefined when it can. */
  readonly fault?: string | undefined;
}

/** Looks for one: by its container, or by the address of `ready`. @throws Error when that cannot be asked */
export async function findInstance(
  ready: ReadySettings,
  compose: ComposeRun | undefined,
): Promise<Instance | undefined> {
  if (await compose?.isRunning()) return { text: 'its container runs already' };
  if (!(await isTaken(ready))) return undefined;
  const seen = await createProbe(ready)?.();
  const at = ready.http ?? ready.tcp;
  return {
    text: `something else already answers at ${at}, and would be taken for it`,
    fault: seen === undefined ? undefined : `${at} is not as \`ready\` says: ${seen}`,
  };
}

/** Whether a run is one of a CI server, which uses nothing that it finds. */
export function isContinuous({ CI = '' }: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase());
}
