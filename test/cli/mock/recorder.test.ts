import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMock } from './start-mock.ts';

const SECRETS = ['hunter2', 'tok-9Zq81', 'sid-secret-1', 'eyJhbGciOi.eyJzdWIiOi.c2ln', 'abc-bearer', 'q8Zk_Wm3rT'];

const PAGE = `<meta name="csrf-token" content="zq7-Kw2mTp"><form action="/go?token=zq7-Kw2mTp&amp;to=1">
<input name="csrf_token" value="zq7-Kw2mTp"><input value='zq7-Kw2mTp' type=password><input name=user value=ada>
</form><script>var cfg = {"csrfToken": "zq7-Kw2mTp", lang: 'en', apiKey: 'zq7-Kw2mTp'}; jwt = 'eyJhbGciOi.eyJzdWIiOi.zq7Kw2mTp'</script>
<access_token>zq7-Kw2mTp</access_token><p title="a token: 1">the token is shown</p>`;
const MASKED_PAGE = PAGE.replaceAll(/zq7-Kw2mTp|eyJ[\w.]+/g, '***');

let folder: string;
let url: string;
const service = createServer(answer);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-record-'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => {
  service.close();
  service.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

function answer({ url: target = '' }: IncomingMessage, response: ServerResponse): void {
  if (target.startsWith('/image')) {
    response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([137, 80, 0, 255]));
    return;
  }
  if (target.startsWith('/sign-in')) {
    const cookies = ['sid=zq7-Kw2mTp; HttpOnly', 'XSRF-TOKEN=zq7-Kw2mTp'];
    response.writeHead(302, {
      location: '/home?session_token=zq7-Kw2mTp&lang=en#code=zq7-Kw2mTp',
      'set-cookie': cookies,
    });
    response.end();
    return;
  }
  if (target.startsWith('/page')) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    return;
  }
  if (target.startsWith('/form')) {
    const type = 'application/x-www-form-urlencoded';
    const more = { 'www-authenticate': 'Bearer realm="x"', 'x-note': 'a Bearer token' };
    response
      .writeHead(200, { 'content-type': type, ...more })
      .end('access_token=zq7-Kw2mTp&scope=repo&token_type=bearer');
    return;
  }
  if (target.startsWith('/links')) {
    const links = {
      next: '/items?page=2&api_key=zq7-Kw2mTp',
      refresh_tokens: ['zq7-Kw2mTp'],
      note: 'Bearer zq7-Kw2mTp is it',
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(links));
    return;
  }
  const body = {
    user: 'ada',
    access_token: 'tok-9Zq81',
    nested: [{ password: 'hunter2' }],
    jwt: SECRETS[3],
    flag: SECRETS[5],
  };
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', etag: 'x', 'x-request-id': '7' };
  response.writeHead(200, { ...headers, 'set-cookie': 'sid=sid-secret-1; Path=/' }).end(gzipSync(JSON.stringify(body)));
}

