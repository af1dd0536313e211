import type { FindCapacityExecutor, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { CapacityBook } from '../capacity/capacity-book.ts';
import { RateSearch } from '../capacity/rate-search.ts';
import { listArrivals } from '../executors/arrivals.ts';
import { poolOf } from '../executors/extent.ts';
import { beginAll, UserPool } from './run-arrivals.ts';
import { type ScenarioIo, waitUntil } from './scenario-io.ts';

/** How often it is looked which threshold gives way first. */
const LOOKS_EACH_HOLD = 20;

/** Keeps one rate after another until the highest is known at which the thresholds hold. Nothing of one rate reaches into the next. */
export async function runCapacity(
  { gracefulStopMs }: ScenarioPlan,
  executor: FindCapacityExecutor,
  io: ScenarioIo,
): Promise<void> {
  const { capacity, stop, clock } = io;
  if (!capacity) return;
  const { book, warmUntil } = capacity;
  const pool = new UserPool(poolOf(executor, io.slice), io);
  const warmMs = warmUntil - clock.monotonic();
  if (warmMs > 0) {
    await keepRate({ rate: executor.startRate, durationMs: warmMs }, { executor, pool, io });
    await pool.settle(gracefulStopMs);
  }
  const search = new RateSearch(executor);
  let rate = search.next();
  for (; rate !== undefined && !stop.asked; rate = search.next()) {
    const hold = book.begin(rate);
    const endLooks = lookOften(book, executor.holdMs / LOOKS_EACH_HOLD, io);
    await keepRate({ rate, durationMs: executor.holdMs }, { executor, pool, io, isOver: () => hold.isOver });
    endLooks();
    book.endArrivals();
    const unfinished = await pool.settle(gracefulStopMs);
    if (stop.asked) break;
    const found = hold.summarize(unfinished);
    book.note(found);
    search.note(rate, found.gaveWay?.by);
  }
  if (rate === undefined) book.finish();
  await pool.end(gracefulStopMs);
}

async function keepRate(
  { rate, durationMs }: Readonly<Record<'rate' | 'durationMs', number>>,
  about: { executor: FindCapacityExecutor; pool: UserPool; io: ScenarioIo; isOver?: () => boolean },
): Promise<void> {
  const { executor, pool, io, isOver = () => false } = about;
  const startedAt = io.clock.monotonic();
  const arrivals = listArrivals({ ...executor, kind: 'constant-arrival-rate', rate, durationMs }, io.slice);
  const endsAt = startedAt + durationMs;
  await beginAll(arrivals, { startedAt, endsAt, pool, io, isOver });
  if (!isOver()) await waitUntil(io, endsAt);
}

function lookOften(book: CapacityBook, everyMs: number, { clock }: ScenarioIo): () => void {
  let cancel: () => void = () => undefined;
  const look = (): void => {
    book.open?.look();
    cancel = clock.after(everyMs, look);
  };
  cancel = clock.after(everyMs, look);
  return () => cancel();
}
