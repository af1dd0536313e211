/** Pieces of work of which some must not meet. */
export interface SerialWork {
  readonly count: number;
  /** How many run at a time. */
  readonly workers: number;
  /** The groups that a piece belongs to: no two of one group run at the same time. */
  readonly groupsOf: (index: number) => readonly string[];
  readonly run: (index: number) => Promise<void>;
}

/** Runs all of it, in order but for pieces that have to wait for another of their group. */
export async function runSerially({ count, workers, groupsOf, run }: SerialWork): Promise<void> {
  const waiting = Array.from({ length: count }, (_, index) => index);
  const running = new Set<Promise<void>>();
  const busy = new Set<string>();
  while (waiting.length > 0 || running.size > 0) {
    const position = running.size < Math.max(1, workers) ? findFree(waiting, groupsOf, busy) : -1;
    if (position === -1) {
      await Promise.race(running);
      continue;
    }
    const [index = 0] = waiting.splice(position, 1);
    const groups = groupsOf(index);
    for (const group of groups) busy.add(group);
    const work = run(index).finally(() => {
      for (const group of groups) busy.delete(group);
      running.delete(work);
    });
    running.add(work);
  }
}

function findFree(waiting: readonly number[], groupsOf: SerialWork['groupsOf'], busy: ReadonlySet<string>): number {
  return waiting.findIndex((index) => groupsOf(index).every((group) => !busy.has(group)));
}
