import type { Clock } from '../../../model/action/resources.ts';
import type { OutputEnd } from '../../metrics/samples.ts';
import type { Backlog, Parcel } from './backlog.ts';

/** What became of a parcel. */
export type Delivery =
  | { readonly kind: 'written' }
  /** Some of it will never be taken, and the rest was. */
  | { readonly kind: 'refused'; readonly points: number; readonly why: string }
  /** Worth another try. */
  | { readonly kind: 'later'; readonly why: string };

export interface SenderOptions {
  readonly clock: Clock;
  readonly backlog: Backlog;
  /** How many parcels are on their way at a time; 1 where their order matters. */
  readonly concurrency: number;
  /** Never throws. */
  deliver(parcel: Parcel, timeoutMs: number): Promise<Delivery>;
  /** Ends what is on its way. */
  abort(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;
/** With what is left for closing connections, below the 30 s that an output may take at the end. */
const FLUSH_MS = 28_000;

/** Sends parcels as the server takes them. Whoever gives it one never waits: what a server that is slow or away does not take, waits in the backlog. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #active = new Set<Promise<void>>();
  #pauseMs = 0;
  #cancelPause: (() => void) | undefined;
  #endsAt: number | undefined;
  #onIdle: (() => void) | undefined;
  #written = 0;
  /** Points that found no room, that were refused, and that were left at the end. */
  #noRoom = 0;
  #refused = 0;
  #left = 0;
  #whyRefused: string | undefined;
  #whyAway: string | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  send(parcel: Parcel): void {
    if (parcel.points === 0) return;
    if (!this.#options.backlog.push(parcel)) this.#noRoom += parcel.points;
    this.#pump();
  }

  /** Sends what waits, for so long as there is, and gives the account. */
  async close(flushMs = FLUSH_MS): Promise<OutputEnd> {
    const { clock, backlog, abort } = this.#options;
    this.#endsAt = clock.monotonic() + flushMs;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    const cancel = clock.after(flushMs, () => this.#onIdle?.());
    this.#resume();
    await idle;
    cancel();
    this.#cancelPause?.();
    await abort();
    await Promise.all(this.#active);
    this.#left += backlog.points;
    await backlog.close();
    return this.#account();
  }

  /** Lets `close` come to its end. */
  giveUp(): void {
    this.#endsAt = this.#options.clock.monotonic();
    this.#onIdle?.();
  }

  #pump(): void {
    const { backlog, concurrency } = this.#options;
    // A server that is away is asked by one parcel at a time.
    const most = this.#pauseMs > 0 ? 1 : concurrency;
    while (!this.#cancelPause && !this.#isOver() && this.#active.size < most && backlog.length > 0) {
      const delivery: Promise<void> = this.#deliverNext().finally(() => {
        this.#active.delete(delivery);
        this.#pump();
      });
      this.#active.add(delivery);
    }
    if (this.#active.size === 0 && backlog.length === 0) this.#onIdle?.();
  }

  async #deliverNext(): Promise<void> {
    const { backlog, deliver } = this.#options;
    const parcel = await backlog.take();
    if (parcel) this.#settle(parcel, await deliver(parcel, this.#timeoutMs()));
  }

  #settle(parcel: Parcel, delivery: Delivery): void {
    const { backlog } = this.#options;
    if (delivery.kind === 'later') {
      // What was ended because the time was over says less than what came before it.
      if (!this.#isOver() || this.#whyAway === undefined) this.#whyAway = delivery.why;
      backlog.putBack(parcel);
      if (!this.#isOver()) this.#pause();
      return;
    }
    this.#pauseMs = 0;
    backlog.release(parcel);
    const refused = delivery.kind === 'refused' ? Math.min(parcel.points, delivery.points) : 0;
    if (delivery.kind === 'refused') this.#whyRefused ??= delivery.why;
    this.#refused += refused;
    this.#written += parcel.points - refused;
  }

  #pause(): void {
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2);
    this.#cancelPause ??= this.#options.clock.after(this.#pauseMs, () => this.#resume());
  }

  #resume(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    this.#pump();
  }

  #isOver(): boolean {
    return this.#endsAt !== undefined && this.#options.clock.monotonic() >= this.#endsAt;
  }

  #timeoutMs(): number {
    const leftMs = this.#endsAt === undefined ? TIMEOUT_MS : this.#endsAt - this.#options.clock.monotonic();
    return Math.max(1, Math.min(TIMEOUT_MS, leftMs));
  }

  #account(): OutputEnd {
    const notes: string[] = [];
    const { trouble, lostPoints } = this.#options.backlog;
    const note = (points: number, what: string, why: string | undefined): void => {
      if (points > 0) notes.push(`${points} ${what}${why === undefined ? '' : `: ${why}`}`);
    };
    note(this.#noRoom, 'found no room in the backlog', this.#whyAway);
    note(this.#left, 'could not be sent before the end', this.#whyAway);
    note(this.#refused, this.#refused === 1 ? 'was refused' : 'were refused', this.#whyRefused);
    if (trouble !== undefined) notes.push(trouble);
    return { written: this.#written, lost: this.#noRoom + this.#left + this.#refused + lostPoints, notes };
  }
}
