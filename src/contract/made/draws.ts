import { createHash } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Random choices that a seed decides: the same each time, whatever else is drawn meanwhile. */
export class Draws {
  readonly #seed: string;
  #block = Buffer.alloc(0);
  #at = 0;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A whole number from 0 up to `end`, which is left out. */
  below(end: number): number {
    if (this.#at + 4 > this.#block.length) {
      this.#block = createHash('sha256')
        .update(`${this.#seed}/${this.#count++}`)
        .digest();
      this.#at = 0;
    }
    const drawn = this.#block.readUInt32BE(this.#at) / 0x1_0000_0000;
    this.#at += 4;
    return Math.floor(drawn * end);
  }

  /** One of a list; undefined of an empty one. */
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  /** Small letters and digits. */
  letters(count: number): string {
    return Array.from({ length: count }, () => LETTERS[this.below(LETTERS.length)]).join('');
  }

  /** Hexadecimal digits. */
  hex(count: number): string {
    return Array.from({ length: count }, () => this.below(16).toString(16)).join('');
  }
}
