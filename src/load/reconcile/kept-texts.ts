const CHUNK = 1024 * 1024;
const MOST_BYTES = 64 * CHUNK;

/** Keeps texts one after another, as many as have room; to be gone through once. */
export class KeptTexts {
  readonly #most: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #left = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#most = mostBytes;
  }

  /** How many had no room. */
  get left(): number {
    return this.#left;
  }

  add(text: string): void {
    const needed = Buffer.byteLength(text) + 2;
    let chunk = this.#chunks.at(-1);
    if (!chunk || this.#length + needed > chunk.length) {
      if (this.#chunks.length * CHUNK + needed > this.#most) {
        this.#left += 1;
        return;
      }
      if (chunk) this.#chunks[this.#chunks.length - 1] = chunk.subarray(0, this.#length);
      chunk = Buffer.allocUnsafe(Math.max(CHUNK, needed));
      this.#chunks.push(chunk);
      this.#length = 0;
    }
    // A text is not as long as a chunk; what is as long has one of its own.
    this.#length += chunk.write(`${text}\0`, this.#length);
  }

  *list(): Generator<string> {
    for (const [index, chunk] of this.#chunks.entries()) {
      const end = index === this.#chunks.length - 1 ? this.#length : chunk.length;
      let start = 0;
      for (let at = chunk.indexOf(0, start); at !== -1 && at < end; at = chunk.indexOf(0, start)) {
        yield chunk.toString('utf8', start, at);
        start = at + 1;
      }
    }
  }
}
