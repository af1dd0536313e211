import type { Faults } from './fault-settings.ts';

/** What pacing needs from outside. */
export interface PaceHost {
  readonly clock: {
    monotonic(): number;
    /** Calls back after `ms` unless cancelled by the function that it gives. */
    after(ms: number, call: () => void): () => void;
  };
  /** From 0 (inclusive) to 1 (exclusive), seeded. */
  random(): number;
}

interface Piece {
  readonly bytes: Buffer;
  readonly at: number;
}

/** The faults that say when bytes go on. */
export type Pace = Pick<Faults, 'latency' | 'jitter' | 'bandwidth' | 'slice'>;

/** How long a pace holds something up, ms: earlier or later than its latency by the jitter at most. */
export function drawDelay({ latency = 0, jitter = 0 }: Pace, host: Pick<PaceHost, 'random'>): number {
  return latency + (jitter === 0 ? 0 : (host.random() * 2 - 1) * jitter);
}

const MAX_QUEUED_BYTES = 1024 * 1024;

/** Hands bytes on in order, each piece when its faults let it. */
export class Pacer {
  readonly #host: PaceHost;
  readonly #write: (bytes: Buffer) => void;
  readonly #queue: Piece[] = [];
  #queuedBytes = 0;
  #lastAt = 0;
  #freeAt = 0;
  #cancel: (() => void) | undefined;
  #onEmpty: (() => void)[] = [];

  constructor(host: PaceHost, write: (bytes: Buffer) => void) {
    this.#host = host;
    this.#write = write;
  }

  get isFull(): boolean {
    return this.#queuedBytes > MAX_QUEUED_BYTES;
  }

  /** Takes bytes under the paces that hold for them now. */
  add(bytes: Buffer, paces: readonly Pace[]): void {
    if (paces.length === 0 && this.#queue.length === 0) {
      this.#write(bytes);
      return;
    }
    const now = this.#host.clock.monotonic();
    const delay = paces.reduce((sum, pace) => sum + drawDelay(pace, this.#host), 0);
    const slice = paces.find((pace) => pace.slice)?.slice;
    const bandwidth = Math.min(...paces.map((pace) => pace.bandwidth ?? Number.POSITIVE_INFINITY));
    // What goes on in one piece is at most what the bandwidth lets through in 50 ms, or it would come in jumps.
    const size = Math.max(1, Math.min(slice?.size ?? bytes.length, Math.ceil(bandwidth / 20)));
    let at = Math.max(now + Math.max(0, delay), this.#lastAt);
    for (let start = 0; start < bytes.length; start += size) {
      const piece = bytes.subarray(start, start + size);
      if (start > 0) at += slice?.delay ?? 0;
      if (Number.isFinite(bandwidth)) {
        this.#freeAt = Math.max(this.#freeAt, at) + (piece.length / bandwidth) * 1000;
        at = this.#freeAt;
      }
      this.#queue.push({ bytes: piece, at });
      this.#queuedBytes += piece.length;
    }
    this.#lastAt = at;
    this.#schedule();
  }

  /** Calls back when nothing is left to be handed on. */
  whenEmpty(call: () => void): void {
    if (this.#queue.length === 0) call();
    else this.#onEmpty.push(call);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  #schedule(): void {
    const [next] = this.#queue;
    if (!next || this.#cancel) return;
    this.#cancel = this.#host.clock.after(Math.max(0, next.at - this.#host.clock.monotonic()), () => this.#flush());
  }

  #flush(): void {
    this.#cancel = undefined;
    const now = this.#host.clock.monotonic();
    while (this.#queue[0] && this.#queue[0].at <= now + 0.5) {
      const piece = this.#queue.shift();
      if (!piece) break;
      this.#queuedBytes -= piece.bytes.length;
      this.#write(piece.bytes);
    }
    if (this.#queue.length === 0) for (const call of this.#onEmpty.splice(0)) call();
    this.#schedule();
  }
}
