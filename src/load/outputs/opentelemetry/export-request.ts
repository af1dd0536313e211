import { groupBy } from '../../../util/group-by.ts';
import type { Histogram } from '../../metrics/histogram.ts';
import type { Metric, MetricUnit, OutputAbout, Series, TagSet } from '../../metrics/samples.ts';
import { type BucketRow, SCALE, toExponential } from '../send/exponential.ts';
import type { Message } from '../send/protobuf.ts';
import { CUMULATIVE } from './otlp.ts';
import type { TelemetrySettings } from './settings.ts';

/** As OpenTelemetry's own libraries have them, and so k6. */
const BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];
const UNITS: Readonly<Record<MetricUnit, string | undefined>> = { ms: 'ms', bytes: 'By', none: undefined };

export interface ExportParts {
  readonly settings: Pick<TelemetrySettings, 'isExponential' | 'prefix' | 'serviceName'>;
  readonly about: OutputAbout;
  readonly version: string;
}

export interface ExportRequest {
  readonly points: number;
  readonly message: Message;
}

/** Makes OTLP's requests of what was measured. 64-bit numbers are text, as its JSON wants them. */
export class ExportMaker {
  readonly #parts: ExportParts;
  readonly #attributes = new Map<TagSet, readonly Message[]>();

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  make(all: readonly Series[], atMs: number): ExportRequest {
    const { about, version, settings } = this.#parts;
    const times = { startTimeUnixNano: toNanos(about.startedAtMs), timeUnixNano: toNanos(atMs) };
    const measured = all.filter(({ count }) => count > 0);
    const metrics = [...groupBy(measured, ({ metric }) => metric)].map(([metric, series]) =>
      this.#describe(metric, series, times),
    );
    const resource = {
      attributes: toAttributes([
        ['service.name', settings.serviceName],
        ['service.version', version],
        ['service.instance.id', about.instanceId],
      ]),
    };
    const scopeMetrics = [{ scope: { name: 'testmesh', version }, metrics }];
    const points = measured.reduce((sum, { metric }) => sum + (metric.kind === 'rate' ? 2 : 1), 0);
    return { points, message: { resourceMetrics: [{ resource, scopeMetrics }] } };
  }

  #describe(metric: Metric, series: readonly Series[], times: Message): Message {
    const name = `${this.#parts.settings.prefix}${metric.name}`;
    const unit = UNITS[metric.unit];
    const about = unit === undefined ? { name } : { name, unit };
    switch (metric.kind) {
      case 'gauge': {
        const dataPoints = series.map(({ tags, last }) => ({
          timeUnixNano: times['timeUnixNano'],
          asDouble: last,
          attributes: this.#attributesOf(tags),
        }));
        return { ...about, gauge: { dataPoints } };
      }
      case 'counter': {
        const dataPoints = series.map(({ tags, sum }) => ({
          ...times,
          asDouble: sum,
          attributes: this.#attributesOf(tags),
        }));
        return { ...about, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
      }
      case 'rate': {
        const dataPoints = series.flatMap(({ tags, sum, count }) => [
          { ...times, asInt: String(sum), attributes: this.#attributesOf(tags, 'nonzero') },
          { ...times, asInt: String(count - sum), attributes: this.#attributesOf(tags, 'zero') },
        ]);
        return { ...about, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
      }
      case 'trend': {
        const { isExponential } = this.#parts.settings;
        const dataPoints = series.flatMap(({ tags, histogram }) => {
          if (!histogram) return [];
          const own = isExponential ? describeExponential(histogram) : describeExplicit(histogram);
          const { count, sum, min, max } = histogram;
          return [{ ...times, count: String(count), sum, min, max, ...own, attributes: this.#attributesOf(tags) }];
        });
        const kind = isExponential ? 'exponentialHistogram' : 'histogram';
        return { ...about, [kind]: { dataPoints, aggregationTemporality: CUMULATIVE } };
      }
      default:
        return metric.kind satisfies never;
    }
  }

  #attributesOf(tags: TagSet, condition?: 'zero' | 'nonzero'): readonly Message[] {
    let own = this.#attributes.get(tags);
    if (!own) {
      const { tags: ofRun, testId } = this.#parts.about;
      own = toAttributes([...new Map([...ofRun, ['testid', testId], ...tags.tags])]);
      this.#attributes.set(tags, own);
    }
    return condition === undefined ? own : [...own, ...toAttributes([['condition', condition]])];
  }
}

function toAttributes(entries: readonly (readonly [string, string])[]): readonly Message[] {
  return entries.map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function toNanos(atMs: number): string {
  return `${Math.round(atMs * 1000)}000`;
}

function describeExplicit(histogram: Histogram): Message {
  const counts = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  histogram.forEachBucket((low, high, count) => {
    const middle = (low + high) / 2;
    // What is nearly 0 is 0, which the first bucket holds.
    const value = low < 0 && high > 0 ? 0 : middle;
    const found = BOUNDS.findIndex((bound) => value <= bound);
    const at = found === -1 ? BOUNDS.length : found;
    counts[at] = (counts[at] ?? 0) + count;
  });
  return { bucketCounts: counts.map(String), explicitBounds: BOUNDS };
}

function describeExponential(histogram: Histogram): Message {
  const { zeroCount, zeroThreshold, positive, negative } = toExponential(histogram, 1);
  return {
    scale: SCALE,
    zeroCount: String(zeroCount),
    zeroThreshold,
    positive: describeRow(positive),
    ...(negative.counts.length > 0 && { negative: describeRow(negative) }),
  };
}

function describeRow({ offset, counts }: BucketRow): Message {
  return { offset, bucketCounts: counts.map(String) };
}
