import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of connections of a load', 1, 0) > 0);

const FLOW = `
name: Two requests
steps:
  - { id: one, action: http_request, config: { url: "{{URL}}/one" }, assert: [status == 200] }
  - { id: two, action: http_request, config: { method: POST, url: "{{URL}}/two", body: { a: 1 } }, assert: [status == 200, size > 0] }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-wire-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(flow: string, url: string, words: readonly string[]) {
  writeFileSync(join(folder, 'flow.yaml'), flow);
  return callCommand(['load', 'flow.yaml', '--var', `URL=${url}`, '-q', ...words], { cwd: folder });
}

const AMOUNT = ['--vus', '2', '--iterations', '10', '--summary-mode', 'json'];

describe('how long a connection is kept', () => {
  const closed: string[] = [];
  const parents: string[] = [];
  let server: CountingServer;
  beforeEach(async () => {
    closed.length = 0;
    parents.length = 0;
    server = await startCountingServer((request) => {
      closed.push(String(request.headers.connection));
      parents.push(String(request.headers['traceparent']));
      return 200;
    });
  });
  afterEach(() => server.close());

  it.each([
    ['a virtual user', [], 2, 'keep-alive'],
    ['an iteration', ['--no-vu-connection-reuse'], 10, 'keep-alive'],
    ['a request', ['--no-connection-reuse'], 20, 'close'],
  ] as const)('%s', async (_, words, connections, header) => {
    const { exitCode, output } = await load(FLOW, server.url, [...AMOUNT, ...words]);
    expect(exitCode).toBe(0);
    expect([server.requests, server.connections]).toEqual([20, connections]);
    expect([...new Set(closed)]).toEqual([header]);
    const { values } = JSON.parse(output).metrics.data_received;
    expect(values.count).toBe(server.bytes.sent);
  });

  inFullRun('holds in each thread', async () => {
    const { exitCode } = await load(FLOW, server.url, [...AMOUNT, '--no-connection-reuse', '--threads', '2']);
    expect([exitCode, server.requests, server.connections]).toEqual([0, 20, 20]);
  });

  // a thread loads all of testmesh anew
  const threads = [
    ['of one thread', []],
    ['of two threads', ['--threads', '2']],
  ] as const;
  it.each(sample('numbers of threads that trace', threads, { count: 1 }))(
    'has with each iteration %s a trace of its own, and a span with each request',
    async (_, words) => {
      const { exitCode } = await load(FLOW, server.url, [...AMOUNT, '--seed', '7', ...words]);
      const traces = parents.map((parent) => parent.split('-')[1]);
      expect([exitCode, parents.length, new Set(parents).size, new Set(traces).size]).toEqual([0, 20, 20, 10]);
    },
  );

  it('is said once', async () => {
    const { exitCode, errors } = await load(FLOW, server.url, ['--no-connection-reuse', '--no-vu-connection-reuse']);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('both say how long a connection is kept')]);
  });
});

describe('--http2', () => {
  let server: Http2Server;
  let sessions: number;
  let streams: number;
  beforeEach(async () => {
    sessions = 0;
    streams = 0;
    server = createServer((_, response) => {
      streams++;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1}');
    });
    server.on('session', () => sessions++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const kept = [
    ['a virtual user', [], 2],
    ['an iteration', ['--no-vu-connection-reuse'], 10],
    ['a request', ['--no-connection-reuse'], 20],
  ] as const;
  it.each(sample('ways to keep HTTP/2 connections', kept, { count: 1 }))(
    'is spoken over connections kept for %s',
    async (_, words, connections) => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { exitCode, output } = await load(FLOW, url, [...AMOUNT, '--http2', ...words]);
      expect([exitCode, streams, sessions]).toEqual([0, 20, connections]);
      expect(output).toContain('"proto":"HTTP/2.0"');
    },
  );

  inFullRun('is for steps that do not say otherwise', async () => {
    const http1 = await startCountingServer();
    const flow = FLOW.replaceAll('/one" }', '/one", http2: false }').replaceAll('/two", ', '/two", http2: false, ');
    expect((await load(flow, http1.url, [...AMOUNT, '--http2'])).exitCode).toBe(0);
    expect(http1.requests).toBe(20);
    await http1.close();
  });
});

describe('--discard-response-bodies', () => {
  const flow = (step: string, more = '') => `
name: Reads
setup:
  - { id: login, action: http_request, config: { url: "{{URL}}/login" }, output: { token: $.id }, assert: [body.total == 5] }
steps:
  - ${step}
${more}`;
  const get = (rest: string) => `{ id: get, action: http_request, config: { url: "{{URL}}/get/{{token}}" }, ${rest} }`;
  const set = '  - { id: next, action: set, config: { seen: "{{get.body.id}}" } }\n';

  it('reads them off and counts them, and keeps those of setup', async () => {
    const server = await startCountingServer();
    const good = flow(get('assert: [status == 200, size > 0]'));
    const { exitCode, output } = await load(good, server.url, [...AMOUNT, '--discard-response-bodies']);
    expect(exitCode).toBe(0);
    expect(server.paths.filter((path) => path === '/get/1')).toHaveLength(10);
    expect(JSON.parse(output).metrics.data_received.values.count).toBe(server.bytes.sent);
    await server.close();
  });

  const readers = [
    ['an assertion', get('assert: [status == 200, body.total == 5]'), ''],
    ['an assertion of the whole', get('assert: [response.body.total == 5]'), ''],
    ['a capture', get('output: { id: $.id }'), ''],
    ['a capture of the body', get('output: { id: $.body.id }'), ''],
    ['a capture by an expression', get('output: { id: "body.id + 1" }'), ''],
    ['a metric', get('record: { total: { type: trend, value: "{{body.total}}" } }'), ''],
    ['a later step', get('assert: [status == 200]'), set],
    ['teardown', get('assert: [status == 200]'), `teardown:\n${set}`],
  ] as const;
  it.each(sample('readers of a body that is left out', readers, { count: 3 }))(
    'is refused where %s reads one',
    async (_, step, more) => {
      const { exitCode, errors } = await load(flow(step, more), 'http://127.0.0.1:9', [
        ...AMOUNT,
        '--discard-response-bodies',
      ]);
      expect([exitCode, errors]).toEqual([
        2,
        expect.stringContaining('`body` of `get` is read, and `--discard-response-bodies` leaves it out'),
      ]);
    },
  );

  it.each([
    ['status', get('output: { s: $.status, h: $.headers.date, t: content_type }')],
    ['a size', get('assert: ["size < 100"]')],
  ])('is taken where nothing but %s is read', async (_, step) => {
    const server = await startCountingServer();
    expect((await load(flow(step), server.url, [...AMOUNT, '--discard-response-bodies'])).exitCode).toBe(0);
    await server.close();
  });
});
