import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';
import { startMock } from './start-mock.ts';

let folder: string;
let url: string;
/** What the service calls the sum of an order. */
let sumKey = 'total';
const service = createServer((request, response) => void answer(request, response));
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-round-'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => {
  service.close();
  service.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** A service that answers 400, 401 or 404 to whom does not ask as it wants. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://a');
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const { headers } = request;
  const type = String(headers['content-type'] ?? '');
  const [, id] = /^\/users\/(\d+)$/.exec(pathname) ?? [];
  if (id !== undefined) return send(200, { id, name: 'Ada' });
  switch (`${request.method} ${pathname}`) {
    case 'POST /orders': {
      if (type !== 'application/json' || headers['x-tenant'] !== 't1') return send(400, { error: 'no order' });
      const { sku, quantity } = JSON.parse(bytes.toString() || '{}');
      return sku === undefined ? send(400, { error: 'no sku' }) : send(201, { sku, [sumKey]: quantity * 2 });
    }
    case 'GET /orders': {
      const states = searchParams.getAll('state').join();
      return states === 'paid,sent' && searchParams.get('page') === '2' ? send(200, [{ sku: 'a' }]) : send(404, {});
    }
    case 'POST /login':
      return bytes.toString() === 'user=ada&keep=a+b' ? send(200, { user: 'ada' }) : send(400, {});
    case 'PUT /image':
      return bytes.equals(PIXELS) && type === 'image/png' ? send(200, { stored: true }) : send(415, {});
    case 'POST /soap':
      return type.startsWith('text/xml') && bytes.toString() === '<a/>' ? send(200, {}) : send(415, {});
    case 'POST /any':
    case 'PUT /any':
      return send(200, {});
    case 'GET /me':
      return headers.authorization === 'Bearer zq7-Kw2mTp' ? send(200, { name: 'Ada' }) : send(401, {});
    default:
      return send(404, { error: 'none' });
  }
}

const PIXELS = Buffer.from([137, 80, 78, 71, 0, 255]);
const JSON_TYPE = { 'content-type': 'application/json' };

async function record(name: string, requests: readonly (readonly [target: string, init?: RequestInit])[]) {
  const mock = await startMock(['--proxy', url, '--record', name], folder);
  for (const [target, init] of requests) expect((await fetch(`${mock.url}${target}`, init)).status).toBeLessThan(300);
  await mock.end();
  return readFileSync(join(folder, name), 'utf8');
}

async function verify(name: string, more: readonly string[] = []) {
  const words = ['mock', 'verify', name, '--against', url, '--color', 'never', ...more];
  const { exitCode, output, errors } = await callCommand(words, { cwd: folder });
  return { exitCode, lines: `${output}${errors}`.trim().split('\n').slice(1) };
}

describe('a recording that is held against its service', () => {
  it('asks for each route as it was asked: parameters, query, headers and bodies of all kinds', async () => {
    const text = await record('all.yaml', [
      ['/users/7'],
      ['/users/8'],
      ['/orders', { method: 'POST', headers: { ...JSON_TYPE, 'x-tenant': 't1' }, body: '{"sku":"a","quantity":2}' }],
      ['/orders?state=paid&state=sent&page=2'],
      ['/login', { method: 'POST', body: new URLSearchParams({ user: 'ada', keep: 'a b' }) }],
      ['/image', { method: 'PUT', headers: { 'content-type': 'image/png' }, body: PIXELS }],
      ['/soap', { method: 'POST', headers: { 'content-type': 'text/xml; charset=utf-8' }, body: '<a/>' }],
    ]);
    expect(text).toContain('path: "/users/:id"');
    expect(text).toContain('example: { headers: { x-tenant: t1 }, body: { sku: a, quantity: 2 } }');
    expect(text).toContain('example: { query: { state: [paid, sent], page: "2" } }');
    expect(text).not.toMatch(/user-agent|accept|sec-fetch/);
    expect(await verify('all.yaml')).toEqual({
      exitCode: 0,
      lines: [
        '✓ POST /orders   POST /orders → 201',
        '✓ GET /orders   GET /orders?state=paid&state=sent&page=2 → 200',
        '✓ POST /login   POST /login → 200',
        '✓ PUT /image   PUT /image → 200',
        '✓ POST /soap   POST /soap → 200',
        '✓ GET /users/:id   GET /users/7 → 200',
        '6 routes: 6 agree',
      ],
    });
  });

  it('keeps no body whose parts have names of their own, or that is packed: no secret in it can be told', async () => {
    const form = new FormData();
    form.set('password', 'hunter2-in-a-part');
    const packed = gzipSync('{"password":"hunter2-packed"}');
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    const text = await record('parts.yaml', [
      ['/any', { method: 'POST', body: form }],
      ['/any', { method: 'PUT', headers, body: packed }],
    ]);
    expect(text).not.toContain('hunter2');
    expect(text).not.toMatch(/body_file|multipart|example/);
  });

  it('names the field that the service calls otherwise since', async () => {
    const headers = { ...JSON_TYPE, 'x-tenant': 't1' };
    await record('drift.yaml', [['/orders', { method: 'POST', headers, body: '{"sku":"a","quantity":2}' }]]);
    sumKey = 'sum';
    const verified = await verify('drift.yaml').finally(() => (sumKey = 'total'));
    expect(verified).toEqual({
      exitCode: 1,
      lines: [
        '✗ POST /orders   POST /orders → 201',
        '    body.total: number in the stub, missing at the service',
        '1 route: 0 agree, 1 drifted',
      ],
    });
  });

  it('keeps the example when it is gone on with, and takes the newer one', async () => {
    const ask = (sku: string): [string, RequestInit] => [
      '/orders',
      { method: 'POST', headers: { ...JSON_TYPE, 'x-tenant': 't1' }, body: JSON.stringify({ sku, quantity: 1 }) },
    ];
    await record('twice.yaml', [ask('a')]);
    const text = await record('twice.yaml', [ask('b'), ['/users/7']]);
    expect(text).toContain('body: { sku: b, quantity: 1 } }');
    expect(text.match(/path: \/orders/g)).toHaveLength(1);
    expect((await verify('twice.yaml')).lines.at(-1)).toBe('2 routes: 2 agree');
  });

  it('does not send a route with a secret that is masked, until somebody gives it', async () => {
    const text = await record('me.yaml', [['/me', { headers: { authorization: 'Bearer zq7-Kw2mTp' } }]]);
    expect(text).toContain('example: { headers: { authorization: "***" } }');
    expect(await verify('me.yaml')).toEqual({
      exitCode: 4,
      lines: [
        '- GET /me   not sent: `example.headers.authorization` is masked (`***`): give it a value, as `"{{NAME}}"` with --secret',
        '1 route: 0 agree, 1 not sent',
      ],
    });
    writeFileSync(join(folder, 'me.yaml'), text.replace('"***"', '"Bearer {{TOKEN}}"'));
    expect(await verify('me.yaml', ['--secret', 'TOKEN=zq7-Kw2mTp'])).toEqual({
      exitCode: 0,
      lines: ['✓ GET /me   GET /me → 200', '1 route: 1 agrees'],
    });
  });
});
