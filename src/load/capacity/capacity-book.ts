import type { CapacityLimit, CapacitySummary, HoldSummary } from '../metrics/load-summary.ts';
import { Hold, type HoldTerms } from './hold.ts';

export interface CapacityTerms extends Pick<HoldTerms, 'executor' | 'checks' | 'allowsEmpty' | 'clock'> {
  readonly scenario: string;
  createHealth(): HoldTerms['health'];
  /** Which rate is kept from now on. */
  onRate(rate: number): void;
}

/** What a scenario has found so far that looks for a capacity. */
export class CapacityBook {
  readonly holds: HoldSummary[] = [];
  readonly #terms: CapacityTerms;
  #open: Hold | undefined;
  #isDone = false;

  constructor(terms: CapacityTerms) {
    this.#terms = terms;
  }

  /** Whose the iterations are that begin now. */
  get open(): Hold | undefined {
    return this.#open;
  }

  begin(rate: number): Hold {
    const { executor, checks, allowsEmpty, clock, createHealth, onRate } = this.#terms;
    onRate(rate);
    this.#open = new Hold({ rate, executor, checks, allowsEmpty, clock, health: createHealth() });
    return this.#open;
  }

  /** No further iteration begins at this rate. */
  endArrivals(): void {
    this.#open?.end();
    this.#open = undefined;
  }

  note(hold: HoldSummary): void {
    this.holds.push(hold);
  }

  /** All rates were tried that had to be. */
  finish(): void {
    this.#isDone = true;
  }

  summarize(): CapacitySummary {
    const { scenario, executor } = this.#terms;
    const { timeUnitMs, holdMs, maxRate } = executor;
    const held = this.holds.filter((one) => one.held).map(({ rate }) => rate);
    const rate = held.length === 0 ? null : Math.max(...held);
    // What held once more did not give way.
    const failed = this.holds
      .filter((one) => one.gaveWay && one.rate > (rate ?? 0))
      .sort((a, b) => a.rate - b.rate)
      .filter((one, _, all) => one.rate === all[0]?.rate)
      .at(-1);
    const beyond = failed?.gaveWay && { rate: failed.rate, gaveWay: failed.gaveWay };
    const limit: CapacitySummary['limit'] = !this.#isDone
      ? 'ended'
      : rate === maxRate
        ? 'max_rate'
        : ((beyond?.gaveWay.by ?? 'service') satisfies CapacityLimit);
    return {
      scenario,
      rate,
      timeUnitMs,
      holdMs,
      limit,
      ...(beyond && { beyond }),
      holds: this.holds,
    };
  }
}
