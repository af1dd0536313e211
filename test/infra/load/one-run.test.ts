import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { makeTestFolder, removeTestFolders } from '../../load/outputs/made-samples.ts';
import { isFullRun, sample } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import {
  askInflux,
  askPrometheus,
  type PrometheusSeries,
  startInflux,
  startPrometheus,
} from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';
import { runCli } from '../../support/stack/cli.ts';

afterAll(removeTestFolders);

// as fast as it can in a full run
const THINK_MS = isFullRun ? 0 : 25;
const FLOW = `
name: Things
steps:
  - id: list
    action: http_request
    config: { method: GET, url: "{{URL}}/things?of=1,2" }
    assert: [status == 200, body.total == 5]
  - id: make
    action: http_request
    config: { method: POST, url: "{{URL}}/things", body: { name: "x{{VU}}" } }
    assert: [status == 200]
${THINK_MS === 0 ? '' : `load: { think: ${THINK_MS}ms }`}
`;
const TRENDS = ['duration', 'blocked', 'connecting', 'looking_up', 'receiving', 'sending', 'waiting'].map(
  (phase) => `http_req_${phase}`,
);
/** What is nearer to 0 is 0: a nanosecond, in ms. */
const TINY = 1e-6;
const MORE_TRENDS = ['duration', 'blocked', 'tls_handshaking', 'sending', 'waiting', 'receiving'].map(
  (phase) => `http_req_${phase}`,
);

interface Point {
  readonly metric: string;
  readonly data: { readonly time: string; readonly value: number; readonly tags: Readonly<Record<string, string>> };
}

/** What an export of OTLP holds, decoded. */
// biome-ignore lint/suspicious/noExplicitAny: the package describes it as a root that may hold anything
const { ExportMetricsServiceRequest } = (root as any).opentelemetry.proto.collector.metrics.v1;

