/**
 * Which of countable things (virtual users, arrivals) one of several processes has. They are dealt out by turns, over and over,
 * so that of any number of them each process has its fair part, and all together have each thing once.
 */
export class Slice {
  readonly #period: number;
  /** What is owned of each turn, in order. */
  readonly #owned: readonly number[];

  constructor(period: number, owned: readonly number[]) {
    this.#period = period;
    this.#owned = owned;
  }

  /** One of equal parts of what is owned, dealt out by turns as well. */
  part(index: number, count: number): Slice {
    const owned: number[] = [];
    for (let nth = index; nth < this.#owned.length * count; nth += count) owned.push(this.at(nth));
    return new Slice(this.#period * count, owned);
  }

  /** How many of the first `total` are owned. */
  count(total: number): number {
    const turns = Math.floor(total / this.#period);
    return turns * this.#owned.length + this.#below(total - turns * this.#period);
  }

  /** Whether the thing with this number (from 0) is owned. */
  has(index: number): boolean {
    return this.count(index + 1) > this.count(index);
  }

  /** The number of the n-th thing owned, both from 0. */
  at(nth: number): number {
    const turns = Math.floor(nth / this.#owned.length);
    return turns * this.#period + (this.#owned[nth - turns * this.#owned.length] ?? 0);
  }

  #below(rest: number): number {
    let [low, high] = [0, this.#owned.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#owned[middle] as number) < rest) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** All there is. */
export const WHOLE = new Slice(1, [0]);
