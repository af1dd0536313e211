import { execFile } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { findFreePort } from '../../demo-services/stack/ports.ts';
import { httpRequest } from '../../src/actions/http_request.ts';
import { ExactNumber, readKey, stringifyJson, type Value, type ValueMap } from '../../src/expr/index.ts';
import { ActionError } from '../../src/model/action/outcome.ts';
import { Stop } from '../../src/stop/stop.ts';
import { StopError } from '../../src/stop/stop-error.ts';
import { createFakeIo, type FakeIo } from '../support/fake-io.ts';
import { failAction, runAction } from '../support/run-action.ts';
import { readBody, startHttpServer, startTcpServer, type TestServer } from '../support/servers/http-server.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

let server: TestServer;
let other: TestServer;
let handle: Handle = answerWithRequest;
let io: FakeIo;

beforeAll(async () => {
  server = await startHttpServer((request, response) => handle(request, response));
  other = await startHttpServer(answerWithRequest);
});
afterAll(() => Promise.all([server.close(), other.close()]));
beforeEach(() => {
  io = createFakeIo();
  handle = answerWithRequest;
});
afterEach(() => io.close());

/** Gives back what it got. */
async function answerWithRequest(request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request);
  const { method, url, headers } = request;
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ method, url, headers, body }));
}

function answer(
  status: number,
  headers: Readonly<Record<string, string | string[]>>,
  body: string | Buffer = '',
): Handle {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
  };
}

function send(settings: Record<string, unknown>) {
  return runAction(httpRequest, { url: `${server.url}/x`, ...settings }, io);
}

async function sent(settings: Record<string, unknown>): Promise<Record<string, Value>> {
  return (await send(settings)).result['body'] as Record<string, Value>;
}

async function failure(settings: Record<string, unknown>): Promise<ActionError> {
  const error = await send(settings).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ActionError)) throw new Error(`expected an ActionError, got ${String(error)}`);
  return error;
}

describe('what is sent', () => {
  it.each([
    ['GET by default', {}, { method: 'GET', url: '/x', body: '' }],
    ['any method, in any case', { method: 'delete' }, { method: 'DELETE' }],
    [
      'query behind what the url has',
      { url: '/x?a=1', query: { b: 2, c: ['p q', true], d: 'ä&' } },
      { url: '/x?a=1&b=2&c=p%20q&c=true&d=%C3%A4%26' },
    ],
    ['an object as JSON', { method: 'POST', body: { a: [1, null] } }, { body: '{"a":[1,null]}' }],
    [
      'exact digits',
      { method: 'POST', body: { n: new ExactNumber('9007199254740993.10') } },
      { body: '{"n":9007199254740993.10}' },
    ],
    ['a string as it is', { method: 'POST', body: '{"a": 1}' }, { body: '{"a": 1}' }],
    ['a form', { method: 'POST', form: { a: 'x y', b: [1, 2] } }, { body: 'a=x+y&b=1&b=2' }],
  ])('%s', async (_, settings: Record<string, unknown>, expected) => {
    const url = typeof settings['url'] === 'string' ? `${server.url}${settings['url']}` : `${server.url}/x`;
    expect(await sent({ ...settings, url })).toMatchObject(expected);
  });

  it.each([
    ['JSON type for objects', { method: 'POST', body: {} }, 'content-type', 'application/json'],
    [
      'the type that is given',
      { method: 'POST', body: {}, headers: { 'Content-Type': 'application/x+json' } },
      'content-type',
      'application/x+json',
    ],
    ['no type for strings', { method: 'POST', body: 'x' }, 'content-type', undefined],
    ['a form type', { method: 'POST', form: { a: '1' } }, 'content-type', 'application/x-www-form-urlencoded'],
    ['a bearer token', { auth: { bearer: 'tok' } }, 'authorization', 'Bearer tok'],
    [
      'basic',
      { auth: { basic: { username: 'ü', password: 'p:q' } } },
      'authorization',
      `Basic ${Buffer.from('ü:p:q').toString('base64')}`,
    ],
    ['an api key', { auth: { api_key: { header: 'X-Key', value: 'k' } } }, 'x-key', 'k'],
    ['numbers as header values', { headers: { 'X-N': 5 } }, 'x-n', '5'],
    ['a repeated header', { headers: { 'X-N': ['a', 'b'] } }, 'x-n', 'a, b'],
  ])('%s', async (_, settings, header, expected) => {
    expect(((await sent(settings))['headers'] as Record<string, string>)[header]).toBe(expected);
  });

  it('puts an api key into the query and the user of the url into the header', async () => {
    const url = `${server.url.replace('//', '//u%40x:p@')}/x`;
    const body = await sent({ url, auth: { api_key: { query: 'key', value: 'a b' } } });
    expect(body['url']).toBe('/x?key=a%20b');
    expect(body['headers']).toMatchObject({ authorization: `Basic ${Buffer.from('u@x:p').toString('base64')}` });
  });

  it('says that a token has the scheme before it already', async () => {
    await sent({ auth: { bearer: 'Bearer tok' } });
    expect(io.notes).toEqual([
      '`auth.bearer` begins with `Bearer`, and `Bearer` is put before it: give the token alone',
    ]);
  });

  it('leaves nil values out, and says so', async () => {
    expect((await sent({ query: { a: null, b: '1' } }))['url']).toBe('/x?b=1');
    expect(io.notes).toEqual(['the query parameter `a` is nil: not sent']);
  });
});

