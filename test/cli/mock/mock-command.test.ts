import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningMock, startMock } from './start-mock.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-mock-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const USERS = `
env: { NAME: ada, API_TOKEN: q8Zk_Wm3rT }
secrets: [API_TOKEN]
routes:
  - { method: GET, path: "/users/:id", responses: [{ body: { id: "{{request.params.id}}", name: "{{NAME}}" } }, { status: 404 }] }
  - { path: /echo, response: { body: "{{request.query.q}}" } }
  - { path: /bad, response: { body: "{{request.body.id}}" } }
  - { path: /cut, fault: reset }
`;

async function read(url: string, init?: RequestInit): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, init);
  return { status: answer.status, text: await answer.text() };
}

/** Whether nothing listens on the port any more. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

describe('a stub on its own', () => {
  it('prints each request with the route that answered, ends with the code of its signal, and frees its ports', async () => {
    const mock = await startMock([write('users.yaml', USERS), '--admin', '0'], folder);
    expect(await read(`${mock.url}/users/7?x=a%20b`)).toEqual({ status: 200, text: '{"id":"7","name":"ada"}' });
    expect((await read(`${mock.url}/users/7`)).status).toBe(404);
    expect((await read(`${mock.url}/echo?q=q8Zk_Wm3rT&password=hunter2`)).text).toBe('q8Zk_Wm3rT');
    expect((await read(`${mock.url}/none`)).status).toBe(404);
    expect((await read(`${mock.url}/bad`)).status).toBe(500);
    await expect(fetch(`${mock.url}/cut`)).rejects.toThrow();
    expect(await mock.end()).toBe(130);
    const lines = mock.shown.replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME').replaceAll(/in \d+ ms/g, 'in N ms');
    expect(lines).toContain('TIME GET /users/7?x=a b → 200 in N ms by GET /users/:id\n');
    expect(lines).toContain('TIME GET /users/7 → 404 in N ms by GET /users/:id\n');
    expect(lines).toContain('TIME GET /echo?q=***&password=*** → 200 in N ms by * /echo\n');
    expect(lines).toContain(
      'TIME GET /none → 404 in N ms by no route; nearest is GET /users/:id: path: expected /users/:id, got /none\n',
    );
    expect(lines).toContain('TIME GET /bad → 500 in N ms by * /bad\n');
    expect(lines).toContain('users.yaml:7:');
    expect(lines).toContain('TIME GET /cut → reset in N ms by * /cut\n');
    expect(lines).toContain('stopped after 6 requests, 1 of them matched no route\n');
    for (const url of [mock.url, mock.admin]) expect(await isFree(Number(new URL(url).port))).toBe(true);
  });

  it('tells nobody what it expects where secrets are and passwords stand, and prints no password that came', async () => {
    const routes = `secrets: [API_KEY, HOOK]
env: { API_KEY: none, HOOK: hk-Zq7Kw2mTp }
routes:
  - { path: /pay, match: { query: { sig: "{{API_KEY}}" }, headers: { x-key: "k {{API_KEY}}" } } }
  - { method: POST, path: /login, match: { headers: { authorization: Bearer good-Zq7K }, body: { password: right-Zq7K } } }
  - { path: "/hooks/{{HOOK}}" }
  - { method: POST, path: /form, match: { form: { password: right-Zq7K } } }
