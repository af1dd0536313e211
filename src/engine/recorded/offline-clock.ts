import type { Clock } from '../../model/action/resources.ts';

/** The clock of a run that waits for nobody: a sleep is over at once, and as much later as it was to last. */
export function createOfflineClock(clock: Clock): Clock {
  let sleptMs = 0;
  return {
    now: () => clock.now() + sleptMs,
    monotonic: () => clock.monotonic() + sleptMs,
    cpuMs: () => clock.cpuMs(),
    async sleep(ms, signal) {
      if (signal?.aborted) throw signal.reason;
      sleptMs += ms;
    },
    after: (ms, call) => clock.after(ms, call),
  };
}
