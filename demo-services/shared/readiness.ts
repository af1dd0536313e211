import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/** What a service still waits for; it is ready when nothing is left. */
export interface Readiness {
  expect(what: string): void;
  fulfil(what: string): void;
  waitingFor(): string[];
  /** True from the first time that nothing was left. */
  hasBeenReady(): boolean;
}

export function createReadiness(): Readiness {
  const open = new Set<string>();
  let isOnceReady = false;
  return {
    expect: (what) => void open.add(what),
    fulfil(what) {
      open.delete(what);
      if (open.size === 0) isOnceReady = true;
    },
    waitingFor: () => [...open],
    hasBeenReady: () => isOnceReady,
  };
}

// an attempt on a connection that went silent may never end by itself
const attemptMs = 20_000;

/** Tries until it works or `signal` aborts; says once per kind of failure why it waits. */
export async function retry<T>(
  what: string,
  attempt: () => Promise<T>,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<T> {
  let lastReason = '';
  for (;;) {
    signal.throwIfAborted();
    try {
      return await limit(attempt());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== lastReason) log.info({ reason }, `waiting for ${what}`);
      lastReason = reason;
    }
    await sleep(200, undefined, { signal });
  }
}

async function limit<T>(attempt: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(attemptMs, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`no result within ${attemptMs} ms`);
  });
  try {
    return await Promise.race([attempt, late]);
  } finally {
    timer.abort();
  }
}
