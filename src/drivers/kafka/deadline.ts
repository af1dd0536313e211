import { createTimeoutError, formatPeers, type KafkaError, toKafkaError } from './errors.ts';
import type { KafkaClock, KafkaLimits, KafkaPeer } from './types.ts';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

export interface Persistence {
  readonly clock: KafkaClock;
  readonly limits: KafkaLimits;
  readonly peers: readonly KafkaPeer[];
  /** How long nothing but refused or unknown addresses is put up with. */
  readonly unreachableMs: number;
  /** How long one attempt may take before another broker is asked; absent when there is none. */
  readonly attemptMs?: number | undefined;
  /** Called when a broker could not be reached or did not answer: another may. */
  onFailure(): void;
}

/**
 * Tries until it goes well, the time is over or an error will not pass by itself.
 * @throws KafkaError the last one, or that nothing answered; the signal's reason when interrupted
 */
export async function persist<T>(how: Persistence, attempt: () => Promise<T>): Promise<T> {
  const startedMs = how.clock.monotonic();
  let last: KafkaError | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const leftMs = how.limits.timeoutMs - (how.clock.monotonic() - startedMs);
    if (leftMs <= 0) throw last ?? createTimeoutError(formatPeers(how.peers), how.limits.timeoutMs);
    try {
      return await limitTime(
        { ...how, signal: how.limits.signal, ms: Math.min(leftMs, how.attemptMs ?? leftMs) },
        attempt(),
      );
    } catch (error) {
      how.limits.signal.throwIfAborted();
      const found = toKafkaError(error, how.peers);
      if (found.kind !== 'kafka') how.onFailure();
      const elapsedMs = how.clock.monotonic() - startedMs;
      if (!found.isTransient || (found.kind === 'connection' && elapsedMs >= how.unreachableMs)) throw found;
      last = last && found.kind === 'timeout' && leftMs < LONGEST_PAUSE_MS ? last : found;
    }
    await how.clock.sleep(Math.min(pauseMs, leftMs), how.limits.signal);
  }
}

export interface TimeLimit {
  readonly clock: KafkaClock;
  readonly peers: readonly KafkaPeer[];
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** Settles as the promise does; rejects when the time is over or the signal is aborted. */
export function limitTime<T>({ clock, peers, signal, ms }: TimeLimit, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(createTimeoutError(formatPeers(peers), ms)));
    interruptible(promise, signal).then(resolve, reject).finally(cancel);
  });
}

/** Settles as the promise does, or rejects with the signal's reason at once. */
export function interruptible<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) {
      promise.catch(() => undefined);
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
