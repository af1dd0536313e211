import type { TlsParts } from '../../../drivers/tls.ts';
import type { OutputEnd, Series } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import type { OutputAddress } from './address.ts';
import { Backlog, type Parcel } from './backlog.ts';
import { type Answer, type Post, Poster, Unanswered } from './poster.ts';
import { type Delivery, Sender } from './sender.ts';

export interface SeriesSenderOptions {
  readonly world: OutputWorld;
  readonly address: OutputAddress;
  readonly tls: TlsParts | undefined;
  /** How often what came together is sent. */
  readonly intervalMs: number;
  readonly headers: readonly string[];
  readonly post: Pick<Post, 'path' | 'type'>;
  make(series: readonly Series[], atMs: number): readonly Parcel[];
  /** What is sent after the last. */
  makeLast?(series: readonly Series[], atMs: number): readonly Parcel[];
  /** How many points an answer that is none of an error refuses, and why. */
  refusedIn?(answer: Answer): { readonly points: number; readonly why: string } | undefined;
}

const MEMORY_BYTES = 64 * 1024 * 1024;
/** Measurings come about once a second: one that is a little early is taken. */
const EARLY_MS = 100;

/** Sends what came together since the start, now and then, in the order of time: what a server that was away missed comes later. */
export class SeriesSender {
  readonly poster: Poster;
  readonly #options: SeriesSenderOptions;
  readonly #sender: Sender;
  #latest: { readonly series: readonly Series[]; readonly atMs: number } | undefined;
  #sentAt = 0;

  constructor(options: SeriesSenderOptions) {
    const { address, tls, headers, world } = options;
    this.#options = options;
    this.poster = new Poster({ clock: world.clock, address, tls, headers });
    this.#sender = new Sender({
      clock: world.clock,
      // A later state of a series may not come before an earlier one.
      concurrency: 1,
      backlog: new Backlog({
        memoryBytes: MEMORY_BYTES,
        diskBytes: MEMORY_BYTES,
        temporaryFolder: world.temporaryFolder,
      }),
      deliver: (parcel, timeoutMs) => this.#deliver(parcel, timeoutMs),
      abort: () => this.poster.close(),
    });
  }

  describePost(body: Uint8Array): Post {
    return { ...this.#options.post, body };
  }

  take(series: readonly Series[], atMs: number): void {
    this.#latest = { series, atMs };
    if (atMs - this.#sentAt >= this.#options.intervalMs - EARLY_MS) this.#send();
  }

  /** Sends the last state, and all that waits. */
  close(): Promise<OutputEnd> {
    if (this.#latest && this.#latest.atMs > this.#sentAt) this.#send();
    if (this.#latest) {
      const { series, atMs } = this.#latest;
      for (const parcel of this.#options.makeLast?.(series, atMs) ?? []) this.#sender.send(parcel);
    }
    return this.#sender.close();
  }

  giveUp(): void {
    this.#sender.giveUp();
  }

  #send(): void {
    if (!this.#latest) return;
    const { series, atMs } = this.#latest;
    this.#sentAt = atMs;
    for (const parcel of this.#options.make(series, atMs)) this.#sender.send(parcel);
  }

  async #deliver({ points, bytes }: Parcel, timeoutMs: number): Promise<Delivery> {
    const { address, refusedIn } = this.#options;
    try {
      const answer = await this.poster.post(this.describePost(bytes), timeoutMs);
      const { status, shown } = answer;
      const why = `${address.peer} answered ${shown}`;
      if (status < 300) {
        const refused = refusedIn?.(answer);
        return refused ? { kind: 'refused', ...refused } : { kind: 'written' };
      }
      if (status >= 500 || [401, 403, 404, 408, 429].includes(status)) return { kind: 'later', why };
      return { kind: 'refused', points, why };
    } catch (error) {
      if (error instanceof Unanswered) return { kind: 'later', why: error.message };
      throw error;
    }
  }
}
