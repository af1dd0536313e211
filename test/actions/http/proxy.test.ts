import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { chooseProxy, readProxyUrl } from '../../../src/actions/http/proxy.ts';
import { httpRequest } from '../../../src/actions/http_request.ts';
import type { Value } from '../../../src/expr/index.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { makeCertificate } from '../../support/servers/certificates.ts';
import { readBody, startHttpServer, startTcpServer, type TestServer } from '../../support/servers/http-server.ts';
import {
  type ProxyOptions,
  startHttpsServer,
  startProxy,
  type TestProxy,
} from '../../support/servers/secure-servers.ts';

const authority = makeCertificate({ name: 'test authority', isAuthority: true });
const good = makeCertificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1'], authority });
const folder = mkdtempSync(join(tmpdir(), 'testmesh-http-proxy-'));
writeFileSync(join(folder, 'ca.pem'), authority.cert);
const tls = { ca: 'ca.pem' };

let plain: TestServer;
let secure: TestServer;
let io: FakeIo;
const started: TestServer[] = [];

beforeAll(async () => {
  plain = await startHttpServer(answer);
  secure = await startHttpsServer({ cert: good.cert, key: good.key }, answer);
});
beforeEach(() => {
  io = createFakeIo({ directory: folder });
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
  await Promise.all(started.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await Promise.all([plain.close(), secure.close()]);
  rmSync(folder, { recursive: true });
});

const answer: RequestListener = async (request, response) => {
  const { method, url, headers } = request;
  const body = await readBody(request);
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ method, url, headers, body }));
};

async function start(options?: ProxyOptions): Promise<TestProxy> {
  const proxy = await startProxy(options);
  started.push(proxy);
  return proxy;
}

async function send(settings: Readonly<Record<string, unknown>>) {
  return (await runAction(httpRequest, settings, io)).result;
}

async function fail(settings: Readonly<Record<string, unknown>>) {
  return (await failAction(httpRequest, settings, io)).problem;
}

describe('a proxy', () => {
  it('is handed requests without TLS as they are, and says so in the report', async () => {
    const proxy = await start();
    const settings = { method: 'POST', url: `${plain.url}/x?y=1`, body: { a: 1 }, proxy: proxy.url };
    const { status, body, url } = await send(settings);
    expect(proxy.asked).toEqual([`POST ${plain.url}/x?y=1`]);
    expect([status, url]).toEqual([200, `${plain.url}/x?y=1`]);
    expect(body).toMatchObject({ method: 'POST', url: '/x?y=1', body: '{"a":1}' });
    expect((body as { headers: object }).headers).toMatchObject({ host: plain.peer, 'x-was-asked-for': settings.url });
    expect(io.notes).toEqual([`through the proxy ${proxy.peer}`]);
  });

  it('connects through for TLS, of which it sees nothing; the connection is kept', async () => {
    const proxy = await start();
    const first = await send({ url: secure.url, proxy: proxy.url, tls });
    expect(first).toMatchObject({ status: 200, body: { url: '/' } });
    const { connect_ms: connectMs, tls_ms: tlsMs } = first['timings'] as Record<string, number>;
    expect(Math.min(connectMs ?? 0, tlsMs ?? 0)).toBeGreaterThan(0);
    await new Promise(setImmediate);
    const second = await send({ url: `${secure.url}/again`, proxy: proxy.url, tls });
    expect(second['timings']).toMatchObject({ connect_ms: 0, tls_ms: 0 });
    expect(proxy.asked).toEqual([`CONNECT ${secure.peer}`]);
  });

  it('may itself be spoken to over TLS', async () => {
    const proxy = await start({ tls: { cert: good.cert, key: good.key }, credentials: 'ada:secret' });
    const url = proxy.url.replace('//', '//ada:secret@');
    expect(await send({ url: secure.url, proxy: url, tls })).toMatchObject({ status: 200 });
    expect(await send({ url: plain.url, proxy: url, tls })).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`CONNECT ${secure.peer}`, `GET ${plain.url}/`]);
    const untrusted = await fail({ url: plain.url, proxy: url, tls: { insecure: true } });
    expect(untrusted.message).toMatch(
      /^127\.0\.0\.1:\d+ cannot be reached through its proxy: the TLS certificate of 127\.0\.0\.1:\d+ is not trusted/,
    );
  });

  it('is told who asks, and keeps it to itself', async () => {
    const proxy = await start({ credentials: 'ada:s ecret/' });
    const url = proxy.url.replace('//', '//ada:s%20ecret%2F@');
    expect(await send({ url: secure.url, proxy: url, tls })).toMatchObject({ status: 200 });
    const { body } = await send({ url: plain.url, proxy: url });
    expect((body as { headers: object }).headers).not.toHaveProperty('proxy-authorization');
    const report = JSON.stringify([io.notes, io.describeExchange()]);
    expect(report).toContain('--proxy-user ada ');
    expect(report).not.toMatch(/s%20ecret|s ecret/);
  });

  it('is left out where the setting says so', async () => {
    expect(await send({ url: plain.url, proxy: false })).toMatchObject({ status: 200 });
    expect(await send({ url: plain.url, proxy: '' })).toMatchObject({ status: 200 });
    expect(io.notes).toEqual([]);
  });

  it('is another one where another one is named', async () => {
    const [one, other] = [await start(), await start()];
    for (const proxy of [one.url, other.url, false, one.url])
      expect(await send({ url: secure.url, tls, proxy })).toMatchObject({ status: 200 });
    expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
  });

  it('follows redirects to where they lead', async () => {
    const from = await startHttpServer((_, response) =>
      response.writeHead(302, { location: `${secure.url}/there` }).end(),
    );
    started.push(from);
    const proxy = await start();
    expect(await send({ url: from.url, proxy: proxy.url, tls })).toMatchObject({ body: { url: '/there' } });
    expect(proxy.asked).toEqual([`GET ${from.url}/`, `CONNECT ${secure.peer}`]);
    expect(io.notes).toEqual([`through the proxy ${proxy.peer}`, `302: followed to GET ${secure.url}/there`]);
  });

  it('may have given an answer of 502 by itself, which the report says', async () => {
    const proxy = await start({
      answer: (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'),
    });
    expect(await send({ url: plain.url, proxy: proxy.url })).toMatchObject({ status: 502 });
    expect(io.notes).toContain("the answer 502 may be the proxy's own");
  });
});

