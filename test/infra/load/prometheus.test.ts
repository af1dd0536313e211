import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import { groupBy } from '../../../src/util/group-by.ts';
import {
  aboutOf,
  batchOf,
  type MadeSample,
  makeWorld,
  metricOf,
  removeTestFolders,
  requestsOf,
  seriesOf,
  tagsOf,
} from '../../load/outputs/made-samples.ts';
import { isFullRun } from '../../support/sample.ts';
import { askPrometheus, type PrometheusSeries, startPrometheus } from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';

afterAll(removeTestFolders);

const TRENDS = ['duration', 'blocked', 'sending', 'waiting', 'receiving'].map((phase) => `http_req_${phase}`);
const SECONDS = isFullRun ? 40 : 20;
const PER_SECOND = 100;

/** All that is measured up to each of the times at which it is sent. */
function makeRun(startMs: number): readonly MadeSample[] {
  const more = Array.from({ length: SECONDS }, (_, second): readonly MadeSample[] => {
    const about = { tags: tagsOf({ scenario: 'users' }), atMs: startMs + second * 1000 };
    return [
      { ...about, tags: tagsOf({}), metric: metricOf('vus', 'gauge'), value: 3 + (second % 4) },
      { ...about, metric: metricOf('dropped_iterations', 'counter'), value: second % 2 },
      { ...about, metric: metricOf('data_sent', 'counter', 'bytes'), value: 1000 },
      { ...about, metric: metricOf('data_received', 'counter', 'bytes'), value: 5000 },
      { ...about, metric: metricOf('iteration_duration', 'trend', 'ms'), value: 40 + second },
    ];
  });
  return [...requestsOf(SECONDS * PER_SECOND, startMs, PER_SECOND), ...more.flat()];
}

