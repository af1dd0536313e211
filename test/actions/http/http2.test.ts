import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { repeats } from '../../support/sample.ts';
import { makeCertificate } from '../../support/servers/certificates.ts';
import { startHttpServer, startTcpServer, type TestServer } from '../../support/servers/http-server.ts';
import {
  type Http2TestServer,
  startHttp2Server,
  startHttpsServer,
  startProxy,
} from '../../support/servers/secure-servers.ts';

type Handle = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

const MANY = repeats('million bytes over HTTP/2', 20, 2) * 1_000_000;
const good = makeCertificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1'] });
const folder = mkdtempSync(join(tmpdir(), 'testmesh-http2-'));
writeFileSync(join(folder, 'ca.pem'), good.cert);
const secured = { cert: good.cert, key: good.key };
const tls = { ca: 'ca.pem' };
const started: TestServer[] = [];
let current: Http2TestServer | undefined;
let io: FakeIo;

beforeEach(() => {
  io = createFakeIo({ directory: folder });
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
  await Promise.all(started.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Gives back what it got. */
const echo: Handle = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, httpVersion, headers } = request;
  const body = Buffer.concat(chunks).toString();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ method, url, httpVersion, headers, body }));
};

async function start(handle: Handle = echo, isSecure = true): Promise<Http2TestServer> {
  const server = await startHttp2Server(isSecure ? secured : undefined, handle);
  started.push(server);
  current = server;
  return server;
}

async function send(settings: Readonly<Record<string, unknown>>) {
  return (await runAction(httpRequest, { http2: true, tls, ...settings }, io)).result;
}

async function fail(settings: Readonly<Record<string, unknown>>) {
  return (await failAction(httpRequest, { http2: true, tls, ...settings }, io)).problem;
}

