/** Pieces of work that may run beside each other. */
export interface LimitedWork {
  readonly count: number;
  /** How many at a time. */
  readonly limit: number;
  readonly run: (index: number) => Promise<void>;
  /** Whether no further one is to be started. */
  readonly isOver: () => boolean;
}

/** Runs work in order, a limited number at a time; gives how many were started. */
export async function runLimited({ count, limit, run, isOver }: LimitedWork): Promise<number> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count && !isOver()) await run(next++);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, count)) }, work));
  return next;
}
