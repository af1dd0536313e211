import { cpuUsage, hrtime } from 'node:process';
import type { Clock } from '../../model/action/resources.ts';

const LONGEST_TIMER_MS = 2_147_483_647;

/** The real time; the one place that knows timers. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: readMonotonic,
    cpuMs: readCpu,
    sleep: (ms, signal) => sleepUntil(startTimer, ms, signal),
    after: startTimer,
  };
}

/** The first use of the global `performance` would load a module of Node that nothing else needs. */
function readMonotonic(): number {
  const time = hrtime();
  return time[0] * 1000 + time[1] / 1_000_000;
}

function readCpu(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** Sleeps with any kind of timer; rejects with the signal's reason when it is aborted. */
export function sleepUntil(after: Clock['after'], ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', wake);
      resolve();
    });
    function wake(): void {
      cancel();
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', wake, { once: true });
  });
}

function startTimer(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
}
