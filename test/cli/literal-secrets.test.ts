import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeak } from '../support/leaks/find-leaks.ts';
import { makeLetters } from '../support/leaks/odd-secrets.ts';
import { sample } from '../support/sample.ts';
import { callCommand } from './command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-literals-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = makeLetters(14, 77);
const request = (config: string): string =>
  `  - { id: ask, action: http_request, config: { method: POST, url: "{{s.url}}/x", ${config} }, assert: [status == 1], on_error: continue }`;
const say = (more: string): string =>
  `setup: [{ id: s, action: mock_server_start, config: { routes: [{ path: /x, response: { body: { echo: "{{request.body}} {{request.query}}" } } }] } }]\nsteps:\n${more}`;

/** Flows with a literal secret that TM203 finds. */
const WRITTEN: Readonly<Record<string, string>> = {
  'a variable': `env: { PASSWORD: "${SECRET}" }\n${say(request('body: { p: "{{PASSWORD}}" }'))}`,
  'a variable that is called a token': `env: { A: b, API_TOKEN: "${SECRET}" }\n${say(request('headers: { x-a: "a{{API_TOKEN}}b" }'))}`,
  'a header': say(request(`headers: { X-Api-Key: "${SECRET}" }`)),
  'a header with a scheme': say(request(`headers: { Authorization: "Bearer ${SECRET}" }, query: { a: ${SECRET} }`)),
  'a query': say(request(`query: { api_key: "${SECRET}", b: c }`)),
  'the parameters of an address': say(request('body: 1').replace('/x"', `/x?a=b&api_key=${SECRET}"`)),
  'an address of a variable': `env: { A: "http://localhost/x?access_token=${SECRET}" }\n${say(request('body: { at: "{{A}}" }'))}`,
  'a cookie': say(request(`cookies: { auth_token: "${SECRET}" }`)),
  'a bearer': say(request(`auth: { bearer: "${SECRET}" }, body: { c: "${SECRET}" }`)),
  'an API key': say(request(`auth: { api_key: { header: x-k, value: "${SECRET}" } }, body: { c: "${SECRET}" }`)),
  sasl: say(
    `  - { action: kafka_producer, timeout: 300ms, config: { brokers: "127.0.0.1:1", topic: t, key: k, value: "v${SECRET}", sasl: { mechanism: plain, username: u, password: "${SECRET}" } } }`,
  ),
  'a flow that is called': say(
    '  - { id: c, action: run_flow, config: { flow: called.yaml, input: { U: "{{s.url}}" } } }',
  ),
};

const chosen = sample('places of a secret that is written out', Object.entries(WRITTEN), { count: 5 });

describe.each(chosen)('a secret that is written out in %s', (_title, text) => {
  beforeAll(() => {
    writeFileSync(join(folder, 'one.yaml'), `name: One\n${text}\n`);
    writeFileSync(
      join(folder, 'called.yaml'),
      `name: Called\nenv: { DB_PASS: "${SECRET}" }\nsteps:\n  - { id: a, action: http_request, config: { method: POST, url: "{{U}}/x", body: "{{DB_PASS}}" }, assert: [status == 1] }\n`,
    );
  });

  it.each(['text', 'json', 'sarif', 'github'])('is found and not printed as %s', async (format) => {
    const { output, errors } = await callCommand(['validate', 'one.yaml', '--format', format], { cwd: folder });
    expect(output + errors).toContain('TM203');
    expect(findLeak(output + errors, SECRET)).toBeUndefined();
  });

  it('shows in nothing that a run leaves', async () => {
    const reporters = ['tree', 'ndjson=e.ndjson', 'junit=j.xml'].flatMap((one) => ['--reporter', one]);
    const words = ['run', 'one.yaml', '-vv', ...reporters, '--output-dir', 'out', '--log-level', 'debug'];
    const { output, errors } = await callCommand(words, { cwd: folder });
    expect(errors).not.toContain('nothing ran');
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    const records = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    rmSync(join(folder, 'out'), { recursive: true });
    expect(output).toContain('***');
    for (const shown of [output, errors, read('e.ndjson'), read('j.xml'), ...records])
      expect(findLeak(shown, SECRET)).toBeUndefined();
  });

  it('shows not in the plan of a run', async () => {
    const { output, errors } = await callCommand(['run', 'one.yaml', '--dry-run'], { cwd: folder });
    expect(findLeak(output + errors, SECRET)).toBeUndefined();
  });
});

describe('a password that is a word', () => {
  const find = async (
    head: string,
    words: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<string> => {
    writeFileSync(
      join(folder, 'words.yaml'),
      `name: A user tests the password\n${head}\nsteps:\n  - id: tested\n    action: http_request\n    config: { url: http://localhost/, passwords: 1, usr: "{{PASSWORD}}" }\n    assert: [statuss == 1, password == 2, user == 3]\n`,
    );
    return (await callCommand(['validate', 'words.yaml', ...words], { cwd: folder, env })).errors;
  };

  it.each<[string, string, (readonly string[])?, Record<string, string>?]>([
    ['written out', 'env: { PASSWORD: "password", DB_PASSWORD: "user", TEST_TOKEN: status }'],
    ['written out as a secret', 'secrets: [PASSWORD]\nenv: { PASSWORD: password }'],
    ['given', 'secrets: [PASSWORD]\nenv: { PASSWORD: x1 }', ['--secret', 'PASSWORD=password']],
    [
      'of the environment',
      'env: { PASSWORD: x1 }',
      [],
      { PASSWORD: 'password', PGPASSWORD: 'user', MY_TOKEN: 'status' },
    ],
  ])('hides no names, keys and advice when it is %s', async (_title, head, words = [], env = {}) => {
    const found = await find(head, words, env);
    expect(found).toContain('`statuss`');
    expect(found).toContain('did you mean `status`?');
    expect(found).toContain('unknown name `password`');
    expect(found).toContain('assert: [statuss == 1, password == 2, user == 3]');
    expect(found).not.toMatch(/PASSWORD: "?password\b/);
  });

  it('hides no name of a variable as other tools fill it in', async () => {
    expect(await find('env: { API_TOKEN: "%API_TOKEN%" }')).toContain('2 | env: { API_TOKEN: "%API_TOKEN%" }');
  });

  it('has carets below its name, and stars in the place of its value', async () => {
    const lines = (await find('env: { DB_PASSWORD: "user", A: b }')).split('\n');
    const at = lines.findIndex((line) => line.includes('2 | env: { DB_PASSWORD: ******, A: b }'));
    expect(lines[at + 1]?.trim()).toBe('|        ^^^^^^^^^^^');
  });

  it('is shown by a run, but in its variables', async () => {
    writeFileSync(
      join(folder, 'run.yaml'),
      'name: A test\nenv: { PASSWORD: "test", DB_PASSWORD: "password" }\nsteps: [{ action: log, config: { message: "a test of a password" } }]',
    );
    const { output } = await callCommand(['run', 'run.yaml', '--reporter', 'ndjson'], { cwd: folder });
    expect(output).toContain('a test of a password');
    expect(output).toContain('"PASSWORD":"***","DB_PASSWORD":"***"');
  });
});
