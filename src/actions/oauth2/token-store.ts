import { ActionError } from '../../model/action/outcome.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { Token } from './read-token.ts';

/** A token is renewed so long before its end, or a fifth of its time where that is shorter. */
const MARGIN_MS = 30_000;
const MARGIN_SHARE = 0.2;

interface Held {
  readonly text: string;
  /** By the monotonic clock. */
  readonly renewAtMs: number;
}

/** The token that all steps of a run with the same account share: asked for once, and again when its time is nearly over or it was refused. */
export class TokenStore {
  readonly #clock: Clock;
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The token; who comes while it is asked for gets the same. `refused` is one that a server took no longer. */
  async take(ask: () => Promise<Token>, refused?: string): Promise<string> {
    const held = this.#held;
    if (held && held.text !== refused && this.#clock.monotonic() < held.renewAtMs) return held.text;
    if (!this.#asking) return (await this.#ask(ask)).text;
    const asked = await this.#asking.catch((error: unknown): undefined => {
      // Of any other reason that may be of the step that asked: its time was over, or it was stopped.
      if (error instanceof ActionError && error.problem.kind === 'auth') throw error;
    });
    return asked ? asked.text : this.take(ask, refused);
  }

  async close(): Promise<void> {}

  async #ask(ask: () => Promise<Token>): Promise<Held> {
    const startedAtMs = this.#clock.monotonic();
    const asking = ask().then(({ text, lifetimeMs }): Held => {
      if (lifetimeMs === undefined) return { text, renewAtMs: Number.POSITIVE_INFINITY };
      const marginMs = Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE);
      return { text, renewAtMs: startedAtMs + lifetimeMs - marginMs };
    });
    this.#asking = asking;
    try {
      this.#held = await asking;
      return this.#held;
    } finally {
      this.#asking = undefined;
    }
  }
}
