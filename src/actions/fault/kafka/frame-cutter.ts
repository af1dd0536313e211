/** A frame as a whole, or bytes of one that nobody wants as a whole. */
export interface Piece {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/** Cuts a stream of frames, each with its length in four bytes before it, into those that are wanted and the rest. */
export class FrameCutter {
  readonly #headLength: number;
  readonly #wants: (head: Buffer) => boolean;
  #chunks: Buffer[] = [];
  #gathered = 0;
  #needed: number;
  #isWhole = false;
  /** Bytes that are yet to come of a frame that goes on as it is. */
  #passing = 0;

  /** `wants` decides by the first bytes of a frame, its length among them. */
  constructor(headLength: number, wants: (head: Buffer) => boolean) {
    this.#headLength = headLength;
    this.#needed = headLength;
    this.#wants = wants;
  }

  /** The pieces that are complete with these bytes. @throws RangeError when they are no frames */
  cut(bytes: Buffer): readonly Piece[] {
    const pieces: Piece[] = [];
    this.#chunks.push(bytes);
    this.#gathered += bytes.length;
    while (this.#gathered >= this.#needed) {
      const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? bytes) : Buffer.concat(this.#chunks);
      const piece = this.#take(all);
      if (piece) pieces.push(piece);
      const rest = all.subarray(piece?.bytes.length ?? 0);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#gathered = rest.length;
    }
    return pieces;
  }

  #take(all: Buffer): Piece | undefined {
    if (this.#isWhole) {
      const bytes = all.subarray(0, this.#needed);
      this.#isWhole = false;
      this.#needed = this.#headLength;
      return { bytes, isWhole: true };
    }
    if (this.#passing > 0) {
      const bytes = all.subarray(0, this.#passing);
      this.#passing -= bytes.length;
      this.#needed = this.#passing > 0 ? 1 : this.#headLength;
      return { bytes, isWhole: false };
    }
    const length = all.readInt32BE(0) + 4;
    if (length < this.#headLength) throw new RangeError('these are not Kafka messages');
    this.#isWhole = this.#wants(all);
    this.#needed = this.#isWhole ? length : 1;
    this.#passing = this.#isWhole ? 0 : length;
    return undefined;
  }
}
