import type { MetricKind, MetricUnit } from '../../model/load/load-metrics.ts';
import type { HistogramData } from './histogram.ts';

/** What a run came to: what `--summary-export` writes and the summary on the terminal says. */
export interface LoadSummary extends JudgedSummary {
  readonly version: 1;
  readonly run: RunSummary;
  readonly scenarios: readonly ScenarioSummary[];
  /** By name; of a metric with tags that a threshold names, `name{tag:value}`. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly steps: readonly StepSummary[];
  readonly generator: GeneratorSummary;
  /** What merges exactly: each metric with each of its tag sets. */
  readonly series: readonly SeriesSummary[];
  readonly notes: readonly string[];
}

export interface ShardSummary {
  readonly segment: string;
  readonly sequence: string;
  /** The same for all parts of one load, and for no other. */
  readonly load: string;
  readonly checks: 'auto' | 'fail' | 'report';
  readonly allowsEmptyThresholds: boolean;
  readonly hasBug: boolean;
  /** Why no scenario ran. */
  readonly notBegun?: string;
  /** What went wrong around the flows, such as a teardown that failed. */
  readonly problem?: string;
  readonly steps: StepCounts;
  /** Fingerprints of the keys that were accepted, and of those in each place that were not; absent where nothing is reconciled, or of too many. */
  readonly reconcile?: { readonly accepted: string; readonly unexpected: readonly string[] };
}

/** How many steps failed, and how many were carried out at all. */
export interface StepCounts {
  readonly requests: number;
  readonly assertions: number;
  readonly carriedOut: number;
  readonly notCarriedOut: number;
}

/** What the verdict follows from. */
export interface JudgedSummary {
  readonly thresholds: readonly ThresholdSummary[];
  readonly checks: readonly CheckSummary[];
  /** Whether what was accepted was also done; absent where nothing says how that is seen. */
  readonly reconcile?: ReconcileSummary;
  /** What each scenario found that looks for a capacity; absent where none does. */
  readonly capacity?: readonly CapacitySummary[];
}

export interface RunSummary {
  readonly testId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly exitCode: number;
  /** Why it is that: "threshold", "checks", "nothing answered", "interrupted" … */
  readonly verdict: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Of a process that ran one segment of a load: what `load merge` needs besides. */
  readonly shard?: ShardSummary;
}

export interface ScenarioSummary {
  readonly name: string;
  readonly executor: string;
  readonly flow: string;
  readonly iterations: number;
  readonly failed: number;
  readonly dropped: number;
  readonly interrupted: number;
}

export interface MetricSummary {
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  /** Of a trend avg, min, med, max, p(90) …; of a counter count, rate; of a rate rate, passes, fails; of a gauge value, min, max. */
  readonly values: Readonly<Record<string, number>>;
}

export interface ThresholdSummary {
  readonly metric: string;
  readonly threshold: string;
  readonly passed: boolean;
  /** What was measured; null without any sample. */
  readonly value: number | null;
  /** It ended the run before its time. */
  readonly aborted?: boolean;
  readonly note?: string;
}

export interface CheckSummary {
  readonly name: string;
  readonly scenario: string;
  readonly passes: number;
  readonly fails: number;
  readonly firstFailure?: string;
}

export interface StepSummary {
  readonly name: string;
  readonly scenario: string;
  readonly action: string;
  /** What most of its requests came to: `POST 201`. */
  readonly answer?: string;
  readonly count: number;
  readonly failed: number;
  /** As of any trend: avg, min, med, max, p(90), p(95), p(99), in ms. */
  readonly values: Readonly<Record<string, number>>;
  /** Such as "502 ×3" or "timeout ×1". */
  readonly failures: readonly string[];
}

export interface GeneratorSummary {
  readonly saturated: boolean;
  readonly cpu: number;
  readonly eventLoopP99Ms: number;
  readonly schedulerLagP99Ms: number;
  readonly notes: readonly string[];
}

export interface SeriesSummary {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly histogram?: HistogramData;
}

export interface ReconcileSummary {
  /** Whose answers count. */
  readonly step: string;
  /** Different keys. */
  readonly accepted: number;
  /** Attempts that nobody answered: so many unexpected keys are no fault. */
  readonly uncertain: number;
  /** Answers in which no key was found. */
  readonly withoutKey: number;
  /** Keys beyond those that have room. */
  readonly refused: number;
  readonly places: readonly ReconcilePlaceSummary[];
  readonly tookMs: number;
  /** That a key was taken for another one. */
  readonly chanceOfMistake: number;
  /** Why it was not done to the end. */
  readonly problem?: string;
  readonly notes: readonly string[];
}

export interface ReconcilePlaceSummary {
  readonly kind: 'events' | 'rows';
  readonly name: string;
  /** `exactly 1`. */
  readonly wanted: string;
  readonly found: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly unexpected: number;
  /** Ten of each. */
  readonly lostKeys: readonly string[];
  readonly duplicatedKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

export interface CapacitySummary {
  readonly scenario: string;
  /** The highest rate that held, of `timeUnitMs`; null where not even the first one did. */
  readonly rate: number | null;
  readonly timeUnitMs: number;
  readonly holdMs: number;
  /** Whose it is: "max_rate" and "ended" say that nothing higher was tried, and but for "service" the service may be capable of more. */
  readonly limit: CapacityLimit | 'max_rate' | 'ended';
  /** The lowest rate that did not hold, and why. */
  readonly beyond?: { readonly rate: number; readonly gaveWay: GaveWay };
  /** Every rate that was tried, in that order. */
  readonly holds: readonly HoldSummary[];
}

export type CapacityLimit = 'service' | 'generator' | 'virtual users';

/** What was measured while one rate was kept. */
export interface HoldSummary {
  readonly rate: number;
  readonly held: boolean;
  readonly durationMs: number;
  readonly iterations: number;
  readonly dropped: number;
  readonly thresholds: readonly ThresholdSummary[];
  readonly gaveWay?: GaveWay;
}

/** What gave way first. */
export interface GaveWay {
  readonly by: CapacityLimit;
  readonly metric: string;
  /** Absent where no threshold says it: iterations that were dropped or not over, steps that failed, a generator that is late. */
  readonly threshold?: string;
  readonly value: number | null;
  /** Whose samples were the worst. */
  readonly step?: string;
}
