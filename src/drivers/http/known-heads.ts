import type { ResponseHead } from './response-head.ts';

/** A head that was read, with its bytes up to the body. */
interface KnownHead {
  readonly bytes: Buffer;
  readonly head: ResponseHead;
}

const MOST_KNOWN = 4;
const LONGEST_BYTES = 2048;
/** After so many heads that were new each time, only each `PATIENCE`th is still looked up. */
const PATIENCE = 64;

/** The last heads that were read: under load a service writes the same few, byte for byte, until its date goes on, and reading one is a good part of a request. */
export class KnownHeads {
  readonly #known: KnownHead[] = [];
  #next = 0;
  #missed = 0;

  /** The head that bytes begin with, and how long it is; undefined where it is none of the last. */
  find(bytes: Buffer): { readonly head: ResponseHead; readonly length: number } | undefined {
    if (this.#missed >= PATIENCE && this.#missed % PATIENCE !== 0) return undefined;
    for (let at = 0; at < this.#known.length; at++) {
      const { bytes: own, head } = this.#known[at] as KnownHead;
      const { length } = own;
      // The last byte before the empty line is mostly enough to tell two of one length apart from the rest of an answer.
      if (bytes.length < length || bytes[length - 5] !== own[length - 5]) continue;
      if (own.compare(bytes, 0, length) !== 0) continue;
      this.#missed = 0;
      return { head, length };
    }
    return undefined;
  }

  /** Takes one that was just read, for it may come again; `bytes` go up to the body. */
  add(bytes: Buffer, head: ResponseHead): void {
    this.#missed++;
    if (bytes.length > LONGEST_BYTES || (this.#missed > PATIENCE && this.#missed % PATIENCE !== 1)) return;
    this.#known[this.#next] = { bytes: Buffer.from(bytes), head };
    this.#next = (this.#next + 1) % MOST_KNOWN;
  }
}
