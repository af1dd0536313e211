import { sleepUntil } from '../../src/engine/lifetimes/clock.ts';
import type { Clock } from '../../src/model/action/resources.ts';

/** A clock that stands still until it is advanced. */
export interface FakeClock extends Clock {
  /** Lets time pass: calls what is due, in order, each at its time. */
  advance(ms: number): Promise<void>;
  /** Time passes and nothing is called, as when something keeps the event loop busy. */
  jump(ms: number): void;
  /** Lets time pass from timer to timer until the promise is settled; fails when nothing is left that could settle it. */
  finish<T>(promise: Promise<T>): Promise<T>;
  /** How many timers were ever started. */
  readonly timerCount: number;
  /** How many timers wait. */
  readonly pendingCount: number;
}

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly call: () => void;
}

/** Makes a clock that shows `startAt` (ms since 1970). */
export function createFakeClock(startAt = Date.UTC(2026, 0, 31, 10, 0, 0)): FakeClock {
  let elapsedMs = 0;
  let timerCount = 0;
  const timers = new Set<Timer>();

  const after = (ms: number, call: () => void): (() => void) => {
    const timer = { dueAt: elapsedMs + Math.max(0, ms), order: timerCount++, call };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const nextTimer = (): Timer | undefined => [...timers].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0];
  const fire = async (timer: Timer): Promise<void> => {
    timers.delete(timer);
    elapsedMs = Math.max(elapsedMs, timer.dueAt);
    timer.call();
    await settle();
  };

  return {
    now: () => startAt + elapsedMs,
    monotonic: () => elapsedMs,
    cpuMs: () => 0,
    sleep: (ms, signal) => sleepUntil(after, ms, signal),
    after,
    async advance(ms) {
      const endAt = elapsedMs + ms;
      await settle();
      for (let next = nextTimer(); next && next.dueAt <= endAt; next = nextTimer()) await fire(next);
      elapsedMs = endAt;
    },
    jump(ms) {
      elapsedMs += ms;
    },
    async finish(promise) {
      let isSettled = false;
      const done = (): void => {
        isSettled = true;
      };
      promise.then(done, done);
      await settle();
      while (!isSettled) {
        const next = nextTimer();
        if (!next) throw new Error('nothing is left that could settle the promise');
        await fire(next);
      }
      return promise;
    },
    get timerCount() {
      return timerCount;
    },
    get pendingCount() {
      return timers.size;
    },
  };
}

/** Lets everything go on that waits for nothing but other promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