`;
    const words = [write('guarded.yaml', routes), '--secret', 'API_KEY=Qx7/mK+2w=Lp9'];
    const mock = await startMock(words, folder);
    const texts: string[] = [];
    texts.push((await read(`${mock.url}/pay?sig=wrong`)).text);
    const json = { authorization: 'Bearer zq7-Kw2mTp', 'content-type': 'application/json' };
    texts.push(
      (await read(`${mock.url}/login`, { method: 'POST', body: '{"password":"zq7-Kw2mTp"}', headers: json })).text,
    );
    const body = new URLSearchParams({ password: 'zq7-Kw2mTp' });
    texts.push((await read(`${mock.url}/form`, { method: 'POST', body })).text);
    await mock.end();
    const differs = texts.map((text) => JSON.parse(text.replaceAll(/SHA-256 \w{8}/g, 'SHA')).nearest.differs);
    expect(differs).toEqual([
      ['query parameter sig: expected "***", got string "wrong"', 'header x-key: expected "k ***", got nothing'],
      [
        'header authorization: expected "Bearer *** (9 characters, SHA)", got string "Bearer *** (10 characters, SHA)"',
        'body.password: expected string "***", got string "***"',
      ],
      ['form field password: expected "***", got string "***"'],
    ]);
    expect(mock.shown).toContain('body.password: expected string "***"');
    for (const text of [...texts, mock.shown]) expect(text).not.toMatch(/Qx7|Zq7K|Kw2mTp/);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends with %s as well, whatever is still asked', async (signal, code) => {
    const mock = await startMock([write('slow.yaml', 'routes: [{ path: /, response: { delay: 1h } }]')], folder);
    const asked = expect(fetch(mock.url)).rejects.toThrow();
    const { port } = new URL(mock.url);
    expect(await mock.end(signal)).toBe(code);
    await asked;
    expect(await isFree(Number(port))).toBe(true);
  });

  it('takes values from flags, and masks secrets', async () => {
    const mock = await startMock(
      [write('given.yaml', 'routes: [{ path: /, response: { body: "{{WHO}}" } }]'), '--secret', 'WHO=w8Zk_Wm3rT'],
      folder,
    );
    expect((await read(`${mock.url}/?q=w8Zk_Wm3rT`)).text).toBe('w8Zk_Wm3rT');
    expect((await read(`${mock.url}/w8Zk_Wm3rT`)).status).toBe(404);
    await mock.end();
    expect(mock.shown).not.toContain('w8Zk_Wm3rT');
  });

  it('names a busy port, and ends errored', async () => {
    const first = await startMock([write('users.yaml', USERS)], folder);
    const { port } = new URL(first.url);
    const second = await startMock(['users.yaml', '--port', port], folder);
    expect(await second.end()).toBe(3);
    expect(second.shown).toContain(`the port ${port} is in use`);
    expect(second.shown).toContain('choose another with `--port`');
    const third = await startMock(['users.yaml', '--admin', port], folder);
    expect(await third.end()).toBe(3);
    expect(third.shown).toContain('choose another with `--admin`');
    await first.end();
  });
});

describe('the mistakes of its file', () => {
  it.each([
    ['an unknown key', 'routs: []', 'f.yaml:1:1', 'did you mean `routes`?'],
    ['a route without a path', 'routes:\n  - { response: {} }', 'f.yaml:2:5', 'a route needs `path`'],
    [
      'an unknown name',
      'routes: [{ path: /, response: { body: "{{NOBODY}}" } }]',
      'f.yaml:1:42',
      'unknown name `NOBODY`',
    ],
    ['a file that is not there', 'routes: [{ path: /, response: { body_file: no.json } }]', 'f.yaml:1:44', 'no.json'],
    ['no map', '- a', 'f.yaml:1:1', 'expected a map, got a list'],
    ['nothing', '', 'f.yaml', 'the file of a stub has `routes:`'],
    ['two stubs', 'routes: []\n---\nroutes: []', 'f.yaml:3:1', 'this is a second document'],
    ['a flow', 'name: x\nsteps: []', 'f.yaml:2:1', 'this is a flow, not a stub'],
    ['a flow, and what to do', 'name: x\nsteps: []', 'f.yaml:2:1', 'f.yaml` runs it'],
    ['a testmesh.yaml', 'services: {}\nstubs: {}', 'f.yaml:1:1', '`testmesh up` starts what it has'],
    ['a key of routes', 'routes: []\nstubs: {}', 'f.yaml:2:1', 'unknown key `stubs`'],
  ])('are found before anything listens: %s', async (_title, text, place, words) => {
    const mock = await startMock([write('f.yaml', text)], folder);
    expect(await mock.end()).toBe(2);
    expect(mock.shown).toContain(place);
    expect(mock.shown).toContain(words);
    expect(mock.shown).not.toContain('http://');
  });

  it('are usage errors on the command line, too', async () => {
    for (const words of [[], ['no.yaml'], ['users.yaml', '--port', '70000'], ['users.yaml', '--nope']])
      expect(await (await startMock(words, folder)).end()).toBe(2);
  });
});

describe('with --watch', () => {
  const route = (body: string): string => `port: 0\nroutes: [{ path: /, responses: [{ body: ${body} }] }]`;
  let mock: RunningMock;

  it('answers by the file as it is now, and by the old routes while it has mistakes', async () => {
    mock = await startMock([write('w.yaml', route('one')), '--watch', '--admin', '0'], folder);
    expect((await read(mock.url)).text).toBe('one');
    write('w.yaml', route('second'));
    await mock.sees('w.yaml changed: 1 route\n');
    expect((await read(mock.url)).text).toBe('second');
    write('w.yaml', 'routes: [{ pth: / }]');
    await mock.sees('the routes stay as they were');
    expect(mock.shown).toContain('unknown key `pth`');
    expect(mock.shown).toContain('w.yaml:1:12');
    expect((await read(mock.url)).text).toBe('second');
    expect(JSON.parse((await read(`${mock.admin}/requests`)).text).count).toBe(3);
    expect(await mock.end()).toBe(130);
  });
});

