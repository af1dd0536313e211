import { setMaxListeners } from 'node:events';
import type { Clock } from '../model/action.ts';
import { type Interrupt, nameSignal } from './run-options.ts';
import { StopError, toStopError } from './stop.ts';

/** How long the running step has to end after the first signal, ms. */
const INTERRUPT_GRACE_MS = 2000;

/** What may end a flow's work before it is done. */
export interface Stops {
  /** Aborts what runs in setup and steps. */
  readonly main: AbortSignal;
  /** Aborts what runs in teardown. */
  readonly teardown: AbortSignal;
  /** Why no further step of setup and steps may start; undefined while they may. */
  readonly stopping: StopError | undefined;
  /** Why no further step of teardown may start. */
  readonly teardownStopping: StopError | undefined;
  /** Aborted as soon as no further step may start: ends waits between attempts. */
  readonly soon: AbortSignal;
  /** Starts the flow's time. */
  limitFlow(ms: number): void;
  /** Starts the teardown's time; the flow's no longer counts. */
  limitTeardown(ms: number): void;
  /** Takes all timers and listeners away. */
  dispose(): void;
}

/** What may end the flow around one that is called. */
export interface OuterStops {
  /** Aborts the step that calls. */
  readonly main: AbortSignal;
  readonly teardown: AbortSignal;
  /** Aborted as soon as no further step may start. */
  readonly soon: AbortSignal;
  findStop(): StopError | undefined;
}

/** Follows the interruption of the run and the time of one flow; of a flow that is called, what ends the one around it. */
export function createStops(clock: Clock, interrupt: Interrupt, outer?: OuterStops): Stops {
  const main = new AbortController();
  const soon = new AbortController();
  const teardown = new AbortController();
  let stopping: StopError | undefined;
  setMaxListeners(0, main.signal, soon.signal, teardown.signal);
  const cancels: (() => void)[] = [];
  let cancelFlowTimer: (() => void) | undefined;

  const stopMain = (reason: StopError, inMs: number): void => {
    stopping ??= reason;
    soon.abort(reason);
    if (inMs === 0) main.abort(reason);
    else cancels.push(clock.after(inMs, () => main.abort(reason)));
  };
  const onSignal = (): void => stopMain(interruption(interrupt.signal), INTERRUPT_GRACE_MS);
  const onHardSignal = (): void => {
    const reason = interruption(interrupt.hard, 0);
    stopMain(reason, 0);
    teardown.abort(reason);
  };
  if (outer) {
    listen(outer.main, () => stopMain(toStopError(outer.main.reason), 0), cancels);
    listen(outer.soon, () => soon.abort(outer.soon.reason), cancels);
    listen(outer.teardown, () => teardown.abort(outer.teardown.reason), cancels);
  } else {
    listen(interrupt.signal, onSignal, cancels);
    listen(interrupt.hard, onHardSignal, cancels);
  }

  return {
    main: main.signal,
    teardown: teardown.signal,
    soon: soon.signal,
    get stopping() {
      return stopping ?? outer?.findStop();
    },
    get teardownStopping() {
      return teardown.signal.aborted ? toStopError(teardown.signal.reason) : undefined;
    },
    limitFlow(ms) {
      const reason = new StopError('flow_timeout', `the flow took longer than its timeout of ${ms} ms`);
      cancelFlowTimer = clock.after(ms, () => stopMain(reason, 0));
    },
    limitTeardown(ms) {
      cancelFlowTimer?.();
      const reason = new StopError('teardown_timeout', `teardown took longer than its timeout of ${ms} ms`);
      cancels.push(clock.after(ms, () => teardown.abort(reason)));
    },
    dispose() {
      cancelFlowTimer?.();
      for (const cancel of cancels) cancel();
    },
  };
}

function listen(signal: AbortSignal, call: () => void, cancels: (() => void)[]): void {
  if (signal.aborted) {
    call();
    return;
  }
  signal.addEventListener('abort', call, { once: true });
  cancels.push(() => signal.removeEventListener('abort', call));
}

function interruption(signal: AbortSignal, graceMs?: number): StopError {
  return new StopError('interrupted', `interrupted by ${nameSignal(signal)}`, graceMs);
}
