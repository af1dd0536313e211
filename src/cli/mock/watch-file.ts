import { type BigIntStats, statSync } from 'node:fs';
import type { Clock } from '../../model/action/resources.ts';

/** How often the file is looked at, ms. */
const LOOK_MS = 200;

/** What a file is now, for `watchFile` to compare with. */
export function identify(path: string): string {
  const stats: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : '';
}

/**
 * Calls back whenever a file is another than it was, until the function that it gives is called. It looks again and again, for
 * what systems report of changes differs with file system, mount and the way in which editors save.
 */
export function watchFile(
  path: string,
  { before, clock }: { before: string; clock: Pick<Clock, 'after'> },
  call: () => void,
): () => void {
  let seen = before;
  const look = (): void => {
    const now = identify(path);
    cancel = clock.after(LOOK_MS, look);
    if (now === seen) return;
    seen = now;
    call();
  };
  let cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
