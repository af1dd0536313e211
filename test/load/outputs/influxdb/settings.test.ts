import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readInfluxSettings } from '../../../../src/load/outputs/influxdb/settings.ts';
import { createOutput } from '../../../../src/load/outputs/registry.ts';
import { readBody, startHttpServer, type TestServer } from '../../../support/servers/http-server.ts';
import { aboutOf, batchOf, makeWorld, metricOf, removeTestFolders, tagsOf } from '../made-samples.ts';

afterAll(removeTestFolders);

type Env = Readonly<Record<string, string>>;
const BASIC = `Basic ${Buffer.from('ada:hunter2').toString('base64')}`;

describe('settings of InfluxDB', () => {
  it.each<[text: string, env: Env, origin: string, path: string, authorization: string | undefined]>([
    ['', {}, 'http://localhost:8086', '/write?db=k6&precision=ns', undefined],
    [
      '',
      { K6_INFLUXDB_ADDR: 'http://db:1', K6_INFLUXDB_DB: 'x' },
      'http://db:1',
      '/write?db=x&precision=ns',
      undefined,
    ],
    ['http://db:8086/shop', {}, 'http://db:8086', '/write?db=shop&precision=ns', undefined],
    ['http://db:8086/shop/', {}, 'http://db:8086', '/write?db=shop&precision=ns', undefined],
    ['https://db/in/flux/shop', {}, 'https://db', '/in/flux/write?db=shop&precision=ns', undefined],
    ['http://ada:hunter2@db:8086/shop', {}, 'http://db:8086', '/write?db=shop&precision=ns', BASIC],
    [
      'http://db:8086/a%20b?retention=week&consistency=all&insecure=true',
      { K6_INFLUXDB_USERNAME: 'ada', K6_INFLUXDB_PASSWORD: 'hunter2', K6_INFLUXDB_RETENTION: 'day' },
      'http://db:8086',
      '/write?db=a+b&precision=ns&rp=week&consistency=all',
      BASIC,
    ],
    [
      'http://db:8086/shop',
      { K6_INFLUXDB_TOKEN: 't0ken', K6_INFLUXDB_ORGANIZATION: 'o', K6_INFLUXDB_BUCKET: 'b' },
      'http://db:8086',
      '/api/v2/write?org=o&bucket=b&precision=ns',
      'Token t0ken',
    ],
    [
      'http://db:8086/shop?org=my+org&token=t0ken',
      {},
      'http://db:8086',
      '/api/v2/write?org=my+org&bucket=shop&precision=ns',
      'Token t0ken',
    ],
  ])('of %j with %j', (text, env, origin, writePath, authorization) => {
    const settings = readInfluxSettings(text, { cwd: '', env });
    expect({ ...settings, origin: settings.address.origin }).toMatchObject({ origin, writePath, authorization });
  });

  it("are k6's where nothing is said, and its variables where they say it", () => {
    const usual = readInfluxSettings('', { cwd: '', env: {} });
    expect(usual).toMatchObject({ concurrency: 4, tls: undefined });
    expect(usual.tagsAsFields).toEqual([
      { tag: 'vu', type: 'int' },
      { tag: 'iter', type: 'int' },
      { tag: 'url', type: 'string' },
    ]);
    const env: Env = {
      ...{ K6_INFLUXDB_CONCURRENT_WRITES: '8', K6_INFLUXDB_INSECURE: 'true', K6_INFLUXDB_PUSH_INTERVAL: '2s' },
      ...{ K6_INFLUXDB_TAGS_AS_FIELDS: 'url, status:int', K6_INFLUXDB_PRECISION: 'ns' },
    };
    expect(readInfluxSettings('', { cwd: '', env })).toMatchObject({
      ...{ concurrency: 8, tls: { isInsecure: true } },
      tagsAsFields: [
        { tag: 'url', type: 'string' },
        { tag: 'status', type: 'int' },
      ],
    });
  });
});

describe('version 2 of InfluxDB', () => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('is written to by token, organization and bucket', async () => {
    const received: unknown[] = [];
    const server = await startHttpServer((request, response) => {
      void readBody(request).then((body) => {
        received.push([request.method, request.url, request.headers.authorization, body]);
        // As version 2 says it of a write without points.
        if (body === '')
          response
            .writeHead(400, { 'x-influxdb-version': 'v2.7.1' })
            .end('{"code":"invalid","message":"writing requires points"}');
        else response.writeHead(204, { 'x-influxdb-version': 'v2.7.1' }).end();
      });
    });
    servers.push(server);
    const world = makeWorld({ K6_INFLUXDB_TOKEN: 't0ken', K6_INFLUXDB_ORGANIZATION: 'shop' });
    const output = await createOutput(`influxdb=${server.url}/loads`, world);
    await output.start(aboutOf('run-1'));
    const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    output.takeBatch?.(batchOf([{ metric: metricOf('vus', 'gauge'), tags: tagsOf({}), value: 2, atMs }]));
    expect(await output.close()).toEqual({ written: 1, lost: 0, notes: [] });
    const path = '/api/v2/write?org=shop&bucket=loads&precision=ns';
    expect(received).toEqual([
      ['POST', path, 'Token t0ken', ''],
      ['POST', path, 'Token t0ken', 'vus,instance_id=i1,testid=run-1 value=2 1767323045000000000\n'],
    ]);
  });
});
