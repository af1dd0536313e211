import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpPool } from '../../../src/drivers/http/http.ts';
import { openHttp1Pool } from '../../../src/drivers/http/http1.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { startTcpServer, type TestServer } from '../../support/servers/http-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const createStop = (): Stop => new Stop();

interface Peer {
  readonly server: TestServer;
  readonly sockets: Socket[];
  /** First lines of what came. */
  readonly asked: string[];
}

/** A peer that answers each request as `answer` does, told how many came before on all connections and on this one. */
async function startPeer(answer: (socket: Socket, count: { all: number; here: number }) => void): Promise<Peer> {
  const sockets: Socket[] = [];
  const asked: string[] = [];
  const server = await startTcpServer((socket) => {
    sockets.push(socket);
    let here = 0;
    socket.on('data', (chunk) => {
      const [line = ''] = chunk.toString('latin1').split('\r\n');
      asked.push(line);
      answer(socket, { all: asked.length - 1, here: here++ });
    });
  });
  closing.push(() => server.close());
  return { server, sockets, asked };
}

async function openPool(peer: { readonly url: string }, time = { now: 0 }): Promise<HttpPool> {
  const pool = await openHttp1Pool({ origin: peer.url, now: () => time.now });
  closing.push(() => pool.close());
  return pool;
}

const send = (pool: HttpPool, method: string, headers: readonly string[] = []) =>
  pool.send({ method, path: '/', headers, body: method === 'GET' ? undefined : 'x' }, createStop());

