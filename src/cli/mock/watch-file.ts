import type { Clock } from '../../model/action/resources.ts';
import { identifyFile } from '../../util/file-state.ts';

/** How often the file is looked at, ms. */
const LOOK_MS = 200;

/**
 * Calls back whenever a file is another than it was, or one of those that it names, until the function that it gives is called. It
 * looks again and again, for what systems report of changes differs with file system, mount and the way in which editors save.
 */
export function watchFile(
  path: string,
  { before, named, clock }: { before: string; named: () => readonly string[]; clock: Pick<Clock, 'after'> },
  call: () => void,
): () => void {
  const seen = new Map([[path, before]]);
  /** A file that is named now, and was not before, is no other than it was. */
  const hasChanged = (file: string): boolean => {
    const now = identifyFile(file);
    const known = seen.get(file) ?? now;
    seen.set(file, now);
    return now !== known;
  };
  const lookAll = (): boolean => [path, ...named()].map(hasChanged).includes(true);
  for (const file of named()) hasChanged(file);
  const look = (): void => {
    const isOther = lookAll();
    cancel = clock.after(LOOK_MS, look);
    if (isOther) call();
  };
  let cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
