import { setMaxListeners } from 'node:events';
import type { Clock } from '../model/action.ts';
import { StopError, toStopError } from './stop.ts';

export interface BoundedOptions<T> {
  readonly clock: Clock;
  readonly start: (signal: AbortSignal) => Promise<T>;
  /** Its abort ends this too. */
  readonly parent: AbortSignal;
  readonly timeout?: { readonly ms: number; readonly message: string } | undefined;
  /** Whether its end is waited for however long it takes after an abort: what it runs is bounded itself. */
  readonly isPatient?: boolean;
}

export type Bounded<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** `error` is what it threw after the abort, when it did in time. */
  | { readonly kind: 'stopped'; readonly reason: StopError; readonly error?: unknown };

/** Runs something that may be aborted, and never waits for it much longer than that; at most one timer at a time. */
export function runBounded<T>(options: BoundedOptions<T>): Promise<Bounded<T>> {
  const { clock, start, parent, timeout, isPatient } = options;
  if (parent.aborted) return Promise.resolve({ kind: 'stopped', reason: toStopError(parent.reason) });
  return new Promise((resolve) => {
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    let stopped: StopError | undefined;
    let cancelTimer = timeout && clock.after(timeout.ms, () => stop(new StopError('timeout', timeout.message)));
    const settle = (end: Bounded<T>): void => {
      cancelTimer?.();
      parent.removeEventListener('abort', stopWithParent);
      resolve(end);
    };
    function stopWithParent(): void {
      stop(toStopError(parent.reason));
    }
    function stop(reason: StopError): void {
      if (stopped) return;
      stopped = reason;
      cancelTimer?.();
      cancelTimer = isPatient ? undefined : clock.after(reason.graceMs, () => settle({ kind: 'stopped', reason }));
      controller.abort(reason);
    }
    parent.addEventListener('abort', stopWithParent, { once: true });
    startSafely(start, controller.signal).then(
      (value) => settle(stopped ? { kind: 'stopped', reason: stopped } : { kind: 'done', value }),
      (error) => settle(stopped ? { kind: 'stopped', reason: stopped, error } : { kind: 'threw', error }),
    );
  });
}

async function startSafely<T>(start: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return start(signal);
}