describe('what comes back', () => {
  it.each<[string, Record<string, string>, string | Buffer, Value]>([
    ['JSON', { 'content-type': 'application/json; charset=utf-8' }, '{"a":1}', { a: 1 }],
    ['+json', { 'content-type': 'application/problem+json' }, '[1]', [1]],
    ['a JSON string', { 'content-type': 'application/json' }, '"x"', 'x'],
    ['JSON without a type', {}, ' {"a":1}', { a: 1 }],
    ['a number without a type stays text', {}, '42', '42'],
    ['text that looks like JSON', { 'content-type': 'text/plain' }, '{"a":1}', '{"a":1}'],
    ['bytes', { 'content-type': 'image/png' }, Buffer.from([1, 2, 255]), 'AQL/'],
    ['bytes without a type', {}, Buffer.from([0xff, 0xfe, 0x00]), '//4A'],
    ['latin1', { 'content-type': 'text/plain; charset=iso-8859-1' }, Buffer.from([0xe4]), 'ä'],
    ['svg is text', { 'content-type': 'image/svg+xml' }, '<svg/>', '<svg/>'],
    ['empty JSON', { 'content-type': 'application/json' }, '', null],
    ['empty text', { 'content-type': 'text/plain' }, '', ''],
    ['empty without a type', {}, '', null],
    ['gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, gzipSync('{"z":1}'), { z: 1 }],
  ])('body: %s', async (_, headers, body, expected) => {
    handle = answer(200, headers, body);
    const { result } = await send({});
    expect(result['body']).toEqual(expected);
    expect(result['size']).toBe(Buffer.byteLength(body));
  });

  it('shows a body in the encoding that its type says', async () => {
    handle = answer(
      200,
      { 'content-type': 'application/json; charset=iso-8859-1' },
      Buffer.from('{"n":"Zo\u00eb"}', 'latin1'),
    );
    const { result } = await send({});
    expect(result['body']).toEqual({ n: 'Zoë' });
    expect(io.describeExchange()?.receivedBody).toBe('{"n":"Zoë"}');
  });

  it.each<[string, number, Value, Record<string, string>, string[]]>([
    ['JSON as a text', 415, '{"a":1}', {}, ['application/json']],
    ['another text', 415, 'a=1', {}, ['text/plain']],
    ['a map', 415, { a: 1 }, {}, []],
    ['a text with a type', 415, '{"a":1}', { 'content-type': 'text/plain' }, []],
    ['a text that is taken', 200, '{"a":1}', {}, []],
  ])(
    'says that no content-type was sent where the body is refused for it: %s',
    async (_, status, body, headers, types) => {
      handle = answer(status, {}, '');
      await send({ method: 'POST', body, headers });
      expect(io.notes).toEqual(
        types.map(
          (type) =>
            `the body, a text, was sent without a content-type: write it under \`headers\`, as \`content-type: ${type}\``,
        ),
      );
    },
  );

  it('keeps digits that a double would lose', async () => {
    handle = answer(200, { 'content-type': 'application/json' }, '{"id":9007199254740993,"p":59.9800}');
    const { result } = await send({});
    expect(stringifyJson(result['body'] ?? null)).toBe('{"id":9007199254740993,"p":59.9800}');
  });

  it('gives invalid JSON as text, with a note', async () => {
    handle = answer(200, { 'content-type': 'application/json' }, '{oops');
    expect((await send({})).result['body']).toBe('{oops');
    expect(io.notes).toEqual([
      'the body is not valid JSON, though its type is `application/json`: given as text; it ends before the `{` at character 1 is closed: was it cut off?',
    ]);
  });

  it('gives status, headers in any case, times and all of it again as response', async () => {
    handle = answer(404, { 'Content-Type': 'Text/Plain; x=y', 'X-A': ['1', '2'], 'Set-Cookie': ['a=1', 'b=2'] }, 'no');
    const { result, summary } = await send({});
    expect(summary).toBe('404');
    const headers = result['headers'] as ValueMap;
    expect(readKey(headers, 'CONTENT-type')).toBe('Text/Plain; x=y');
    expect(headers).toMatchObject({ 'x-a': '1, 2', 'set-cookie': ['a=1', 'b=2'] });
    expect(result).toMatchObject({ status: 404, content_type: 'text/plain', size: 2, url: `${server.url}/x` });
    expect(Object.keys(result)).toEqual(Object.keys(httpRequest.result.keys));
    const { response, ...rest } = result;
    expect(response).toEqual(rest);
    expect(Number(result['duration_ms'])).toBeGreaterThan(0);
    const timings = Object.values(result['timings'] as Record<string, number>);
    expect(timings.reduce((sum, ms) => sum + ms)).toBeLessThanOrEqual(Number(result['duration_ms']) + 1);
  });

  it('gives a HEAD without body', async () => {
    handle = answer(200, { 'content-type': 'application/json', 'content-length': '10' });
    expect((await send({ method: 'HEAD' })).result).toMatchObject({ status: 200, body: null, size: 0 });
  });
});

describe('redirects', () => {
  const redirect =
    (status: number, location: string): Handle =>
    (request, response) => {
      if (request.url === '/x') response.writeHead(status, { location }).end('moved');
      else void answerWithRequest(request, response);
    };

  it.each([
    [301, 'POST', { method: 'GET', body: '' }],
    [302, 'POST', { method: 'GET', body: '' }],
    [302, 'PUT', { method: 'PUT', body: 'data' }],
    [303, 'PUT', { method: 'GET', body: '' }],
    [307, 'POST', { method: 'POST', body: 'data' }],
    [308, 'PATCH', { method: 'PATCH', body: 'data' }],
  ])('%i after %s', async (status, method, expected) => {
    handle = redirect(status, '/y?z=1');
    const { result } = await send({ method, body: 'data', headers: { 'content-type': 'text/plain' } });
    expect(result['body']).toMatchObject({ ...expected, url: '/y?z=1' });
    expect(result['url']).toBe(`${server.url}/y?z=1`);
    expect((result['body'] as { headers: Record<string, string> }).headers['content-type']).toBe(
      expected.body === '' ? undefined : 'text/plain',
    );
  });

  it('gives credentials to their own origin alone', async () => {
    const settings = {
      auth: { api_key: { header: 'X-Key', value: 'k' } },
      headers: { Authorization: 'Bearer t', Cookie: 'c=1', 'X-Other': 'o' },
    };
    handle = redirect(302, '/y');
    expect((await sent(settings))['headers']).toMatchObject({ authorization: 'Bearer t', 'x-key': 'k', cookie: 'c=1' });
    handle = redirect(302, `${other.url}/y`);
    const headers = (await sent(settings))['headers'] as Record<string, string>;
    expect(headers['x-other']).toBe('o');
    expect([headers['authorization'], headers['x-key'], headers['cookie']]).toEqual([undefined, undefined, undefined]);
    expect(headers['host']).toBe(other.peer);
  });

  it('looks at the first answer when told not to follow', async () => {
    handle = redirect(302, '/y');
    expect((await send({ follow_redirects: false })).result).toMatchObject({ status: 302, body: 'moved' });
  });

  it('ends a circle', async () => {
    handle = answer(302, { location: '/x' });
    const { problem } = await failure({ max_redirects: 3 });
    expect(problem).toMatchObject({ kind: 'http', message: `more than 3 redirects, the last to \`${server.url}/x\`` });
  });
});

describe('what cannot be carried out', () => {
  it('says that nothing listens', async () => {
    const port = await findFreePort();
    const error = await failure({ url: `http://127.0.0.1:${port}/` });
    expect(error.problem).toMatchObject({
      outcome: 'errored',
      kind: 'connection',
      code: 'ECONNREFUSED',
      message: `nothing listens at 127.0.0.1:${port} (connection refused)`,
    });
    expect(error.data).toMatchObject({ peer: `127.0.0.1:${port}` });
    expect(io.describeExchange()?.sent).toBe(`GET http://127.0.0.1:${port}/`);
  });

  it('knows localhost with two addresses', async () => {
    const port = await findFreePort();
    expect((await failure({ url: `http://localhost:${port}` })).problem.code).toBe('ECONNREFUSED');
  });

  it('says that a host is not known', async () => {
    const { problem } = await failure({ url: 'http://nowhere.invalid/' });
    expect(problem.kind).toBe('connection');
    expect(problem.message).toMatch(/^the host `nowhere\.invalid` is not known/);
  });

  it.each<[string, (socket: import('node:net').Socket) => void, RegExp]>([
    [
      'closes',
      (socket) => socket.once('data', () => socket.end()),
      /closed the connection before the answer was complete$/,
    ],
    ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), /closed the connection/],
    [
      'speaks something else',
      (socket) => socket.once('data', () => socket.end('hello\r\n\r\n')),
      /answered with something that is not HTTP/,
    ],
  ])('a peer that %s', async (_, behave, message) => {
    const peer = await startTcpServer(behave);
    const { problem } = await failure({ url: peer.url });
    await peer.close();
    expect(problem).toMatchObject({ kind: 'connection', message: expect.stringMatching(message) });
  });

  it.each([
    ['a length', 'content-length: 10\r\n\r\nabc', 'after 3 of 10 bytes (status 200, content-length: 10)'],
    [
      'chunks',
      'transfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nb',
      'after 2 bytes, without its last chunk (status 200)',
    ],
    ['headers', 'content-le', 'within its headers'],
  ])('says how much came of an answer that is cut off within %s', async (_, rest, where) => {
    const peer = await startTcpServer((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    });
    const { problem } = await failure({ url: peer.url });
    await peer.close();
    expect(problem).toMatchObject({
      kind: 'connection',
      code: 'ECONNRESET',
      message: `the answer from ${peer.peer} ended ${where}`,
      hints: ["check the service's log: it may have crashed, or its headers may be about another body"],
    });
  });

  it.each<[string, (socket: import('node:net').Socket) => void, string]>([
    ['never answers', () => undefined, 'accepted the connection but did not answer within 100 ms'],
    [
      'never ends',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
      'answered 200 but its body was not complete within 100 ms (3 bytes came)',
    ],
  ])('a peer that %s, in time', async (_, behave, message) => {
    const peer = await startTcpServer(behave);
    const startedAt = performance.now();
    const { problem } = await failure({ url: peer.url, timeout: '100ms' });
    const tookMs = performance.now() - startedAt;
    await peer.close();
    expect(problem).toMatchObject({ kind: 'timeout', message: `${peer.peer} ${message}` });
    expect(tookMs).toBeLessThan(600);
  });

  it('says that a port does not speak TLS', async () => {
    const { problem } = await failure({ url: server.url.replace('http:', 'https:') });
    expect(problem).toMatchObject({ kind: 'connection', message: `${server.peer} does not speak TLS` });
  });

  it('ends at once when the step is aborted, and closes the connection', async () => {
    let isClosed = false;
    let hasCome: () => void = () => undefined;
    const come = new Promise<void>((resolve) => {
      hasCome = resolve;
    });
    const peer = await startTcpServer((socket) => {
      socket.once('data', () => hasCome());
      socket.once('close', () => {
        isClosed = true;
      });
    });
    const stop = new Stop();
    io = createFakeIo({ stop });
    const running = send({ url: peer.url });
    await come;
    const reason = new StopError('interrupted', 'interrupted');
    stop.end(reason);
    await expect(running).rejects.toMatchObject({
      data: { peer: peer.peer },
      cause: { kind: reason.kind, message: reason.message },
    });
    await expect.poll(() => isClosed).toBe(true);
    await peer.close();
  });

  it.each([
    ['ftp://host/x', '`url`: expected `http://` or `https://`, got `ftp://`'],
    ['localhost:5001/x', '`url`: "localhost:5001/x" has no scheme'],
    ['/api/users', '`url`: "/api/users" has no scheme and host'],
    ['http://host:99999/', '`url`: "http://host:99999/" is not a valid address'],
    [' ', '`url` is empty'],
  ])('the url %s', async (url, message) => {
    expect((await failure({ url })).problem).toMatchObject({ kind: 'authoring', message });
    expect(httpRequest.settings.check?.({ url })).toMatchObject([{ severity: 'error', path: ['url'], message }]);
  });

  it.each([
    [{ 'X-A': 'a\r\nX-B: c' }, 'the header `X-A` holds a line break, which would end it'],
    [{ 'X A': 'a' }, 'the header `X A` has a name that HTTP does not allow'],
    [{ 'X-A': 'schön 漢' }, 'the header `X-A` holds `漢`, which headers cannot carry'],
    [{ 'Content-Length': '1' }, 'the request cannot be sent: `content-length` is given as 1, but the body has 0 bytes'],
  ])('headers %j', async (headers, message) => {
    expect((await failure({ headers })).problem).toMatchObject({ kind: 'authoring', message });
  });
});

