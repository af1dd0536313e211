import type { Histogram } from '../../metrics/histogram.ts';
import type { MetricUnit, Series, TagSet } from '../../metrics/samples.ts';
import { toExponential } from '../send/exponential.ts';
import type { Message } from '../send/protobuf.ts';
import type { PrometheusSettings, TrendStat } from './settings.ts';
import { describeHistogram, STALE } from './write-request.ts';

interface Label {
  readonly name: string;
  readonly value: string;
}

/** Makes the time series of Prometheus of what was measured. */
export class TimeSeriesMaker {
  readonly #settings: Pick<PrometheusSettings, 'stats' | 'isNative'>;
  readonly #common: ReadonlyMap<string, string>;
  readonly #labels = new Map<TagSet, readonly Label[]>();

  /** `common` are labels of each series. */
  constructor(settings: Pick<PrometheusSettings, 'stats' | 'isNative'>, common: ReadonlyMap<string, string>) {
    this.#settings = settings;
    this.#common = common;
  }

  make(all: readonly Series[], atMs: number): readonly Message[] {
    const timestamp = Math.round(atMs);
    return all.flatMap((series) => this.#describe(series, timestamp));
  }

  /** Says of each series that it goes on no longer. */
  makeStale(all: readonly Series[], atMs: number): readonly Message[] {
    const samples = [{ stale: STALE, timestamp: Math.round(atMs) }];
    return this.make(all, atMs).map(({ labels }) => ({ labels, samples }));
  }

  #describe({ metric, tags, count, sum, min, max, last, histogram }: Series, timestamp: number): readonly Message[] {
    if (count === 0) return [];
    const name = `k6_${metric.name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`;
    const single = (suffix: string, value: number): Message => ({
      labels: this.#labelsOf(`${name}${suffix}`, tags),
      samples: [{ value, timestamp }],
    });
    switch (metric.kind) {
      case 'counter':
        return [single('_total', sum)];
      case 'gauge':
        return [single('', last)];
      case 'rate':
        return [single('_rate', sum / count)];
      case 'trend': {
        const factor = factorOf(metric.unit);
        if (!this.#settings.isNative || !histogram)
          return this.#settings.stats.map(({ suffix, stat }) =>
            single(`_${suffix}`, readStat(stat, { count, sum, min, max, histogram }, factor)),
          );
        const about = { count: histogram.count, sum: histogram.sum * factor, timestamp };
        const suffix = metric.unit === 'ms' ? '_seconds' : metric.unit === 'bytes' ? '_bytes' : '';
        return [
          {
            labels: this.#labelsOf(`${name}${suffix}`, tags),
            histograms: [describeHistogram(toExponential(histogram, factor), about)],
          },
        ];
      }
      default:
        return metric.kind satisfies never;
    }
  }

  /** Sorted, as Prometheus wants them; its own name begins with `_`, which is before all small letters. */
  #labelsOf(name: string, tags: TagSet): readonly Label[] {
    let own = this.#labels.get(tags);
    if (!own) {
      const named = [...new Map([...this.#common, ...tags.tags])]
        .filter(([, value]) => value !== '')
        .map(([key, value]) => ({ name: key.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_'), value }));
      own = named.sort((a, b) => (a.name < b.name ? -1 : 1));
      this.#labels.set(tags, own);
    }
    const at = own.findIndex((label) => label.name > '__name__');
    const before = at === -1 ? own.length : at;
    return [...own.slice(0, before), { name: '__name__', value: name }, ...own.slice(before)];
  }
}

/** Prometheus counts in seconds. */
function factorOf(unit: MetricUnit): number {
  return unit === 'ms' ? 0.001 : 1;
}

type Measured = Pick<Series, 'count' | 'sum' | 'min' | 'max'> & { readonly histogram: Histogram | undefined };

function readStat(stat: TrendStat['stat'], { count, sum, min, max, histogram }: Measured, factor: number): number {
  switch (stat) {
    case 'count':
      return count;
    case 'sum':
      return sum * factor;
    case 'avg':
      return (sum / count) * factor;
    case 'min':
      return min * factor;
    case 'max':
      return max * factor;
    default:
      return (histogram?.percentile(stat === 'med' ? 50 : stat.percent) ?? Number.NaN) * factor;
  }
}
