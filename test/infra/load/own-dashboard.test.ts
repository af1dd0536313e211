import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import { LOAD_METRICS } from '../../../src/model/load/load-metrics.ts';
import {
  aboutOf,
  batchOf,
  type MadeSample,
  makeWorld,
  metricOf,
  removeTestFolders,
  requestsOf,
  tagsOf,
} from '../../load/outputs/made-samples.ts';
import { askInflux, type InfluxSeries, startInflux } from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';

afterAll(removeTestFolders);

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly query: string; readonly refId: string }[];
  }[];
}

const FILE = join(import.meta.dirname, '../../../examples/grafana/testmesh-load.json');
const dashboard: Dashboard = JSON.parse(readFileSync(FILE, 'utf8'));
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ query, refId }) => ({ title: `${title} ${refId}`, query })),
);
const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const SECONDS = 10;
const STEPS = ['list users', 'create=order, "x"'];

/** What is measured besides requests. */
function makeMore(): readonly MadeSample[] {
  return Array.from({ length: SECONDS * 10 }, (_, at): readonly MadeSample[] => {
    const atMs = START + at * 100;
    const scenario = at % 2 === 0 ? 'users' : 'orders';
    const step = STEPS[at % 2] ?? '';
    const ofStep = { atMs, tags: tagsOf({ scenario, step, action: 'http_request', group: `::flow::${step}` }) };
    const ofScenario = { atMs, tags: tagsOf({ scenario }) };
    const ofRun = { atMs, tags: tagsOf({}) };
    const trend = (name: string) => metricOf(name, 'trend', 'ms');
    return [
      ...['step_duration', 'event_lag', 'kafka_wait_duration', 'db_query_duration', 'poll_duration'].map((name) => ({
        ...{ ...ofStep, metric: trend(name), value: at + 1 },
      })),
      { ...ofStep, metric: metricOf('errors', 'counter'), value: 1 },
      { ...ofScenario, metric: metricOf('iterations', 'counter'), value: 1 },
      { ...ofScenario, metric: metricOf('dropped_iterations', 'counter'), value: 1 },
      { ...ofScenario, metric: trend('scheduler_lag'), value: at },
      { ...ofRun, metric: metricOf('vus', 'gauge'), value: 5 },
      { ...ofRun, metric: metricOf('vus_max', 'gauge'), value: 10 },
      { ...ofRun, metric: metricOf('generator_cpu', 'gauge'), value: 0.5 },
      { ...ofRun, metric: trend('generator_event_loop_delay'), value: 1 },
      { ...ofStep, metric: trend('http_req_tls_handshaking'), value: 0, tags: tagsOf({ scenario, name: step }) },
    ];
  }).flat();
}

/** A query as Grafana sends it, with what is chosen of each variable. */
function fill(query: string, chosen: Readonly<Record<string, string>>): string {
  const known: Readonly<Record<string, string>> = {
    ...{ timeFilter: `time >= ${START}ms and time <= ${START + SECONDS * 1000}ms` },
    ...{ __interval_ms: '1000', __interval: '1s' },
    ...chosen,
  };
  return query.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`there is no variable ${name}: ${query}`);
    return value;
  });
}

describeWithPrograms('the dashboard of testmesh', ['influxd'], () => {
  let server: OwnServer;
  const samples = [...requestsOf(SECONDS * 100, START, 100), ...makeMore()];

  beforeAll(async () => {
    server = await startInflux();
    for (const run of ['run-1', 'run-2']) {
      const output = await createOutput(`influxdb=http://127.0.0.1:${server.port}/k6`, makeWorld());
      await output.start(aboutOf(run));
      output.takeBatch?.(batchOf(samples));
      expect(await output.close()).toMatchObject({ lost: 0 });
    }
  });
  afterAll(() => server?.stop());

  const ask = (query: string, chosen = { testid: 'run-1', scenario: '.*', step: '.*' }) =>
    askInflux(server.port, fill(query, chosen));
  const queryOf = (title: string): string => queries.find((query) => query.title === title)?.query ?? '';
  const cells = (series: readonly InfluxSeries[]): readonly unknown[] =>
    series.flatMap(({ values }) => values.flatMap((row) => row.slice(1)));

  it('lists runs, scenarios and steps', async () => {
    const found = Object.fromEntries(
      await Promise.all(
        dashboard.templating.list.map(async ({ name, query }) => [name, cells(await ask(query)).toSorted()] as const),
      ),
    );
    expect(found).toEqual({ testid: ['run-1', 'run-2'], scenario: ['orders', 'users'], step: STEPS.toSorted() });
  });

  it.each(queries)('has figures in $title', async ({ query }) => {
    const found = cells(await ask(query));
    expect(found.length).toBeGreaterThan(0);
    expect(found.some((value) => typeof value === 'number')).toBe(true);
  });

  it('has the figures of what is chosen alone', async () => {
    const requests = (chosen: Record<string, string>) =>
      ask(queryOf('Requests A'), { testid: 'run-1', scenario: '.*', step: '.*', ...chosen });
    const count = (isWanted: (tags: ReadonlyMap<string, string>) => boolean): number =>
      samples.filter(({ metric, tags }) => metric.name === 'http_reqs' && isWanted(tags.tags)).length;
    expect(cells(await requests({}))).toEqual([1000]);
    expect(cells(await requests({ testid: '(run-1|run-2)' }))).toEqual([2000]);
    expect(cells(await requests({ scenario: 'users' }))).toEqual([count((tags) => tags.get('scenario') === 'users')]);
    expect(cells(await requests({ step: '(list users|other)' }))).toEqual([
      count((tags) => tags.get('name') === 'list users'),
    ]);
    const perSecond = await ask(queryOf('Requests a second A'));
    const sums = perSecond.map(({ tags, values }) => [
      tags?.['name'],
      values.reduce((sum, [, value]) => sum + Number(value), 0),
    ]);
    expect(sums).toEqual(STEPS.toSorted().map((step) => [step, count((tags) => tags.get('name') === step)]));
  });

  it('has a table with a line for each step', async () => {
    const found = await ask(queryOf('Steps A'));
    expect(found.map(({ tags, values }) => [tags?.['scenario'], tags?.['step'], values[0]?.slice(1)])).toEqual([
      ['orders', STEPS[1], [50, 51, 51, 90, 96, 100, 100]],
      ['users', STEPS[0], [50, 50, 50, 89, 95, 99, 99]],
    ]);
  });

  it('asks for nothing that a load does not measure', () => {
    const names = queries.flatMap(({ query }) => [...query.matchAll(/FROM "(\w+)"/g)].map(([, name]) => name));
    expect(names.length).toBe(queries.length);
    expect(names.filter((name) => !Object.hasOwn(LOAD_METRICS, name ?? ''))).toEqual([]);
  });

  it('is laid out without gaps and overlaps', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, x < 24, taken.has(`${x} ${y}`)]).toEqual([title, true, false]);
          taken.add(`${x} ${y}`);
        }
  });
});
