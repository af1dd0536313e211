import type { ActionIo } from '../../model/action/io.ts';
import type { SeenEffect } from './effect.ts';

/** Keeps what was seen for whoever wants it while the flow lasts. */
export async function noteSeen(seen: readonly SeenEffect[], io: Pick<ActionIo, 'resources'>): Promise<void> {
  (await openSeenEffects(io)).push(...seen);
}

/** What `effects` saw in this flow so far, with the verdict of each: `expected` and `unexpected` are the flow's. */
export function openSeenEffects({ resources }: Pick<ActionIo, 'resources'>): Promise<SeenEffect[]> {
  return resources.open('effects:seen', async () => ({ value: [], close: async () => undefined }));
}
