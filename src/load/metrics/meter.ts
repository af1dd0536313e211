import { LOAD_METRICS, type LoadMetricName } from '../../model/load/load-metrics.ts';
import { BatchWriter, NOBODY, type SampleOrigin } from './batch.ts';
import { Histogram } from './histogram.ts';
import type { Metric, SampleBatch, Series, TagSet } from './samples.ts';
import { TagSets } from './tag-sets.ts';

/** The metrics of a load as outputs get them: one object each. */
export const METRICS = Object.fromEntries(
  Object.entries(LOAD_METRICS).map(([name, about]) => [name, { name, ...about }]),
) as Readonly<Record<LoadMetricName, Metric>>;

/** What comes together of one metric with one tag set. */
export class MutableSeries implements Series {
  readonly metric: Metric;
  readonly tags: TagSet;
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  last = 0;
  readonly histogram: Histogram | undefined;

  constructor(metric: Metric, tags: TagSet) {
    this.metric = metric;
    this.tags = tags;
    if (metric.kind === 'trend') this.histogram = new Histogram();
  }

  add(value: number): void {
    this.count += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.last = value;
    this.histogram?.record(value);
  }

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.last = 0;
    this.histogram?.clear();
  }
}

/** The way of the samples of one metric with one tag set. */
export class Channel {
  readonly metric: Metric;
  readonly tags: TagSet;
  readonly #meter: Meter;
  readonly #isCounted: boolean;
  #series: MutableSeries | undefined;

  constructor(meter: Meter, { metric, tags, isCounted }: { metric: Metric; tags: TagSet; isCounted: boolean }) {
    this.#meter = meter;
    this.metric = metric;
    this.tags = tags;
    this.#isCounted = isCounted;
  }

  /** What is not a number is no sample. */
  add(value: number, atMs: number, origin: SampleOrigin): void {
    if (!Number.isFinite(value)) return;
    if (this.#isCounted) {
      // Not before: a series of nothing would be shown.
      this.#series ??= this.#meter.seriesOf(this.metric, this.tags);
      this.#series.add(value);
    }
    if (this.#meter.keepsRaw) this.#meter.addRaw(this.metric, this.tags, { value, atMs, origin });
  }
}

export interface MeterOptions {
  /** What stands in each tag set. */
  readonly tags?: ReadonlyMap<string, string> | undefined;
  /** Whether samples are kept one by one until they are taken. */
  readonly keepsRaw?: boolean | undefined;
}

/** Takes all that is measured, and brings it together in bounded memory. */
export class Meter {
  readonly tagSets: TagSets;
  /** Whether it is asked whose a sample is. */
  readonly keepsRaw: boolean;
  readonly #series = new Map<Metric, Map<TagSet, MutableSeries>>();
  readonly #raw: BatchWriter | undefined;

  constructor({ tags, keepsRaw = false }: MeterOptions = {}) {
    this.tagSets = new TagSets(tags);
    this.keepsRaw = keepsRaw;
    if (keepsRaw) this.#raw = new BatchWriter();
  }

  /** What is not a number is no sample: no output could hold it. */
  add(metric: Metric, tags: TagSet, sample: { value: number; atMs: number; origin?: SampleOrigin }): void {
    if (!Number.isFinite(sample.value)) return;
    this.seriesOf(metric, tags).add(sample.value);
    this.addRaw(metric, tags, sample);
  }

  /** Of what is not counted, such as the warm-up. */
  addRaw(metric: Metric, tags: TagSet, sample: { value: number; atMs: number; origin?: SampleOrigin }): void {
    const { value, atMs, origin = NOBODY } = sample;
    if (!Number.isFinite(value)) return;
    this.#raw?.add(metric, tags, { value, atMs, origin });
  }

  /** Where samples of a metric with these tags go, for who has many of them. */
  channelOf(metric: Metric, tags: TagSet, isCounted: boolean): Channel {
    return new Channel(this, { metric, tags, isCounted });
  }

  /** The series of a metric with these tags, made with its first use. */
  seriesOf(metric: Metric, tags: TagSet): MutableSeries {
    let ofMetric = this.#series.get(metric);
    if (!ofMetric) {
      ofMetric = new Map();
      this.#series.set(metric, ofMetric);
    }
    let series = ofMetric.get(tags);
    if (!series) {
      series = new MutableSeries(metric, tags);
      ofMetric.set(tags, series);
    }
    return series;
  }

  /** The metric of this name, of which there is one object here. */
  metricLike(metric: Metric): Metric {
    for (const known of this.#series.keys()) if (known.name === metric.name) return known;
    return Object.hasOwn(METRICS, metric.name) ? METRICS[metric.name as LoadMetricName] : metric;
  }

  /** Begins anew, with the same series. */
  clear(): void {
    for (const ofMetric of this.#series.values()) for (const series of ofMetric.values()) series.clear();
  }

  /** All series of one metric. */
  listOf(name: string): readonly Series[] {
    for (const [metric, series] of this.#series) if (metric.name === name) return [...series.values()];
    return [];
  }

  listAll(): readonly Series[] {
    return [...this.#series.values()].flatMap((series) => [...series.values()]);
  }

  takeBatch(): SampleBatch | undefined {
    return this.#raw?.take();
  }
}
