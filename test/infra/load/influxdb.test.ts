import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOutput } from '../../../src/load/outputs/registry.ts';
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
import { askInflux, startInflux } from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';

afterAll(removeTestFolders);

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const TRENDS = ['duration', 'blocked', 'connecting', 'looking_up', 'receiving', 'sending', 'waiting'].map(
  (phase) => `http_req_${phase}`,
);

describeWithPrograms('InfluxDB', ['influxd'], () => {
  let server: OwnServer;
  const samples: readonly MadeSample[] = [
    ...requestsOf(2000, START, 200),
    ...Array.from({ length: 10 }, (_, second) => ({
      ...{ metric: metricOf('vus', 'gauge'), tags: tagsOf({}) },
      ...{ value: second + 1, atMs: START + second * 1000 },
    })),
  ];

  beforeAll(async () => {
    server = await startInflux();
    const output = await createOutput(`influxdb=http://127.0.0.1:${server.port}/k6`, makeWorld());
    await output.start(aboutOf('run-1'));
    for (let at = 0; at < samples.length; at += 3000) output.takeBatch?.(batchOf(samples.slice(at, at + 3000)));
    expect(await output.close()).toEqual({ written: samples.length, lost: 0, notes: [] });
  });
  afterAll(() => server?.stop());

  const valuesOf = (name: string): readonly number[] =>
    samples.filter(({ metric }) => metric.name === name).map(({ value }) => value);
  const ask = (q: string) => askInflux(server.port, q);
  const single = async (q: string): Promise<unknown> => (await ask(q))[0]?.values[0]?.[1];
  const time = `time >= ${START}ms AND time < ${START + 60_000}ms`;

  it('keeps each point', async () => {
    for (const name of new Set(samples.map(({ metric }) => metric.name)))
      expect([name, await single(`SELECT count(value) FROM "${name}"`)]).toEqual([name, valuesOf(name).length]);
  });

  it.each(TRENDS)('dashboard 2587 reads %s', async (name) => {
    const values = valuesOf(name).filter((value) => value > 0);
    const sorted = [...values].sort((a, b) => a - b);
    // InfluxDB's rank of a percentile: the nearest.
    const nth = (percent: number) => sorted[Math.floor((sorted.length * percent) / 100 + 0.5) - 1];
    const middle = sorted.length / 2;
    const median =
      sorted.length % 2 === 1 ? sorted[middle - 0.5] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
    const where = `FROM ${name} WHERE ${time} AND value > 0`;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(await single(`SELECT mean("value") ${where}`)).toBeCloseTo(mean, 9);
    expect(await single(`SELECT max("value") ${where}`)).toBe(sorted.at(-1));
    expect(await single(`SELECT min("value") ${where}`)).toBe(sorted[0]);
    expect(await single(`SELECT median("value") ${where}`)).toBe(median);
    expect(await single(`SELECT percentile("value", 90) ${where}`)).toBe(nth(90));
    expect(await single(`SELECT percentile("value", 95) ${where}`)).toBe(nth(95));
    const raw = await ask(`SELECT "value" ${where}`);
    const points = raw[0]?.values.map(([, value]) => value as number) ?? [];
    expect(points.toSorted((a, b) => a - b)).toEqual(sorted);
    const times = raw[0]?.values.map(([at]) => at) ?? [];
    expect(times.length).toBe(values.length);
    const overTime = `FROM /^${name}$/ WHERE ${time} and value > 0 GROUP BY time(1s) fill(none)`;
    const seconds = Array.from({ length: 10 }, (_, second) =>
      samples.filter(
        ({ metric, value, atMs }) => metric.name === name && value > 0 && Math.floor((atMs - START) / 1000) === second,
      ),
    );
    const most = await ask(`SELECT max("value") ${overTime}`);
    expect(most[0]?.values.map(([, value]) => value)).toEqual(
      seconds.filter((own) => own.length > 0).map((own) => Math.max(...own.map(({ value }) => value))),
    );
  });

  it('dashboard 2587 reads users, requests, errors and checks', async () => {
    const perSecond = async (what: string, more = '') =>
      (await ask(`SELECT ${what} WHERE ${time} GROUP BY time(1s)${more} fill(none)`)).map(({ tags, values }) => [
        tags,
        values.map(([, value]) => value),
      ]);
    const users = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(await perSecond('mean("value") FROM "vus"')).toEqual([[undefined, users]]);
    expect(await perSecond('sum("value") FROM "http_reqs"')).toEqual([[undefined, users.map(() => 200)]]);
    expect(await perSecond('count("value") FROM "errors"')).toEqual([[undefined, users.map(() => 10)]]);
    const checks = await perSecond('sum("value") FROM "checks"', ', "check"');
    const expected = ['create=order, "x": status == 200', 'list users: status == 200'].map((check) => [
      { check },
      users.map(
        (second) =>
          samples.filter(
            ({ metric, tags, value, atMs }) =>
              metric.name === 'checks' &&
              tags.tags.get('check') === check &&
              value === 1 &&
              Math.floor((atMs - START) / 1000) === second - 1,
          ).length,
      ),
    ]);
    expect(checks).toEqual(expected);
  });

  it('has the run and the process as tags, and what is never indexed as fields', async () => {
    const tags = await ask('SHOW TAG KEYS FROM http_reqs');
    expect(tags[0]?.values.flat()).toEqual([
      ...['expected_response', 'group', 'instance_id', 'method', 'name'],
      ...['proto', 'scenario', 'status', 'testid'],
    ]);
    const fields = await ask('SHOW FIELD KEYS FROM http_reqs');
    expect(fields[0]?.values).toEqual([
      ['iter', 'integer'],
      ['url', 'string'],
      ['value', 'float'],
      ['vu', 'integer'],
    ]);
    expect((await ask('SELECT url, vu, iter FROM http_reqs LIMIT 1'))[0]?.values[0]?.slice(1)).toEqual([
      'http://shop/items/0?q="a b"',
      ...[1, 0],
    ]);
    expect(await ask('SHOW TAG VALUES FROM http_reqs WITH KEY = testid')).toMatchObject([
      { values: [['testid', 'run-1']] },
    ]);
  });

  it('keeps tags as they are, whatever is in them', async () => {
    const odd = ['a,b', 'a b', 'a=b', '"a"', "it's", 'ends with \\', '\\', 'ä → 😀', '{a: [b]}', '#a', '$a'];
    const output = await createOutput(`influxdb=http://127.0.0.1:${server.port}/odd`, makeWorld());
    await output.start(aboutOf('run-1'));
    const metric = metricOf('iterations', 'counter');
    output.takeBatch?.(
      batchOf(odd.map((name) => ({ metric, tags: tagsOf({ name, 'odd, key=': name }), value: 1, atMs: START }))),
    );
    expect(await output.close()).toEqual({ written: odd.length, lost: 0, notes: [] });
    for (const key of ['"name"', '"odd, key="']) {
      const found = await askInflux(server.port, `SHOW TAG VALUES FROM iterations WITH KEY = ${key}`, 'odd');
      // A backslash at the end would escape what follows; a blank after it keeps it.
      const expected = odd.map((name) => (name.endsWith('\\') ? `${name} ` : name));
      expect(found[0]?.values.map(([, value]) => value).toSorted()).toEqual(expected.toSorted());
    }
  });
});

