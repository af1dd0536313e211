import { addToSeries } from '../merge/merge-series.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Metric, SampleBatch, Series, TagSet } from '../metrics/samples.ts';
import type { GeneratorHealth } from '../run/generator-health.ts';
import type { AcceptSink } from '../run/reconciling.ts';
import type { Work } from '../run/scenario-work.ts';
import type { VerdictBook } from '../run/verdict-book.ts';
import type { AcceptedData, Report, SampleData, SeriesData } from './messages.ts';

/** Where a thread keeps what it has not told yet. */
export interface Untold {
  readonly meter: Meter;
  readonly book: VerdictBook;
  readonly health: GeneratorHealth;
  readonly accepted: GatheredKeys;
  readonly work: Work;
}

/** Takes what a thread has not told yet, which begins anew there. */
export function takeReport({ meter, book, health, accepted, work }: Untold): Report {
  const series = meter.listAll().filter(({ count }) => count > 0);
  const told = book.take();
  const byId = new Map(series.filter(({ metric }) => metric.name === 'checks').map(({ tags }) => [`${tags.id}`, tags]));
  const batch = meter.takeBatch();
  const data = series.map(toData);
  meter.clear();
  return {
    series: data,
    samples: batch && encodeSamples(batch),
    book: told,
    firsts: told.firsts.flatMap(([id, why]) => {
      const tags = byId.get(id);
      return tags ? [[toRecord(tags), why] as const] : [];
    }),
    health: health.take(),
    counts: [...work.counts.values()].map((counts) => ({ ...counts })),
    users: work.users,
    accepted: accepted.take(),
  };
}

/** Where the load brings together what its threads tell. */
export interface Told {
  readonly meter: Meter;
  readonly book: VerdictBook;
  readonly health: GeneratorHealth;
  readonly accepting: AcceptSink | undefined;
}

/** Adds what a thread tells: counts and histograms exactly. */
export function addReport({ meter, book, health, accepting }: Told, report: Report): void {
  for (const { metric, tags, ...data } of report.series)
    addToSeries(meter.seriesOf(meter.metricLike(metric), meter.tagSets.get(tags)), data);
  if (report.samples) addSamples(meter, report.samples);
  book.add(report.book);
  for (const [tags, why] of report.firsts) book.noteCheck(`${meter.tagSets.get(tags).id}`, why);
  health.addAll(report.health);
  for (const key of report.accepted.keys) accepting?.accept(key);
  if (report.accepted.doubts > 0) accepting?.doubt(report.accepted.doubts);
}

/** Keeps what was accepted until it is told. */
export class GatheredKeys implements AcceptSink {
  #keys: (string | undefined)[] = [];
  #doubts = 0;

  accept(key: string | undefined): void {
    this.#keys.push(key);
  }

  doubt(count: number): void {
    this.#doubts += count;
  }

  take(): AcceptedData {
    const taken = { keys: this.#keys, doubts: this.#doubts };
    this.#keys = [];
    this.#doubts = 0;
    return taken;
  }
}

function toData({ metric, tags, count, sum, min, max, last, histogram }: Series): SeriesData {
  const { name, kind, unit } = metric;
  const numbers = { count, sum, min, max, last };
  return {
    metric: { name, kind, unit },
    tags: toRecord(tags),
    ...numbers,
    ...(histogram && { histogram: histogram.toJSON() }),
  };
}

function toRecord({ tags }: TagSet): Readonly<Record<string, string>> {
  return Object.fromEntries(tags);
}

function encodeSamples(batch: SampleBatch): SampleData {
  const { length, values, atMs, urls, vus, iters } = batch;
  const metrics = new Numbers<Metric>();
  const tagSets = new Numbers<TagSet>();
  const metricAt = new Uint32Array(length);
  const tagsAt = new Uint32Array(length);
  for (let at = 0; at < length; at += 1) {
    metricAt[at] = metrics.of(batch.metrics[at] as Metric);
    tagsAt[at] = tagSets.of(batch.tags[at] as TagSet);
  }
  return {
    metrics: metrics.all.map(({ name, kind, unit }) => ({ name, kind, unit })),
    tagSets: tagSets.all.map(toRecord),
    ...{ metricAt, tagsAt, urls },
    // A view would take the whole of its memory along.
    ...{ values: values.slice(), atMs: atMs.slice(), vus: vus.slice(), iters: iters.slice() },
  };
}

function addSamples(meter: Meter, samples: SampleData): void {
  const { values, atMs, urls, vus, iters, metricAt, tagsAt } = samples;
  const metrics = samples.metrics.map((metric) => meter.metricLike(metric));
  const tagSets = samples.tagSets.map((tags) => meter.tagSets.get(tags));
  for (let at = 0; at < values.length; at += 1) {
    const origin = { url: urls[at], vu: vus[at] ?? 0, iter: iters[at] ?? 0 };
    const sample = { value: values[at] ?? 0, atMs: atMs[at] ?? 0, origin };
    meter.addRaw(metrics[metricAt[at] ?? 0] as Metric, tagSets[tagsAt[at] ?? 0] as TagSet, sample);
  }
}

/** Gives things numbers, from 0, in the order in which they come. */
class Numbers<T> {
  readonly all: T[] = [];
  readonly #known = new Map<T, number>();

  of(thing: T): number {
    let number = this.#known.get(thing);
    if (number === undefined) {
      number = this.all.push(thing) - 1;
      this.#known.set(thing, number);
    }
    return number;
  }
}
