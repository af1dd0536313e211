import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let folder: string;
let service: Server;
let url: string;
const asked: string[] = [];

const USERS: Readonly<Record<string, readonly [status: number, body?: unknown, headers?: Record<string, string>]>> = {
  'GET /users/u1': [200, { id: 'u1', name: 'Grace', tags: ['x'], address: null, age: 36 }],
  'GET /users/u2': [200, { id: 2, tags: [{}], address: { city: 'Bonn' } }],
  'GET /users?role=admin&page=1': [200, []],
  'POST /users': [201, { id: 'u3' }, { location: '/users/u3' }],
  'POST /login': [200, { token: 't' }],
  'DELETE /users/u1': [204],
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-verify-'));
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { method, url: target, headers } = request;
      asked.push(`${method} ${target} ${headers['x-tenant'] ?? ''}|${headers['content-type'] ?? ''}|${body}`);
      if (target === '/hang') return;
      const [status, answer, more] = USERS[`${method} ${target}`] ?? [404, { error: 'none' }];
      response.writeHead(status, { ...(answer !== undefined && { 'content-type': 'application/json' }), ...more });
      response.end(answer === undefined ? undefined : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
  rmSync(folder, { recursive: true });
});

async function verify(stub: string, more: readonly string[] = [], against = url) {
  writeFileSync(join(folder, 'stub.yaml'), stub);
  asked.length = 0;
  return callCommand(['mock', 'verify', 'stub.yaml', '--against', against, '--color', 'never', ...more], {
    cwd: folder,
  });
}

async function verifyRoutes(...routes: readonly string[]): Promise<{ exitCode: number; lines: readonly string[] }> {
  const { exitCode, output, errors } = await verify(`routes:\n${routes.map((route) => `  - ${route}\n`).join('')}`);
  return { exitCode, lines: `${output}${errors}`.trim().split('\n').slice(1) };
}