describe('a proxy that does not do its work', () => {
  const refuse = (text: string): ProxyOptions => ({ answer: (_, socket) => socket.end(text) });
  it.each<[string, ProxyOptions, 'plain' | 'secure', (peer: string, target: string) => object]>([
    [
      'wants credentials',
      { credentials: 'a:b' },
      'secure',
      (peer, target) => ({
        code: 'PROXY_407',
        message: `the proxy ${peer} wants credentials for ${target} (407)`,
        hints: [`write them into \`proxy\`: \`http://user:password@${peer}\``],
      }),
    ],
    [
      'wants credentials for plain HTTP',
      { credentials: 'a:b' },
      'plain',
      (peer, target) => ({ code: 'PROXY_407', message: `the proxy ${peer} wants credentials for ${target} (407)` }),
    ],
    [
      'refuses',
      refuse('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      'secure',
      (peer, target) => ({
        code: 'PROXY_502',
        message: `${target} cannot be reached through the proxy ${peer}: it answered 502 Bad Gateway`,
        hints: [`check whether the proxy can reach ${target}; \`proxy: false\` goes without it`],
      }),
    ],
    [
      'is none',
      refuse('SSH-2.0-OpenSSH\r\n'),
      'secure',
      (peer, target) => ({
        message: `${target} cannot be reached through the proxy ${peer}: it answered with something that is not HTTP`,
        hints: ['check that `proxy` names a proxy'],
      }),
    ],
    [
      'hangs up',
      refuse(''),
      'secure',
      (peer, target) => ({
        message: `${target} cannot be reached through the proxy ${peer}: the connection was closed`,
      }),
    ],
    [
      'hangs up on plain HTTP',
      refuse(''),
      'plain',
      (peer, target) => ({
        message: `${target} (through the proxy ${peer}) closed the connection before the answer was complete`,
      }),
    ],
    [
      'says nothing',
      { answer: () => undefined },
      'secure',
      (peer, target) => ({
        kind: 'timeout',
        message: `the proxy ${peer} accepted the connection but opened none to ${target} within 150 ms`,
      }),
    ],
    [
      'says nothing on plain HTTP',
      { answer: () => undefined },
      'plain',
      (peer, target) => ({
        kind: 'timeout',
        message: `the proxy ${peer}, asked for ${target}, accepted the connection but did not answer within 150 ms`,
      }),
    ],
  ])('%s', async (_, options, target, expected) => {
    const proxy = await start(options);
    const server = target === 'secure' ? secure : plain;
    const timeout = options.answer?.length === 0 ? '150ms' : '5s';
    const problem = await fail({ url: server.url, proxy: proxy.url, tls, timeout });
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'connection', ...expected(proxy.peer, server.peer) });
  });

  it.each([
    ['plain', () => plain],
    ['secure', () => secure],
  ])('is not there (%s)', async (_, target) => {
    const peer = `127.0.0.1:${await findFreePort()}`;
    expect(await fail({ url: target().url, proxy: `http://${peer}` })).toMatchObject({
      kind: 'connection',
      code: 'ECONNREFUSED',
      message: `${target().peer} cannot be reached through its proxy: nothing listens at ${peer} (connection refused)`,
      hints: ['start the service, or check the host and port in `proxy`'],
    });
  });

  it('cannot reach the target', async () => {
    const target = `127.0.0.1:${await findFreePort()}`;
    const proxy = await start();
    const { message } = await fail({ url: `https://${target}`, proxy: proxy.url });
    expect(message).toBe(`${target} cannot be reached through the proxy ${proxy.peer}: it answered 502 Bad Gateway`);
  });

  it('is hung up on when it refused', async () => {
    const proxy = await start({
      answer: (_, socket) =>
        socket
          .on('end', () => socket.end())
          .resume()
          .write('HTTP/1.1 403 Forbidden\r\n\r\n'),
    });
    expect((await fail({ url: secure.url, proxy: proxy.url })).code).toBe('PROXY_403');
    await expect.poll(() => proxy.sockets.size).toBe(0);
  });

  it('never finishes the TLS handshake that it was meant to have', async () => {
    const silent = await startTcpServer();
    started.push(silent);
    const problem = await fail({ url: plain.url, proxy: `https://${silent.peer}`, timeout: '100ms' });
    expect(problem.message).toBe(`no connection to the proxy ${silent.peer} was made within 100 ms`);
  });

  it('lets go of its connections when the step is aborted', async () => {
    const stop = new Stop();
    io = createFakeIo({ directory: folder, stop });
    const silent = await startTcpServer((socket) => socket.resume());
    started.push(silent);
    const proxy = await start();
    const running = send({ url: `https://${silent.peer}`, proxy: proxy.url });
    await expect.poll(() => proxy.asked.length).toBe(1);
    stop.end(new StopError('interrupted', 'interrupted'));
    await expect(running).rejects.toThrow(`stopped before ${silent.peer} answered`);
    expect(await io.close()).toEqual([]);
    await expect.poll(() => proxy.sockets.size).toBe(0);
  });
});

