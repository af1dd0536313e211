import { setMaxListeners } from 'node:events';
import type { StopError } from './stop.ts';

/** Tells one piece of work that it is to end. An AbortSignal is made only for work that asks for one: it costs more than a short step. */
export class Stopping {
  #reason: StopError | undefined;
  #controller: AbortController | undefined;
  #calls: Set<(reason: unknown) => void> | undefined;

  get reason(): StopError | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      setMaxListeners(0, this.#controller.signal);
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Calls back when the work is to end, at once if it is already; gives the function that takes that back. */
  onStop(call: (reason: unknown) => void): () => void {
    if (this.#reason) {
      call(this.#reason);
      return () => undefined;
    }
    this.#calls ??= new Set();
    const calls = this.#calls.add(call);
    return () => void calls.delete(call);
  }

  /** Ends the work; the first reason counts. */
  stop(reason: StopError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const call of this.#calls ?? []) call(reason);
    this.#calls = undefined;
  }
}
