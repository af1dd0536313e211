/** A bit of a double below its sign holds eleven bits of exponent; seven more make 128 buckets of each power of two. */
const BITS = 7;
const SHIFT = 20 - BITS;
/** Nearer to 0 than this is 0. */
const SMALLEST = 2 ** -20;
/** Room is made for a power of two at a time. */
const GROW = 1 << BITS;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

const BASE = rawIndexOf(SMALLEST) - 1;

/** As it is written: index and count of each bucket that is not empty, by turns. */
export interface HistogramData {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly buckets: readonly number[];
}

/**
 * Counts of values in buckets that are 1/128 of their power of two wide: a value is known to 0.4 %.
 * Which bucket a value is in depends on the value alone, so that histograms add up exactly.
 */
export class Histogram {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  #from = 0;
  #counts = new Float64Array(0);

  static from(data: HistogramData): Histogram {
    const made = new Histogram();
    made.count = data.count;
    made.sum = data.sum;
    if (data.count > 0) {
      made.min = data.min;
      made.max = data.max;
    }
    for (let at = 0; at + 1 < data.buckets.length; at += 2) made.#add(data.buckets[at] ?? 0, data.buckets[at + 1] ?? 0);
    return made;
  }

  record(value: number): void {
    if (!Number.isFinite(value)) return;
    this.count += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const slot = indexOf(value) - this.#from;
    if (slot >= 0 && slot < this.#counts.length) (this.#counts[slot] as number) += 1;
    else this.#add(slot + this.#from, 1);
  }

  addAll(other: Histogram): void {
    this.count += other.count;
    this.sum += other.sum;
    if (other.min < this.min) this.min = other.min;
    if (other.max > this.max) this.max = other.max;
    const last = other.#counts.length - 1;
    if (last < 0) return;
    this.#cover(other.#from);
    this.#cover(other.#from + last);
    const shift = other.#from - this.#from;
    for (let slot = 0; slot <= last; slot += 1) {
      (this.#counts[slot + shift] as number) += other.#counts[slot] as number;
    }
  }

  /** Forgets all values. */
  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.#counts.fill(0);
  }

  copy(): Histogram {
    const made = new Histogram();
    made.addAll(this);
    return made;
  }

  /** The value that so many percent are at or below, between two ranks in proportion; 0 of nothing. */
  percentile(percent: number): number {
    if (this.count === 0) return 0;
    const rank = (Math.min(100, Math.max(0, percent)) / 100) * (this.count - 1);
    const below = Math.floor(rank);
    const low = this.#atRank(below);
    return rank === below ? low : low + (this.#atRank(below + 1) - low) * (rank - below);
  }

  /** Each bucket that is not empty, from the lowest: its bounds and how many values it holds. */
  forEachBucket(take: (low: number, high: number, count: number) => void): void {
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      const count = this.#counts[slot] as number;
      if (count > 0) take(edge(slot + this.#from), edge(slot + this.#from + 1), count);
    }
  }

  toJSON(): HistogramData {
    const buckets: number[] = [];
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      const count = this.#counts[slot] as number;
      if (count > 0) buckets.push(slot + this.#from, count);
    }
    const none = this.count === 0;
    return { count: this.count, sum: this.sum, min: none ? 0 : this.min, max: none ? 0 : this.max, buckets };
  }

  #atRank(rank: number): number {
    if (rank <= 0) return this.min;
    if (rank >= this.count - 1) return this.max;
    let before = 0;
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      const count = this.#counts[slot] as number;
      if (rank < before + count) {
        const low = edge(slot + this.#from);
        const value = low + (edge(slot + this.#from + 1) - low) * ((rank - before + 0.5) / count);
        return Math.min(this.max, Math.max(this.min, value));
      }
      before += count;
    }
    return this.max;
  }

  #add(index: number, count: number): void {
    this.#cover(index);
    (this.#counts[index - this.#from] as number) += count;
  }

  #cover(index: number): void {
    const to = this.#from + this.#counts.length;
    if (index >= this.#from && index < to) return;
    const start = Math.floor(index / GROW) * GROW;
    const empty = this.#counts.length === 0;
    const from = empty ? start : Math.min(this.#from, start);
    const counts = new Float64Array((empty ? start + GROW : Math.max(to, start + GROW)) - from);
    counts.set(this.#counts, empty ? 0 : this.#from - from);
    this.#from = from;
    this.#counts = counts;
  }
}

/** 0 for what is nearly 0, from 1 on what is above, from -1 down what is below: in the order of the values. */
function indexOf(value: number): number {
  if (value >= SMALLEST) return rawIndexOf(value) - BASE;
  return value <= -SMALLEST ? BASE - rawIndexOf(-value) : 0;
}

function rawIndexOf(value: number): number {
  float[0] = value;
  return (words[HIGH] as number) >>> SHIFT;
}

/** Where the bucket of an index begins, towards the lower values. */
function edge(index: number): number {
  return index >= 1 ? startOf(index) : -startOf(1 - index);
}

function startOf(index: number): number {
  const raw = index + BASE;
  words[HIGH] = (raw << SHIFT) >>> 0;
  words[1 - HIGH] = 0;
  return float[0] as number;
}