describe('with a document', () => {
  const document = (answer: string): string =>
    `openapi: 3.1.0\npaths: { /a: { get: { responses: { 200: ${answer} } } } }\n`;

  it('answers by it, says what contradicts it, and reads it again when it changes', async () => {
    write('api.yaml', document('{ $ref: answer.yaml }'));
    write(
      'answer.yaml',
      'description: one\ncontent: { application/json: { schema: { type: string, pattern: "(?=a)" }, example: one } }\n',
    );
    const mock = await startMock([write('d.yaml', 'from: api.yaml\nroutes: [{ path: /b }]\n'), '--watch'], folder);
    expect(mock.shown).toContain('note: the pattern `(?=a)` at answer.yaml:2:');
    expect(mock.shown).toContain('d.yaml: 2 routes on ');
    expect((await read(`${mock.url}/a`)).text).toBe('"one"');
    await read(`${mock.url}/b`);
    await mock.sees('the route `* /b` answers GET /b, which `api.yaml` does not name: it has no such path');
    write('answer.yaml', 'description: two\ncontent: { application/json: { example: second } }\n');
    await mock.sees('d.yaml changed: 2 routes\n');
    expect((await read(`${mock.url}/a`)).text).toBe('"second"');
    write('api.yaml', 'openapi: 2.0\n');
    await mock.sees('the routes stay as they were');
    expect(mock.shown).toContain('[TM383] api.yaml:1:10: the version `2.0` of OpenAPI is not known');
    expect((await read(`${mock.url}/a`)).text).toBe('"second"');
    expect(await mock.end()).toBe(130);
    expect(mock.shown.match(/ changed: /g)).toHaveLength(2);
  });
});

describe('with --admin', () => {
  it('gives requests and routes, and begins again when asked', async () => {
    const mock = await startMock([write('users.yaml', USERS), '--admin', '0'], folder);
    await read(`${mock.url}/users/7`);
    await read(`${mock.url}/users/8`);
    await read(`${mock.url}/echo`, {
      method: 'POST',
      body: '{"a": 12345678901234567890}',
      headers: { 'content-type': 'application/json' },
    });
    await read(`${mock.url}/none`);
    const { text } = await read(`${mock.admin}/requests`);
    expect(text).toContain('"body":{"a":12345678901234567890}');
    const { count, dropped, requests } = JSON.parse(text);
    expect({ count, dropped }).toEqual({ count: 4, dropped: 0 });
    expect(requests.map((one: { matched_route: string }) => one.matched_route)).toEqual([
      'GET /users/:id',
      'GET /users/:id',
      '* /echo',
      null,
    ]);
    const routes = JSON.parse((await read(`${mock.admin}/routes`)).text);
    expect(routes.routes[0]).toEqual({ name: 'GET /users/:id', answered: 2 });
    expect(routes.unmatched).toBe(1);
    expect((await read(`${mock.admin}/reset`)).status).toBe(405);
    expect((await read(`${mock.admin}/else`)).status).toBe(404);
    expect((await read(`${mock.admin}/reset`, { method: 'POST' })).text).toBe('{"forgotten":4}\n');
    expect(JSON.parse((await read(`${mock.admin}/requests`)).text)).toEqual({ count: 0, dropped: 0, requests: [] });
    expect((await read(`${mock.url}/users/7`)).status).toBe(200);
    await mock.end();
  });
});

it('listens over TLS, and gives its authority over the admin port', async () => {
  const file = write('tls.yaml', 'tls: { self_signed: true }\nroutes: [{ path: /, response: { body: secure } }]');
  const mock = await startMock([file, '--admin', '0'], folder);
  const { ca } = JSON.parse((await read(`${mock.admin}/ca`)).text);
  const text = await new Promise<string>((resolve, reject) => {
    get(mock.url, { ca, agent: false }, (answer) => answer.on('data', (chunk) => resolve(String(chunk)))).on(
      'error',
      reject,
    );
  });
  expect(text).toBe('secure');
  await mock.end();
});