describe('--record', () => {
  it('writes what the service answered as a stub that runs, without its secrets', async () => {
    const words = ['--proxy', url, '--record', 'r.yaml', '--secret', 'FLAG=q8Zk_Wm3rT'];
    const mock = await startMock(words, folder);
    const init = {
      method: 'POST',
      body: '{"password": "hunter2"}',
      headers: { authorization: 'Bearer abc-bearer', 'content-type': 'application/json' },
    };
    expect(await (await fetch(`${mock.url}/login?api_key=tok-9Zq81`, init)).json()).toHaveProperty(
      'access_token',
      'tok-9Zq81',
    );
    await (await fetch(`${mock.url}/image`)).arrayBuffer();
    expect(await mock.end()).toBe(130);
    expect(mock.shown).toContain('r.yaml: 2 routes of 2 exchanges\n');
    const text = readFileSync(join(folder, 'r.yaml'), 'utf8');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(text.replace(url, 'URL')).toBe(`# Recorded from URL; secrets and cookies are masked.
routes:
  - method: POST
    path: /login
    example: { query: { api_key: "***" }, headers: { authorization: "***" }, body: { password: "***" } }
    response:
      headers: { set-cookie: "sid=***; Path=/" }
      body: { user: ada, access_token: "***", nested: [{ password: "***" }], jwt: "***", flag: "***" }
  - method: GET
    path: /image
    response: { headers: { content-type: image/png }, body_file: r-1.bin }
`);
    const replay = await startMock(['r.yaml'], folder);
    expect(await (await fetch(`${replay.url}/login`, { method: 'POST' })).json()).toHaveProperty('user', 'ada');
    expect([...new Uint8Array(await (await fetch(`${replay.url}/image`)).arrayBuffer())]).toEqual([137, 80, 0, 255]);
    await replay.end();
  });

  it('hides what stands for a secret in addresses, pages and forms, and keeps each cookie', async () => {
    const mock = await startMock(['--proxy', url, '--record', 'odd.yaml'], folder);
    const manual = { redirect: 'manual' } as const;
    for (const path of ['/sign-in', '/page', '/form', '/links'])
      await (await fetch(`${mock.url}${path}`, manual)).text();
    await mock.end();
    expect(readFileSync(join(folder, 'odd.yaml'), 'utf8')).not.toMatch(/zq7|Kw2mTp/);
    const replay = await startMock(['odd.yaml'], folder);
    const read = async (path: string) => fetch(`${replay.url}${path}`, manual);
    const { status, headers } = await read('/sign-in');
    expect([status, headers.get('location'), headers.getSetCookie()]).toEqual([
      302,
      '/home?session_token=***&lang=en#code=***',
      ['sid=***; HttpOnly', 'XSRF-TOKEN=***'],
    ]);
    expect(await (await read('/page')).text()).toBe(MASKED_PAGE);
    const form = await read('/form');
    expect(form.headers.get('www-authenticate')).toBe('Bearer realm="x"');
    expect(form.headers.get('x-note')).toBe('a Bearer token');
    expect(await form.text()).toBe('access_token=***&scope=repo&token_type=bearer');
    expect(await (await read('/links')).json()).toEqual({
      next: '/items?page=2&api_key=***',
      refresh_tokens: ['***'],
      note: 'Bearer *** is it',
    });
    await replay.end();
  });

  it('records the same again where each answer has several cookies', async () => {
    for (const round of [1, 2]) {
      const mock = await startMock(['--proxy', url, '--record', 'twice.yaml'], folder);
      for (let count = 0; count < round; count++) await fetch(`${mock.url}/sign-in`, { redirect: 'manual' });
      await mock.end();
      expect(mock.shown).toContain('twice.yaml: 1 route of');
    }
    expect(readFileSync(join(folder, 'twice.yaml'), 'utf8')).toContain('["sid=***; HttpOnly", "XSRF-TOKEN=***"]');
  });

  it('goes on with a recording, keeps routes such as it does not write, and lets a file answer first', async () => {
    writeFileSync(join(folder, 'own.yaml'), 'routes: [{ path: /own, response: { body: mine } }]');
    writeFileSync(join(folder, 'old.yaml'), 'routes:\n  - { method: GET, path: /a, fault: reset }\n');
    const mock = await startMock(['own.yaml', '--proxy', url, '--record', 'old.yaml'], folder);
    expect(await (await fetch(`${mock.url}/own`)).text()).toBe('mine');
    await (await fetch(`${mock.url}/image`)).arrayBuffer();
    await mock.end();
    const text = readFileSync(join(folder, 'old.yaml'), 'utf8');
    expect(text).toContain('  - { method: GET, path: /a, fault: reset }\n');
    expect(text).toContain('path: /image');
    expect(text).not.toContain('/own');
  });

  it('writes nothing where nothing was recorded', async () => {
    const mock = await startMock(['--proxy', 'http://127.0.0.1:1', '--record', 'none.yaml'], folder);
    expect((await fetch(mock.url)).status).toBe(500);
    await mock.end();
    expect(mock.shown).toContain('ECONNREFUSED');
    expect(mock.shown).toContain('nothing was recorded: none.yaml is not written');
  });

  it.each([
    [['--record', 'r.yaml'], 'the file of the stub is missing'],
    [['own.yaml', '--record', 'r.yaml'], '--record needs the service that is asked'],
    [['--proxy', 'ftp://a', '--record', 'x.yaml'], '--proxy: '],
    [['--watch', '--proxy', 'http://a'], 'the file of the stub is missing'],
  ])('is refused with %j', async (words, message) => {
    const mock = await startMock(words, folder);
    expect(await mock.end()).toBe(2);
    expect(mock.shown).toContain(message);
  });
});