describeWithPrograms('one load, seen by the server and by each output', ['influxd', 'prometheus'], () => {
  let influx: OwnServer;
  let prometheus: OwnServer;
  let collector: TestServer;
  let server: CountingServer;
  let summary: LoadSummary;
  let points: readonly Point[];
  let rows: readonly Readonly<Record<string, string>>[];
  let exported: Buffer | undefined;

  beforeAll(async () => {
    influx = await startInflux();
    prometheus = await startPrometheus();
    collector = await startHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        exported = Buffer.concat(chunks);
        response.end();
      });
    });
    server = await startCountingServer((request, count) => (request.method === 'POST' && count % 10 === 0 ? 502 : 200));
    const folder = makeTestFolder();
    writeFileSync(join(folder, 'flow.yaml'), FLOW);
    const out = `prometheus-rw=http://127.0.0.1:${prometheus.port}?pushInterval=1s`;
    const outs = [
      ...[`influxdb=http://127.0.0.1:${influx.port}/k6`, 'json=s.ndjson.gz', 'csv=s.csv'],
      ...[out, `${out}&trendAsNativeHistogram=true`, `opentelemetry=${collector.url}`],
    ].flatMap((one) => ['--out', one]);
    const words = ['load', 'flow.yaml', '--var', `URL=${server.url}`, '--vus', '5', '--duration', '3s', ...outs];
    const end = await runCli([...words, '--summary-export', 's.json', '--tag', 'testid=one'], { cwd: folder });
    expect([end.code, end.output]).toEqual([99, expect.not.stringContaining('lost')]);
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    summary = JSON.parse(read('s.json'));
    const lines = String(gunzipSync(readFileSync(join(folder, 's.ndjson.gz'))))
      .trimEnd()
      .split('\n');
    points = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'Point');
    rows = parse(read('s.csv'), { columns: true });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([server, collector].map((one) => one?.close()));
    await Promise.all([prometheus, influx].map((one) => one?.stop()));
  });

  type Tags = Readonly<Record<string, string>>;
  const hasTags = (own: Tags, wanted: Tags): boolean =>
    Object.entries(wanted).every(([name, value]) => own[name] === value);
  /** The exact list of what was measured. */
  const valuesOf = (metric: string, tags: Tags = {}): readonly number[] =>
    points
      .filter((point) => point.metric === metric && hasTags(point.data.tags, tags))
      .map(({ data }) => data.value)
      .sort((a, b) => a - b);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const exact = (values: readonly number[], percent: number): number => {
    const rank = (percent / 100) * (values.length - 1);
    const low = values[Math.floor(rank)] ?? 0;
    return low + ((values[Math.ceil(rank)] ?? 0) - low) * (rank % 1);
  };
  const expectNear = (actual: number | undefined, wanted: number): void => {
    expect(Math.abs((actual ?? Number.NaN) - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 0.01 + TINY);
  };
  const bad = (): number => server.statuses.get(502) ?? 0;

  it('was some work', () => {
    expect(server.requests).toBeGreaterThan(20);
    expect(bad()).toBeGreaterThan(0);
  });

  it.each(['summary', 'JSON', 'CSV', 'InfluxDB', 'Prometheus', 'OpenTelemetry'])(
    '%s has the requests, statuses, failures and bytes of the server',
    async (output) => {
      const counted = { 200: server.statuses.get(200), 502: bad(), failed: bad() };
      const bytes = { sent: server.bytes.received, received: server.bytes.sent };
      expect(await readCounts(output)).toEqual({ requests: server.requests, ...counted, ...bytes });
    },
  );

  /** The sum of a metric, of all or of some tags, as an output has it. */
  async function readSum(output: string, metric: string, tags: Tags = {}): Promise<number> {
    switch (output) {
      case 'summary':
        return sum(
          summary.series.filter((one) => one.metric === metric && hasTags(one.tags, tags)).map((one) => one.sum),
        );
      case 'JSON':
        return sum(valuesOf(metric, tags));
      case 'CSV':
        return sum(
          rows
            .filter((row) => row['metric_name'] === metric && hasTags(row, tags))
            .map((row) => Number(row['metric_value'])),
        );
      case 'InfluxDB': {
        const where = Object.entries(tags).map(([name, value]) => ` WHERE "${name}" = '${value}'`);
        const found = await askInflux(influx.port, `SELECT sum(value) FROM ${metric}${where.join('')}`);
        return Number(found[0]?.values[0]?.[1]);
      }
      case 'Prometheus': {
        const labels = Object.entries({ testid: 'one', ...tags }).map(([name, value]) => `${name}="${value}"`);
        return single(`sum(k6_${metric}_total{${labels.join(', ')}})`);
      }
      default:
        return sum(listExported(metric, tags).map(({ asDouble }) => asDouble));
    }
  }

  async function readCounts(output: string) {
    const [requests, right, wrong, sent, received] = await Promise.all([
      readSum(output, 'http_reqs'),
      readSum(output, 'http_reqs', { status: '200' }),
      readSum(output, 'http_reqs', { status: '502' }),
      readSum(output, 'data_sent'),
      readSum(output, 'data_received'),
    ]);
    // One for each step that failed: a request did.
    return { requests, 200: right, 502: wrong, failed: await readSum(output, 'errors'), sent, received };
  }

  // biome-ignore lint/suspicious/noExplicitAny: what is decoded has the shape that the test is about
  function listExported(metric: string, tags: Tags = {}): readonly any[] {
    const decoded = ExportMetricsServiceRequest.toObject(ExportMetricsServiceRequest.decode(exported), {
      longs: Number,
    });
    const all = decoded.resourceMetrics[0].scopeMetrics[0].metrics;
    const found = all.find(({ name }: { name: string }) => name === metric);
    const read = (own: readonly { key: string; value: { stringValue: string } }[]): Tags =>
      Object.fromEntries(own.map(({ key, value }) => [key, value.stringValue]));
    return [found.sum, found.gauge, found.histogram]
      .flatMap((kind) => kind?.dataPoints ?? [])
      .filter(({ attributes }) => hasTags(read(attributes), tags));
  }

  it('the summary has percentiles within 1 % of the exact ones, and what else it says of trends exactly', () => {
    for (const name of [...TRENDS, 'iteration_duration', 'step_duration', 'group_duration']) {
      const { values = {} } = summary.metrics[name] ?? {};
      const all = valuesOf(name);
      expectNear(values['med'], exact(all, 50));
      expectNear(values['p(90)'], exact(all, 90));
      expectNear(values['p(95)'], exact(all, 95));
      expect(values).toMatchObject({ min: all[0], max: all.at(-1), avg: expect.closeTo(mean(all), 6) });
    }
    for (const { name, values } of summary.steps)
      expectNear(values['p(99)'], exact(valuesOf('step_duration', { step: name }), 99));
  });

  it('OpenTelemetry has the histograms of the exact list', () => {
    for (const name of ['http_req_duration', 'http_req_waiting', 'iteration_duration']) {
      const all = valuesOf(name);
      const data = listExported(name);
      expect(sum(data.map(({ count }) => count))).toBe(all.length);
      expect(sum(data.map(({ sum: own }) => own))).toBeCloseTo(sum(all), 6);
      expect(Math.max(...data.map(({ max }) => max))).toBe(all.at(-1));
      expect(sum(data.flatMap(({ bucketCounts }) => bucketCounts))).toBe(all.length);
    }
    expect(sum(listExported('checks', { condition: 'zero' }).map(({ asInt }) => asInt))).toBe(bad());
  });

  describe('dashboard 2587, in InfluxDB', () => {
    const ask = (q: string) => askInflux(influx.port, q);
    const value = async (q: string): Promise<unknown> => (await ask(q))[0]?.values[0]?.[1];
    const time = 'time > now() - 1h';

    it('reads users, requests, errors and checks', async () => {
      const total = async (q: string): Promise<number> =>
        sum((await ask(q)).flatMap(({ values }) => values.map(([, one]) => Number(one))));
      const perSecond = `WHERE ${time} GROUP BY time(1s) fill(none)`;
      expect(await value(`SELECT mean("value") FROM "vus" WHERE ${time}`)).toBeCloseTo(mean(valuesOf('vus')), 9);
      expect(await total(`SELECT sum("value") FROM "http_reqs" ${perSecond}`)).toBe(server.requests);
      expect(await total(`SELECT count("value") FROM "errors" ${perSecond}`)).toBe(bad());
      const checks = await ask(`SELECT sum("value") FROM "checks" WHERE ${time} GROUP BY time(1h), "check" fill(none)`);
      const held = Object.fromEntries(
        checks.map(({ tags, values }) => [tags?.['check'], sum(values.map(([, one]) => Number(one)))]),
      );
      const gets = server.requests - valuesOf('http_reqs', { method: 'POST' }).length;
      expect(held).toEqual({
        'list: status == 200': gets,
        'list: body.total == 5': gets,
        'make: status == 200': server.requests - gets - bad(),
      });
    });

    it.each(sample('trends in InfluxDB', TRENDS, { count: 1 }))('reads %s', async (name) => {
      const all = valuesOf(name).filter((one) => one > 0);
      const where = `FROM ${name} WHERE ${time} AND value > 0`;
      if (all.length === 0) return expect(await ask(`SELECT "value" ${where}`)).toEqual([]);
      // InfluxDB's rank of a percentile: the nearest.
      const nth = (percent: number) => all[Math.floor((all.length * percent) / 100 + 0.5) - 1];
      expect(await value(`SELECT mean("value") ${where}`)).toBeCloseTo(mean(all), 9);
      expect(await value(`SELECT max("value") ${where}`)).toBe(all.at(-1));
      expect(await value(`SELECT min("value") ${where}`)).toBe(all[0]);
      expect(await value(`SELECT median("value") ${where}`)).toBeCloseTo(exact(all, 50), 9);
      expect(await value(`SELECT percentile("value", 90) ${where}`)).toBe(nth(90));
      expect(await value(`SELECT percentile("value", 95) ${where}`)).toBe(nth(95));
      const raw = await ask(`SELECT "value" ${where}`);
      expect(raw[0]?.values.map(([, one]) => Number(one)).sort((a, b) => a - b)).toEqual(all);
      const most = await ask(
        `SELECT max("value") FROM /^${name}$/ WHERE ${time} and value > 0 GROUP BY time(1s) fill(none)`,
      );
      expect(Math.max(...(most[0]?.values ?? []).map(([, one]) => Number(one)))).toBe(all.at(-1));
    });
  });

  const ask = (query: string): Promise<readonly PrometheusSeries[]> =>
    askPrometheus(prometheus.port, query, lastPushMs());
  const single = async (query: string): Promise<number> => {
    const found = await ask(query);
    expect([query, found.length]).toEqual([query, 1]);
    return found[0]?.value ?? Number.NaN;
  };
  /** Up to a second after the last sample; of more samples than a call takes arguments. */
  const lastPushMs = (): number => points.reduce((last, { data }) => Math.max(last, Date.parse(data.time)), 0) + 1000;
  const groups = (metric: string): readonly Tags[] => [
    ...new Map(points.filter((one) => one.metric === metric).map(({ data }) => [keyOf(data.tags), data.tags])).values(),
  ];
  const keyOf = ({ url: _, ...tags }: Tags): string => JSON.stringify(tags);
  const ofGroup = (metric: string, { url: _, ...tags }: Tags): readonly number[] => valuesOf(metric, tags);
  const t = 'testid=~"one"';

  const trends = sample('trends in Prometheus', [...MORE_TRENDS, 'iteration_duration'], { count: 1 });

  describe('dashboard 19665, in Prometheus', () => {
    it.each(trends)('reads %s', async (name) => {
      const stats: readonly (readonly [string, (values: readonly number[]) => number])[] = [
        ['min', (values) => values[0] ?? 0],
        ['max', (values) => values.at(-1) ?? 0],
        ['avg', mean],
        ['med', (values) => exact(values, 50)],
        ['p90', (values) => exact(values, 90)],
        ['p95', (values) => exact(values, 95)],
        ['p99', (values) => exact(values, 99)],
      ];
      const expectations = name === 'iteration_duration' ? [''] : ['', 'true', 'false'];
      for (const [stat, read] of stats) {
        for (const expected of expectations) {
          const own = groups(name).filter((tags) => expected === '' || tags['expected_response'] === expected);
          const more = expected === '' ? '' : `, expected_response="${expected}"`;
          expectNear(
            await single(`avg(k6_${name}_${stat}{${t}${more}})`),
            mean(own.map((tags) => read(ofGroup(name, tags)))) / 1000,
          );
        }
      }
    });

    it('reads requests, failures, bytes, users, dropped iterations and checks', async () => {
      expect(await single(`sum(k6_http_reqs_total{${t}})`)).toBe(server.requests);
      expect(await single(`sum(k6_http_reqs_total{${t}, expected_response="true"})`)).toBe(server.requests - bad());
      expect(await single(`sum(k6_http_reqs_total{${t}, expected_response="false"})`)).toBe(bad());
      for (const more of ['', ', expected_response="true"', ', expected_response="false"'])
        expect(await single(`sum(irate(k6_http_reqs_total{${t}${more}}[1m]))`)).toBeGreaterThanOrEqual(0);
      for (const metric of ['data_sent', 'data_received'])
        expect(await single(`avg(irate(k6_${metric}_total{${t}}[1m]))`)).toBeGreaterThanOrEqual(0);
      expect(await single(`sum(k6_vus{${t}})`)).toBe(points.findLast(({ metric }) => metric === 'vus')?.data.value);
      // Nothing was dropped, and there is no series that says so.
      expect(await ask(`avg(k6_dropped_iterations_total{${t}})`)).toEqual([]);
      // Of a status all have failed, or none.
      const failed = groups('http_req_failed').map((tags) => (tags['status'] === '502' ? 100 : 0));
      expect(await single(`avg(round(k6_http_req_failed_rate{${t}}, 0.1)*100)`)).toBeCloseTo(mean(failed), 9);
      const checks = await ask(`round(k6_checks_rate{${t}}, 0.1)`);
      expect(Object.fromEntries(checks.map(({ metric, value }) => [metric['check'], value]))).toEqual(
        Object.fromEntries(
          groups('checks').map((tags) => [
            tags['check'],
            expect.closeTo(Math.round(mean(ofGroup('checks', tags)) * 10) / 10, 9),
          ]),
        ),
      );
      const answer = await fetch(`http://127.0.0.1:${prometheus.port}/api/v1/label/testid/values`);
      expect(await answer.json()).toMatchObject({ data: ['one'] });
    });

    it.each([
      ['min', 0],
      ['max', 100],
      ['p95', 95],
      ['p99', 99],
    ] as const)('reads its table by name, method and status: %s', async (stat, percent) => {
      const found = await ask(`avg by(name, method, status) (k6_http_req_duration_${stat}{${t}})`);
      expect(found.map(({ metric }) => `${metric['method']} ${metric['name']} ${metric['status']}`).sort()).toEqual([
        ...['GET list 200', 'POST make 200', 'POST make 502'],
      ]);
      for (const { metric, value } of found)
        expectNear(value, exact(valuesOf('http_req_duration', metric), percent) / 1000);
    });
  });

  describe('dashboard 18030, in Prometheus', () => {
    it.each(trends)('reads %s', async (name) => {
      const all = valuesOf(name);
      expect(await single(`histogram_count(sum(k6_${name}_seconds{${t}}))`)).toBe(all.length);
      expect(await single(`histogram_sum(sum(k6_${name}_seconds{${t}}))`)).toBeCloseTo(sum(all) / 1000, 6);
      for (const quantile of [0.5, 0.9, 0.95, 0.99]) {
        const whole = await single(`histogram_quantile(${quantile}, sum by(le) (k6_${name}_seconds{${t}}))`);
        // Prometheus counts ranks otherwise, which shows where there are few.
        const rank = quantile * (all.length - 1);
        const low = all[Math.max(0, Math.floor(rank) - 1)] ?? 0;
        const high = all[Math.min(all.length - 1, Math.ceil(rank) + 1)] ?? 0;
        expect(whole * 1000).toBeGreaterThanOrEqual(low * 0.99);
        expect(whole * 1000).toBeLessThanOrEqual(high * 1.01 + TINY);
        // What the dashboard asks leaves out what the first push had.
        const shown = await single(`histogram_quantile(${quantile}, sum by(le) (rate(k6_${name}_seconds{${t}}[1m])))`);
        if (Number.isNaN(shown))
          return expect(await single(`histogram_count(sum(rate(k6_${name}_seconds{${t}}[1m])))`)).toBe(0);
        expect(shown * 1000).toBeGreaterThanOrEqual((all[0] ?? 0) * 0.99);
        expect(shown * 1000).toBeLessThanOrEqual((all.at(-1) ?? 0) * 1.01 + TINY);
      }
    });

    it('reads its table by name, method and status', async () => {
      const query = `histogram_quantile(0.95, sum by(le, name, method, status) (rate(k6_http_req_duration_seconds{${t}}[1m])))`;
      expect(await ask(query)).toHaveLength(3);
    });
  });
});
