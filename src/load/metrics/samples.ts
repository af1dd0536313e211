import type { MetricKind, MetricUnit } from '../../model/load/load-metrics.ts';
import type { Histogram } from './histogram.ts';
import type { LoadSummary, ThresholdSummary } from './load-summary.ts';

export type { MetricKind, MetricUnit };

export interface Metric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
}

/** One object for each distinct set: may be compared by identity and used as the key of a Map. Its tags are sorted by name. */
export interface TagSet {
  readonly id: number;
  readonly tags: ReadonlyMap<string, string>;
}

/** Raw samples in columns, of about a second. */
export interface SampleBatch {
  readonly length: number;
  readonly metrics: readonly Metric[];
  readonly tags: readonly TagSet[];
  /** Milliseconds, bytes, 1 for a count, 0 or 1 for a rate. */
  readonly values: Float64Array;
  /** Milliseconds since 1970, with fraction. */
  readonly atMs: Float64Array;
  /** What is never indexed. A VU of 0 is none: `vus` and the like. */
  readonly urls: readonly (string | undefined)[];
  readonly vus: Uint32Array;
  readonly iters: Uint32Array;
}

/** What has come together since the start, of one metric with one tag set. The sum of a rate is how often it was true. */
export interface Series {
  readonly metric: Metric;
  readonly tags: TagSet;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  /** Of trends. It goes on changing: whoever keeps it takes a `copy()`. */
  readonly histogram?: Histogram | undefined;
}

export interface OutputAbout {
  readonly testId: string;
  readonly instanceId: string;
  readonly startedAtMs: number;
  /** What `--tag` says of the whole run. Stands in each tag set already. */
  readonly tags: ReadonlyMap<string, string>;
}

export interface OutputEnd {
  readonly written: number;
  readonly lost: number;
  readonly notes: readonly string[];
}

export interface Output {
  /** Such as "influxdb". */
  readonly name: string;
  /** Whether it takes raw batches; otherwise series only. */
  readonly wantsRaw: boolean;
  /** Where it can be looked at once it has started. */
  readonly address?: string | undefined;
  /** Throws an `OutputMistake` (exit 2) when it can never work. */
  start(about: OutputAbout): Promise<void>;
  /** Never waits. */
  takeBatch?(batch: SampleBatch): void;
  /** Cumulative, about once a second: an output that wants less thins them out. */
  takeSeries?(series: readonly Series[], atMs: number): void;
  /** How thresholds stand, after each of the series. */
  takeThresholds?(thresholds: readonly ThresholdSummary[]): void;
  /** What `--summary-export` writes. */
  takeSummary?(summary: LoadSummary): void;
  /** In 30 s at most. */
  close(): Promise<OutputEnd>;
  /** While it is closed: what waits is given up, and counts as lost. */
  giveUp?(): void;
}

/** What is wrong with an output as it is written: the run does not begin (exit 2). */
export class OutputMistake extends Error {
  override readonly name = 'OutputMistake';
  /** What to do about it, a line each. */
  readonly help: readonly string[];

  constructor(message: string, help: readonly string[] = []) {
    super(message);
    this.help = help;
  }
}
