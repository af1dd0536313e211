import { Stop } from './stop.ts';
import { StopError } from './stop-error.ts';

export interface BoundedOptions<T> {
  /** Calls back after `ms`, unless cancelled by the function that it gives. */
  readonly after: (ms: number, call: () => void) => () => void;
  readonly start: (stop: Stop) => Promise<T>;
  /** Its end ends this too. */
  readonly parent: Stop;
  readonly timeout?: { readonly ms: number; readonly message: string } | undefined;
  /** Whether its end is waited for however long it takes once it is ended: what it runs is bounded itself. */
  readonly isPatient?: boolean;
}

export type Bounded<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** `error` is what it threw once it was ended, when it did in time. */
  | { readonly kind: 'stopped'; readonly reason: StopError; readonly error?: unknown };

/** Runs something that may be ended, and never waits for it much longer than that; at most one timer at a time. */
export function runBounded<T>(options: BoundedOptions<T>): Promise<Bounded<T>> {
  const { after, start, parent, timeout, isPatient } = options;
  if (parent.reason) return Promise.resolve({ kind: 'stopped', reason: parent.reason });
  return new Promise((resolve) => {
    const stop = new Stop(parent);
    let cancelTimer = timeout && after(timeout.ms, () => stop.end(new StopError('timeout', timeout.message)));
    const settle = (end: Bounded<T>): void => {
      cancelTimer?.();
      stop.leave();
      resolve(end);
    };
    stop.onEnd((reason) => {
      cancelTimer?.();
      cancelTimer = isPatient ? undefined : after(reason.graceMs, () => settle({ kind: 'stopped', reason }));
    });
    startSafely(start, stop).then(
      (value) => settle(stop.reason ? { kind: 'stopped', reason: stop.reason } : { kind: 'done', value }),
      (error) => settle(stop.reason ? { kind: 'stopped', reason: stop.reason, error } : { kind: 'threw', error }),
    );
  });
}

function startSafely<T>(start: (stop: Stop) => Promise<T>, stop: Stop): Promise<T> {
  try {
    return start(stop);
  } catch (error) {
    return Promise.reject(error);
  }
}
