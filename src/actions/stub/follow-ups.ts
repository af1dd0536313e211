import type { Clock } from '../../model/action/resources.ts';
import { formatDuration } from '../../util/duration.ts';
import type { FollowUp } from './follow-up.ts';
import type { FollowUpPlace, StubErrors } from './stub-errors.ts';
import type { StubTimers } from './stub-timers.ts';

/** How long what is being sent is waited for, before it is left. */
const SETTLE_MS = 1_000;

interface Pending {
  readonly name: string;
  readonly route: string;
  readonly dueAt: number;
  /** Sends it now, if nobody did. */
  start(): void;
  /** While it is being sent. */
  sending?: Promise<void>;
}

/** What follows the answers of a stub, each in its time, until the stub ends. */
export class FollowUps {
  readonly #clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly #timers: StubTimers;
  readonly #errors: StubErrors;
  readonly #pending = new Set<Pending>();

  constructor(
    clock: Pick<Clock, 'monotonic' | 'after'>,
    { timers, errors }: { readonly timers: StubTimers; readonly errors: StubErrors },
  ) {
    this.#clock = clock;
    this.#timers = timers;
    this.#errors = errors;
  }

  add({ name, afterMs, send }: FollowUp, { route, location }: Omit<FollowUpPlace, 'name'>): void {
    const pending: Pending = {
      name,
      route,
      dueAt: this.#clock.monotonic() + afterMs,
      start: () => {
        cancel();
        pending.sending ??= send()
          .catch((error) => this.#errors.addFollowUp({ name, route, location }, error))
          .finally(() => this.#pending.delete(pending));
      },
    };
    this.#pending.add(pending);
    const cancel = this.#timers.after(afterMs, pending.start);
  }

  /** Sends what is due, and waits a little for what is being sent: how that ends is part of the flow. */
  async settle(): Promise<void> {
    const now = this.#clock.monotonic();
    // A timer of no length still fires later than a flow that ends at once.
    for (const one of this.#pending) if (one.dueAt <= now) one.start();
    const sending = [...this.#pending].flatMap((one) => one.sending ?? []);
    if (sending.length === 0) return;
    let cancel: (() => void) | undefined;
    const over = new Promise<void>((resolve) => {
      cancel = this.#clock.after(SETTLE_MS, resolve);
    });
    await Promise.race([Promise.all(sending), over]);
    cancel?.();
  }

  /** A line for each that is not done. */
  list(): readonly string[] {
    return [...this.#pending].map(({ name, route, dueAt, sending }) => {
      const left = Math.max(0, dueAt - this.#clock.monotonic());
      return `${name} of the route ${route}: ${sending ? 'it was not over yet' : `due in ${formatDuration(left)}`}`;
    });
  }
}
