import { LOAD_METRICS } from '../../model/load/load-metrics.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { LoadSummary, SeriesSummary } from '../metrics/load-summary.ts';
import { METRICS, type Meter, type MutableSeries } from '../metrics/meter.ts';
import type { Metric } from '../metrics/samples.ts';

/** Gauges of things that each process has some of; of others the highest counts. */
const ADDED_UP = new Set(['vus', 'vus_max']);

/** Adds what another process measured. Counts and histograms are exact; tags that tell processes apart are left out. */
export function addSeries(meter: Meter, summary: LoadSummary, metrics: Map<string, Metric>): void {
  for (const one of summary.series) {
    // A key that one process did not expect may be another's: these follow from the keys.
    if (one.metric.startsWith('reconcile_')) continue;
    const metric = findMetric(one.metric, summary, metrics);
    if (!metric) continue;
    const { testid: _, instance_id: __, ...tags } = one.tags;
    addToSeries(meter.seriesOf(metric, meter.tagSets.get(tags)), one);
  }
}

/** Adds what was measured elsewhere of the same metric with the same tags. */
export function addToSeries(into: MutableSeries, one: Omit<SeriesSummary, 'metric' | 'tags'>): void {
  if (one.count === 0) return;
  if (into.metric.kind === 'gauge') {
    addGauge(into, one);
    return;
  }
  into.count += one.count;
  into.sum += one.sum;
  into.min = Math.min(into.min, one.min);
  into.max = Math.max(into.max, one.max);
  into.last = one.last;
  if (one.histogram) into.histogram?.addAll(Histogram.from(one.histogram));
}

function addGauge(into: MutableSeries, one: Omit<SeriesSummary, 'metric' | 'tags'>): void {
  const isFirst = into.count === 0;
  const isAdded = ADDED_UP.has(into.metric.name);
  into.count = Math.max(into.count, one.count);
  into.sum += one.sum;
  into.last = isAdded ? into.last + one.last : Math.max(into.last, one.last);
  if (isAdded) {
    into.min = isFirst ? one.min : into.min + one.min;
    into.max = isFirst ? one.max : into.max + one.max;
    return;
  }
  into.min = Math.min(into.min, one.min);
  into.max = Math.max(into.max, one.max);
}

/** One object for each metric; of one that the flow makes itself the summary says what it is. */
function findMetric(name: string, summary: LoadSummary, known: Map<string, Metric>): Metric | undefined {
  const found = known.get(name);
  if (found) return found;
  const own = summary.metrics[name];
  const metric = Object.hasOwn(LOAD_METRICS, name)
    ? METRICS[name as keyof typeof METRICS]
    : own && { name, kind: own.kind, unit: own.unit };
  if (metric) known.set(name, metric);
  return metric;
}
