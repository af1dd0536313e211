import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callCommand } from '../../cli/command.ts';
import { startHttpServer } from '../../support/servers/http-server.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-oauth2-'));
/** What was asked of the token endpoint. */
const asked: { authorization: string | undefined; body: string }[] = [];
const given: string[] = [];
/** Tokens that are taken no longer. */
const refused = new Set<string>();
let answerToken: (response: ServerResponse) => void;
let server: Awaited<ReturnType<typeof startHttpServer>>;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function giveToken(response: ServerResponse): void {
  const token = `tok-${asked.length}-swordfish`;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: token, token_type: 'bearer', expires_in: 3600 }));
}

beforeAll(async () => {
  server = await startHttpServer(async (request, response) => {
    const { authorization } = request.headers;
    const body = await readBody(request);
    if (request.url === '/token') {
      asked.push({ authorization, body });
      answerToken(response);
      return;
    }
    given.push(`${request.method} ${authorization ?? ''}`);
    const isRefused = authorization === undefined || refused.has(authorization.replace('Bearer ', ''));
    response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ echo: authorization ?? null }));
  });
});
beforeEach(() => {
  asked.length = 0;
  given.length = 0;
  refused.clear();
  answerToken = giveToken;
});
afterAll(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});

const project = (more = ''): string =>
  `defaults:\n  http:\n    auth:\n      oauth2: { token_url: "${server.url}/token", client_id: "my app", client_secret: "{{SECRET}}"${more} }\n`;
const ask = (method = 'GET', status = 200): string =>
  `  - action: http_request\n    config: { method: ${method}, url: "${server.url}/orders" }\n    assert: [status == ${status}]\n`;

function run(flows: Readonly<Record<string, string>>, words: readonly string[] = [], text = project()) {
  writeFileSync(join(cwd, 'testmesh.yaml'), text);
  for (const [name, steps] of Object.entries(flows))
    writeFileSync(join(cwd, `${name}.yaml`), `name: ${name}\nsteps:\n${steps}`);
  const paths = Object.keys(flows).map((name) => `${name}.yaml`);
  return callCommand(['run', ...paths, '--secret', 'SECRET=s3cr3t/word', ...words], { cwd });
}

describe('auth: {oauth2: …} of http_request', () => {
  it('asks for one token for all flows of a run, with the account in the header', async () => {
    const flows = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, ask() + ask('POST')]));
    const { exitCode, output } = await run(flows, ['-j', '4'], project(', scope: "read write"'));
    expect(exitCode, output).toBe(0);
    const basic = Buffer.from('my+app:s3cr3t%2Fword').toString('base64');
    expect(asked).toEqual([
      { authorization: `Basic ${basic}`, body: 'grant_type=client_credentials&scope=read+write' },
    ]);
    expect(given).toHaveLength(8);
    expect(new Set(given)).toEqual(new Set(['GET Bearer tok-1-swordfish', 'POST Bearer tok-1-swordfish']));
  });

  it('sends the account in the body where that is wanted, and what else the server wants to know', async () => {
    const text = project(', client_auth: body, params: { audience: shop }');
    expect((await run({ a: ask() }, [], text)).exitCode).toBe(0);
    const [{ authorization, body } = { authorization: '', body: '' }] = asked;
    expect(authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      ...{ grant_type: 'client_credentials', audience: 'shop' },
      ...{ client_id: 'my app', client_secret: 's3cr3t/word' },
    });
  });

  it('sends a request again with a new token, once, where the answer is 401', async () => {
    refused.add('tok-1-swordfish');
    const { exitCode, output } = await run({ a: ask() + ask() });
    expect(exitCode, output).toBe(0);
    expect(given).toEqual(['GET Bearer tok-1-swordfish', 'GET Bearer tok-2-swordfish', 'GET Bearer tok-2-swordfish']);
    expect(output).toContain('the answer was 401: the request was sent again with a new token');
    given.length = 0;
    for (let number = 1; number < 9; number++) refused.add(`tok-${number}-swordfish`);
    expect((await run({ a: ask('GET', 401) })).exitCode).toBe(0);
    expect(given).toHaveLength(2);
  });

  it('gives way to what a step says, and to none', async () => {
    const say = (settings: string): string =>
      `  - { action: http_request, config: { url: "${server.url}/orders", ${settings} }, assert: [status > 0] }\n`;
    const steps = say('auth: { bearer: mine }') + say('headers: { Authorization: Bearer own }') + say('auth: null');
    expect((await run({ a: steps })).exitCode).toBe(0);
    expect([asked, given]).toEqual([[], ['GET Bearer mine', 'GET Bearer own', 'GET ']]);
  });

  it('shows neither token nor secret, whatever comes back', async () => {
    const steps = `${ask()}  - action: assert\n    config: { data: { a: "{{step_1.body.echo}}" }, assertions: ["a == 'x'"] }\n`;
    const { output, errors } = await run({ a: steps }, ['-vv', '--reporter', 'tree', '--reporter', 'json=a.json']);
    const [record = ''] = readdirSync(join(cwd, '.testmesh', 'runs'))
      .sort()
      .reverse();
    const files = ['a.json', `.testmesh/runs/${record}/events.ndjson`].map((file) =>
      readFileSync(join(cwd, file), 'utf8'),
    );
    for (const text of [output, errors, ...files]) expect(text).not.toMatch(/swordfish|s3cr3t/);
    expect(output).toContain('Bearer ***');
  });

  it.each<[string, (response: ServerResponse) => void, readonly string[]]>([
    [
      'a wrong account',
      (response) =>
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end('{"error":"invalid_client","error_description":"unknown client"}'),
      ['answered 401: invalid_client (unknown client)', 'see `client_id`, `client_secret` and `scope`'],
    ],
    ['another address', (response) => response.writeHead(404).end('<html>'), ['answered 404', 'see `token_url`']],
    [
      'an answer without a token',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'),
      ['answered 200 without `access_token`, with a map', 'grant_type=client_credentials'],
    ],
    ['an answer that is no JSON', (response) => response.end('hello'), ['without `access_token`, with no JSON']],
    [
      'a token of another type',
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"x","token_type":"mac"}'),
      ['gives a token of the type mac, and only `Bearer` can be sent'],
    ],
    ['a peer that hangs up', (response) => response.destroy(), ['no token for `auth.oauth2`: ']],
  ])('says why there is none: %s', async (_, answer, words) => {
    answerToken = answer;
    const { exitCode, output } = await run({ a: ask(), b: ask() }, ['-j', '2']);
    expect(exitCode, output).toBe(3);
    expect(output).toContain('no token for `auth.oauth2`: ');
    for (const word of words) expect(output).toContain(word);
    expect(given).toEqual([]);
  });

  it.each([
    ['oauth2: { client_id: a, client_secret: "{{SECRET}}" }', '`auth.oauth2` of `http_request` needs `token_url`'],
    ['oauth2: { token_url: here, client_id: a, client_secret: "{{SECRET}}" }', 'expected an address with `http://`'],
    [
      'oauth2: { token_url: "http://a", client_id: a, client_secret: "{{SECRET}}", scopes: a }',
      'did you mean `scope`?',
    ],
    [
      'oauth2: { token_url: "http://a", client_id: a, client_secret: "{{SECRET}}" }, bearer: a',
      'expected one of `bearer`, `basic`, `api_key` and `oauth2`',
    ],
  ])('is refused where it is none: %s', async (auth, message) => {
    const step = `  - { action: http_request, config: { url: "${server.url}", auth: { ${auth} } } }\n`;
    const { exitCode, errors } = await run({ a: step }, [], 'workers: 1');
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
  });
});
