import { cutColumns } from '../../util/cells.ts';
import { mergeSeries, readStatistic } from '../metrics/merged.ts';
import type { Series } from '../metrics/samples.ts';
import type { LoadRun } from '../run/load-run.ts';
import { describeGaveWay, formatRate } from './format-capacity.ts';
import { formatMs, formatNumber, formatPercent } from './units.ts';

/** How often a line is written where nobody watches, ms. */
const PLAIN_EVERY_MS = 10_000;

export interface ProgressOptions {
  readonly isTty: boolean;
  readonly columns?: number | undefined;
  readonly write: (text: string) => void;
}

/** A line about how a load is going: rewritten on a terminal, else a new one every ten seconds. */
export class Progress {
  readonly #options: ProgressOptions;
  #writtenAt = 0;
  #isOpen = false;
  #holds = 0;
  #before = { iterations: 0, atMs: 0 };

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  show(load: LoadRun): void {
    const { isTty, write } = this.#options;
    const { elapsedMs } = load;
    this.#showHolds(load);
    if (!isTty && elapsedMs - this.#writtenAt < PLAIN_EVERY_MS - 500) return;
    this.#writtenAt = elapsedMs;
    const { columns = 80 } = this.#options;
    const text = this.#describe(load);
    const line = isTty ? cutColumns(text, Math.max(20, columns - 1)) : text;
    this.#isOpen = isTty;
    write(isTty ? `\r\u001b[K${line}` : `${line}\n`);
  }

  /** A line about each rate that was tried since the last look. */
  #showHolds({ work: { capacities } }: LoadRun): void {
    const all = capacities.flatMap((book) => {
      const about = book.summarize();
      return about.holds.map((hold) => ({ hold, about }));
    });
    for (const { hold, about } of all.slice(this.#holds)) {
      this.end();
      const why = hold.gaveWay ? describeGaveWay(hold.gaveWay) : 'held';
      this.#options.write(`${about.scenario}: ${formatRate(hold.rate, about)} ${why}\n`);
    }
    this.#holds = all.length;
  }

  /** Takes the line away. */
  end(): void {
    if (this.#isOpen) this.#options.write('\r\u001b[K');
    this.#isOpen = false;
  }

  #describe({ meter, elapsedMs, work: { users } }: LoadRun): string {
    const sum = (name: string): number => total(meter.listOf(name));
    const iterations = sum('iterations');
    const seconds = (elapsedMs - this.#before.atMs) / 1000;
    const rate = seconds > 0 ? (iterations - this.#before.iterations) / seconds : 0;
    this.#before = { iterations, atMs: elapsedMs };
    const failed = meter.listOf('iteration_failed');
    const share =
      total(failed) /
      Math.max(
        1,
        failed.reduce((count, one) => count + one.count, 0),
      );
    const duration = readStatistic(mergeSeries('trend', meter.listOf('iteration_duration')), 'p(95)', elapsedMs) ?? 0;
    const dropped = sum('dropped_iterations');
    return [
      `${formatMs(Math.round(elapsedMs / 1000) * 1000)}`,
      `${users.active}/${users.there} VUs`,
      `${iterations} iterations`,
      `${formatNumber(Number(rate.toFixed(1)))}/s`,
      `${formatPercent(share)} failed`,
      `p(95) ${formatMs(duration)}`,
      ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ].join('  ');
  }
}

function total(series: readonly Series[]): number {
  return series.reduce((sum, one) => sum + one.sum, 0);
}