describe('a pool of HTTP/1.1', () => {
  it('has one connection for one request after another, and as many as there are at one time', async () => {
    const held: Socket[] = [];
    const { server, sockets } = await startPeer((socket, { all }) => {
      if (all < 20) socket.write(OK);
      else held.push(socket);
    });
    const pool = await openPool(server);
    for (let at = 0; at < 20; at++) await send(pool, at % 2 ? 'GET' : 'POST');
    expect(sockets).toHaveLength(1);
    const together = Array.from({ length: 12 }, () => send(pool, 'GET'));
    await expect.poll(() => held.length).toBe(12);
    for (const socket of held) socket.write(OK);
    await Promise.all(together);
    expect(sockets).toHaveLength(12);
  });

  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok', []],
    ['HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', []],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nok', []],
    [OK, ['Connection', 'close']],
  ])('opens another when the last was for one answer: %j %j', async (answer, headers) => {
    const { server, sockets } = await startPeer((socket) => void socket.write(answer));
    const pool = await openPool(server);
    for (let at = 0; at < 3; at++) await send(pool, 'POST', headers);
    expect(sockets).toHaveLength(3);
    await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true);
  });

  it('sees that the server closed a connection behind its answer without a word', async () => {
    const { server, sockets } = await startPeer((socket) => void socket.end(OK));
    const pool = await openPool(server);
    for (let at = 0; at < 50; at++) expect(await send(pool, 'POST')).toMatchObject({ status: 200 });
    expect(sockets).toHaveLength(50);
  });

  it('sees what a server says that was asked nothing', async () => {
    const late = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n';
    const { server, sockets } = await startPeer((socket, { here }) => {
      socket.write(OK);
      if (here === 0) setImmediate(() => socket.write(late));
    });
    const pool = await openPool(server);
    await send(pool, 'POST');
    await expect.poll(() => sockets[0]?.destroyed).toBe(true);
    expect(await send(pool, 'POST')).toMatchObject({ status: 200 });
  });

  it.each([
    ['GET', 'without a word', '', 3],
    ['HEAD', 'without a word', '', 3],
    ['POST', 'without a word', '', 2],
    ['PATCH', 'without a word', '', 2],
    ['DELETE', 'without a word', '', 2],
    ['GET', 'in the middle of an answer', 'HTTP/1.1 2', 2],
  ])('sends %s again when a kept connection ends %s: at most once', async (method, _, part, expected) => {
    const { server, asked } = await startPeer((socket, { here }) => {
      if (here === 0) socket.write(method === 'HEAD' ? OK.slice(0, -2) : OK);
      else socket.end(part);
    });
    const pool = await openPool(server);
    await send(pool, method);
    const second = send(pool, method);
    if (expected === 3) expect(await second).toMatchObject({ status: 200 });
    else await expect(second).rejects.toMatchObject({ code: 'ECONNRESET', kind: part === '' ? 'closed' : 'cut off' });
    expect(asked).toHaveLength(expected);
  });

  it('does not send a request again that had a connection of its own', async () => {
    const { server, asked } = await startPeer((socket) => void socket.end());
    await expect(send(await openPool(server), 'GET')).rejects.toMatchObject({ kind: 'closed' });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['POST', '', 1999, 1],
    ['POST', '', 2000, 2],
    ['GET', '', 29_999, 1],
    ['GET', '', 30_000, 2],
    ['POST', 'keep-alive: timeout=5\r\n', 3999, 1],
    ['POST', 'keep-alive: timeout=5\r\n', 4000, 2],
    ['GET', 'keep-alive: timeout=5\r\n', 4999, 1],
    ['GET', 'keep-alive: timeout=5\r\n', 5000, 2],
    ['PUT', 'keep-alive: timeout=1\r\n', 499, 1],
    ['PUT', 'keep-alive: timeout=1\r\n', 500, 2],
    ['POST', 'keep-alive: timeout=0\r\n', 0, 2],
  ])(
    '%s on a connection with %j that was idle for %i ms: the %i. connection',
    async (method, hint, idleMs, expected) => {
      const { server, sockets } = await startPeer(
        (socket) => void socket.write(`HTTP/1.1 200 OK\r\n${hint}content-length: 0\r\n\r\n`),
      );
      const time = { now: 0 };
      const pool = await openPool(server, time);
      await send(pool, method);
      time.now += idleMs;
      await send(pool, method);
      expect(sockets).toHaveLength(expected);
      await expect.poll(() => sockets.filter((socket) => !socket.destroyed).length).toBe(1);
    },
  );

  it('gives no POST to a connection that the server has just closed: two hundred at the very moment', async () => {
    const { server, sockets } = await startPeer((socket) => void socket.write(OK));
    const pool = await openPool(server);
    for (let round = 0; round < 200; round++) {
      expect(await send(pool, 'POST')).toMatchObject({ status: 200 });
      await new Promise<void>((resolve) => sockets.at(-1)?.end(resolve));
    }
    expect(sockets).toHaveLength(200);
  });

  it('ends at once when it is stopped, while it connects and while it waits', async () => {
    const { server, sockets, asked } = await startPeer(() => undefined);
    const pool = await openPool(server);
    const stop = createStop();
    const running = pool.send({ method: 'GET', path: '/', headers: [], body: undefined }, stop);
    stop.end(new StopError('deadline', 'over'));
    await expect(running).rejects.toMatchObject({ message: 'over', stage: { at: 'connecting' } });
    const waiting = createStop();
    const second = pool.send({ method: 'GET', path: '/', headers: [], body: undefined }, waiting);
    await expect.poll(() => asked.length).toBe(1);
    waiting.end(new StopError('deadline', 'over'));
    await expect(second).rejects.toMatchObject({ message: 'over', stage: { at: 'waiting' } });
    await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true);
  });

  it('sends those of one turn together in their order, and none that was stopped before, whose connection stays', async () => {
    const { server, sockets, asked } = await startPeer((socket) => void socket.write(OK));
    const pool = await openPool(server);
    await Promise.all([send(pool, 'GET'), send(pool, 'GET'), send(pool, 'GET')]);
    const stop = createStop();
    const ask = (path: string, own = createStop()) =>
      pool.send({ method: 'GET', path, headers: [], body: undefined }, own);
    const together = [ask('/1'), ask('/2', stop), ask('/3')];
    stop.end(new StopError('deadline', 'over'));
    const ends = await Promise.allSettled(together);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(asked.slice(3).toSorted()).toEqual(['GET /1 HTTP/1.1', 'GET /3 HTTP/1.1']);
    await Promise.all([send(pool, 'GET'), send(pool, 'GET'), send(pool, 'GET')]);
    expect(sockets).toHaveLength(3);
  });

  it('takes an answer that comes before the request was read, and lets the connection go', async () => {
    const { server, sockets } = await startPeer((socket, { here }) => {
      if (here > 0) return;
      socket.pause();
      socket.write('HTTP/1.1 413 Too Much\r\ncontent-length: 0\r\n\r\n');
    });
    const pool = await openPool(server);
    const body = Buffer.alloc(30_000_000);
    expect(await pool.send({ method: 'POST', path: '/', headers: [], body }, createStop())).toMatchObject({
      status: 413,
    });
    sockets[0]?.resume();
    await expect.poll(() => sockets[0]?.destroyed).toBe(true);
  });
});