describe('the routes of a stub are asked for at the service', () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      'with what its path needs',
      '{ method: GET, path: "/users/:id", example: { params: { id: u1 } }, response: { body: { id: a, age: 1.5 } } }',
      'GET /users/u1 ||',
      [],
    ],
    [
      'with its query',
      '{ method: GET, path: /users, match: { query: { role: admin, x: { absent: true } } }, example: { query: { page: 1 } }, response: { body: [{ id: a }] } }',
      'GET /users?role=admin&page=1 ||',
      [],
    ],
    [
      'with its body and headers',
      '{ method: POST, path: /users, match: { body: { name: Ada }, headers: { X-Tenant: t1 } }, response: { status: 201, headers: { location: x }, body: { id: a } } }',
      'POST /users t1|application/json|{"name":"Ada"}',
      [],
    ],
    [
      'with the body of its example',
      '{ method: POST, path: /users, match: { where: "request.body.n > 1" }, example: { body: { n: 2 } }, response: { status: 201 } }',
      'POST /users |application/json|{"n":2}',
      [],
    ],
    [
      'with its form',
      '{ method: POST, path: /login, match: { form: { user: ada } }, example: { form: { pw: "a b" } }, response: { body: { token: x } } }',
      'POST /login |application/x-www-form-urlencoded|user=ada&pw=a+b',
      [],
    ],
    [
      'with the path of its example',
      '{ path_regex: "/users/u.*", example: { path: /users/u1 }, response: { body: { id: a } } }',
      'GET /users/u1 ||',
      [],
    ],
    [
      'for one of its answers',
      '{ method: DELETE, path: /users/u1, responses: [{ status: 503 }, { fault: reset }, { status: 204 }] }',
      'DELETE /users/u1 ||',
      [],
    ],
    [
      'and nothing is said against a field that may be null',
      '{ path: /users/u1, response: { body: { address: null, name: Ada } } }',
      'GET /users/u1 ||',
      [],
    ],
    [
      'and its status is another',
      '{ path: /users/u9, response: { status: 200 } }',
      'GET /users/u9 ||',
      ['status: the stub answers 200, the service 404'],
    ],
    [
      'and its fields are others',
      '{ path: /users/u2, response: { body: { id: u2, name: Ada, address: { zip: "1" }, tags: [a] } } }',
      'GET /users/u2 ||',
      [
        'body.id: string in the stub, number at the service',
        'body.name: string in the stub, missing at the service',
        'body.address.zip: string in the stub, missing at the service',
        'body.tags[]: string in the stub, map at the service',
      ],
    ],
    [
      'and null is what it never was',
      '{ path: /users/u1, response: { body: { address: { city: Bonn } } } }',
      'GET /users/u1 ||',
      ['body.address: map in the stub, null at the service'],
    ],
    [
      'and its headers are others',
      '{ path: /users/u1, response: { headers: { X-Version: "1" }, body: {} } }',
      'GET /users/u1 ||',
      ['header x-version: the service has none'],
    ],
    [
      'and its type is another',
      '{ path: /users/u1, response: { body: a text } }',
      'GET /users/u1 ||',
      ['body: text/plain in the stub, application/json at the service'],
    ],
    [
      'and it has no body',
      '{ method: DELETE, path: /users/u1, response: { status: 204, body: x } }',
      'DELETE /users/u1 ||',
      ['body: the service has none'],
    ],
  ])('%s', async (_title, route, request, drift) => {
    const { exitCode, lines } = await verifyRoutes(route);
    // Behind it stands what is wrong with the file.
    const end = lines.indexOf(drift.length === 0 ? '1 route: 1 agrees' : '1 route: 0 agree, 1 drifted');
    expect(lines.slice(1, end).map((line) => line.trim())).toEqual(drift);
    expect(asked).toEqual([request]);
    expect(exitCode).toBe(drift.length === 0 ? 0 : 1);
    expect(end).toBeGreaterThan(0);
  });

  it.each([
    ['{ path: "/users/:id/:part" }', '`id` and `part` of its path has no value: give it `example: {params: {id: …}}`'],
    ['{ path: "/files/*" }', '`path` does not say which one: give it `example: {path: …}`'],
    ['{ path_regex: "/a.*" }', '`path_regex` does not say which path: give it `example: {path: …}`'],
    ['{ path: /a, match: { body: { a: 1 } } }', 'it takes any `method`, and has a body'],
    ['{ path: /a, state: { cart: paid } }', 'it takes requests in a `state` alone'],
    ['{ path: /a, fault: reset }', 'it fails on purpose (`fault`)'],
    ['{ path: /a, response: { status: 503 } }', 'nobody can ask for a 503'],
    [
      '{ path: /a, match: { where: "request.query.n == \'1\'" } }',
      "what can be made of its `match` is not what it takes (where `request.query.n == '1'`: request.query.n is nil): give it an `example`",
    ],
    ['{ path: /a, response: { body: "{{request.body.id}}" } }', 'its answer cannot be made: '],
  ])('but for %s, of which it is said why not', async (route, reason) => {
    const { exitCode, lines } = await verifyRoutes(route);
    expect(lines[0]).toContain(`not sent: ${reason}`);
    expect(asked).toEqual([]);
    expect(exitCode).toBe(4);
  });

  it('as they take requests: one behind another that takes them all is never asked', async () => {
    const { lines } = await verifyRoutes(
      '{ path: /users/u1, times: 1, response: { status: 404 } }',
      '{ path: "/users/:id", example: { params: { id: u1 } }, response: { body: { id: a } } }',
      '{ path: /users/u1 }',
    );
    expect(lines[1]).toContain('status: the stub answers 404, the service 200');
    expect(lines[2]).toBe('✓ * /users/:id   GET /users/u1 → 200');
    expect(lines[3]).toBe('- * /users/u1   not sent: `* /users/:id` takes its requests before');
  });
});

it('a service that is not there is an error', async () => {
  const { exitCode, output } = await verify('routes: [{ path: /a }]', [], 'http://127.0.0.1:1');
  expect(exitCode).toBe(3);
  expect(output).toMatch(
    /! \* \/a {3}GET \/a\n {4}no answer: connect ECONNREFUSED 127\.0\.0\.1:1\n1 route: 0 agree, 1 without an answer\n/,
  );
});

