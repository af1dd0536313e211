import { cpuUsage, hrtime } from 'node:process';
import type { Clock } from '../../model/action/resources.ts';
import { TimerQueue } from './timer-queue.ts';

const LONGEST_TIMER_MS = 2_147_483_647;
/** From this on a time is a limit, which is mostly not reached. */
const SHORTEST_LIMIT_MS = 1000;
/** Many steps have the same few limits. */
const MOST_QUEUES = 16;

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

const queues = new Map<number, TimerQueue>();

function startTimer(ms: number, call: () => void): () => void {
  const queue = ms >= SHORTEST_LIMIT_MS && ms <= LONGEST_TIMER_MS && Number.isInteger(ms) ? findQueue(ms) : undefined;
  return queue ? queue.add(call) : startOwnTimer(ms, call);
}

function startOwnTimer(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
}

/** Undefined where there are as many as there may be. */
function findQueue(ms: number): TimerQueue | undefined {
  let queue = queues.get(ms);
  if (!queue && queues.size < MOST_QUEUES) {
    queue = new TimerQueue({ ms, now: readMonotonic, start: startOwnTimer });
    queues.set(ms, queue);
  }
  return queue;
}
