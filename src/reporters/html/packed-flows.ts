import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CUTS, cutPage } from './cut-page.ts';
import type { FlowPage } from './pages.ts';

/** The pages of flows, packed, in a room that they do not leave: what does not fit is cut, of all of them alike. */
export class PackedFlows {
  readonly #room: number;
  readonly #packed: Buffer[] = [];
  #size = 0;
  #level = 0;

  /** `room`: of the pages as base64, in bytes. */
  constructor(room: number) {
    this.#room = room;
  }

  /** What was left out, in words; empty when nothing was. */
  get left(): readonly string[] {
    return CUTS.slice(0, this.#level);
  }

  add(page: FlowPage): void {
    const packed = pack(cutPage(page, this.#level));
    this.#packed.push(packed);
    this.#size += sizeOf(packed);
    while (this.#size > this.#room && this.#level < CUTS.length) this.#cutMore();
  }

  /** Each as base64 of raw deflate. */
  *list(): Generator<string, void, undefined> {
    for (const packed of this.#packed) yield packed.toString('base64');
  }

  #cutMore(): void {
    this.#level++;
    this.#size = 0;
    for (const [at, packed] of this.#packed.entries()) {
      const less = pack(cutPage(JSON.parse(inflateRawSync(packed).toString('utf8')), this.#level));
      this.#packed[at] = less;
      this.#size += sizeOf(less);
    }
  }
}

function pack(page: FlowPage): Buffer {
  return deflateRawSync(JSON.stringify(page));
}

function sizeOf({ length }: Buffer): number {
  return Math.ceil(length / 3) * 4;
}
