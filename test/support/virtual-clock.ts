import type { Clock } from '../../src/model/action/resources.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass; what is due is called on the way. */
  pass(ms: number): void;
}

/** A clock that stands still but for sleeps and `pass`, so that long waits take no time; sleeps end `lateMs` late, as timers do. */
export function createVirtualClock(lateMs = 0): VirtualClock {
  let nowMs = 0;
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  const pass = (ms: number) => {
    const until = nowMs + ms;
    for (;;) {
      const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      timers.delete(due);
      nowMs = Math.max(nowMs, due.at);
      due.call();
    }
    nowMs = Math.max(nowMs, until);
  };
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    cpuMs: () => 0,
    async sleep(ms, signal) {
      if (signal?.aborted) throw signal.reason;
      pass(ms + lateMs);
      if (signal?.aborted) throw signal.reason;
    },
    after(ms, call) {
      const timer = { at: nowMs + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass,
  };
}
