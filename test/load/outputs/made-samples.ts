import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';
import { Histogram } from '../../../src/load/metrics/histogram.ts';
import type {
  Metric,
  MetricKind,
  MetricUnit,
  OutputAbout,
  SampleBatch,
  Series,
  TagSet,
} from '../../../src/load/metrics/samples.ts';
import type { OutputWorld } from '../../../src/load/outputs/output-world.ts';

/** One sample, as a test writes it. */
export interface MadeSample {
  readonly metric: Metric;
  readonly tags: TagSet;
  readonly value: number;
  readonly atMs: number;
  readonly url?: string;
  readonly vu?: number;
  readonly iter?: number;
}

const metrics = new Map<string, Metric>();
const tagSets = new Map<string, TagSet>();

/** The metric of a name, the same object each time. */
export function metricOf(name: string, kind: MetricKind, unit: MetricUnit = 'none'): Metric {
  const known = metrics.get(name) ?? { name, kind, unit };
  metrics.set(name, known);
  return known;
}

/** The tag set of these tags, the same object each time. */
export function tagsOf(tags: Readonly<Record<string, string>>): TagSet {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = JSON.stringify(sorted);
  const known = tagSets.get(key) ?? { id: tagSets.size, tags: new Map(sorted) };
  tagSets.set(key, known);
  return known;
}

export function batchOf(samples: readonly MadeSample[]): SampleBatch {
  return {
    length: samples.length,
    metrics: samples.map(({ metric }) => metric),
    tags: samples.map(({ tags }) => tags),
    values: Float64Array.from(samples, ({ value }) => value),
    atMs: Float64Array.from(samples, ({ atMs }) => atMs),
    urls: samples.map(({ url }) => url),
    vus: Uint32Array.from(samples, ({ vu = 0 }) => vu),
    iters: Uint32Array.from(samples, ({ iter = 0 }) => iter),
  };
}

/** What came together of samples, as the measuring would have it. */
export function seriesOf(samples: readonly MadeSample[]): readonly Series[] {
  const found = new Map<Metric, Map<TagSet, MadeSample[]>>();
  for (const sample of samples) {
    const byTags = found.get(sample.metric) ?? new Map<TagSet, MadeSample[]>();
    found.set(sample.metric, byTags);
    const own = byTags.get(sample.tags) ?? [];
    byTags.set(sample.tags, own);
    own.push(sample);
  }
  return [...found].flatMap(([metric, byTags]) => [...byTags].map(([tags, own]) => describe(metric, tags, own)));
}

function describe(metric: Metric, tags: TagSet, samples: readonly MadeSample[]): Series {
  const values = samples.map(({ value }) => value);
  const about = {
    ...{ metric, tags, count: values.length, sum: values.reduce((sum, value) => sum + value, 0) },
    ...{ min: Math.min(...values), max: Math.max(...values), last: values.at(-1) ?? 0 },
  };
  if (metric.kind !== 'trend') return about;
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return { ...about, histogram };
}

const folders: string[] = [];

/** Makes a temporary folder; each file of tests that has some ends with `afterAll(removeTestFolders)`. */
export function makeTestFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'testmesh-outputs-'));
  folders.push(made);
  return made;
}

export function removeTestFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface MadeWorld extends OutputWorld {
  readonly folder: string;
}

/** The real clock, a temporary folder, and nothing in the environment but what is given. */
export function makeWorld(env: Readonly<Record<string, string>> = {}): MadeWorld {
  const folder = makeTestFolder();
  return {
    ...{ clock: createClock(), cwd: folder, temporaryFolder: folder, folder, version: '1.2.3' },
    env,
  };
}

export function aboutOf(testId: string, startedAtMs = Date.UTC(2026, 0, 2)): OutputAbout {
  return { testId, instanceId: 'i1', startedAtMs, tags: new Map() };
}

const PHASES = ['duration', 'blocked', 'looking_up', 'connecting', 'sending', 'waiting', 'receiving'];

/** The nine samples, and one for each check, that so many requests at a steady rate give; values are made up but the same each time. */
export function requestsOf(count: number, startMs: number, perSecond: number): readonly MadeSample[] {
  return Array.from({ length: count }, (_, number) => {
    const isBad = number % 20 === 7;
    const name = number % 3 === 0 ? 'list users' : 'create=order, "x"';
    const scenario = number % 2 === 0 ? 'users' : 'orders';
    const tags = tagsOf({
      ...{ scenario, name, group: `::flow::${name}`, method: number % 3 === 0 ? 'GET' : 'POST' },
      ...{ status: isBad ? '502' : '200', expected_response: String(!isBad), proto: 'HTTP/1.1' },
    });
    const about = {
      ...{ tags, atMs: startMs + (number * 1000) / perSecond },
      ...{ url: `http://shop/items/${number % 50}?q="a b"`, vu: (number % 10) + 1, iter: Math.floor(number / 10) },
    };
    const trends = PHASES.map((phase, at) => ({
      ...about,
      metric: metricOf(`http_req_${phase}`, 'trend', 'ms'),
      value: phase === 'looking_up' && number % 10 > 0 ? 0 : (((number * 7919 + at * 31) % 1000) + 1) / 4,
    }));
    const checkTags = tagsOf({ scenario, group: `::flow::${name}`, check: `${name}: status == 200` });
    return [
      { ...about, metric: metricOf('http_reqs', 'counter'), value: 1 },
      ...trends,
      { ...about, metric: metricOf('http_req_failed', 'rate'), value: isBad ? 1 : 0 },
      { ...about, metric: metricOf('checks', 'rate'), tags: checkTags, value: isBad ? 0 : 1 },
      ...(isBad ? [{ ...about, metric: metricOf('errors', 'counter'), value: 1 }] : []),
    ];
  }).flat();
}