describe('http2', () => {
  it.each([
    ['over TLS', true],
    ['without TLS', false],
  ])('is spoken %s', async (_, isSecure) => {
    const server = await start(echo, isSecure);
    const settings = { method: 'PUT', url: `${server.url}/x?y=1`, headers: { 'X-A': ['1', '2'], Host: 'orders.test' } };
    const { status, body, timings } = await send({ ...settings, body: { a: 'ä' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ method: 'PUT', url: '/x?y=1', httpVersion: '2.0', body: '{"a":"ä"}' });
    expect((body as { headers: object }).headers).toMatchObject({
      ':authority': 'orders.test',
      'content-length': '10',
      'content-type': 'application/json',
      'x-a': '1, 2',
    });
    const { connect_ms: connectMs, tls_ms: tlsMs } = timings as Record<string, number>;
    expect(connectMs).toBeGreaterThan(0);
    expect(Number(tlsMs) > 0).toBe(isSecure);
  });

  it('uses one connection for all, one after another and at the same time', async () => {
    const server = await start();
    await send({ url: server.url });
    const { timings } = await send({ url: server.url });
    expect(timings).toMatchObject({ connect_ms: 0, tls_ms: 0 });
    await Promise.all(Array.from({ length: 8 }, (_, index) => send({ url: `${server.url}/${index}` })));
    expect(server.sessions).toHaveLength(1);
  });

  it('opens one connection for requests that begin together', async () => {
    const server = await start();
    const bodies = await Promise.all(['/a', '/b', '/c'].map((path) => send({ url: server.url + path })));
    expect(bodies.map(({ body }) => (body as { url: string }).url)).toEqual(['/a', '/b', '/c']);
    expect(server.sessions).toHaveLength(1);
  });

  it.each<[string, Handle, object]>([
    [
      'headers',
      (_, response) => response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-name': 'ü' }).end(),
      { status: 201, headers: { 'set-cookie': ['a=1', 'b=2'] } },
    ],
    [
      'a packed body',
      (_, response) =>
        response
          .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
          .end(gzipSync('{"z":1}')),
      { body: { z: 1 } },
    ],
    ['no body', (_, response) => response.writeHead(204).end(), { status: 204, body: null, size: 0 }],
    [
      'hints before it',
      (_, response) => {
        response.writeEarlyHints({ link: '</a>; rel=preload' });
        response.end('late');
      },
      { status: 200, body: 'late' },
    ],
    [
      'trailers behind it',
      (_, response) => {
        response.addTrailers({ 'x-sum': '1' });
        response.end('x'.repeat(200_000));
      },
      { size: 200_000 },
    ],
    ['many bytes', (_, response) => response.end(Buffer.alloc(MANY, 'x')), { size: MANY }],
    [
      'an answer before the request was read',
      (_, response) => response.writeHead(413).end('too much'),
      { status: 413, body: 'too much' },
    ],
  ])('takes %s', async (_, handle, expected) => {
    const server = await start(handle);
    const result = await send({ method: 'POST', url: server.url, body: 'x'.repeat(3_000_000) });
    expect(result).toMatchObject(expected);
    expect(await send({ method: 'POST', url: server.url })).toMatchObject({ status: result['status'] });
  });

  it('is not spoken by other steps for that', async () => {
    const server = await startHttp2Server({ ...secured, allowHTTP1: true }, echo);
    started.push(server);
    const versions: unknown[] = [];
    for (const http2 of [true, false, true, undefined])
      versions.push(((await send({ url: server.url, http2 }))['body'] as { httpVersion: string }).httpVersion);
    expect(versions).toEqual(['2.0', '1.1', '2.0', '1.1']);
  });

  it('takes back what a server that answered early will not read', async () => {
    let stream: Http2ServerRequest['stream'] | undefined;
    const server = await start((request, response) => {
      stream = request.stream;
      request.once('data', () => {
        request.pause();
        response.writeHead(413).end('too much');
      });
    });
    const settings = { method: 'POST', url: server.url, body: 'x'.repeat(3_000_000) };
    expect(await send(settings)).toMatchObject({ status: 413 });
    await expect.poll(() => stream?.closed).toBe(true);
  });

  it('asks for the head alone', async () => {
    const server = await start((_, response) => response.writeHead(200, { 'content-length': '10' }).end());
    expect(await send({ method: 'HEAD', url: server.url })).toMatchObject({ status: 200, body: null, size: 0 });
  });

  it.each(['GET', 'DELETE', 'OPTIONS'])('sends a body with %s too', async (method) => {
    const server = await start();
    expect(await send({ method, url: server.url, body: 'data' })).toMatchObject({ body: { method, body: 'data' } });
  });

  it.each([
    ['secure', true],
    ['plain', false],
  ])('goes through a proxy (%s)', async (_, isSecure) => {
    const server = await start(echo, isSecure);
    const proxy = await startProxy();
    started.push(proxy);
    expect(await send({ url: server.url, proxy: proxy.url })).toMatchObject({ body: { httpVersion: '2.0' } });
    expect(proxy.asked).toEqual([`CONNECT ${server.peer}`]);
  });
});

describe('a server without HTTP/2', () => {
  it('is told of, not spoken to in another way', async () => {
    const server = await startHttpsServer(secured, (_, response) => response.end());
    started.push(server);
    expect(await fail({ url: server.url })).toMatchObject({
      kind: 'connection',
      code: 'HTTP2_NOT_SPOKEN',
      message: `${server.peer} does not speak HTTP/2: it chose \`http/1.1\` in the TLS handshake`,
      hints: ['leave `http2: true` out where HTTP/1.1 will do'],
    });
  });

  it.each<[string, () => Promise<TestServer>]>([
    ['HTTP/1.1', () => startHttpServer((_, response) => response.end())],
    [
      'an old HTTP',
      () =>
        startTcpServer((socket) =>
          socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')),
        ),
    ],
    ['nothing before it hangs up', () => startTcpServer((socket) => socket.once('data', () => socket.end()))],
    ['a TLS server', () => startHttp2Server(secured, echo)],
  ])('without TLS: %s', async (_, begin) => {
    const server = await begin();
    started.push(server);
    expect(await fail({ url: `http://${server.peer}` })).toMatchObject({
      code: 'HTTP2_NOT_SPOKEN',
      message: `${server.peer} does not speak HTTP/2: without TLS it is spoken from the first byte`,
    });
  });

  it('has a certificate that is looked at first', async () => {
    const server = await start();
    expect((await fail({ url: server.url, tls: {} })).code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});

describe('a connection of HTTP/2 that ends', () => {
  it('takes running requests to their end when the server goes', async () => {
    const server = await start((request, response) => {
      request.stream.session?.goaway();
      response.write('first, ');
      setImmediate(() => response.end('last'));
    });
    expect(await send({ url: server.url })).toMatchObject({ body: 'first, last' });
    expect(await send({ url: server.url })).toMatchObject({ body: 'first, last' });
    expect(server.sessions).toHaveLength(2);
  });

  it('is replaced when it was cut in between', async () => {
    const server = await start();
    await send({ url: server.url });
    server.sessions[0]?.destroy();
    expect(await send({ url: server.url })).toMatchObject({ status: 200 });
    expect(server.sessions).toHaveLength(2);
  });

  it.each([
    ['GET', 1],
    ['POST', 0],
  ])('at the moment of its second use: %s is sent %i times more', async (method, more) => {
    let count = 0;
    const server = await start((request, response) => {
      count += 1;
      if (count === 2) request.stream.session?.destroy();
      else response.end();
    });
    await send({ method, url: server.url });
    if (more > 0) expect(await send({ method, url: server.url })).toMatchObject({ status: 200 });
    else
      expect((await fail({ method, url: server.url })).message).toBe(
        `${server.peer} closed the connection before the answer was complete`,
      );
    expect(count).toBe(2 + more);
  });

  it('sends once more what the server refused unread', async () => {
    let count = 0;
    const server = await start((request, response) => {
      count += 1;
      if (count === 1) request.stream.close(7);
      else void echo(request, response);
    });
    expect(await send({ method: 'POST', url: server.url, body: 'x' })).toMatchObject({ body: { body: 'x' } });
  });

  it.each<[string, Handle, string]>([
    ['by a reset', (request) => request.stream.close(2), 'broke off the request (HTTP/2: INTERNAL_ERROR)'],
    ['by a bare reset', (request) => request.stream.close(8), 'broke off the request (HTTP/2: CANCEL)'],
    ['by hanging up', (request) => request.stream.session?.destroy(), 'closed the connection'],
    ['by cutting the wire', () => current?.cut(), 'closed the connection'],
    [
      'in the middle of a body',
      ({ stream }, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('x', () => stream.close(8));
      },
      'broke off the request (HTTP/2: CANCEL)',
    ],
    [
      'in the middle of a body, as if nothing had happened',
      ({ stream }, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('x', () => stream.close(0));
      },
      'ended after 1 of 1000 bytes (status 200, content-length: 1000)',
    ],
    [
      'in the middle of a body, by cutting the wire',
      (_, response) => void response.write('x', () => current?.cut()),
      'ended after 1 byte, without its end (status 200)',
    ],
  ])('%s', async (_, handle, message) => {
    const server = await start(handle);
    expect(await fail({ url: server.url })).toMatchObject({
      kind: 'connection',
      message: expect.stringContaining(`${server.peer} ${message}`),
    });
  });

  it.each<[string, Handle, string]>([
    ['waiting', () => undefined, 'accepted the connection but did not answer within 500 ms'],
    [
      'receiving',
      (_, response) => void response.write('abc'),
      'answered 200 but its body was not complete within 500 ms (3 bytes came)',
    ],
  ])('has a timeout while %s, and is not used again', async (_, handle, message) => {
    const server = await start(handle);
    const problem = await fail({ url: server.url, timeout: '500ms' });
    expect(problem).toMatchObject({ kind: 'timeout', message: `${server.peer} ${message}` });
    await expect.poll(() => server.sessions[0]?.destroyed).toBe(true);
  });

  it('goes on for others when one request is given up', async () => {
    let answerSlow: () => void = () => undefined;
    const server = await start((request, response) => {
      if (request.url === '/slow') answerSlow = () => response.end('slow');
      if (request.url === '/first') response.end();
    });
    await send({ url: `${server.url}/first` });
    const slow = send({ url: `${server.url}/slow` });
    const problem = await fail({ url: `${server.url}/never`, timeout: '500ms' });
    answerSlow();
    expect(problem.kind).toBe('timeout');
    expect(await slow).toMatchObject({ body: 'slow' });
    expect(server.sessions).toHaveLength(1);
  });

  it('is opened anew when the one before did not come about in time', async () => {
    const server = await start();
    let count = 0;
    const front = await startTcpServer((socket) => {
      count += 1;
      if (count > 1) socket.pipe(connect(server.port, '127.0.0.1')).pipe(socket);
    });
    started.push(front);
    const url = `https://${front.peer}`;
    expect((await fail({ url, timeout: '100ms' })).message).toContain('did not finish the TLS handshake');
    expect(await send({ url, timeout: '5s' })).toMatchObject({ status: 200 });
    expect(await send({ url })).toMatchObject({ status: 200 });
    expect(count).toBe(2);
  });

  it('stops at once when the step is aborted, and closes', async () => {
    const stop = new Stop();
    io = createFakeIo({ directory: folder, stop });
    let hasCome = false;
    const server = await start(() => {
      hasCome = true;
    });
    const running = send({ url: server.url });
    await expect.poll(() => hasCome).toBe(true);
    stop.end(new StopError('interrupted', 'interrupted'));
    await expect(running).rejects.toThrow(`stopped before ${server.peer} answered`);
    await expect.poll(() => server.sessions[0]?.destroyed).toBe(true);
  });

  it('closes with the flow', async () => {
    const server = await start();
    await send({ url: server.url });
    expect(await io.close()).toEqual([]);
    await expect.poll(() => server.sessions[0]?.destroyed).toBe(true);
  });
});

describe('by hand', () => {
  it.each([
    ['--http2', true],
    ['--http2-prior-knowledge', false],
  ])('curl speaks it too: %s', async (option, isSecure) => {
    const server = await start(echo, isSecure);
    await send({ url: server.url });
    const line = io.describeExchange()?.byHand ?? '';
    expect(line).toContain(` ${option} `);
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -s`]);
    expect(JSON.parse(stdout)).toMatchObject({ httpVersion: '2.0' });
  });
});
