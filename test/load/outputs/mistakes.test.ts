import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { OutputMistake } from '../../../src/load/metrics/samples.ts';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import { startHttpServer, startTcpServer, type TestServer } from '../../support/servers/http-server.ts';
import { aboutOf, makeWorld, removeTestFolders } from './made-samples.ts';

afterAll(removeTestFolders);

/** What an output is to say of each: the text after `--out`, in which PORT is where a server listens, and CLOSED where none does. */
interface Mistake {
  readonly out: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the server answers. */
  readonly answer?: { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };
  /** Whether the server says things that are no HTTP. */
  readonly isForeign?: boolean;
}

const INFLUX = { 'x-influxdb-version': '1.6.7' };
const MISTAKES: Readonly<Record<string, Mistake>> = {
  'unknown name': { out: 'influx=http://localhost:8086/k6' },
  'unknown name, nothing like it': { out: 'kafka=localhost:9092' },
  'an address alone': { out: 'http://ada:hunter2@localhost:8086/k6' },
  'an address alone, with an odd password': { out: 'http://ada:hunter2=x@localhost:8086/k6' },
  'an address alone, without scheme': { out: 'ada:hunter2=x@localhost:8086/k6' },
  'an address alone, with an option': { out: 'http://localhost:8086/k6?token=hunter2' },
  'no scheme': { out: 'influxdb=localhost:8086/k6' },
  'a path': { out: 'prometheus-rw=/api/v1/write' },
  'another scheme': { out: 'influxdb=udp://localhost:8089' },
  'a password with a slash': { out: 'influxdb=http://ada:hunter2/x@localhost:8086/k6' },
  'a port that is none': { out: 'influxdb=http://ada:hunter2@localhost:99999/k6?token=hunter2' },
  'unknown option': { out: 'influxdb=http://localhost:8086/k6?tagAsFields=url' },
  'unknown option, nothing like it': { out: 'opentelemetry=http://localhost:4318?x=1' },
  'an option that is no number': { out: 'influxdb=http://localhost:8086/k6?concurrentWrites=many' },
  'a flag that is none': { out: 'influxdb=http://localhost:8086/k6', env: { K6_INFLUXDB_INSECURE: 'maybe' } },
  'another precision': { out: 'influxdb=http://localhost:8086/k6', env: { K6_INFLUXDB_PRECISION: 'ms' } },
  'a type of a field': { out: 'influxdb=http://localhost:8086/k6?tagsAsFields=vu:number' },
  'a token without organization': { out: 'influxdb=http://localhost:8086/k6', env: { K6_INFLUXDB_TOKEN: 'hunter2' } },
  'a token without bucket': { out: 'influxdb=http://localhost:8086?org=shop', env: { K6_INFLUXDB_TOKEN: 'hunter2' } },
  'a length of time': { out: 'prometheus-rw=http://localhost:9090', env: { K6_PROMETHEUS_RW_PUSH_INTERVAL: '5' } },
  'a stat': { out: 'prometheus-rw=http://localhost:9090', env: { K6_PROMETHEUS_RW_TREND_STATS: 'p95' } },
  'a variable without a meaning': {
    out: 'prometheus-rw=http://localhost:9090',
    env: { K6_PROMETHEUS_RW_SIGV4_REGION: 'eu-central-1' },
  },
  'a variable that is misspelt': {
    out: 'influxdb=http://localhost:8086/k6',
    env: { K6_INFLUXDB_USER_NAME: 'ada' },
  },
  'two counters for a rate': {
    out: 'opentelemetry=http://localhost:4318',
    env: { K6_OTEL_SINGLE_COUNTER_FOR_RATE: 'false' },
  },
  'a certificate without its key': {
    out: 'prometheus-rw=https://localhost:9090',
    env: { K6_PROMETHEUS_RW_CLIENT_CERTIFICATE: 'file' },
  },
  'a key without its certificate': { out: 'opentelemetry=https://localhost:4318?tlsClientKey=file' },
  'a certificate that is not there': { out: 'opentelemetry=https://localhost:4318?tlsCertificate=missing.pem' },
  'a certificate that is none': {
    out: 'prometheus-rw=https://localhost:9090?clientCertificate=file&clientCertificateKey=file',
  },
  'a header': { out: 'opentelemetry=http://localhost:4318', env: { OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' } },
  gRPC: { out: 'opentelemetry=http://localhost:4317', env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' } },
  'influxdb: refused': { out: 'influxdb=http://ada:hunter2@127.0.0.1:CLOSED/k6' },
  'influxdb: unknown host': { out: 'influxdb=http://influx.invalid:8086/k6' },
  'influxdb: who one is': {
    out: 'influxdb=http://ada:hunter2@127.0.0.1:PORT/k6',
    answer: { status: 401, body: '{"error":"authorization failed"}', headers: INFLUX },
  },
  'influxdb: nobody is given': {
    out: 'influxdb=http://127.0.0.1:PORT/k6',
    answer: { status: 401, body: '{"error":"unable to parse authentication credentials"}', headers: INFLUX },
  },
  'influxdb: a token': {
    out: 'influxdb=http://127.0.0.1:PORT/k6?org=shop',
    env: { K6_INFLUXDB_TOKEN: 'hunter2' },
    answer: { status: 401, body: '{"code":"unauthorized","message":"unauthorized access"}', headers: INFLUX },
  },
  'influxdb: may not write': {
    out: 'influxdb=http://ada:hunter2@127.0.0.1:PORT/k6',
    answer: {
      status: 403,
      body: '{"error":"\\"ada\\" user is not authorized to write to database \\"k6\\""}',
      headers: INFLUX,
    },
  },
  'influxdb: no bucket': {
    out: 'influxdb=http://127.0.0.1:PORT/k6?org=shop',
    env: { K6_INFLUXDB_TOKEN: 'hunter2' },
    answer: { status: 404, body: '{"code":"not found","message":"bucket \\"k6\\" not found"}', headers: INFLUX },
  },
  'influxdb: something else': {
    out: 'influxdb=http://127.0.0.1:PORT/k6',
    answer: { status: 200, body: '<html>Hi</html>' },
  },
  'influxdb: something else without writes': {
    out: 'influxdb=http://127.0.0.1:PORT/k6',
    answer: { status: 404, body: 'no such page' },
  },
  'influxdb: no HTTP': { out: 'influxdb=http://127.0.0.1:PORT/k6', isForeign: true },
  'influxdb: out of order': {
    out: 'influxdb=http://127.0.0.1:PORT/k6',
    answer: { status: 500, body: '{"error":"engine: no space left on device"}', headers: INFLUX },
  },
  'prometheus: refused': { out: 'prometheus-rw=http://127.0.0.1:CLOSED/api/v1/write' },
  'prometheus: no receiver': {
    out: 'prometheus-rw=http://127.0.0.1:PORT',
    answer: {
      status: 404,
      body: 'remote write receiver needs to be enabled with --web.enable-remote-write-receiver',
    },
  },
  'prometheus: who one is': { out: 'prometheus-rw=http://ada:hunter2@127.0.0.1:PORT', answer: { status: 401 } },
  'prometheus: something else': {
    out: 'prometheus-rw=http://127.0.0.1:PORT/x',
    answer: { status: 405, body: 'Method Not Allowed' },
  },
  'opentelemetry: refused': { out: 'opentelemetry=http://127.0.0.1:CLOSED' },
  'opentelemetry: who one is': { out: 'opentelemetry=http://127.0.0.1:PORT', answer: { status: 403 } },
  'opentelemetry: another path': {
    out: 'opentelemetry=http://127.0.0.1:PORT/otlp',
    answer: { status: 404, body: '404 page not found\n' },
  },
  'json without a file': { out: 'json' },
  'csv without a file': { out: 'csv=' },
  'a folder': { out: 'json=folder' },
  'below a file': { out: 'csv=file/a.csv' },
  'no room for a folder': { out: 'json=/proc/a/b.ndjson' },
  'a format of time': { out: 'csv=a.csv', env: { K6_CSV_TIME_FORMAT: 'iso' } },
};

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function startServer({ answer, isForeign = false }: Mistake): Promise<string> {
  if (!answer && !isForeign) return '0';
  const server = answer
    ? await startHttpServer((request, response) => {
        request.resume();
        response.writeHead(answer.status, answer.headers).end(answer.body);
      })
    : await startTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  servers.push(server);
  return String(server.port);
}

describe('an output that cannot work', () => {
  it.each(Object.entries(MISTAKES))('is a mistake with a text of its own: %s', async (name, mistake) => {
    const port = await startServer(mistake);
    const closed = String(await findFreePort());
    const world = makeWorld(mistake.env);
    mkdirSync(join(world.folder, 'folder'));
    writeFileSync(join(world.folder, 'file'), '');
    const text = mistake.out.replace('PORT', port).replace('CLOSED', closed);
    const start = async () => (await createOutput(text, world)).start(aboutOf('run-1'));
    const error: unknown = await start().catch((thrown: unknown) => thrown);
    if (!(error instanceof OutputMistake)) throw error;
    const given = Object.entries(mistake.env ?? {}).map(([key, value]) => `${key}=${value} `);
    const said = [error.message, ...error.help.map((line) => `  help: ${line}`)].join('\n');
    expect(said).not.toContain('hunter2');
    const steady = said.replaceAll(`:${port}`, ':PORT').replaceAll(`:${closed}`, ':CLOSED');
    await expect(`${given.join('')}--out ${mistake.out}\n\n${steady}\n`).toMatchFileSnapshot(
      `golden/${name.replaceAll(/[^\w]+/g, '-')}.txt`,
    );
  });

  it('stays with that name when k6 calls it otherwise', async () => {
    const names = ['experimental-prometheus-rw', 'experimental-opentelemetry', 'xk6-influxdb'];
    const made = await Promise.all(names.map((name) => createOutput(name, makeWorld())));
    expect(made.map(({ name }) => name)).toEqual(['prometheus-rw', 'opentelemetry', 'influxdb']);
  });
});
