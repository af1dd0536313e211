import type { ThresholdSummary } from '../metrics/load-summary.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Output } from '../metrics/samples.ts';

/** Gives outputs what is measured. One that cannot take it is dropped: the load goes on without it. */
export class OutputFeed {
  readonly #outputs: readonly Output[];
  readonly #meter: Meter;
  readonly #listThresholds: () => readonly ThresholdSummary[];
  readonly #dropped = new Map<Output, string>();

  constructor(outputs: readonly Output[], meter: Meter, listThresholds: () => readonly ThresholdSummary[] = () => []) {
    this.#outputs = outputs;
    this.#meter = meter;
    this.#listThresholds = listThresholds;
  }

  /** What is to be said of those that were dropped. */
  get notes(): readonly string[] {
    return [...this.#dropped].map(
      ([{ name }, why]) => `the output ${name} was dropped, for it could not take what was measured: ${why}`,
    );
  }

  /** Hands out what has come since the last time. */
  handOut(atMs: number): void {
    if (this.#outputs.length === 0) return;
    const batch = this.#meter.takeBatch();
    const series = this.#meter.listAll();
    for (const output of this.#outputs) {
      if (this.#dropped.has(output)) continue;
      try {
        if (batch) output.takeBatch?.(batch);
        output.takeSeries?.(series, atMs);
        output.takeThresholds?.(this.#listThresholds());
      } catch (error) {
        this.#dropped.set(output, error instanceof Error ? error.message : String(error));
      }
    }
  }
}
