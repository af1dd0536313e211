/** Batches that follow each other take lanes by turns, so that those of threads, whose times overlap, never meet. */
const LANES = 16;
/** The last three digits, those of nanoseconds, tell apart what clocks do not: a lane has so many of the thousand. */
const PER_LANE = 62;
const SECOND = 1_000_000;

const NANOS = Array.from({ length: 1000 }, (_, nanos) => String(nanos).padStart(3, '0'));

/** The times given to the points of one series so far. */
export class SeriesTimes {
  readonly #text: MicrosText;
  readonly #micros = new Float64Array(LANES);
  readonly #steps = new Uint8Array(LANES);

  /** `text` may be shared by series. */
  constructor(text: MicrosText) {
    this.#text = text;
  }

  /**
   * Nanoseconds since 1970, as text, that no other point of the series has: of two points with the same tags and time the database
   * would keep one. Within a batch they only rise.
   */
  next(atMs: number, batch: number): string {
    const lane = batch % LANES;
    const last = this.#micros[lane] ?? 0;
    const step = (this.#steps[lane] ?? 0) + 1;
    let micros = Math.floor(atMs * 1000);
    let own = 0;
    if (micros <= last) {
      micros = step < PER_LANE ? last : last + 1;
      own = step < PER_LANE ? step : 0;
    }
    this.#micros[lane] = micros;
    this.#steps[lane] = own;
    return `${this.#text.write(micros)}${NANOS[lane * PER_LANE + own]}`;
  }
}

/** Writes microseconds since 1970. Numbers of that size are slow to write, and many points in a row share theirs, or at least the second. */
export class MicrosText {
  #micros = Number.NaN;
  #text = '';
  #second = Number.NaN;
  #secondText = '';

  write(micros: number): string {
    if (micros === this.#micros) return this.#text;
    const second = Math.floor(micros / SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = String(second);
    }
    this.#micros = micros;
    this.#text = this.#secondText + String(SECOND + micros - second * SECOND).slice(1);
    return this.#text;
  }
}
