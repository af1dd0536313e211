import type { ConstantArrivalExecutor, RampingArrivalExecutor, ScenarioPlan } from '../../model/load/load-plan.ts';
import { listArrivals } from '../executors/arrivals.ts';
import { lengthOf, poolOf } from '../executors/extent.ts';
import { endOfGrace, letOthersIn, type ScenarioIo, waitUntil } from './scenario-io.ts';
import type { VirtualUser } from './virtual-user.ts';

/** What has not begun so long after the scenario's end does not begin any more: a generator that is too slow ends even so. */
const LATE_MS = 1000;

/** Iterations that begin when they are to, whether others are over or not; one that finds no free virtual user is dropped. */
export async function runArrivals(
  { gracefulStopMs }: ScenarioPlan,
  executor: ConstantArrivalExecutor | RampingArrivalExecutor,
  io: ScenarioIo,
): Promise<void> {
  const startedAt = io.clock.monotonic();
  const pool = new UserPool(poolOf(executor, io.slice), io);
  const endsAt = startedAt + lengthOf(executor);
  await beginAll(listArrivals(executor, io.slice), { startedAt, endsAt, pool, io });
  await waitUntil(io, endsAt);
  await pool.end(gracefulStopMs);
}

export interface ArrivalsAbout {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly pool: UserPool;
  readonly io: ScenarioIo;
  /** Whether no more is wanted. */
  isOver?(): boolean;
}

/** Begins iterations at their times, ms from the start, until none is left or none is wanted. */
export async function beginAll(arrivals: Iterable<number>, about: ArrivalsAbout): Promise<void> {
  const { startedAt, endsAt, pool, io } = about;
  const { clock, stop } = io;
  let knownUntil = Number.NEGATIVE_INFINITY;
  let [begun, begunBefore] = [0, 0];
  for (const atMs of arrivals) {
    const intendedAt = startedAt + atMs;
    if (intendedAt > knownUntil) {
      // All that is due begins in one go, then everybody else has a turn, however late it is.
      io.onBehind(begun - begunBefore, begun);
      begunBefore = begun;
      await waitExactly(io, intendedAt, atMs);
      knownUntil = clock.monotonic();
    }
    if (stop.asked || about.isOver?.()) return;
    io.onLag(Math.max(0, clock.monotonic() - intendedAt));
    const isTooLate = clock.monotonic() > endsAt + LATE_MS;
    if (isTooLate || !pool.begin(intendedAt)) io.onDropped(1);
    begun += 1;
  }
  io.onBehind(begun - begunBefore, begun);
}

/** A timer is so late, at the most that is usual. */
const TIMER_MS = 1.5;
/** From then on so little is less than 1 % of the plan. */
const TIMERS_FROM_MS = 150;

async function waitExactly(io: ScenarioIo, intendedAt: number, atMs: number): Promise<void> {
  const { clock, stop } = io;
  const ms = intendedAt - clock.monotonic();
  if (ms > 0 && (ms > TIMER_MS || atMs > TIMERS_FROM_MS)) return waitUntil(io, intendedAt);
  do await letOthersIn();
  while (clock.monotonic() < intendedAt && !stop.asked);
}

/** The virtual users of a rate. */
export class UserPool {
  readonly #io: ScenarioIo;
  readonly #most: number;
  readonly #free: VirtualUser[] = [];
  readonly #busy = new Map<VirtualUser, Promise<void>>();
  #count: number;

  constructor([first, most]: readonly [number, number], io: ScenarioIo) {
    this.#io = io;
    this.#most = most;
    this.#count = first;
    io.onUsers({ there: first });
    for (let count = 0; count < first; count++) this.#free.push(io.openUser());
  }

  /** Lets a free virtual user begin; gives whether there is one. */
  begin(intendedAt: number): boolean {
    const user = this.#free.pop() ?? this.#openAnother();
    if (!user) return false;
    this.#io.onUsers({ active: 1 });
    const run = user.iterate(intendedAt).then(async (end) => {
      this.#io.onUsers({ active: -1 });
      if (end === 'interrupted') await this.#replace(user);
      else this.#free.push(user);
      this.#busy.delete(user);
    });
    this.#busy.set(user, run);
    return true;
  }

  /** Waits for the iterations that run, and ends them when the grace is over; gives how many it ended. */
  async settle(graceMs: number): Promise<number> {
    let interrupted = 0;
    const interrupt = (): void => {
      interrupted = this.#busy.size;
      for (const user of this.#busy.keys()) user.interrupt(endOfGrace('gracefulStop', graceMs));
    };
    const cancel = this.#busy.size > 0 ? this.#io.clock.after(graceMs, interrupt) : undefined;
    await Promise.all(this.#busy.values());
    cancel?.();
    return interrupted;
  }

  async end(graceMs: number): Promise<void> {
    await this.settle(graceMs);
    await Promise.all(this.#free.map((user) => user.close()));
  }

  /** After an interruption nobody goes on with it. */
  async #replace(user: VirtualUser): Promise<void> {
    this.#count--;
    this.#io.onUsers({ there: -1 });
    await user.close();
  }

  #openAnother(): VirtualUser | undefined {
    if (this.#count >= this.#most) return undefined;
    this.#count++;
    this.#io.onUsers({ there: 1 });
    return this.#io.openUser();
  }
}
