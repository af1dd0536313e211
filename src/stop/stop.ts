import { setMaxListeners } from 'node:events';
import type { Stage, StopError } from './stop-error.ts';

type Call = (reason: StopError) => void;

/**
 * When a piece of work is to end: first it may be asked, and then nothing new begins below it; then it is ended, and what runs is
 * aborted. What ends one ends all that were made below it. An AbortSignal is made only for work that wants one: it costs more than a short step.
 */
export class Stop {
  readonly #parent: Stop | undefined;
  /** The first one below it, which is mostly the only one: a set is made for further ones alone. */
  #first: Stop | undefined;
  #below: Set<Stop> | undefined;
  #asked: StopError | undefined;
  #reason: StopError | undefined;
  #askCalls: Set<Call> | undefined;
  /** The first of them, which is mostly the only one. */
  #endCall: Call | undefined;
  #endCalls: Set<Call> | undefined;
  #controller: AbortController | undefined;

  constructor(parent?: Stop) {
    this.#parent = parent;
    if (!parent) return;
    this.#asked = parent.#asked;
    this.#reason = parent.#reason;
    if (this.#reason) return;
    if (!parent.#first) {
      parent.#first = this;
      return;
    }
    parent.#below ??= new Set();
    parent.#below.add(this);
  }

  /** Why nothing new may begin; undefined while it may. */
  get asked(): StopError | undefined {
    return this.#asked;
  }

  /** Why what runs is to end; undefined while it may go on. */
  get reason(): StopError | undefined {
    return this.#reason;
  }

  /** Aborted when what runs is to end; its reason is the StopError. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      setMaxListeners(0, this.#controller.signal);
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Lets nothing new begin; the first reason counts. */
  ask(reason: StopError): void {
    if (this.#asked) return;
    this.#asked = reason;
    callAll(this.#askCalls, reason);
    this.#askCalls = undefined;
    this.#first?.ask(reason);
    for (const stop of this.#below ?? []) stop.ask(reason);
  }

  /** Ends what runs; the first reason counts. */
  end(reason: StopError): void {
    if (this.#reason) return;
    this.ask(reason);
    this.#reason = reason;
    this.#controller?.abort(reason);
    const first = this.#endCall;
    this.#endCall = undefined;
    first?.(reason);
    callAll(this.#endCalls, reason);
    this.#endCalls = undefined;
    this.#first?.end(reason);
    this.#first = undefined;
    for (const stop of this.#below ?? []) stop.end(reason);
    this.#below = undefined;
  }

  /** Calls back as soon as nothing new may begin, at once if that is so; gives the function that takes it back. */
  onAsk(call: Call): () => void {
    if (this.#asked) {
      call(this.#asked);
      return () => undefined;
    }
    this.#askCalls ??= new Set();
    const calls = this.#askCalls.add(call);
    return () => void calls.delete(call);
  }

  /** Calls back when what runs is to end, at once if it is already; gives the function that takes it back. */
  onEnd(call: Call): () => void {
    if (this.#reason) {
      call(this.#reason);
      return () => undefined;
    }
    if (!this.#endCall && !this.#endCalls) {
      this.#endCall = call;
      return () => {
        if (this.#endCall === call) this.#endCall = undefined;
      };
    }
    this.#endCalls ??= new Set();
    const calls = this.#endCalls.add(call);
    return () => void calls.delete(call);
  }

  /** Runs work that loses nothing by ending at once, such as a pause: its stop is ended as soon as this one is asked. */
  async idle<T>(run: (stop: Stop) => Promise<T>): Promise<T> {
    const stop = new Stop(this);
    stop.onAsk((reason) => stop.end(reason));
    try {
      return await run(stop);
    } finally {
      stop.leave();
    }
  }

  /** @throws StopError when what runs is to end already */
  throwIfEnded(stage: Stage): void {
    if (this.#reason) throw this.#reason.in(stage);
  }

  /** The work is over: nothing reaches it from above any more. */
  leave(): void {
    const parent = this.#parent;
    if (parent && parent.#first === this) parent.#first = undefined;
    else if (parent) parent.#below?.delete(this);
  }
}

/** One that is taken back by another is not called. */
function callAll(calls: Set<Call> | undefined, reason: StopError): void {
  for (const call of calls ?? []) call(reason);
}
