import { Histogram, type HistogramData } from '../../metrics/histogram.ts';
import type { Series, TagSet } from '../../metrics/samples.ts';

/** What happened from one look to the next, or in several of them together. */
export interface Moment {
  /** When it ended, ms since the beginning. */
  readonly atMs: number;
  readonly spanMs: number;
  /** How many looks it holds. */
  readonly looks: number;
}

/** Of one series at one moment. Of several looks together the greatest of their durations count, so that none is hidden. */
export interface Point {
  readonly count: number;
  readonly sum: number;
  readonly last: number;
  readonly med: number;
  readonly p95: number;
}

/** One series over time, a point for each moment; undefined where nothing had been measured yet. */
export interface Track {
  readonly metric: string;
  readonly tags: TagSet;
  readonly points: readonly (Point | undefined)[];
}

interface GrowingTrack extends Track {
  readonly points: (Point | undefined)[];
  before: { count: number; sum: number; histogram: HistogramData | undefined };
}

const MOST_MOMENTS = 240;
/** What comes sooner after the last look belongs to it: a rate over so short a time says little. */
const SHORTEST_MS = 500;
const LOOK_MS = 1000;
const DRAWN: ReadonlySet<string> = new Set([
  ...['vus', 'arrival_rate', 'iterations', 'dropped_iterations', 'iteration_duration'],
  ...['step_duration', 'step_failed', 'timeline_marks'],
]);

/** Keeps what is drawn over time in bounded memory: the longer a load, the coarser. */
export class Timeline {
  readonly #moments: Moment[] = [];
  readonly #tracks = new Map<string, GrowingTrack>();
  #looksEach = 1;
  #lastMs: number | undefined;

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** The tracks of a metric, in the order in which they came. */
  listOf(metric: string): readonly Track[] {
    return [...this.#tracks.values()].filter((track) => track.metric === metric);
  }

  /** Takes what has come together since the start, as outputs get it. */
  take(series: readonly Series[], atMs: number): void {
    // The first look comes a look's time after the load began, which may be long after its setup did.
    const spanMs = Math.max(0, this.#lastMs === undefined ? Math.min(atMs, LOOK_MS) : atMs - this.#lastMs);
    this.#lastMs = atMs;
    const last = this.#moments.at(-1);
    const isShort = spanMs < SHORTEST_MS;
    const joins = last !== undefined && (isShort || last.looks < this.#looksEach);
    if (joins) {
      this.#moments[this.#moments.length - 1] = {
        atMs,
        spanMs: last.spanMs + spanMs,
        looks: last.looks + (isShort ? 0 : 1),
      };
    } else this.#moments.push({ atMs, spanMs, looks: 1 });
    for (const one of series) if (DRAWN.has(one.metric.name)) this.#add(one);
    if (this.#moments.length > MOST_MOMENTS) this.#coarsen();
  }

  #add(series: Series): void {
    const { metric, tags, count, sum, last } = series;
    const key = `${metric.name} ${tags.id}`;
    let track = this.#tracks.get(key);
    if (!track) {
      track = { metric: metric.name, tags, points: [], before: { count: 0, sum: 0, histogram: undefined } };
      this.#tracks.set(key, track);
    }
    const { before } = track;
    const histogram = series.histogram?.toJSON();
    const between = histogram && since(histogram, before.histogram);
    const point = {
      count: count - before.count,
      sum: sum - before.sum,
      last,
      med: between?.percentile(50) ?? 0,
      p95: between?.percentile(95) ?? 0,
    };
    track.before = { count, sum, histogram };
    const at = this.#moments.length - 1;
    const known = track.points[at];
    while (track.points.length < at) track.points.push(undefined);
    track.points[at] = known ? join(known, point) : point;
  }

  #coarsen(): void {
    this.#looksEach *= 2;
    const moments = inPairs(this.#moments, (a, b) => ({
      atMs: b.atMs,
      spanMs: a.spanMs + b.spanMs,
      looks: a.looks + b.looks,
    }));
    this.#moments.splice(0, this.#moments.length, ...moments);
    for (const track of this.#tracks.values()) {
      const points = inPairs(track.points, (a, b) => (a && b ? join(a, b) : (a ?? b)));
      track.points.splice(0, track.points.length, ...points);
    }
  }
}

function join(a: Point, b: Point): Point {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    last: b.last,
    med: Math.max(a.med, b.med),
    p95: Math.max(a.p95, b.p95),
  };
}

function inPairs<T>(list: readonly T[], together: (a: T, b: T) => T): T[] {
  const pairs: T[] = [];
  for (let at = 0; at < list.length; at += 2) {
    const [a, b] = [list[at] as T, list[at + 1] as T];
    pairs.push(at + 1 < list.length ? together(a, b) : a);
  }
  return pairs;
}

/** What came to a histogram after an earlier look at it. Its bounds are those of its buckets. */
function since(now: HistogramData, before: HistogramData | undefined): Histogram {
  const earlier = new Map<number, number>();
  const old = before?.buckets ?? [];
  for (let at = 0; at + 1 < old.length; at += 2) earlier.set(old[at] ?? 0, old[at + 1] ?? 0);
  const buckets: number[] = [];
  for (let at = 0; at + 1 < now.buckets.length; at += 2) {
    const index = now.buckets[at] ?? 0;
    const count = (now.buckets[at + 1] ?? 0) - (earlier.get(index) ?? 0);
    if (count > 0) buckets.push(index, count);
  }
  const count = now.count - (before?.count ?? 0);
  const made = Histogram.from({ count, sum: now.sum - (before?.sum ?? 0), min: now.min, max: now.max, buckets });
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  made.forEachBucket((from, to) => {
    low = Math.min(low, from);
    high = Math.max(high, to);
  });
  made.min = Math.max(now.min, low);
  made.max = Math.min(now.max, high);
  return made;
}
