import type { CapacityLimit } from '../metrics/load-summary.ts';

/** So near to each other, as a share of what holds, a rate that holds and one that does not say enough. */
const PRECISION = 0.05;
/** A rate at which something gave way is tried once more: on a machine that does other things besides, one hiccup says nothing. */
const TRIES = 2;
/** Where the generator itself was late nothing is known of the rate: that may pass. */
const MOST_TRIES = 5;

export interface SearchTerms {
  readonly startRate: number;
  readonly maxRate: number;
  readonly step: number;
}

/** Which rate is tried next: higher ones by steps until one does not hold, then the middle between the last that held and the first that did not. */
export class RateSearch {
  readonly #terms: SearchTerms;
  #held: number | undefined;
  #failed: number | undefined;
  #tries = 0;
  #failures = 0;

  constructor(terms: SearchTerms) {
    this.#terms = terms;
  }

  /** Undefined when it is found. */
  next(): number | undefined {
    const { startRate, maxRate, step } = this.#terms;
    if (this.#failed === undefined) {
      if (this.#held === undefined) return startRate;
      return this.#held < maxRate ? Math.min(maxRate, round(this.#held + step)) : undefined;
    }
    if (this.#held === undefined || this.#failed - this.#held <= PRECISION * this.#held) return undefined;
    return round((this.#held + this.#failed) / 2);
  }

  /** `by` says what gave way; undefined: the rate held. */
  note(rate: number, by: CapacityLimit | undefined): void {
    this.#tries += 1;
    if (by !== undefined && by !== 'generator') this.#failures += 1;
    if (by === undefined) this.#held = rate;
    else if (this.#failures === TRIES || this.#tries === MOST_TRIES) this.#failed = rate;
    else return;
    this.#tries = 0;
    this.#failures = 0;
  }
}

/** Far finer than what is looked for. */
function round(rate: number): number {
  return Number(rate.toPrecision(4));
}