describeWithPrograms('InfluxDB that asks who one is', ['influxd'], () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startInflux({ hasUsers: true });
    await askInflux(server.port, `CREATE USER "root" WITH PASSWORD 'r00t' WITH ALL PRIVILEGES`);
    for (const q of [
      `CREATE USER "ada" WITH PASSWORD 'hunter2'`,
      'CREATE DATABASE there',
      'GRANT WRITE ON there TO ada',
      'CREATE DATABASE others',
    ])
      await askInflux(server.port, q, '', 'root:r00t');
  });
  afterAll(() => server?.stop());

  const start = async (login: string, database: string, env: Record<string, string> = {}) => {
    const output = await createOutput(`influxdb=http://${login}127.0.0.1:${server.port}/${database}`, makeWorld(env));
    await output.start(aboutOf('run-1'));
    output.takeBatch?.(batchOf(samples.slice(0, 10)));
    return output.close();
  };
  const samples = requestsOf(1, START, 1);

  it.each<[what: string, login: string, database: string, env: Record<string, string>]>([
    ['an administrator, who makes the database', 'root:r00t@', 'made', {}],
    ['a user who may write, and nothing else', 'ada:hunter2@', 'there', {}],
    ['the environment', '', 'there', { K6_INFLUXDB_USERNAME: 'ada', K6_INFLUXDB_PASSWORD: 'hunter2' }],
  ])('lets in %s', async (_what, login, database, env) => {
    expect(await start(login, database, env)).toMatchObject({ written: 10, lost: 0 });
  });

  it.each([
    ['', 'there', 'does not know who writes: 401 (unable to parse authentication credentials)'],
    ['ada:hunter3@', 'there', 'does not know who writes: 401 (authorization failed)'],
    [
      'ada:hunter2@',
      'others',
      'does not let its user write to the database `others`: 403 ("ada" user is not authorized to write to database "others")',
    ],
    [
      'ada:hunter2@',
      'missing',
      "has no database `missing` and it cannot be made: 403 (error authorizing query: ada not authorized to execute statement 'CREATE DATABASE missing', requires admin privilege)",
    ],
  ])('refuses %j at %s', async (login, database, message) => {
    await expect(start(login, database)).rejects.toThrow(
      `--out influxdb: InfluxDB at 127.0.0.1:${server.port} ${message}`,
    );
  });
});
