import type { CheckSummary, LoadSummary, StepSummary, ThresholdSummary } from '../../metrics/load-summary.ts';
import { mergeSeries, readStatistic } from '../../metrics/merged.ts';
import type { OutputAbout, Series } from '../../metrics/samples.ts';
import { Timeline } from './timeline.ts';

export const STATISTICS = ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'] as const;

/** How long something took: how often it was measured, and each of the statistics, in ms. */
export interface Durations {
  readonly count: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface ScenarioRow extends Durations {
  readonly name: string;
  readonly iterations: number;
  readonly failed: number;
  readonly dropped: number;
}

/** Durations by tags, such as those of a group or of requests with one status. */
export interface TaggedRow extends Durations {
  readonly tags: ReadonlyMap<string, string>;
}

/** All that a page shows of a load, while it runs and when it is over. */
export interface LoadView {
  readonly about: OutputAbout;
  readonly elapsedMs: number;
  readonly thresholds: readonly ThresholdSummary[];
  readonly scenarios: readonly ScenarioRow[];
  readonly steps: readonly Omit<StepSummary, 'failures'>[];
  readonly durations: { readonly groups: readonly TaggedRow[]; readonly requests: readonly TaggedRow[] };
  readonly checks: readonly CheckSummary[];
  readonly timeline: Timeline;
  /** What a load came to that is over. */
  readonly summary?: LoadSummary | undefined;
  /** What it is compared with. */
  readonly base?: LoadSummary | undefined;
}

/** Brings together what an output is handed, for pages to show. */
export class ViewMaker {
  readonly timeline = new Timeline();
  readonly #about: OutputAbout;
  readonly #base: LoadSummary | undefined;
  #series: readonly Series[] = [];
  #atMs: number;
  #thresholds: readonly ThresholdSummary[] = [];
  #summary: LoadSummary | undefined;

  constructor(about: OutputAbout, base?: LoadSummary) {
    this.#about = about;
    this.#base = base;
    this.#atMs = about.startedAtMs;
  }

  get isOver(): boolean {
    return this.#summary !== undefined;
  }

  takeSeries(series: readonly Series[], atMs: number): void {
    this.#series = series;
    this.#atMs = atMs;
    this.timeline.take(series, atMs - this.#about.startedAtMs);
  }

  takeThresholds(thresholds: readonly ThresholdSummary[]): void {
    this.#thresholds = thresholds;
  }

  takeSummary(summary: LoadSummary): void {
    this.#summary = summary;
  }

  make(): LoadView {
    const summary = this.#summary;
    return {
      about: this.#about,
      elapsedMs: summary?.run.durationMs ?? this.#atMs - this.#about.startedAtMs,
      thresholds: summary?.thresholds ?? this.#thresholds,
      scenarios: this.#listScenarios(),
      steps: summary?.steps ?? this.#listSteps(),
      durations: {
        groups: this.#listDurations('group_duration'),
        requests: this.#listDurations('http_req_duration'),
      },
      checks: summary?.checks ?? this.#listChecks(),
      timeline: this.timeline,
      summary,
      base: this.#base,
    };
  }

  #listOf(metric: string): readonly Series[] {
    return this.#series.filter((series) => series.metric.name === metric);
  }

  #listDurations(metric: string): readonly TaggedRow[] {
    return this.#listOf(metric).map((series) => ({ tags: series.tags.tags, ...measure([series]) }));
  }

  #listScenarios(): readonly ScenarioRow[] {
    const durations = this.#listOf('iteration_duration');
    const found = this.#listOf('iterations').map(({ tags }) => tags.tags.get('scenario') ?? '');
    const names = this.#summary?.scenarios.map(({ name }) => name) ?? [...new Set(found)];
    const isOf = (name: string) => (series: Series) => series.tags.tags.get('scenario') === name;
    return names.map((name) => {
      const sum = (metric: string) => mergeSeries('counter', this.#listOf(metric).filter(isOf(name))).sum;
      const known = this.#summary?.scenarios.find((one) => one.name === name);
      return {
        name,
        iterations: known?.iterations ?? sum('iterations'),
        failed: known?.failed ?? sum('iteration_failed'),
        dropped: known?.dropped ?? sum('dropped_iterations'),
        ...measure(durations.filter(isOf(name))),
      };
    });
  }

  #listSteps(): LoadView['steps'] {
    const failed = new Map(this.#listOf('step_failed').map(({ tags, sum }) => [tags.id, sum]));
    return this.#listOf('step_duration').map((series) => {
      const { id, tags } = series.tags;
      const read = (name: string) => tags.get(name) ?? '';
      const names = { name: read('step'), scenario: read('scenario'), action: read('action') };
      return { ...names, failed: failed.get(id) ?? 0, ...measure([series]) };
    });
  }

  #listChecks(): readonly CheckSummary[] {
    return this.#listOf('checks').map(({ tags: { tags }, count, sum }) => ({
      name: tags.get('check') ?? '',
      scenario: tags.get('scenario') ?? '',
      passes: sum,
      fails: count - sum,
    }));
  }
}

function measure(series: readonly Series[]): Durations {
  const merged = mergeSeries('trend', series);
  const values = Object.fromEntries(STATISTICS.map((name) => [name, readStatistic(merged, name, 0) ?? 0]));
  return { count: merged.count, values };
}