describeWithPrograms('Prometheus', ['prometheus'], () => {
  let server: OwnServer;
  // Prometheus takes what is not older than its head: an hour.
  const startMs = Math.floor(Date.now() / 1000) * 1000 - 120_000;
  const endMs = startMs + SECONDS * 1000;
  const samples = makeRun(startMs);

  beforeAll(async () => {
    server = await startPrometheus();
    await send('gauges', {});
    await send('native', { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true' });
  });
  afterAll(() => server?.stop());

  async function send(testId: string, env: Readonly<Record<string, string>>): Promise<void> {
    const output = await createOutput(`prometheus-rw=http://127.0.0.1:${server.port}/api/v1/write`, makeWorld(env));
    await output.start(aboutOf(testId, startMs));
    for (let second = 1; second <= SECONDS; second++) {
      const atMs = startMs + second * 1000;
      if (second % 5 === 0 || second === 1)
        output.takeSeries?.(seriesOf(samples.filter((one) => one.atMs < atMs)), atMs);
    }
    const { lost, written, notes } = await output.close();
    expect({ lost, notes }).toEqual({ lost: 0, notes: [] });
    expect(written).toBeGreaterThan(100);
  }

  const ask = (query: string): Promise<readonly PrometheusSeries[]> => askPrometheus(server.port, query, endMs);
  const single = async (query: string): Promise<number> => {
    const found = await ask(query);
    expect([query, found.length]).toEqual([query, 1]);
    return found[0]?.value ?? Number.NaN;
  };
  const valuesOf = (name: string, isWanted: (sample: MadeSample) => boolean = () => true): readonly number[] =>
    samples.filter((sample) => sample.metric.name === name && isWanted(sample)).map(({ value }) => value);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  /** What is asked is a mean over series; so that is what it is held against. */
  const meanOver = (name: string, read: (values: readonly number[]) => number, expected?: string): number => {
    const own = samples.filter(
      ({ metric, tags }) => metric.name === name && (!expected || tags.tags.get('expected_response') === expected),
    );
    const groups = groupBy(own, ({ tags }) => tags);
    return mean([...groups.values()].map((group) => read(group.map(({ value }) => value))));
  };
  const percentile = (percent: number) => (values: readonly number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const rank = (percent / 100) * (sorted.length - 1);
    const low = sorted[Math.floor(rank)] ?? 0;
    return low + ((sorted[Math.ceil(rank)] ?? 0) - low) * (rank % 1);
  };
  /** A percentile is known to 1 %. */
  const expectNear = (actual: number, expected: number): void => {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 0.01);
  };

  describe('dashboard 19665', () => {
    const t = 'testid=~"gauges"';

    it.each([...TRENDS, 'iteration_duration'])('reads %s', async (name) => {
      const read = (stat: string, more = '') => single(`avg(k6_${name}_${stat}{${t}${more}})`);
      expect(await read('min')).toBeCloseTo(meanOver(name, (values) => Math.min(...values)) / 1000, 9);
      expect(await read('max')).toBeCloseTo(meanOver(name, (values) => Math.max(...values)) / 1000, 9);
      expect(await read('avg')).toBeCloseTo(meanOver(name, mean) / 1000, 9);
      expectNear(await read('med'), meanOver(name, percentile(50)) / 1000);
      expectNear(await read('p90'), meanOver(name, percentile(90)) / 1000);
      expectNear(await read('p95'), meanOver(name, percentile(95)) / 1000);
      expectNear(await read('p99'), meanOver(name, percentile(99)) / 1000);
      if (name === 'iteration_duration') return;
      for (const expected of ['true', 'false'])
        expectNear(
          await read('p95', `, expected_response="${expected}"`),
          meanOver(name, percentile(95), expected) / 1000,
        );
    });

    it('reads requests, by what was expected too', async () => {
      expect(await single(`sum(k6_http_reqs_total{${t}})`)).toBe(SECONDS * PER_SECOND);
      const isBad = ({ tags }: MadeSample): boolean => tags.tags.get('expected_response') === 'false';
      expect(await single(`sum(k6_http_reqs_total{${t}, expected_response="false"})`)).toBe(
        valuesOf('http_reqs', isBad).length,
      );
      expect(await single(`sum(irate(k6_http_reqs_total{${t}}[1m]))`)).toBeCloseTo(PER_SECOND, 6);
    });

    it('reads users, bytes, dropped iterations and rates', async () => {
      expect(await single(`sum(k6_vus{${t}})`)).toBe(valuesOf('vus').at(-1));
      expect(await single(`avg(irate(k6_data_sent_total{${t}}[1m]))`)).toBeCloseTo(1000, 6);
      expect(await single(`avg(irate(k6_data_received_total{${t}}[1m]))`)).toBeCloseTo(5000, 6);
      expect(await single(`avg(k6_dropped_iterations_total{${t}})`)).toBe(sum(valuesOf('dropped_iterations')));
      const rounded = (values: readonly number[]): number => Math.round(mean(values) * 10) / 10;
      expect(await single(`avg(round(k6_http_req_failed_rate{${t}}, 0.1)*100)`)).toBeCloseTo(
        meanOver('http_req_failed', rounded) * 100,
        9,
      );
      const checks = await ask(`round(k6_checks_rate{${t}}, 0.01)`);
      expect(checks.length).toBe(
        new Set(samples.filter(({ metric }) => metric.name === 'checks').map(({ tags }) => tags)).size,
      );
    });

    it('reads its table by name, method and status, and the runs that there are', async () => {
      const rows = await ask(`avg by(name, method, status) (k6_http_req_duration_p99{${t}})`);
      expect(rows.map(({ metric }) => `${metric['method']} ${metric['name']} ${metric['status']}`).sort()).toEqual([
        ...['GET list users 200', 'GET list users 502'],
        ...['POST create=order, "x" 200', 'POST create=order, "x" 502'],
      ]);
      const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/label/testid/values`);
      expect(await answer.json()).toMatchObject({ data: ['gauges', 'native'] });
    });
  });

  describe('dashboard 18030', () => {
    // What was there with the first sending is what the rate begins with.
    const inWindow = ({ atMs }: MadeSample): boolean => atMs >= startMs + 1000;
    const t = 'testid=~"native"';

    it.each([...TRENDS, 'iteration_duration'])('reads %s as a histogram', async (name) => {
      for (const quantile of [0.5, 0.9, 0.95, 0.99]) {
        const query = `histogram_quantile(${quantile}, sum by(le) (rate(k6_${name}_seconds{${t}}[1m])))`;
        const values = valuesOf(name, inWindow);
        if (values.length > 100) expectNear(await single(query), percentile(quantile * 100)(values) / 1000);
        else expect(Math.abs((await single(query)) - percentile(quantile * 100)(values) / 1000)).toBeLessThan(0.0015);
      }
    });

    it('reads its table by name, method and status', async () => {
      const query = `histogram_quantile(0.95, sum by(le, name, method, status) (rate(k6_http_req_duration_seconds{${t}}[1m])))`;
      const rows = await ask(query);
      expect(rows.length).toBe(4);
      for (const { metric, value } of rows) {
        const own = valuesOf(
          'http_req_duration',
          (sample) =>
            inWindow(sample) && ['name', 'method', 'status'].every((tag) => sample.tags.tags.get(tag) === metric[tag]),
        );
        expect(Math.abs(value - percentile(95)(own) / 1000)).toBeLessThan(0.005);
      }
    });

    it('counts and sums exactly', async () => {
      const values = valuesOf('http_req_waiting');
      expect(await single(`histogram_count(sum(k6_http_req_waiting_seconds{${t}}))`)).toBe(values.length);
      expect(await single(`histogram_sum(sum(k6_http_req_waiting_seconds{${t}}))`)).toBeCloseTo(sum(values) / 1000, 6);
    });
  });

  it.each([
    ['gauges', 'k6_http_reqs_total', {}],
    ['native histograms', 'k6_http_req_duration_seconds', { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true' }],
  ] as const)('marks its series as over with the end, where that is asked for: %s', async (name, metric, env) => {
    for (const marks of ['false', 'true']) {
      const testId = `${name} ${marks}`;
      await send(testId, { ...env, K6_PROMETHEUS_RW_STALE_MARKERS: marks });
      // Prometheus takes what it was told last for what is, for five minutes.
      const after = await askPrometheus(server.port, `count(${metric}{testid="${testId}"})`, endMs + 2000);
      expect([marks, after.length]).toEqual([marks, marks === 'true' ? 0 : 1]);
      expect(await ask(`count(${metric}{testid="${testId}"})`)).toHaveLength(1);
    }
  });

  it('counts what Prometheus refuses', async () => {
    const output = await createOutput(`prometheus-rw=http://127.0.0.1:${server.port}/api/v1/write`, makeWorld());
    await output.start(aboutOf('old', startMs));
    const old = [{ metric: metricOf('vus', 'gauge'), tags: tagsOf({}), value: 1, atMs: 0 }];
    output.takeBatch?.(batchOf(old));
    output.takeSeries?.(seriesOf(old), 10_000);
    const { written, lost, notes } = await output.close();
    expect({ written, lost }).toEqual({ written: 0, lost: 1 });
    expect(notes.join('\n')).toMatch(/^1 was refused: 127\.0\.0\.1:\d+ answered 400 \(out of bounds\)$/);
  });
});
