import type { Clock } from '../../model/action/resources.ts';
import type { Phase } from '../../model/phase.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';

/** What may end the work of a run, of a session, or of the step that calls a flow. */
export interface OuterStops {
  /** Ends setup and steps. */
  readonly work: Stop;
  /** Ends teardown. */
  readonly undo: Stop;
}

/** What may end one flow before it is done: its own times, and what is around it. */
export class FlowStops implements OuterStops {
  readonly work: Stop;
  readonly #clock: Clock;
  readonly #outerUndo: Stop;
  #undo: Stop | undefined;
  #cancelFlowTimer: (() => void) | undefined;
  #cancelUndoTimer: (() => void) | undefined;

  constructor(clock: Clock, { work, undo }: OuterStops) {
    this.#clock = clock;
    this.work = new Stop(work);
    this.#outerUndo = undo;
  }

  /** Few flows undo anything. */
  get undo(): Stop {
    this.#undo ??= new Stop(this.#outerUndo);
    return this.#undo;
  }

  /** What ends the steps of a phase. */
  of(phase: Phase): Stop {
    return phase === 'teardown' ? this.undo : this.work;
  }

  /** Starts the flow's time. */
  limitFlow(ms: number): void {
    const reason = new StopError('flow_timeout', `the flow took longer than its timeout of ${ms} ms`);
    this.#cancelFlowTimer = this.#clock.after(ms, () => this.work.end(reason));
  }

  /** Starts the teardown's time; the flow's no longer counts. */
  limitTeardown(ms: number): void {
    this.#cancelFlowTimer?.();
    const reason = new StopError('teardown_timeout', `teardown took longer than its timeout of ${ms} ms`);
    this.#cancelUndoTimer = this.#clock.after(ms, () => this.undo.end(reason));
  }

  /** The flow is over: takes all timers away. */
  leave(): void {
    this.#cancelFlowTimer?.();
    this.#cancelUndoTimer?.();
    this.work.leave();
    this.#undo?.leave();
  }
}
