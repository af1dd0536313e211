import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { type Certificate, lockKey, makeCertificate } from '../../support/servers/certificates.ts';
import { startTcpServer, type TestServer } from '../../support/servers/http-server.ts';
import { startHttpsServer } from '../../support/servers/secure-servers.ts';

const authority = makeCertificate({ name: 'test authority', isAuthority: true });
const stranger = makeCertificate({ name: 'another authority', isAuthority: true });
const hosts = ['localhost', '127.0.0.1'];
const good = makeCertificate({ name: 'localhost', hosts, authority });
const lonely = makeCertificate({ name: 'localhost', hosts });
const client = makeCertificate({ name: 'a client', authority });
const strangeClient = makeCertificate({ name: 'a client', authority: stranger });

const folder = mkdtempSync(join(tmpdir(), 'testmesh-http-tls-'));
const files: Readonly<Record<string, string>> = {
  'ca.pem': authority.cert,
  'other-ca.pem': stranger.cert,
  'client.pem': client.cert,
  'client.key': client.key,
  'locked.key': lockKey(client, 'open sesame'),
  'both.pem': `${client.cert}${client.key}`,
  'strange.pem': strangeClient.cert,
  'strange.key': strangeClient.key,
  'words.pem': 'no certificate\n',
  'broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  'broken.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

const servers: TestServer[] = [];
let io: FakeIo;

beforeEach(() => {
  io = createFakeIo({ directory: folder });
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Says who asks. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const peer = (request.socket as TLSSocket).getPeerCertificate();
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ client: peer.subject?.CN ?? null }));
}

async function start(options: TlsOptions = {}): Promise<TestServer> {
  const server = await startHttpsServer({ cert: good.cert, key: good.key, ...options }, answer);
  servers.push(server);
  return server;
}

async function sendTo(
  server: TestServer,
  tls: Record<string, unknown> | undefined,
  more: Record<string, unknown> = {},
) {
  return (await runAction(httpRequest, { url: server.url, ...(tls ? { tls } : {}), ...more }, io)).result;
}

async function failAt(
  server: TestServer,
  tls: Record<string, unknown> | undefined,
  more: Record<string, unknown> = {},
) {
  return (await failAction(httpRequest, { url: server.url, ...(tls ? { tls } : {}), ...more }, io)).problem;
}

