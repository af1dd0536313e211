import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../../../src/actions/stub/received.ts';
import type { FaultSettings } from '../../../../src/actions/stub/stub-settings.ts';
import { StubFront } from '../../../../src/actions/stub/wire/stub-front.ts';
import { createTransport } from '../../../../src/actions/stub/wire/transport.ts';
import { createClock } from '../../../../src/engine/lifetimes/clock.ts';
import { repeats } from '../../../support/sample.ts';

const REQUESTS = repeats('requests over one connection', 1000, 200);

interface Opened {
  readonly front: StubFront;
  readonly url: string;
  readonly port: number;
  readonly ca: string | undefined;
  readonly arrivals: readonly Arrival[];
}

interface Answered {
  readonly status: number | undefined;
  readonly body: string;
  readonly cookies: unknown;
  readonly error: string | undefined;
}

const BODY = '0123456789';

/** A stub that answers everything alike. */
async function open(isTls: boolean, fault?: FaultSettings): Promise<Opened> {
  const clock = createClock();
  const transport = await createTransport(isTls ? { tls: { self_signed: true } } : {}, {
    directory: '/',
    nowMs: Date.now(),
  });
  const arrivals: Arrival[] = [];
  const headers = [...['a=1', 'b=2'].map((value) => ['Set-Cookie', value] as const), ['Connection', 'close'] as const];
  const front = new StubFront(transport, clock, (arrival, reply) => {
    arrivals.push(arrival);
    void reply.send({ status: arrival.target === '/none' ? 204 : 200, headers, body: BODY }, fault);
  });
  const port = await front.listen(0);
  return { front, port, url: `${transport.scheme}://127.0.0.1:${port}`, ca: transport.ca, arrivals };
}

/** Asks several things over one connection. */
async function ask(
  { url, ca }: Opened,
  requests: readonly (readonly [method: string, path: string, body?: string])[],
): Promise<readonly Answered[]> {
  const session = connectHttp2(url, ca === undefined ? {} : { ca });
  session.on('error', () => undefined);
  const answers = await Promise.all(
    requests.map(
      ([method, path, body]) =>
        new Promise<Answered>((resolve) => {
          const stream = session.request(
            { ':method': method, ':path': path, 'x-a': '1' },
            { endStream: body === undefined },
          );
          let [status, cookies, text, error]: [number | undefined, unknown, string, string | undefined] = [
            undefined,
            undefined,
            '',
            undefined,
          ];
          stream.on('response', (head) => ([status, cookies] = [head[':status'], head['set-cookie']]));
          stream.on('data', (chunk: Buffer) => (text += chunk));
          stream.on('error', (thrown) => (error = thrown.message));
          stream.on('close', () => resolve({ status, body: text, cookies, error }));
          if (body !== undefined) stream.end(body);
        }),
    ),
  );
  session.destroy();
  return answers;
}

describe.each([
  ['over TLS', true],
  ['by prior knowledge', false],
])('HTTP/2 %s', (_title, isTls) => {
  it('is answered as HTTP/1.1 is', async () => {
    const opened = await open(isTls);
    const answers = await ask(opened, [
      ['GET', '/a?b=c'],
      ['POST', '/a', 'sent'],
      ['HEAD', '/a'],
      ['GET', '/none'],
    ]);
    const cookies = ['a=1', 'b=2'];
    expect(answers).toEqual([
      { status: 200, body: BODY, cookies, error: undefined },
      { status: 200, body: BODY, cookies, error: undefined },
      { status: 200, body: '', cookies, error: undefined },
      { status: 204, body: '', cookies, error: undefined },
    ]);
    const posted = opened.arrivals.find(({ method }) => method === 'POST');
    expect([posted?.target, String(posted?.body), posted?.rawHeaders]).toEqual([
      '/a',
      'sent',
      ['host', `127.0.0.1:${opened.port}`, 'x-a', '1'],
    ]);
    await opened.front.close();
  });

  it.each<[FaultSettings, Partial<Answered>]>([
    ['reset', { status: undefined, error: 'Stream closed with error code NGHTTP2_INTERNAL_ERROR' }],
    ['empty', { status: undefined }],
    ['garbage', { body: '', error: expect.stringMatching(/protocol.error/i) }],
    [
      { truncate: { after: 3 } },
      { status: 200, body: '012', error: 'Stream closed with error code NGHTTP2_INTERNAL_ERROR' },
    ],
    [{ slow_body: { over: 50 } }, { status: 200, body: BODY, error: undefined }],
  ])('fails as %j says', async (fault, expected) => {
    const opened = await open(isTls, fault);
    expect(await ask(opened, [['GET', '/a']])).toMatchObject([expected]);
    await opened.front.close();
  });

  it(`counts ${REQUESTS} requests over one connection exactly`, async () => {
    const opened = await open(isTls);
    const many = Array.from({ length: REQUESTS }, (_, at) => ['POST', `/${at}`, 'x'] as const);
    const answers = await ask(opened, many);
    expect(answers.filter(({ status, body }) => status === 200 && body === BODY)).toHaveLength(REQUESTS);
    expect(new Set(opened.arrivals.map(({ target }) => target)).size).toBe(REQUESTS);
    await opened.front.close();
  });

  it('ends with the stub, whatever is still asked', async () => {
    const opened = await open(isTls, 'timeout');
    const asked = ask(opened, [
      ['GET', '/a'],
      ['POST', '/b', 'x'],
    ]);
    await expect.poll(() => opened.arrivals.length).toBe(2);
    await opened.front.close();
    expect((await asked).map(({ status }) => status)).toEqual([undefined, undefined]);
  });
});

describe('a connection without TLS is told apart by what it begins with', () => {
  const send = (port: number, pieces: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const socket: Socket = connect(port, '127.0.0.1');
      let text = '';
      socket.setNoDelay(true);
      socket.on('data', (chunk) => (text += chunk));
      socket.on('close', () => resolve(text));
      socket.on('error', () => undefined);
      const next = (at: number): void => {
        if (at < pieces.length) socket.write(pieces[at] ?? '', () => setImmediate(() => next(at + 1)));
      };
      next(0);
    });

  it('however small its pieces are', async () => {
    const opened = await open(false);
    const request = 'POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi';
    for (const pieces of [
      [request],
      [...request],
      ['PO', request.slice(2)],
      [request.slice(0, 20), request.slice(20)],
    ]) {
      expect(await send(opened.port, pieces)).toContain(BODY);
    }
    expect(opened.arrivals.map(({ body }) => String(body))).toEqual(['hi', 'hi', 'hi', 'hi']);
    await opened.front.close();
  });

  it('and ended with the stub when it has said nothing yet', async () => {
    const opened = await open(false);
    const silent = [send(opened.port, []), send(opened.port, ['P']), send(opened.port, ['PRI * HTTP/2.0\r\n'])];
    await opened.front.close();
    expect((await Promise.all(silent)).slice(0, 2)).toEqual(['', '']);
  });
});
