import { setMaxListeners } from 'node:events';
import type { Clock } from '../../model/action/resources.ts';
import { type Interrupt, nameSignal } from './interrupt.ts';
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
  return new FlowStops(clock, interrupt, outer);
}

/** A class, for an object that is written with getters of its own stays until V8's next long collection, with all that they reach. */
class FlowStops implements Stops {
  readonly #clock: Clock;
  readonly #outer: OuterStops | undefined;
  readonly #main = new AbortController();
  readonly #soon = new AbortController();
  readonly #teardown = new AbortController();
  readonly #cancels: (() => void)[] = [];
  #stopping: StopError | undefined;
  #cancelFlowTimer: (() => void) | undefined;

  constructor(clock: Clock, interrupt: Interrupt, outer: OuterStops | undefined) {
    this.#clock = clock;
    this.#outer = outer;
    setMaxListeners(0, this.main, this.soon, this.teardown);
    if (outer) this.#followOuter(outer);
    else this.#followInterrupt(interrupt);
  }

  get main(): AbortSignal {
    return this.#main.signal;
  }

  get teardown(): AbortSignal {
    return this.#teardown.signal;
  }

  get soon(): AbortSignal {
    return this.#soon.signal;
  }

  get stopping(): StopError | undefined {
    return this.#stopping ?? this.#outer?.findStop();
  }

  get teardownStopping(): StopError | undefined {
    return this.teardown.aborted ? toStopError(this.teardown.reason) : undefined;
  }

  limitFlow(ms: number): void {
    const reason = new StopError('flow_timeout', `the flow took longer than its timeout of ${ms} ms`);
    this.#cancelFlowTimer = this.#clock.after(ms, () => this.#stopMain(reason, 0));
  }

  limitTeardown(ms: number): void {
    this.#cancelFlowTimer?.();
    const reason = new StopError('teardown_timeout', `teardown took longer than its timeout of ${ms} ms`);
    this.#cancels.push(this.#clock.after(ms, () => this.#teardown.abort(reason)));
  }

  dispose(): void {
    this.#cancelFlowTimer?.();
    for (const cancel of this.#cancels) cancel();
  }

  #followOuter(outer: OuterStops): void {
    listen(outer.main, () => this.#stopMain(toStopError(outer.main.reason), 0), this.#cancels);
    listen(outer.soon, () => this.#soon.abort(outer.soon.reason), this.#cancels);
    listen(outer.teardown, () => this.#teardown.abort(outer.teardown.reason), this.#cancels);
  }

  #followInterrupt({ signal, hard }: Interrupt): void {
    listen(signal, () => this.#stopMain(interruption(signal), INTERRUPT_GRACE_MS), this.#cancels);
    const onHardSignal = (): void => {
      const reason = interruption(hard, 0);
      this.#stopMain(reason, 0);
      this.#teardown.abort(reason);
    };
    listen(hard, onHardSignal, this.#cancels);
  }

  #stopMain(reason: StopError, inMs: number): void {
    this.#stopping ??= reason;
    this.#soon.abort(reason);
    if (inMs === 0) this.#main.abort(reason);
    else this.#cancels.push(this.#clock.after(inMs, () => this.#main.abort(reason)));
  }
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