describe('tls', () => {
  it.each<[string, Record<string, unknown>, Certificate?]>([
    ['an authority in a file', { ca: 'ca.pem' }],
    ['an authority as text', { ca: authority.cert }],
    ['the authority among others', { ca: stranger.cert + authority.cert }],
    ['the certificate itself', { ca: lonely.cert }, lonely],
    ['any certificate', { insecure: true }],
  ])('trusts %s', async (_, tls, { cert, key } = good) => {
    const result = await sendTo(await start({ cert, key }), tls);
    expect(result).toMatchObject({ status: 200, body: { client: null } });
    expect((result['timings'] as { tls_ms: number }).tls_ms).toBeGreaterThan(0);
    expect(io.notes).toEqual(tls['insecure'] ? ['the certificate was not checked (`tls.insecure`)'] : []);
  });

  it('says which host it means, as servers of many hosts need it', async () => {
    const asked: string[] = [];
    const server = await start({
      SNICallback: (name, callback) => {
        asked.push(name);
        callback(null);
      },
    });
    await sendTo(server, { ca: 'ca.pem' }, { url: server.url.replace('127.0.0.1', 'localhost') });
    expect(asked).toEqual(['localhost']);
  });

  it('asks for another name than the host', async () => {
    const other = makeCertificate({ name: 'orders', hosts: ['orders.internal'], authority });
    const server = await start({ cert: other.cert, key: other.key });
    expect(await sendTo(server, { ca: 'ca.pem', servername: 'orders.internal' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['files', { cert: 'client.pem', key: 'client.key' }],
    ['texts', { cert: client.cert, key: client.key }],
    ['a file with both', { cert: 'both.pem' }],
    ['a locked key', { cert: 'client.pem', key: 'locked.key', passphrase: 'open sesame' }],
  ])('shows the certificate of a client from %s', async (_, tls) => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await start({ requestCert: true, ca: authority.cert, maxVersion });
      expect(await sendTo(server, { ca: 'ca.pem', ...tls })).toMatchObject({ body: { client: 'a client' } });
    }
  });

  it('opens a connection for each way of checking, and one for each way', async () => {
    const server = await start();
    const isNew = async (tls: Record<string, unknown>) =>
      ((await sendTo(server, tls))['timings'] as { tls_ms: number }).tls_ms > 0;
    expect(await isNew({ ca: 'ca.pem' })).toBe(true);
    // The client rests for a turn before it uses a connection again.
    await new Promise(setImmediate);
    expect(await isNew({ ca: 'ca.pem' })).toBe(false);
    expect(await isNew({ insecure: true })).toBe(true);
    expect((await failAt(server, { ca: 'other-ca.pem' })).code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});

const INSECURE = '`tls: {insecure: true}` takes any certificate';
const AUTHORITY = 'name the authority that signed it: `tls: {ca: ca.pem}`, or NODE_EXTRA_CA_CERTS=ca.pem for all steps';

describe('certificates of servers that are not right', () => {
  const expired = makeCertificate({ name: 'localhost', hosts, authority, isOver: true });
  const nameless = makeCertificate({ name: 'orders.internal', authority });
  const foreign = makeCertificate({ name: 'localhost', hosts: ['example.com', 'localhost'], authority });
  it.each([
    ['unknown authority', good, undefined, 'is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)', AUTHORITY],
    [
      'another authority',
      good,
      { ca: 'other-ca.pem' },
      'is not signed by the authority of `tls.ca` (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
      '`tls.ca` takes the place of the authorities that Node knows: name the one that signed it',
    ],
    [
      'self-signed',
      lonely,
      undefined,
      'is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
      'trust it: `tls: {ca: that-certificate.pem}`',
    ],
    ['expired', expired, { ca: 'ca.pem' }, 'has expired', 'renew it'],
    [
      'for another host',
      foreign,
      { ca: 'ca.pem' },
      'is for another host: example.com, localhost',
      'use the host name that the certificate is for, or say which one is meant: `tls: {servername: name}`',
    ],
    [
      'for another host, by its own name alone',
      nameless,
      { ca: 'ca.pem' },
      'is for another host: orders.internal',
      'use the host name that the certificate is for, or say which one is meant: `tls: {servername: name}`',
    ],
  ])('%s', async (_, { cert, key }, tls, message, hint) => {
    const server = await start({ cert, key });
    expect(await failAt(server, tls)).toMatchObject({
      outcome: 'errored',
      kind: 'connection',
      message: `the TLS certificate of ${server.peer} ${message}`,
      hints: [hint, INSECURE],
    });
    expect(await sendTo(server, { insecure: true })).toMatchObject({ status: 200 });
  });

  it('says that a server wants a certificate, in whatever way it says so', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await start({ requestCert: true, rejectUnauthorized: true, ca: authority.cert, maxVersion });
      const without = await failAt(server, { ca: 'ca.pem' });
      expect(without).toMatchObject({ kind: 'connection', message: expect.stringContaining(server.peer) });
      expect([without.message, ...(without.hints ?? [])].join(' ')).toContain(
        '`tls: {cert: client.pem, key: client.key}`',
      );
      const withOther = await failAt(server, { ca: 'ca.pem', cert: 'strange.pem', key: 'strange.key' });
      expect([withOther.message, ...(withOther.hints ?? [])].join(' ')).toMatch(
        /not accept the certificate of `tls\.cert`/,
      );
    }
  });

  it('ends in time when the server never begins the handshake', async () => {
    const silent = await startTcpServer();
    servers.push(silent);
    expect(await failAt(silent, undefined, { url: `https://${silent.peer}`, timeout: '100ms' })).toMatchObject({
      kind: 'timeout',
      message: `${silent.peer} accepted the connection but did not finish the TLS handshake within 100 ms`,
    });
  });
});

describe('files that are not right', () => {
  it.each<[string, Record<string, unknown>, string, string?]>([
    ['missing', { ca: 'none.pem' }, `\`tls.ca\`: the file \`${folder}/none.pem\` cannot be read: it does not exist`],
    ['no PEM', { ca: 'words.pem' }, '`tls.ca` (`words.pem`) holds no certificate'],
    ['a key as ca', { ca: 'client.key' }, '`tls.ca` (`client.key`) holds no certificate'],
    ['broken', { ca: 'broken.pem' }, '`tls.ca` (`broken.pem`) holds a certificate that cannot be read'],
    [
      'broken text',
      { cert: files['broken.pem'], key: 'client.key' },
      '`tls.cert` holds a certificate that cannot be read',
    ],
    [
      'no key',
      { cert: 'client.pem' },
      '`tls.cert` has no private key with it',
      'name its file: `tls: {cert: client.pem, key: client.key}`',
    ],
    ['no key in the file', { cert: 'client.pem', key: 'ca.pem' }, '`tls.key` (`ca.pem`) holds no private key'],
    [
      'broken key',
      { cert: 'client.pem', key: 'broken.key' },
      '`tls.key` (`broken.key`) holds a key that cannot be read',
    ],
    [
      'another key',
      { cert: 'client.pem', key: 'strange.key' },
      '`tls.key` (`strange.key`) is not the key of the certificate in `tls.cert` (`client.pem`)',
    ],
    [
      'locked',
      { cert: 'client.pem', key: 'locked.key' },
      '`tls.key` (`locked.key`) is locked with a passphrase',
      'give it: `tls: {passphrase: …}`',
    ],
    [
      'other passphrase',
      { cert: 'client.pem', key: 'locked.key', passphrase: 'x' },
      '`tls.passphrase` does not open `tls.key` (`locked.key`)',
    ],
  ])('%s', async (_, tls, message, hint) => {
    const problem = await failAt(await start(), tls);
    expect(problem).toMatchObject({ kind: 'authoring', code: 'TM312', message });
    if (hint) expect(problem.hints).toEqual([hint]);
  });

  it.each<[unknown, string[]]>([
    [{ ca: 'a', cert: 'b', key: 'c', passphrase: 'd', servername: 'e', insecure: false }, []],
    [{ key: 'k' }, ['`tls.key` needs `tls.cert`: the certificate that it belongs to']],
    [{ passphrase: 'p' }, ['`tls.passphrase` opens a key, but there is none: give `tls.cert` and `tls.key`']],
    [{ ca: 'a', insecure: true }, ['`tls.ca` has no effect: with `insecure: true` any certificate will do']],
  ])('finds before the run: %j', (tls, messages) => {
    expect(httpRequest.settings.check?.({ url: 'https://h', tls }).map(({ message }) => message)).toEqual(messages);
  });
});

describe('by hand', () => {
  it.each([
    [{ ca: 'ca.pem' }, `--cacert ${folder}/ca.pem`],
    [
      { ca: 'ca.pem', cert: 'client.pem', key: 'locked.key', passphrase: 'open sesame' },
      `--cacert ${folder}/ca.pem --cert ${folder}/client.pem --key ${folder}/locked.key`,
    ],
    [{ insecure: true }, '-k'],
  ])('curl is told of %j', async (tls, options) => {
    const server = await start();
    await sendTo(server, tls);
    expect(io.describeExchange()?.byHand).toBe(`curl ${options} ${server.url}/`);
  });
});
