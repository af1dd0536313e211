import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { HttpBroken } from '../../../src/drivers/http/http-broken.ts';
import { describeHttpFailure } from '../../../src/drivers/http/http-errors.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { startHttpServer, startTcpServer } from '../../support/servers/http-server.ts';

let io: FakeIo;
beforeEach(() => {
  io = createFakeIo();
});
afterEach(() => io.close());

/** The hints of a request that a peer answers so. */
async function hintsOf(answer: string, settings: Record<string, unknown> = {}): Promise<readonly string[] | undefined> {
  const peer = await startTcpServer((socket: Socket) => void socket.once('data', () => void socket.write(answer)));
  const { problem } = await failAction(httpRequest, { url: peer.url, ...settings }, io);
  await peer.close();
  return problem.hints;
}

describe('an answer that cannot be used', () => {
  it.each([
    [
      'text/event-stream; charset=utf-8',
      'an answer of type `text/event-stream` does not end: no action reads a stream; ask for what it tells in another way',
    ],
    ['application/json', 'raise `timeout` when the answer is large'],
  ])('of type %s in time', async (type, hint) => {
    const answer = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\ndata: 1\n\n`;
    expect(await hintsOf(answer, { timeout: '100ms' })).toEqual([hint]);
  });

  it.each([
    [
      'HTTP/1.1 200 OK\r\nContent-Type : a\r\n\r\n',
      'no blank may stand before the colon of a header: the service has to leave it out',
    ],
    ['HTTP/1.1 200 OK\r\noops\r\n\r\n', 'the service, or a proxy before it, breaks the rules of HTTP here'],
    [
      'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n',
      'the service, or a proxy before it, breaks the rules of HTTP here',
    ],
    ['-ERR unknown\r\n\r\n', 'check the host and port'],
    ['\x15\x03\x01\x00\x02\x02\x46', 'write `https://` instead of `http://`'],
  ])('for it breaks a rule: %j', async (answer, hint) => expect(await hintsOf(answer)).toEqual([hint]));

  it.each([
    ['h:5432', 'it sent no HTTP at all; the port is that of Postgres, which `database_query` speaks'],
    ['h:9092', 'it sent no HTTP at all; the port is that of Kafka, which `kafka_consumer` and `kafka_producer` speak'],
    ['h:8080', "check the service's log, it may have crashed; or the port, it may not speak HTTP"],
  ])('for there is none at %s', (peer, hint) => {
    expect(describeHttpFailure(new HttpBroken('closed'), { peer }).hints[0]).toBe(hint);
  });
});

describe('a redirect that leads nowhere', () => {
  const moved = (location: string | undefined) =>
    startHttpServer((_request, response) => response.writeHead(302, location === undefined ? {} : { location }).end());

  it.each([
    ['ftp://x/y', '302: not followed to ftp://x/y: only http and https are followed'],
    ['http://[', '302: not followed to http://[: it is not a valid address'],
    [undefined, '302: not followed, for the answer has no `location`'],
  ])('to %s is told', async (location, note) => {
    const server = await moved(location);
    const { result } = await runAction(httpRequest, { url: server.url }, io);
    await server.close();
    expect(result['status']).toBe(302);
    expect(io.notes).toEqual([note]);
  });

  it('is not looked at where none is to be followed', async () => {
    const server = await moved('ftp://x/y');
    await runAction(httpRequest, { url: server.url, follow_redirects: false }, io);
    await server.close();
    expect(io.notes).toEqual([]);
  });

  it('to a dead host is told as what it is', async () => {
    const location = `http://127.0.0.1:${await findFreePort()}/`;
    const server = await moved(location);
    const { problem } = await failAction(httpRequest, { url: server.url }, io);
    await server.close();
    expect(problem.hints).toEqual(['start the service, or check the host and port in `location`']);
    expect(io.notes).toEqual([`302: followed to GET ${location}`]);
  });
});

describe('a setting that can only be a slip', () => {
  it.each([
    ['PSOT', 'did you mean `POST`?'],
    ['GTE', 'did you mean `GET`?'],
    ['DELTE', 'did you mean `DELETE`?'],
    ['OPTION', 'did you mean `OPTIONS`?'],
    ['del', 'did you mean `DELETE`?'],
  ])('the method %s', (method, help) => {
    expect(httpRequest.settings.check?.({ url: 'http://h', method })).toMatchObject([
      { severity: 'warning', code: 'TM303', path: ['method'], help: [help] },
    ]);
  });

  it.each(['GET', 'patch', 'QUERY', 'PURGE', 'SET', 'LIST', 'MGET', 'X-OWN', 'SUBSCRIBE'])(
    'the method %s is none',
    (method) => {
      expect(httpRequest.settings.check?.({ url: 'http://h', method })).toEqual([]);
    },
  );

  it.each(['0s', '0ms', '0h0m'])('a timeout of %s', (timeout) => {
    expect(safeParse(httpRequest.settings.schema, { url: 'http://h', timeout }).error?.issues).toMatchObject([
      { path: ['timeout'], message: 'expected a time above zero: leave it out for the usual one' },
    ]);
  });
});
