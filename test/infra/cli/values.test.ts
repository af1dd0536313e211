import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { giveVars, projectPath, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of values from outside', 1, 0) > 0);

const timeout = 30_000;

interface Sources {
  readonly words?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Lowest precedence first: each wins over all before it. */
const layers: readonly (Sources & { readonly from: string; readonly value: string })[] = [
  { from: 'env_file', value: 'of-env-file-key' },
  { from: 'env', value: 'of-env' },
  { from: '--env-file given.env', value: 'of-given-env-file', words: ['--env-file', 'given.env'] },
  { from: 'the environment', value: 'of-shell', env: { WHO: 'of-shell' } },
  { from: 'TESTMESH_VAR_WHO', value: 'of-testmesh-var', env: { TESTMESH_VAR_WHO: 'of-testmesh-var' } },
  { from: '--var-file given.yaml', value: 'of-var-file', words: ['--var-file', 'given.yaml'] },
  { from: '--var', value: 'of-var', words: ['--var', 'WHO=of-var'] },
];

describe('a value given from outside', () => {
  const workspace = useWorkspace();
  beforeAll(() => {
    workspace.write('.env.flow', 'WHO=of-env-file-key\n');
    workspace.write('given.env', 'WHO=of-given-env-file\n');
    workspace.write('given.yaml', 'WHO: of-var-file\n');
    workspace.write('other.yaml', 'WHO: of-later-var-file\n');
  });
  const run = (flow: string, { words = [], env = {} }: Sources = {}) => {
    const file = workspace.write(`${workspace.nextName('flow')}.yaml`, flow);
    return runCli(['run', file, ...words], { cwd: workspace.path, env });
  };
  const tell = (env: string, more = '') =>
    `name: n\n${more}${env}steps:\n  - { action: log, config: { message: "WHO is {{WHO}}" } }\n`;

  const indexed = layers.map((layer, index) => ({ ...layer, index }));
  test.concurrent.each(sample('sources of a value', indexed, { count: 1 }))(
    '$from wins over what is below it',
    { timeout },
    async ({ index, from, value }) => {
      const given = layers.slice(0, index + 1);
      const declares = given.some((layer) => layer.from === 'env') ? 'env: { WHO: of-env }\n' : '';
      const ended = await run(tell(declares, 'env_file: .env.flow\n'), {
        words: given.flatMap(({ words = [] }) => words),
        env: Object.assign({}, ...given.map(({ env = {} }) => env)),
      });
      expect(ended.code, ended.output).toBe(0);
      expect(ended.stdout).toContain(`WHO is ${value}`);
      if (index > 1) expect(ended.stdout.split('\n')[0]).toContain(`WHO from ${from}`);
      else expect(ended.stdout).not.toContain('WHO from');
    },
  );

  const kinds = [
    {
      name: 'the later of two files',
      env: 'env: { WHO: x }\n',
      words: ['--var-file', 'given.yaml', '--var-file', 'other.yaml'],
      says: 'WHO is of-later-var-file',
    },
    {
      name: 'the later of two flags',
      env: 'env: { WHO: x }\n',
      words: ['--var', 'WHO=a', '--var', 'WHO=b'],
      says: 'WHO is b',
    },
    {
      name: 'a number by its declared type',
      env: 'env: { WHO: 5 }\n',
      given: { WHO: '7' },
      check: 'type(WHO) == "int" && WHO == 7',
    },
    { name: 'a bool by its declared type', env: 'env: { WHO: false }\n', given: { WHO: 'true' }, check: 'WHO == true' },
    {
      name: 'a list by its declared type',
      env: 'env: { WHO: [1] }\n',
      given: { WHO: '[1, 2]' },
      check: 'WHO == [1, 2]',
    },
    { name: 'text that looks like a number', env: 'env: { WHO: x }\n', given: { WHO: '007' }, check: 'WHO == "007"' },
    {
      name: 'typed JSON',
      env: '',
      words: ['--var', 'WHO:={"a": [9007199254740993]}'],
      check: 'WHO.a[0] == 9007199254740993',
    },
    { name: 'an undeclared text', env: '', words: ['--var', 'WHO=5'], check: 'WHO == "5"' },
    { name: 'nothing, when it is empty', env: 'env: { WHO: kept }\n', given: { WHO: '' }, says: 'WHO is kept' },
  ] as readonly {
    name: string;
    env: string;
    words?: string[];
    given?: Record<string, string>;
    says?: string;
    check?: string;
  }[];
  test.concurrent.each(sample('kinds of values', kinds, { count: 1 }))(
    '$name',
    { timeout },
    async ({ env, words = [], given = {}, says, check }) => {
      const flow = check
        ? `name: n\n${env}steps:\n  - { action: assert, config: { assertions: ['${check}'] } }\n`
        : tell(env);
      const ended = await run(flow, { words, env: given });
      expect(ended.code, ended.output).toBe(0);
      if (says) expect(ended.stdout).toContain(says);
    },
  );

  inFullRun.concurrent('text that does not fit the declared type ends before anything runs', { timeout }, async () => {
    const ended = await run(tell('env: { WHO: 5 }\n'), { env: { WHO: 'many' } });
    expect(ended.code, ended.output).toBe(2);
    expect(ended.stderr).toContain('`WHO` is declared as a number, but the environment gives "many"');
    expect(ended.stdout).toBe('');
  });

  test.concurrent('the shell gives nothing that is not declared, and nothing that every shell has', {
    timeout,
  }, async () => {
    const undeclared = await run(tell(''), { env: { WHO: 'of-shell' } });
    expect(undeclared.code, undeclared.output).toBe(2);
    const usual = await run(
      'name: n\nenv: { LANG: mine }\nsteps:\n  - { action: log, config: { message: "LANG is {{LANG}}" } }\n',
      { env: { LANG: 'C' } },
    );
    expect(usual.stdout).toContain('LANG is mine');
    expect(usual.stderr).toContain('warning');
    const asked = await run(
      'name: n\nsteps:\n  - { action: log, config: { message: "WHO is {{env(\\"WHO\\")}}" } }\n',
      { env: { WHO: 'asked' } },
    );
    expect(asked.stdout, asked.output).toContain('WHO is asked');
  });
});

describeWithStack('an address given from outside', ({ vars, urls, databaseUrl }) => {
  const workspace = useWorkspace();

  inFullRun('the shell leads an example to other services, and the head says so', { timeout }, async () => {
    const example = projectPath('examples/03-database.yaml');
    const env = { PRODUCT_SERVICE_URL: urls.product, DB_URL: databaseUrl };
    const ended = await runCli(['run', example], { cwd: workspace.path, env });
    expect(ended.code, ended.output).toBe(0);
    const head = ended.stdout.split('\n')[0];
    expect(head).toContain(
      `DB_URL (${new URL(databaseUrl).host}/postgres), PRODUCT_SERVICE_URL (${new URL(urls.product).host}) from the environment`,
    );
    expect(head).not.toContain('admin');
  });

  test('all the ways at once', { timeout }, async () => {
    workspace.write('vars.json', JSON.stringify({ DB_URL: vars.DB_URL, KAFKA_BROKERS: vars.KAFKA_BROKERS }));
    workspace.write('urls.env', `USER_SERVICE_URL=${urls.user}\nPRODUCT_SERVICE_URL="${urls.product}" # quoted\n`);
    const words = ['--var-file', 'vars.json', '--env-file', 'urls.env', '--var', `ORDER_SERVICE_URL=${urls.order}`];
    const env = { TESTMESH_VAR_NOTIFICATION_SERVICE_URL: urls.notification };
    const ended = await runCli(['run', projectPath('examples/08-order-journey.yaml'), ...words], {
      cwd: workspace.path,
      env,
    });
    expect(ended.code, ended.output).toBe(0);
  });
});

describe('a secret', () => {
  const workspace = useWorkspace();
  const secrets = {
    PASSWORD: 'pa/ss+wörd"&<x>\'1',
    API_TOKEN: 'tok-0123456789abcdef',
    captured: 'session~of 42%+ü',
  };
  let server: TestServer;
  beforeAll(async () => {
    server = await startHttpServer(async (request, response) => {
      const spelled = Object.values(secrets).flatMap((secret) => [
        secret,
        toBase64(secret),
        encodeURIComponent(secret),
      ]);
      response
        .setHeader('content-type', 'application/json')
        .setHeader('x-session', encodeURIComponent(secrets.captured));
      response.end(
        JSON.stringify({
          session: secrets.captured,
          spelled,
          authorization: request.headers.authorization,
          url: request.url,
        }),
      );
    });
  });
  afterAll(() => server.close());

  const FLOW = `
name: secrets
env: { URL: x, API_TOKEN: ${secrets.API_TOKEN} }
secrets: [API_TOKEN]
steps:
  - id: login
    action: http_request
    config:
      method: POST
      url: "{{URL}}/login"
      query: { token: "{{API_TOKEN}}" }
      auth: { basic: { username: ada, password: "{{PASSWORD}}" } }
      body: { password: "{{PASSWORD}}", note: "is {{API_TOKEN}}" }
    output: { captured: { path: $.body.session, secret: true } }
  - id: use
    name: "with {{captured}}"
    action: http_request
    on_error: continue
    config: { url: "{{URL}}/{{ url_encode(captured) }}", headers: { X-Session: "{{ base64(captured) }}" }, auth: { bearer: "{{API_TOKEN}}" } }
    assert: [body.session == "nobody", 'body.url contains "nothing"', 'len(body.spelled) == 0']
  - { id: say, action: log, config: { message: "{{captured}} {{PASSWORD}} {{ base64(API_TOKEN) }}", data: { it: "{{PASSWORD}}" } } }
  - { id: refused, action: http_request, on_error: continue, config: { url: "http://127.0.0.1:9/?k={{ url_encode(PASSWORD) }}" } }
  - { id: claim, action: assert, config: { data: { x: "{{PASSWORD}}" }, assertions: ['x == "other"'] } }
teardown:
  - { id: logout, action: http_request, config: { url: "{{URL}}/logout?session={{ url_encode(captured) }}" }, assert: [status == 500] }
`;

  test('is in no output, report or record, however it is spelled', { timeout }, async () => {
    workspace.write('secrets.yaml', FLOW);
    const reporters = ['--reporter', 'tree', '--reporter', 'junit=out/r.xml', '--reporter', 'ndjson=out/r.ndjson'];
    const words = [
      'run',
      'secrets.yaml',
      '-vv',
      '--log-level',
      'debug',
      ...reporters,
      ...giveVars({ URL: server.url }),
      '--secret',
      `PASSWORD=${secrets.PASSWORD}`,
    ];
    const ended = await runCli(words, { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toMatch(
      /✓ login[\s\S]*✗ with \*\*\*[\s\S]*✓ say[\s\S]*! refused[\s\S]*✗ claim[\s\S]*✗ logout/,
    );
    expect(ended.stdout).toContain('***');
    const reported = {
      stdout: ended.stdout,
      stderr: ended.stderr,
      junit: workspace.read('out/r.xml'),
      ndjson: workspace.read('out/r.ndjson'),
      record: workspace.readAll('.testmesh'),
    };
    const found = Object.entries(reported).flatMap(([where, text]) =>
      Object.entries(secrets).flatMap(([name, secret]) =>
        spellings(secret)
          .filter((spelling) => text.includes(spelling))
          .map((spelling) => `${name} in ${where}: ${spelling}`),
      ),
    );
    expect(found).toEqual([]);
    expect(reported.record.length).toBeGreaterThan(1000);
  });

  const toBase64 = (text: string): string => Buffer.from(text).toString('base64');
  const spellings = (secret: string): string[] => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    toBase64(secret),
    Buffer.from(secret).toString('base64url'),
    toBase64(`ada:${secret}`),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    new URLSearchParams([['', secret]]).toString().slice(1),
    encodeURI(secret),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    secret.replaceAll("'", "'\\''"),
  ];
});
