/** Pieces of work of which some must not meet. */
export interface SerialWork {
  readonly count: number;
  /** How many run at a time. */
  readonly workers: number;
  /** The groups that a piece belongs to, asked once: no two of one group run at the same time. */
  readonly groupsOf: (index: number) => readonly string[];
  readonly run: (index: number) => Promise<void>;
}

/** Runs all of it, in order but for pieces that have to wait for another of their group. */
export async function runSerially({ count, workers, groupsOf, run }: SerialWork): Promise<void> {
  const waiting = Array.from({ length: count }, (_, index) => ({ index, groups: groupsOf(index) }));
  const running = new Set<Promise<void>>();
  const busy = new Set<string>();
  while (waiting.length > 0 || running.size > 0) {
    const position = running.size < Math.max(1, workers) ? findFree(waiting, busy) : -1;
    const [next] = position === -1 ? [] : waiting.splice(position, 1);
    if (!next) {
      await Promise.race(running);
      continue;
    }
    const { index, groups } = next;
    for (const group of groups) busy.add(group);
    const work = run(index).finally(() => {
      for (const group of groups) busy.delete(group);
      running.delete(work);
    });
    running.add(work);
  }
}

function findFree(waiting: readonly { groups: readonly string[] }[], busy: ReadonlySet<string>): number {
  return waiting.findIndex(({ groups }) => groups.every((group) => !busy.has(group)));
}