describe('the choice of a proxy', () => {
  const all = { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://s:2' };
  it.each<[string | false | undefined, string, Record<string, string>, [string, string] | undefined]>([
    [undefined, 'http://example.com', {}, undefined],
    [undefined, 'http://example.com', all, ['http://p:1/', 'HTTP_PROXY']],
    [undefined, 'https://example.com', all, ['http://s:2/', 'HTTPS_PROXY']],
    [undefined, 'https://example.com', { HTTP_PROXY: 'http://p:1' }, undefined],
    [undefined, 'http://example.com', { ...all, http_proxy: 'http://small:3' }, ['http://small:3/', 'http_proxy']],
    [undefined, 'http://example.com', { HTTP_PROXY: 'p:1' }, ['http://p:1/', 'HTTP_PROXY']],
    [undefined, 'http://example.com', { HTTP_PROXY: ' ' }, undefined],
    [undefined, 'http://localhost:5001', all, undefined],
    [undefined, 'http://api.localhost', all, undefined],
    [undefined, 'http://127.0.0.2', all, undefined],
    [undefined, 'https://[::1]:8443', all, undefined],
    [undefined, 'http://localhost.example.com', all, ['http://p:1/', 'HTTP_PROXY']],
    [false, 'http://example.com', all, undefined],
    ['', 'http://example.com', all, undefined],
    ['http://own:9', 'http://example.com', all, ['http://own:9/', 'proxy']],
    ['http://own:9', 'http://localhost', { ...all, NO_PROXY: '*' }, ['http://own:9/', 'proxy']],
  ])('%j for %s with %j', (given, url, env, expected) => {
    const chosen = chooseProxy(given, new URL(url), (name) => env[name]);
    expect(chosen && 'url' in chosen && [chosen.url.href, chosen.setting]).toEqual(expected);
  });

  it.each([
    ['example.com', 'http://example.com', true],
    ['example.com', 'http://api.example.com', true],
    ['example.com', 'http://notexample.com', false],
    ['.example.com', 'http://api.example.com', true],
    ['*.example.com', 'http://api.example.com', true],
    ['EXAMPLE.com', 'http://Example.COM.', true],
    ['a.com, example.com', 'http://example.com', true],
    ['a.com example.com', 'http://example.com', true],
    ['example.com:8080', 'http://example.com:8080', true],
    ['example.com:8080', 'http://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['*', 'http://anything', true],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.1.2.3', 'http://10.1.2.3:99', true],
    ['2.3', 'http://10.1.2.3', false],
    ['fd00::/8', 'http://[fd12::1]', true],
    ['fd12::1', 'http://[fd12::1]:8080', true],
    ['[fd12::1]:8080', 'http://[fd12::1]:8080', true],
    ['10.0.0.0/99', 'http://10.1.2.3', false],
    ['.', 'http://example.com', false],
    ['', 'http://example.com', false],
  ])('NO_PROXY=%s keeps %s off: %s', (list, url, isOff) => {
    const env: Record<string, string> = { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1', NO_PROXY: list };
    expect(chooseProxy(undefined, new URL(url), (name) => env[name]) === undefined).toBe(isOff);
  });

  it('is named in the report when it is from the environment, and so is its mistake', async () => {
    const proxy = await start({ answer: (_, socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n') });
    const env: Record<string, string> = { HTTP_PROXY: proxy.url, HTTPS_PROXY: 'socks5://u:pw@s:1' };
    io.expressions.host['readEnv'] = (name: string) => env[name];
    expect(await send({ url: 'http://nowhere.invalid/x' })).toMatchObject({ status: 204 });
    expect(io.notes).toEqual([`through the proxy ${proxy.peer} (\`HTTP_PROXY\`)`]);
    expect(await fail({ url: 'https://nowhere.invalid/x' })).toMatchObject({
      kind: 'authoring',
      code: 'TM311',
      message: '`HTTPS_PROXY`: expected `http://` or `https://`, got `socks5://`',
    });
    expect(io.describeExchange()?.byHand).toBe('curl https://nowhere.invalid/x');
  });
});

describe('before the run', () => {
  it.each<[string, string | undefined, string?]>([
    ['http://p:1', undefined],
    ['https://u:p@p', undefined],
    ['{{PROXY}}', undefined],
    ['', undefined],
    ['p.example:3128', '`proxy`: "p.example:3128" has no scheme', 'did you mean `http://p.example:3128`?'],
    ['u:pw@p:3128', '`proxy`: "u:pw@p:3128" has no scheme'],
    [
      '"http://u:pw@p:3128"',
      '`proxy`: the quotes around `p:3128` are part of its value',
      'write it without them: `proxy=p:3128`',
    ],
    ["'p:3128'", '`proxy`: the quotes around `p:3128` are part of its value'],
    ['socks5://p:1', '`proxy`: expected `http://` or `https://`, got `socks5://`'],
    ['http://u:12/w@p:1', '`proxy` is not a valid address: the password in it has to be percent-encoded'],
    ['http://u:p/w@p:1', '`proxy` is not a valid address: the password in it has to be percent-encoded'],
    ['http://u:pw@p:99999', '`proxy`: "http://p:99999" is not a valid address'],
    ['http://u:pw@p/path', '`proxy`: "http://p/path" has a path, but a proxy address has none'],
  ])('%s', (proxy, message, hint) => {
    const findings = httpRequest.settings.check?.({ url: 'http://h', proxy }) ?? [];
    expect(findings.map((finding) => finding.message)).toEqual(
      message === undefined ? [] : [message.replace('u:pw@', '')],
    );
    if (hint) expect(findings[0]?.help).toEqual([hint]);
  });

  it('never shows a password', () => {
    for (const text of ['u:pw@p:1', 'http://u:pw@p:1/x', 'ftp://u:pw@p', 'http://u:p/w@p:1'])
      expect(JSON.stringify(readProxyUrl(text, 'proxy'))).not.toMatch(/pw|p\/w@/);
  });
});

describe('by hand', () => {
  const headers = (value: Value | undefined) => (value as Record<string, Record<string, string>>)['headers'];
  it.each([
    ['plain', () => plain.url],
    ['secure', () => secure.url],
  ])('curl goes the same way (%s)', async (_, url) => {
    const proxy = await start();
    const { body } = await send({ url: url(), proxy: proxy.url, tls });
    const line = io.describeExchange()?.byHand ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -s`], {
      env: { PATH: process.env['PATH'], NO_PROXY: '*' },
    });
    expect(headers(JSON.parse(stdout))?.['host']).toBe(headers(body)?.['host']);
    expect(new Set(proxy.asked).size).toBe(1);
    expect(proxy.asked).toHaveLength(2);
  });

  it.each([
    [{ proxy: false }, {}, "--noproxy '*'"],
    [{}, { HTTP_PROXY: 'http://p:1' }, "--noproxy '*'"],
    [{}, { HTTPS_PROXY: 'http://p:1' }, undefined],
  ])(
    'curl is kept off proxies that testmesh leaves out: %j with %j',
    async (settings, env: Record<string, string>, options) => {
      io.expressions.host['readEnv'] = (name: string) => env[name];
      await send({ url: plain.url, ...settings });
      expect(io.describeExchange()?.byHand).toBe(['curl', ...(options ? [options] : []), `${plain.url}/`].join(' '));
    },
  );
});
