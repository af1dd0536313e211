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
      return await attempt();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== lastReason) log.info({ reason }, `waiting for ${what}`);
      lastReason = reason;
    }
    await sleep(200, undefined, { signal });
  }
}
