import { closeSync, writeSync, write as writeTo } from 'node:fs';

const CHUNK_CHARACTERS = 256 * 1024;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Below this, handing a piece over to a thread takes longer than writing it. */
const SMALL_BYTES = 64 * 1024;

/**
 * Appends text to an open file in large pieces that the run does not wait for.
 * Where the disk cannot follow, pieces are written at once instead of piling up in memory.
 */
export class ChunkWriter {
  readonly #fd: number;
  readonly #onError: (error: unknown) => void;
  readonly #writing = new Set<Promise<void>>();
  #lines: string[] = [];
  #lineCharacters = 0;
  #waitingBytes = 0;
  #position = 0;

  constructor(fd: number, onError: (error: unknown) => void) {
    this.#fd = fd;
    this.#onError = onError;
  }

  /** Bytes of everything added so far. Counted when asked for: with each line it would take longer than writing it. */
  get size(): number {
    return this.#position + Buffer.byteLength(this.#lines.join(''));
  }

  /** Bytes of everything added so far, or fewer: what still waits counts a byte a character. */
  get leastSize(): number {
    return this.#position + this.#lineCharacters;
  }

  add(text: string): void {
    this.#lines.push(text);
    this.#lineCharacters += text.length;
    if (this.#lineCharacters >= CHUNK_CHARACTERS) this.flush();
  }

  /** Hands everything over to the system. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const chunk = Buffer.from(this.#lines.join(''));
    const position = this.#position;
    this.#position += chunk.length;
    this.#lines = [];
    this.#lineCharacters = 0;
    if (chunk.length < SMALL_BYTES || this.#waitingBytes > MAX_WAITING_BYTES) this.#writeNow(chunk, position);
    else this.#writeLater(chunk, position);
  }

  async close(): Promise<void> {
    this.flush();
    while (this.#writing.size > 0) await Promise.all(this.#writing);
    try {
      closeSync(this.#fd);
    } catch (error) {
      this.#onError(error);
    }
  }

  // Each piece has its position, so the order in which the system finishes them does not matter.
  #writeLater(chunk: Buffer, position: number): void {
    this.#waitingBytes += chunk.length;
    const writing = writeWhole(this.#fd, chunk, position)
      .catch(this.#onError)
      .finally(() => {
        this.#waitingBytes -= chunk.length;
        this.#writing.delete(writing);
      });
    this.#writing.add(writing);
  }

  #writeNow(chunk: Buffer, position: number): void {
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(this.#fd, chunk, at, chunk.length - at, position + at);
    } catch (error) {
      this.#onError(error);
    }
  }
}

async function writeWhole(fd: number, chunk: Buffer, position: number): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += await writePart(fd, chunk, { at, position: position + at });
}

function writePart(fd: number, chunk: Buffer, place: { at: number; position: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    writeTo(fd, chunk, place.at, chunk.length - place.at, place.position, (error, written) =>
      error ? reject(error) : resolve(written),
    );
  });
}