describe('before the run', () => {
  it.each([
    [{ url: 'http://h', method: 'POST', body: 'x', form: {} }, '`body` and `form` are both given: write one of them'],
    [
      { url: 'http://h', method: 'POST', form: {}, multipart: {} },
      '`form` and `multipart` are both given: write one of them',
    ],
    [
      { url: 'http://h', method: 'PUT', body: 'x', form: {}, multipart: {} },
      '`body`, `form` and `multipart` are all given: write one of them',
    ],
    [{ url: 'http://h', form: { a: 1 } }, '`form` is sent with GET, whose body services do not read'],
    [
      { url: '{{X}}/y', auth: {} },
      '`auth`: expected one of `bearer`, `basic`, `api_key` and `oauth2`, got none of them',
    ],
    [
      { url: '{{X}}/y', auth: { api_key: { value: 'v' } } },
      '`api_key` needs one of `header` and `query`: where its value goes',
    ],
    [
      { url: '<<X>>/y', auth: { bearer: 't' }, headers: { authorization: 'x' } },
      '`auth` and the header `authorization` are both given: write one of them',
    ],
    [
      {
        url: 'http://h',
        method: 'POST',
        body: { a: 1 },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      '`body` is sent as JSON, though its content-type is `application/x-www-form-urlencoded`',
    ],
    [{ url: 'http://h', method: 'connect' }, '`CONNECT` is for proxies: a request cannot use it'],
    [{ url: 'http://h', body: { a: 1 } }, '`body` is sent with GET, since there is no `method`'],
  ])('finds %j', (authored, message) => {
    expect(httpRequest.settings.check?.(authored).map((finding) => finding.message)).toEqual([message]);
  });

  it.each([
    { url: 'http://h', multipart: { a: { fil: 'x' } } },
    { url: 'http://h', multipart: ['a'] },
    { url: 'http://h', cookies: { a: ['1'] } },
    { url: 'http://h', save_to: true },
    { url: 'http://h', timeout: 5 },
    { url: 'http://h', headers: { a: { b: 1 } } },
    { url: 'http://h', max_redirects: -1 },
    { url: 'http://h', method: 'GET /' },
    {},
  ])('does not accept %j', (settings) => {
    expect(safeParse(httpRequest.settings.schema, settings).success).toBe(false);
  });
});

describe('by hand', () => {
  it.each([
    ['leads to nothing', {}],
    ['is one too many', { max_redirects: 0 }],
  ])('curl follows a redirect that %s', async (_, settings) => {
    const location = `http://127.0.0.1:${await findFreePort()}/`;
    const moved = await startHttpServer((_request, response) => response.writeHead(302, { location }).end());
    try {
      await failAction(httpRequest, { url: moved.url, ...settings }, io);
      expect(io.describeExchange()?.byHand).toBe(`curl -L ${moved.url}/`);
    } finally {
      await moved.close();
    }
  });

  it.each([
    [{}],
    [{ method: 'POST', body: { text: 'it\'s "quoted" $HOME `x` \\ \n ü' } }],
    [{ method: 'POST', body: '@file' }],
    [{ method: 'PUT', body: 'x', headers: { 'X-Empty': '', 'X-A': "a'b" } }],
    [{ method: 'DELETE', query: { 'a[]': ['1', '{2}'] } }],
    [{ method: 'POST' }],
  ])('curl sends the same, outside of the trace: %j', async (settings) => {
    const own = await sent(settings);
    const line = io.describeExchange()?.byHand ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -s`]);
    const theirs: Record<string, Value> = JSON.parse(stdout);
    const drop = ['user-agent', 'connection', 'content-length', 'traceparent', 'baggage'];
    const pick = (headers: Value | undefined) =>
      Object.entries(headers as Record<string, Value>).filter(([name]) => !drop.includes(name));
    expect({ ...theirs, headers: new Map(pick(theirs['headers'])) }).toEqual({
      ...own,
      headers: new Map(pick(own['headers'])),
    });
  });
});
