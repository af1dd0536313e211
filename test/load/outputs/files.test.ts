import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import { repeats } from '../../support/sample.ts';
import {
  aboutOf,
  batchOf,
  type MadeSample,
  makeWorld,
  metricOf,
  removeTestFolders,
  requestsOf,
  tagsOf,
} from './made-samples.ts';

const inFullRun = it.runIf(repeats('further tests of files of outputs', 1, 0) > 0);

afterAll(removeTestFolders);

const AT = Date.UTC(2026, 0, 2, 3, 4, 5) + 678.9;
const samples: readonly MadeSample[] = [
  {
    ...{ metric: metricOf('http_req_duration', 'trend', 'ms'), value: 12.5, atMs: AT, vu: 2, iter: 7 },
    tags: tagsOf({ name: 'get, "all"', method: 'GET', status: '200', scenario: 'users', step: 'list', team: 'a=b' }),
    url: 'http://a/x?y=1,2',
  },
  { metric: metricOf('vus', 'gauge'), value: 3, atMs: AT, tags: tagsOf({}) },
  {
    metric: metricOf('data_sent', 'counter', 'bytes'),
    value: 12,
    atMs: AT + 1000,
    tags: tagsOf({ scenario: 'users' }),
  },
  { metric: metricOf('vus', 'gauge'), value: 4, atMs: AT + 1000, tags: tagsOf({}) },
];

async function writeFile(target: string, given = samples, env: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const world = makeWorld(env);
  const output = await createOutput(target, world);
  await output.start(aboutOf('run-1'));
  output.takeBatch?.(batchOf(given.slice(0, 2)));
  output.takeBatch?.(batchOf(given.slice(2)));
  expect(await output.close()).toEqual({ written: given.length, lost: 0, notes: [] });
  return readFileSync(join(world.folder, target.replace(/^\w+=/, '')));
}

describe('the output json', () => {
  it("writes k6's lines", async () => {
    expect(String(await writeFile('json=new/folder/a.ndjson'))).toBe(
      `${[
        '{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time","thresholds":[],"submetrics":null},"metric":"http_req_duration"}',
        '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-01-02T03:04:05.678900Z","value":12.5,"tags":{"method":"GET","name":"get, \\"all\\"","scenario":"users","status":"200","step":"list","team":"a=b","testid":"run-1","url":"http://a/x?y=1,2"},"metadata":{"iter":"7","vu":"2"}}}',
        '{"type":"Metric","data":{"name":"vus","type":"gauge","contains":"default","thresholds":[],"submetrics":null},"metric":"vus"}',
        '{"metric":"vus","type":"Point","data":{"time":"2026-01-02T03:04:05.678900Z","value":3,"tags":{"testid":"run-1"}}}',
        '{"type":"Metric","data":{"name":"data_sent","type":"counter","contains":"data","thresholds":[],"submetrics":null},"metric":"data_sent"}',
        '{"metric":"data_sent","type":"Point","data":{"time":"2026-01-02T03:04:06.678900Z","value":12,"tags":{"scenario":"users","testid":"run-1"}}}',
        '{"metric":"vus","type":"Point","data":{"time":"2026-01-02T03:04:06.678900Z","value":4,"tags":{"testid":"run-1"}}}',
      ].join('\n')}\n`,
    );
  });

  it('compresses a file whose name says so', async () => {
    const many = requestsOf(500, AT, 100);
    const lines = String(gunzipSync(await writeFile('json=a.ndjson.gz', many)))
      .trimEnd()
      .split('\n');
    const points = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'Point');
    expect(points.map(({ metric, data }) => [metric, data.value])).toEqual(
      many.map(({ metric, value }) => [metric.name, value]),
    );
  });
});

describe('the output csv', () => {
  it("writes k6's columns", async () => {
    const text = String(await writeFile('csv=a.csv'));
    expect(text).toBe(
      `${[
        'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata',
        'http_req_duration,1767323045,12.500000,,,,,,GET,"get, ""all""",,users,,200,,,"http://a/x?y=1,2",step=list&team=a=b&testid=run-1,iter=7&vu=2',
        'vus,1767323045,3.000000,,,,,,,,,,,,,,,testid=run-1,',
        'data_sent,1767323046,12.000000,,,,,,,,,users,,,,,,testid=run-1,',
        'vus,1767323046,4.000000,,,,,,,,,,,,,,,testid=run-1,',
      ].join('\n')}\n`,
    );
  });

  inFullRun('is read by a reader of CSV, compressed too', async () => {
    const many = requestsOf(500, AT, 100);
    const rows: readonly Record<string, string>[] = parse(gunzipSync(await writeFile('csv=a.csv.gz', many)), {
      columns: true,
    });
    expect(rows.map((row) => [row['metric_name'], Number(row['metric_value']), row['url'], row['name']])).toEqual(
      many.map(({ metric, value, url, tags }) => [metric.name, value, url, tags.tags.get('name') ?? '']),
    );
  });

  it.each([
    ['unix', '1767323045'],
    ['unix_milli', '1767323045678'],
    ['unix_micro', '1767323045678900'],
    ['unix_nano', '1767323045678900000'],
    ['rfc3339', '2026-01-02T03:04:05Z'],
    ['rfc3339_nano', '2026-01-02T03:04:05.678900Z'],
  ])('writes times as %s', async (format, expected) => {
    const text = String(await writeFile('csv=a.csv', samples.slice(0, 1), { K6_CSV_TIME_FORMAT: format }));
    expect(text.split('\n')[1]?.split(',')[1]).toBe(expected);
  });
});

describe('a file that cannot be written to its end', () => {
  it.each(['json', 'csv'])('is told by the output %s', async (name) => {
    const output = await createOutput(`${name}=/dev/full`, makeWorld());
    await output.start(aboutOf('run-1'));
    output.takeBatch?.(batchOf(samples));
    expect(await output.close()).toEqual({
      ...{ written: 0, lost: 4 },
      notes: ['`/dev/full` is not complete: no space is left on the device'],
    });
  });
});
