/** Pieces of work of which some must not meet. */
export interface SerialWork {
  readonly count: number;
  /** How many run at a time. */
  readonly workers: number;
  /** The groups that a piece belongs to, asked once: no two of one group run at the same time. */
  readonly groupsOf: (index: number) => readonly string[];
  /** Whether nothing else runs beside a piece: those before it end first, and those after it wait. */
  readonly isAlone: (index: number) => boolean;
  readonly run: (index: number) => Promise<void>;
}

interface Piece {
  readonly index: number;
  readonly groups: readonly string[];
  readonly isAlone: boolean;
}

/** Runs all of it, in order but for pieces that have to wait for another of their group. */
export async function runSerially({ count, workers, groupsOf, isAlone, run }: SerialWork): Promise<void> {
  const waiting = Array.from(
    { length: count },
    (_, index): Piece => ({ index, groups: groupsOf(index), isAlone: isAlone(index) }),
  );
  const running = new Set<Promise<void>>();
  const busy = new Set<string>();
  let places = Math.max(1, workers);
  while (waiting.length > 0 || running.size > 0) {
    const position = running.size < places ? findFree(waiting, busy, running.size === 0) : -1;
    const [next] = position === -1 ? [] : waiting.splice(position, 1);
    if (!next) {
      await Promise.race(running);
      continue;
    }
    const { index, groups } = next;
    places = next.isAlone ? 1 : Math.max(1, workers);
    for (const group of groups) busy.add(group);
    const work = run(index).finally(() => {
      for (const group of groups) busy.delete(group);
      running.delete(work);
    });
    running.add(work);
  }
}

/** The first that may start; one that runs alone holds back those behind it, so that it follows and precedes the same ones as without workers. */
function findFree(waiting: readonly Piece[], busy: ReadonlySet<string>, isIdle: boolean): number {
  const alone = waiting.findIndex((piece) => piece.isAlone);
  const free = waiting.findIndex(({ groups }) => groups.every((group) => !busy.has(group)));
  if (alone === -1 || free < alone) return free;
  return isIdle ? alone : -1;
}