it('a signal ends it, whatever is still asked', async () => {
  const verifying = verify('routes: [{ path: /users/u1 }, { path: /hang }, { path: /users/u2 }]');
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(2);
  process.emit('SIGINT', 'SIGINT');
  const { exitCode, output } = await verifying;
  expect(exitCode).toBe(130);
  expect(output).toContain('1 route: 1 agrees\n');
});

it('masks secrets, takes values, and finds mistakes before anything is sent', async () => {
  const stub =
    'env: { API_TOKEN: "" }\nsecrets: [API_TOKEN]\nroutes: [{ path: "/users/:id", example: { params: { id: "{{API_TOKEN}}" } } }]\n';
  const { output } = await verify(stub, ['--secret', 'API_TOKEN=q8Zk_Wm3rT']);
  expect(asked).toEqual(['GET /users/q8Zk_Wm3rT ||']);
  expect(output).toContain('GET /users/*** → 404');
  const wrong = await verify('routes: [{ method: GET }]');
  expect([wrong.exitCode, asked]).toEqual([2, []]);
  expect(wrong.errors).toContain('[TM381] a route needs `path`');
});

it.each([
  [['mock', 'verify', 'stub.yaml'], '--against is missing: the service that the stub stands for'],
  [['mock', 'verify', 'stub.yaml', '--against', 'localhost:5001'], '--against: '],
  [['mock', 'verify'], '`file` is missing'],
])('%j is a mistake', async (words, message) => {
  const { exitCode, errors } = await callCommand(words, { cwd: folder });
  expect(exitCode).toBe(2);
  expect(errors).toContain(message);
});

describe('with a document', () => {
  const API = `openapi: 3.1.0
info: { title: Users, version: "1" }
paths:
  /users/{user}:
    parameters: [{ name: user, in: path, required: true, example: u1 }]
    get:
      parameters: [{ name: X-Tenant, in: header, required: true, schema: { type: string, examples: [t1] } }]
      responses: { "200": { description: one, content: { application/json: { schema: { $ref: "#/components/schemas/User" } } } } }
    delete: { responses: { "204": { description: gone } } }
  /users:
    get:
      parameters: [{ name: role, in: query, required: true, schema: { type: string } }]
      responses: { "200": { description: all } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { required: [name], properties: { name: { type: string, example: Ada }, age: { type: integer } } } } } }
      responses: { "201": { description: made, content: { application/json: { schema: { $ref: "#/components/schemas/User" } } } } }
components: { schemas: { User: { type: object, required: [id, email], properties: { id: { type: string }, email: { type: string } } } } }
`;
  const run = (stub: string) => {
    writeFileSync(join(folder, 'api.yaml'), API);
    return verify(stub);
  };

  it('the requests are those of its examples, and the answers are held against it', async () => {
    const { exitCode, output } = await run('from: api.yaml\n');
    expect(exitCode, output).toBe(1);
    expect(asked).toEqual([
      'POST /users |application/json|{"name":"Ada"}',
      'GET /users/u1 t1||',
      'DELETE /users/u1 ||',
    ]);
    expect(output).toContain('- GET /users   not sent: the document shows no example of the query parameter `role`');
    expect(output).toContain('✓ DELETE /users/{user}   DELETE /users/u1 → 204');
    expect(output).toContain(
      '✗ GET /users/{user}   GET /users/u1 → 200\n    the answer 200 of the service contradicts `api.yaml`: `body`: `email` is missing, by #/components/schemas/User/required',
    );
  });

  it('a route of its own takes parameters from there, and is held against it as well', async () => {
    const { output } = await run(
      'contract: api.yaml\nroutes: [{ method: GET, path: "/users/:id", response: { body: { id: 7 } } }]\n',
    );
    expect(asked).toEqual(['GET /users/u1 t1||']);
    expect(output).toContain('    body.id: number in the stub, string at the service\n');
    expect(output).toContain('    the answer 200 of the route `GET /users/:id` contradicts `api.yaml`: ');
  });
});
