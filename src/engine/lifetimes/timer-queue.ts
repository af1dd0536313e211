/** A call that is to be made once its time has come, between its neighbours. */
interface Waiting {
  readonly atMs: number;
  readonly call: () => void;
  before: Waiting | undefined;
  behind: Waiting | undefined;
  isOver: boolean;
}

export interface TimerQueueOptions {
  /** How long each call waits. */
  readonly ms: number;
  /** Gives ms that never go back. */
  now(): number;
  /** Starts a timer; gives the function that stops it. */
  start(ms: number, call: () => void): () => void;
}

/**
 * Calls that are all made after the same time, by one timer. Nearly all are taken back before: a timer that is started and
 * stopped for each request of a load costs more than a place in this queue.
 */
export class TimerQueue {
  readonly #options: TimerQueueOptions;
  /** The next one. */
  #first: Waiting | undefined;
  #last: Waiting | undefined;
  #stopTimer: (() => void) | undefined;
  readonly #check = (): void => this.#callDue();

  constructor(options: TimerQueueOptions) {
    this.#options = options;
  }

  /** Gives the function that takes the call back. */
  add(call: () => void): () => void {
    const { ms, now, start } = this.#options;
    const before = this.#last;
    const waiting: Waiting = { atMs: now() + ms, call, before, behind: undefined, isOver: false };
    if (before) before.behind = waiting;
    else this.#first = waiting;
    this.#last = waiting;
    this.#stopTimer ??= start(ms, this.#check);
    return () => this.#take(waiting);
  }

  #take(waiting: Waiting): void {
    if (waiting.isOver) return;
    this.#remove(waiting);
    // A timer that nobody waits for would keep the process from ending.
    if (this.#first) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #remove(waiting: Waiting): void {
    const { before, behind } = waiting;
    waiting.isOver = true;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
    waiting.before = undefined;
    waiting.behind = undefined;
  }

  #callDue(): void {
    this.#stopTimer = undefined;
    const now = this.#options.now();
    try {
      for (let next = this.#first; next && next.atMs <= now; next = this.#first) {
        this.#remove(next);
        next.call();
      }
    } finally {
      // Those before it were taken back, and its own time is not over.
      if (this.#first) this.#stopTimer ??= this.#options.start(this.#first.atMs - now, this.#check);
    }
  }
}
