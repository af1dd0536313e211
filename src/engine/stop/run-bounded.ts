import type { Clock } from '../../model/action/resources.ts';
import { onAbort } from './on-abort.ts';
import { StopError, toStopError } from './stop.ts';
import { Stopping } from './stopping.ts';

export interface BoundedOptions<T> {
  readonly clock: Clock;
  readonly start: (stopping: Stopping) => Promise<T>;
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
    const stopping = new Stopping();
    let cancelTimer = timeout && clock.after(timeout.ms, () => stop(new StopError('timeout', timeout.message)));
    const cancelParent = onAbort(parent, () => stop(toStopError(parent.reason)));
    const settle = (end: Bounded<T>): void => {
      cancelTimer?.();
      cancelParent();
      resolve(end);
    };
    function stop(reason: StopError): void {
      if (stopping.reason) return;
      cancelTimer?.();
      cancelTimer = isPatient ? undefined : clock.after(reason.graceMs, () => settle({ kind: 'stopped', reason }));
      stopping.stop(reason);
    }
    startSafely(start, stopping).then(
      (value) => settle(stopping.reason ? { kind: 'stopped', reason: stopping.reason } : { kind: 'done', value }),
      (error) =>
        settle(stopping.reason ? { kind: 'stopped', reason: stopping.reason, error } : { kind: 'threw', error }),
    );
  });
}

async function startSafely<T>(start: (stopping: Stopping) => Promise<T>, stopping: Stopping): Promise<T> {
  return start(stopping);
}
