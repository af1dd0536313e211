import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAllReporters, readAllReports } from '../support/leaks/all-reports.ts';
import { expectNoLeak, findLeak } from '../support/leaks/find-leaks.ts';
import { makeLetters, ODD_SECRETS, SAMPLE } from '../support/leaks/odd-secrets.ts';
import { CAPTURE_PLACES, HTTP_PLACES, WRITTEN_PLACES } from '../support/leaks/places.ts';
import { type Speller, startSpeller } from '../support/leaks/speller.ts';
import { sample } from '../support/sample.ts';
import { callCommand } from './command.ts';

let folder: string;
let server: Speller;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-leaks-'));
  server = await startSpeller();
  writePlaces('given', HTTP_PLACES, 'secrets: [S]\nenv: { S: none }');
  writePlaces('learned', CAPTURE_PLACES, '');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function writePlaces(name: string, places: Readonly<Record<string, string>>, head: string): void {
  mkdirSync(join(folder, name));
  for (const [place, steps] of sample(`places of a ${name} secret`, Object.entries(places), { count: 2 })) {
    writeFileSync(join(folder, name, `${place}.yaml`), `name: ${place}\n${head}\nsteps:\n${steps}`);
  }
}

/** Everything that a run leaves, by flow where it says which: the tree, both files, the record, the log. */
async function runPlaces(name: string, env: Record<string, string>): Promise<Readonly<Record<string, string>>> {
  const words = ['run', name, '-vv', ...askAllReporters('reports'), '--log-level', 'debug', '--output-dir', 'out'];
  const { exitCode, output, errors } = await callCommand(
    [...words, '--var', `URL=${server.url}`, '--var', `HOST=${server.peer}`],
    { cwd: folder, env },
  );
  expect(errors).not.toContain('nothing ran');
  expect(exitCode).not.toBe(70);
  const record = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  rmSync(join(folder, 'out'), { recursive: true });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return { output, log: errors, record: record.join('\n'), ...readAllReports('reports', read) };
}

describe.each(SAMPLE)('a secret with %s', (name) => {
  const secret = ODD_SECRETS[name] ?? '';

  it('shows nowhere when it is given', async () => {
    expectNoLeak(await runPlaces('given', { S: secret }), secret);
  });

  it('shows nowhere in the plan of a run that gives it', async () => {
    const { output, errors } = await callCommand(
      ['run', 'given', '--dry-run', '--var', `URL=${server.url}`, '--var', `HOST=${server.peer}`],
      { cwd: folder, env: { S: secret } },
    );
    expect(output).toContain('nothing ran: ');
    expectNoLeak({ output, errors }, secret);
  });

  it('shows nowhere when it is learned from an answer', async () => {
    server.known = secret;
    expectNoLeak(await runPlaces('learned', {}), secret);
  });
});

it.each(sample('ways to write a learned secret', Object.keys(WRITTEN_PLACES), { count: 2 }))(
  'a secret that is learned as it is written %s shows nowhere as it is meant',
  async (place) => {
    const secret = ODD_SECRETS['400 signs'] ?? '';
    server.known = secret;
    writePlaces(`written ${place}`, { written: WRITTEN_PLACES[place] ?? '' }, '');
    expectNoLeak(await runPlaces(`written ${place}`, {}), secret);
  },
);

it('finds what is shown', () => {
  const secret = makeLetters(20, 99);
  for (const text of [secret, Buffer.from(`me:${secret}`).toString('base64'), `"${secret.slice(0, 9)}…`])
    expect(findLeak(text, secret)).toBeDefined();
});

describe('what nobody declared', () => {
  const run = async (
    steps: string,
    env: Record<string, string> = {},
    more: readonly string[] = [],
  ): Promise<string> => {
    writeFileSync(join(folder, 'one.yaml'), steps);
    const words = [
      'run',
      'one.yaml',
      '-vv',
      '--log-level',
      'debug',
      '--output-dir',
      'one',
      '--reporter',
      'tree',
      '--reporter',
      'ndjson=one.ndjson',
    ];
    const { output, errors } = await callCommand([...words, ...more], { cwd: folder, env });
    expect(errors).not.toContain('nothing ran');
    const record = readdirSync(join(folder, 'one/runs')).map((name) =>
      readFileSync(join(folder, 'one/runs', name, 'events.ndjson'), 'utf8'),
    );
    rmSync(join(folder, 'one'), { recursive: true });
    return [output, errors, readFileSync(join(folder, 'one.ndjson'), 'utf8'), ...record].join('\n');
  };
  beforeAll(() => writeFileSync(join(folder, 'one.env'), 'API_TOKEN=q8Zk_Wm3rT\n'));
  const QUERY = 'action: database_query, timeout: 200ms, config: { connection: "{{DB}}", query: SELECT 1 }';
  const SAY =
    '{ action: log, config: { message: "with {{DB}}" } }, { action: assert, config: { data: { a: "{{DB}}" }, assertions: [a == 1] } }';

  it.each(
    sample(
      'addresses with a password',
      [
        ['that the file holds', 'env: { DB: "postgres://app:k9-Ru!x_2q@127.0.0.1:1/db" }', {}],
        [
          'of the environment',
          'env: { DB: postgres://127.0.0.1:1/db }',
          { DB: 'postgres://app:k9-Ru!x_2q@127.0.0.1:1/db' },
        ],
        ['that is put together', 'env: { PW: k9-Ru, DB: "postgres://app:{{PW}}!x_2q@127.0.0.1:1/db" }', {}],
        [
          'with a password among its parameters',
          'env: { DB: "postgres://127.0.0.1:1/db?user=app&password=k9-Ru!x_2q" }',
          {},
        ],
        ['in words', 'env: { DB: none }', { DB: 'host=127.0.0.1:1/db user=app password=k9-Ru!x_2q dbname=orders' }],
        ['in words that the file holds', `env: { DB: "host=127.0.0.1:1/db password = 'k9-Ru!x_2q' user=app" }`, {}],
        ['in words of others', 'env: { DB: none }', { DB: 'Server=127.0.0.1:1/db;User Id=app;Password=k9-Ru!x_2q;' }],
        ['with its password escaped', 'env: { DB: "postgres://app:k9%2DRu%21x_2q@127.0.0.1:1/db" }', {}],
      ],
      { count: 3 },
    ),
  )('hides the password of an address %s', async (_title, head, env) => {
    const shown = await run(
      `name: Address\n${head}\nsteps: [{ ${QUERY} }, ${SAY}]\nteardown: [${SAY}, { action: log, config: { message: "k9-Ru!x_2q" } }]`,
      env,
    );
    expect(shown).toContain('127.0.0.1:1/db');
    expect(findLeak(shown, 'k9-Ru!x_2q')).toBeUndefined();
  });

  it('hides the key of `auth` in the query also in the url of the result and what is captured of it', async () => {
    const key = 'q8Zk_Wm3rT';
    const request = `{ id: a, action: http_request, config: { url: "${server.url}/json", auth: { api_key: { query: key, value: ${key} } } }, output: { at: url } }`;
    const shown = await run(
      `name: Key\nsteps:\n  - ${request}\n  - { action: log, config: { message: "at {{at}}" } }\n  - { action: assert, config: { assertions: ["at == 1"] } }`,
    );
    expect(shown).toContain('/json?key=***');
    expect(findLeak(shown, key)).toBeUndefined();
  });

  it.each([
    ['postgres', 'database_query', 'connection', '`connection` is not a valid URL', ''],
    ['redis', 'redis.get', 'url', '`url` is not a valid URL', ''],
    ['http', 'http_request', 'url', '`url` is not a valid address', ''],
    ['postgres', 'database_query', 'connection', '`connection` is not a valid URL', 'y@'],
    ['redis', 'redis.get', 'url', '`url` is not a valid URL', 'y@'],
    ['http', 'http_request', 'url', '`url` is not a valid address', 'y@'],
  ])(
    'hides the password of an address of %s that nobody escaped, and says so',
    async (scheme, action, setting, wrong, before) => {
      const more = { database_query: ', query: SELECT 1', 'redis.get': ', key: k' }[action] ?? '';
      const shown = await run(
        `name: Address\nenv: { DB: none }\nsteps: [{ action: ${action}, config: { ${setting}: "{{DB}}"${more} } }]\nteardown: [${SAY}]`,
        { DB: `${scheme}://app:${before}k9/Ru!x#2q?zW@127.0.0.1:1/db` },
      );
      expect(shown).toContain(`${wrong}: the password in it has to be percent-encoded`);
      expect(shown).toContain('`/`, `?`, `#` and `%` are written');
      expect(shown).toContain(`"DB":"${scheme}://app:***@127.0.0.1:1/db"`);
      expect(findLeak(shown, 'k9/Ru!x#2q?zW')).toBeUndefined();
    },
  );

  it('hides the password of an address that a setting holds, in the lines of the file as well', async () => {
    const shown = await run(
      'name: Address\nsteps:\n  - { action: database_query, config: { connection: "postgres://app:k9-Ru!x_2q@127.0.0.1:1/db", query: SELECT 1 } }',
    );
    expect(shown).toContain('postgres://app:***@127.0.0.1:1/db');
    expect(findLeak(shown, 'k9-Ru!x_2q')).toBeUndefined();
  });

  it('leaves alone a short password, and one that is called like what stands beside it, but in the variables of the record', async () => {
    const shown = await run(
      'name: Address\nenv: { DB: "postgres://root:admin@127.0.0.1:1/db", TWO: "postgres://appuser1:appuser1@127.0.0.1:1/appuser1" }\nsteps: [{ action: log, config: { message: "an admin and appuser1" } }]',
    );
    expect(shown).toContain('an admin and appuser1');
    expect(shown).not.toContain('root:admin@');
    expect(shown).not.toContain('appuser1:appuser1@');
  });

  it.each(
    sample(
      'secrets of the environment',
      [
        ['a declared variable', 'env: { API_TOKEN: none }', '{{API_TOKEN}}'],
        ['a variable that has to come', 'env: { API_TOKEN: "${API_TOKEN}" }', '{{API_TOKEN}}'],
        ['a file', 'env_file: one.env', '{{API_TOKEN}}'],
        ['the function', 'env: { A: b }', '{{env("API_TOKEN")}}'],
      ],
      { count: 2 },
    ),
  )('hides what is called a secret and came from the environment by %s', async (_title, head, use) => {
    const shown = await run(
      `name: Environment\n${head}\nsteps: [{ action: log, config: { message: 'with ${use}' } }]`,
      { API_TOKEN: 'q8Zk_Wm3rT' },
    );
    expect(shown).toContain('with ***');
    expect(findLeak(shown, 'q8Zk_Wm3rT')).toBeUndefined();
  });

  it('hides in the name of a flow what a column of its data holds that is called a secret', async () => {
    writeFileSync(join(folder, 'users.csv'), 'who,password,api_token\nada,rw1-Tk8wQz3Lm5,at1-Tk8wQz3Lm5\n');
    const shown = await run(
      'name: Log in\ndata: users.csv\nsteps: [{ action: assert, config: { data: { a: 1 }, assertions: [a == 2] } }]',
    );
    expect(shown).toContain('Log in [row 1: who=ada, password=***, api_token=***]');
    expect(shown).not.toContain('Tk8wQz3Lm5');
  });

  it('hides a secret whose letters were made capital ones', async () => {
    const shown = await run(
      'name: Case\nsecrets: [PW]\nenv: { PW: hunter2-Secr8t }\nsteps: [{ action: log, config: { message: "with {{upper(PW)}} and {{lower(PW)}}" } }, { action: assert, config: { data: { a: "x{{upper(PW)}}" }, assertions: [a == 1] } }]',
    );
    expect(shown).toContain('with *** and ***');
    expect(shown).not.toMatch(/hunter2-|secr8t/i);
  });

  it('points at what is false in a line in which something is masked', async () => {
    const shown = await run(
      'name: Carets\nsecrets: [PW]\nenv: { PW: hunter2-Secr8t }\nsteps:\n  - { action: assert, config: { data: { a: hunter2-Secr8t, c: hunter2-Secr8t }, assertions: [c == "2"] } }',
    );
    const lines = shown.split('\n');
    const marked = lines.findIndex((line) =>
      line.includes('5 |   - { action: assert, config: { data: { a: ***, c: *** }'),
    );
    expect(lines[marked + 1]?.indexOf('^')).toBe(lines[marked]?.indexOf('c == "2"'));
    expect(shown).toContain('one.yaml:5   c == "2"');
  });

  it('hides the beginning and the end of a secret, alone and in a text', async () => {
    const shown = await run(
      'name: Slices\nsecrets: [PW]\nenv: { PW: hunter2-Secr8t-more }\nsteps: [{ action: log, config: { message: "http://h/{{PW[0:9]}}/x and {{PW[7:]}}" } }, { action: assert, config: { data: { a: "{{PW[0:10]}}", b: ["{{PW[8:]}}"] }, assertions: ["a == 1", "PW[0:9] == 1", "b == [PW[6:]]"] } }]',
    );
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/hunter2-|ecr8t-more/);
  });

  const captures = [
    'password: $.body.user.password',
    'pw: $.body.user.password',
    'pw: body.user.password',
    'pw: $..password',
  ];
  it.each(sample('captures of a password', captures, { count: 2 }))(
    'hides what is captured of a password: %s',
    async (capture) => {
      const shown = await run(
        `name: Captured\nsteps: [{ id: s, action: mock_server_start, config: { routes: [{ path: /, response: { body: { user: { password: zq7-Kw2mTp } } } }] } }, { id: get, action: http_request, config: { url: "{{s.url}}/" }, assert: [status == 200], output: { ${capture} } }, { action: log, config: { message: 'with {{${capture.split(':')[0]}}}' } }]`,
      );
      expect(shown).toContain('(secret)');
      expect(shown.replaceAll(/^.*\|.*$/gm, '')).toContain('***');
      expect(findLeak(shown, 'zq7-Kw2mTp')).toBeUndefined();
    },
  );

  it.each(
    sample(
      'places where a password does not belong',
      [
        [
          'a list',
          '{ action: for_each, config: { items: "{{get.body.password}}", steps: [{ action: log, config: { message: x } }] } }',
        ],
        ['a duration', '{ action: delay, config: { duration: "{{get.body.password}}" } }'],
        ['a number', '{ action: log, config: { message: "{{int(values(get.body)[0])}}", data: "{{get.body}}" } }'],
        [
          'a condition',
          '{ action: if, config: { condition: "first(values(get.body)) > 5", then: [{ action: log, config: { message: x } }] } }',
        ],
        ['a variable', '{ action: set, config: { a: "first(values(get.body)) + 1" } }'],
      ],
      { count: 2 },
    ),
  )('hides a password that came where %s belongs', async (_title, step) => {
    const shown = await run(
      `name: Wrong\nsteps: [{ id: s, action: mock_server_start, config: { routes: [{ path: /, response: { body: { password: zq7-Kw2mTp } } }] } }, { id: get, action: http_request, config: { url: "{{s.url}}/" }, assert: [status == 200] }, ${step}]`,
    );
    const lines = shown.replaceAll(/^.*\|.*$/gm, '').replaceAll(/"excerpt":\[.*?\]/g, '');
    expect(lines).toContain('***');
    expect(findLeak(lines, 'zq7-Kw2mTp')).toBeUndefined();
  });

  it('leaves alone what is said about a secret, and short values but for the variables of the record', async () => {
    const env = { TOKEN_URL: 'http://localhost/token', PASSWORD: 'test' };
    const shown = await run(
      'name: Environment\nenv: { TOKEN_URL: x, PASSWORD: y }\nsteps: [{ action: log, config: { message: "a test of {{TOKEN_URL}}" } }]',
      env,
    );
    expect(shown).toContain('a test of http://localhost/token');
    expect(shown).toContain('"PASSWORD":"***"');
  });
});

describe('what stands where credentials do', () => {
  const LOG_IN = `
name: Log in
steps:
  - action: http_request
    config: { method: POST, url: "{{URL}}/plain", body: { user: ada, password: zq7 Wk'2 }, AUTH }
    assert: [status == 1]
    on_error: continue
  - action: assert
    config: { data: { body: { password: zq7 Wk'2, n: 12 } }, assertions: ["body.n == 13"] }
`;
  it.each(
    sample(
      'credentials of requests',
      [
        ['bearer: "zq7 Wk\'2"', '-H "authorization: Bearer $TOKEN"'],
        ['basic: { username: me, password: "zq7 Wk\'2" }', '-H "authorization: Basic $TOKEN"'],
        ['api_key: { header: X-Key, value: "zq7 Wk\'2" }', '-H "X-Key: $TOKEN"'],
        ['api_key: { query: key, value: "zq7 Wk\'2" }', '/plain?key=***'],
      ],
      { count: 1 },
    ),
  )('is not shown, nor masked elsewhere: auth: { %s }', async (auth, byHand) => {
    writeFileSync(join(folder, 'log-in.yaml'), LOG_IN.replace('AUTH', `auth: { ${auth} }`));
    const words = [
      'run',
      'log-in.yaml',
      '-vv',
      '--reporter',
      'tree',
      '--reporter',
      'ndjson=l.ndjson',
      '--output-dir',
      'l',
    ];
    const { output } = await callCommand([...words, '--var', `URL=${server.url}`], { cwd: folder });
    const shown =
      output + readFileSync(join(folder, 'l.ndjson'), 'utf8').replaceAll(/"(?:excerpt|url)":(?:\[.*?\]|".*?")/g, '');
    expect(shown).toContain(byHand);
    expect(shown.replaceAll(/^.*\|.*$/gm, '')).not.toContain("zq7 Wk'2");
    expect(shown).not.toContain(Buffer.from("me:zq7 Wk'2").toString('base64'));
  });
});

describe('what differs from what is expected', () => {
  const START =
    '- { id: stub, action: mock_server_start, config: { routes: [{ method: POST, path: /a, match: { headers: { authorization: Bearer good-Zq7K }, body: { password: right-Zq7K } }, response: { status: 200 } }] } }';
  const ASK =
    '- { action: http_request, on_error: continue, config: { method: POST, url: "{{stub.url}}/a", headers: { Authorization: Bearer zq7-Kw2mTp }, CONTENT }, assert: [status == 404, "body.nearest.differs == []"] }';
  const verify = (expected: string): string =>
    `- { action: mock_server_verify, on_error: continue, config: { server: stub, ${expected} } }`;
  const JSON_BODY = 'body: { user: ada, password: zq7-Kw2mTp, old: [{ passwd: zq7-Kw2mTp }] }';

  const differing = [
    ['of a header', [START, ASK, verify('headers: { Authorization: Bearer other-Zq7K }')], JSON_BODY],
    ['of Basic in a header', [START, ASK, verify('headers: { Authorization: Basic eDp5MTIzNDU2 }')], JSON_BODY],
    ['of a field', [START, ASK, verify('body: { password: other-Zq7K, user: bob }')], JSON_BODY],
    ['of a field below a list', [START, ASK, verify('body: { old: [{ passwd: other-Zq7K }] }')], JSON_BODY],
    ['of a form', [START, ASK, verify('form: { password: other-Zq7K }')], 'form: { user: ada, password: zq7-Kw2mTp }'],
    [
      'of a form with two',
      [START, ASK, verify('form: { password: other-Zq7K }')],
      'form: { password: [zq7-Kw2mTp, zq7-Kw2mTp] }',
    ],
    ['of a text like a form', [START, ASK], 'body: password=zq7-Kw2mTp&password=zq7-Kw2mTp'],
    ['of a query', [START, ASK, verify('query: { password: other-Zq7K }')], 'query: { password: zq7-Kw2mTp }'],
    [
      'of an expression',
      [START, ASK, verify(`where: 'request.form.password == "other-Zq7K"'`)],
      'form: { user: ada, password: zq7-Kw2mTp }',
    ],
    ['of a request that no route takes', [START.replace('{ routes', '{ unmatched: fail, routes'), ASK], JSON_BODY],
    [
      'in the looks of a poll',
      [
        '- { id: me, action: mock_server_start, config: { routes: [{ path: /, response: { body: { password: zq7-Kw2mTp } } }] } }',
        '- { action: poll, config: { timeout: 300ms, interval: 10ms, step: { action: http_request, config: { url: "{{me.url}}/" } }, until: "body.password == 1" } }',
      ],
      '',
    ],
    [
      'in the looks of a poll over all that came',
      [
        `- { id: me, action: mock_server_start, config: { routes: [{ path: /, response: { body: { password: zq7-Kw2mTp, list: [${'a long word, '.repeat(20)}] } } }] } }`,
        '- { action: poll, config: { timeout: 300ms, interval: 10ms, step: { action: http_request, config: { url: "{{me.url}}/" } }, until: "values(body)[0] == 1" } }',
      ],
      '',
    ],
  ] as const;
  it.each(sample('what differs and has a password', differing, { count: 4 }))(
    'shows no password: %s',
    async (_title, steps, content) => {
      const flow = `name: Differs\nsteps:\n${steps.join('\n').replace('CONTENT', content)}\n`;
      writeFileSync(join(folder, 'differs.yaml'), flow.replaceAll(/^-/gm, '  -'));
      const reporters = ['tree', 'ndjson=d.ndjson', 'junit=d.xml'].flatMap((one) => ['--reporter', one]);
      const words = ['run', 'differs.yaml', '-vv', ...reporters, '--output-dir', 'd'];
      const { output, exitCode } = await callCommand(words, { cwd: folder });
      expect([output, exitCode]).toEqual([output, 1]);
      const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
      const events = read('d.ndjson')
        .trim()
        .split('\n')
        .map((line) => JSON.stringify(JSON.parse(line, (key, value) => (key === 'excerpt' ? undefined : value))));
      const shown = [output, ...events, read('d.xml')].join('\n');
      // The lines of the file are the author's.
      const lines = shown.replaceAll(/^.*\|.*$/gm, '');
      expect(lines).toContain('***');
      expect(findLeak(lines, 'zq7-Kw2mTp')).toBeUndefined();
      if (content !== '') expect(lines.replaceAll(/`[^`]*`/g, '')).not.toContain('-Zq7K');
    },
  );
});

describe('a slip of the hand', () => {
  /** What a command prints about files of the folder. */
  const say = async (words: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { exitCode, output, errors } = await callCommand(words, { cwd: folder });
    expect(exitCode).toBe(2);
    return output + errors;
  };
  const FLOW =
    'name: Slip\nsecrets: [PW]\nenv: { PW: none }\nsteps: [{ action: log, config: { message: "{{PW}}" } }]\n';

  it.each([
    ['run', 'slip.yaml', '--secret', 'PW', 'hunter2-Secr8t'],
    ['run', '--secret', 'PW', 'hunter2-Secr8t'],
    ['validate', 'slip.yaml', '--secret', 'PW', '=', 'hunter2-Secr8t'],
    ['mock', '--secret', 'PW', 'hunter2-Secr8t'],
    ['run', 'slip.yaml', '--secret', 'PW=', 'hunter2-Secr8t'],
  ])('repeats nothing of a secret without its `=`: %s %s %s %s %s', async (...words) => {
    const shown = await say(
      words.filter((word) => word !== undefined),
      { 'slip.yaml': FLOW },
    );
    expect(shown).toContain('--secret');
    expect(shown).not.toMatch(/PW|hunter2|Secr8t/);
  });

  it('takes a pattern beside an empty secret', async () => {
    writeFileSync(join(folder, 'slip.yaml'), FLOW);
    const { exitCode } = await callCommand(['validate', 'sli*.yaml', '--secret', 'PW='], { cwd: folder });
    expect(exitCode).toBe(0);
  });

  it.each([
    ['an anchor', 'PW: &hunter2-Secr8t\n', 'v.yaml:2:5: the value of `PW` is not YAML as it was meant'],
    ['text behind a quote', 'PW: "hunter2" Secr8t\n', 'v.yaml:2:5: the value of `PW`'],
    ['a colon', 'PW: hunter2: Secr8t\n', 'v.yaml:2:5: the value of `PW`'],
    ['a sign', 'PW: @hunter2-Secr8t\n', 'v.yaml:2:5: the value of `PW`'],
    ['a tag', 'PW: !hunter2-Secr8t\n', 'v.yaml:2:5: the value of `PW`'],
    ['an alias', 'PW: *hunter2-Secr8t\n', 'v.yaml:2:5: the value of `PW`'],
    ['an escape', 'PW: "hunter2\\qSecr8t"\n', 'the value of `PW`'],
    ['an open quote', 'PW: "hunter2-Secr8t\n', 'v.yaml:2:5: the value of `PW`'],
    ['a second line', 'PW: x\n hunter2-Secr8t: y\n', 'the value of `PW`'],
  ])('shows the key alone of a file of variables with %s', async (_title, line, expected) => {
    const files = { 'slip.yaml': FLOW, 'v.yaml': `A: 1\n${line}` };
    const shown = await say(['run', 'slip.yaml', '--var-file', 'v.yaml'], files);
    expect(shown).toContain(expected);
    expect(shown).not.toMatch(/hunter2|Secr8t/);
  });

  it('shows the key alone of a file of variables in JSON', async () => {
    const files = { 'slip.yaml': FLOW, 'v.json': '{\n  "A": 1,\n  "PW": "hunter2-Secr8t\n}\n' };
    const shown = await say(['run', 'slip.yaml', '--var-file', 'v.json'], files);
    expect(shown).toContain('v.json:3:9: the value of `PW` is not JSON');
    expect(shown).not.toMatch(/hunter2|Secr8t/);
  });

  it.each(
    sample(
      'data that cannot be read',
      [
        ['a short row', 'd.csv', 'ID,PW,N\n1,ok-Secr8t\n', 'the row has 2 cells'],
        ['a long row', 'd.csv', 'ID,PW\n1,hunter2,Secr8t\n', 'd.csv:2:1'],
        ['an open quote', 'd.csv', 'ID,PW\n1,"hunter2-Secr8t\n2,x\n', 'the quote that opens here is not closed'],
        ['a quote inside', 'd.csv', 'ID,PW\n1,hunter2"Secr8t\n', 'a quote is inside a cell'],
        ['no head', 'd.csv', 'Secr8t-1,hunter2 x\n1,2\n', "cannot be a variable's name"],
        ['a row that is no map', 'd.json', '[{"PW":"a"},"hunter2-Secr8t"]', 'got a single value'],
        ['text behind a quote', 'd.json', '[{"PW":"hunter2"Secr8t"}]', 'this is not JSON from here on'],
        ['a missing column', 'd.yaml', '- { PW: hunter2-Secr8t, B: 1 }\n- { PW: hunter3-Secr8t }\n', 'has no `B`'],
        ['a tag', 'd.yaml', '- PW: !hunter2-Secr8t\n', 'TM011'],
      ],
      { count: 2 },
    ),
  )('shows no line of data with %s', async (_title, name, data, expected) => {
    for (const head of ['secrets: [PW]', ...(data.includes('PW') ? ['description: by name'] : [])]) {
      const text = head.startsWith('secrets') ? data : data.replaceAll('PW', 'PASSWORD');
      const flow = `name: Slip\n${head}\ndata: ${name}\nsteps: [{ action: log, config: { message: x } }]\n`;
      for (const format of ['text', 'json']) {
        const shown = await say(['validate', 'slip.yaml', '--format', format], { 'slip.yaml': flow, [name]: text });
        expect(shown).toContain(expected.replace('d.csv:2:1', format === 'text' ? 'd.csv:2:1' : '"line": 2'));
        expect(shown).not.toMatch(/hunter|Secr8t/);
      }
    }
  });

  const slips = [
    ['an open quote', 'PW: "hunter2-Secr8t'],
    ['an open bracket', 'PW: [hunter2-Secr8t'],
    ['an open brace', 'PW: { a: "hunter2 Secr8t'],
    ['a colon', 'PW: hunter2: Secr8t'],
    ['an open quote elsewhere', 'PW: hunter2-Secr8t\n  A: "x'],
    ['an equals sign', 'PW=hunter2-Secr8t'],
    ['an equals sign among blanks', 'PW = hunter2-Secr8t\n  A: 1'],
    ['no colon', 'PW hunter2-Secr8t\n  A: 1'],
    ['no blank', 'PW:hunter2-Secr8t'],
    ['a tag', 'PW: !hunter2 Secr8t\n  A: "x'],
    ['an escape', 'PW: "hunter2\\qSecr8t'],
    ['lines', 'PW: "hunter2-ab\n    Secr8t: x" y'],
    ['a block', 'PW: |\n    hunter2-ab\n   Secr8t: x'],
    ['a key in quotes', '"PW": "hunter2-Secr8t'],
  ] as const;
  it.each(sample('slips in the file of a flow', slips, { count: 4 }))(
    'shows nothing of a secret in the file of a flow with %s',
    async (_title, line) => {
      for (const [name, secrets] of [
        ['PW', 'secrets: [PW]'],
        ['PW', 'secrets:\n  - B\n  - PW'],
        ['API_TOKEN', 'description: by its name'],
      ] as const) {
        if (name !== 'PW' && /PW[^:"]|PW:h/.test(line)) continue;
        const flow = `name: Slip\n${secrets}\nenv:\n  ${line.replaceAll('PW', name)}\nsteps: [{ action: log, config: { message: x } }]\n`;
        for (const format of ['text', 'json', 'github', 'sarif'])
          expect(await say(['validate', 'slip.yaml', '--format', format], { 'slip.yaml': flow })).not.toMatch(
            /hunter|Secr8t/,
          );
      }
    },
  );

  describe.each([
    [
      'a list in the place of a value',
      '{ API_SECRET: hunter2-Secr8t, DB_PASSWORD: "hunter3 Secr8t", PORT: [1] }',
      'up',
      'TM103',
    ],
    ['an unknown key', '{ API_SECRET: hunter2-Secr8t, PORT: 1 }', 'up" , x: "', 'TM101'],
    ['values on lines of their own', '\n      API_SECRET: hunter2-Secr8t\n      PORT: [1]', 'up', 'TM103'],
    ['a pattern that is none', '{ API_SECRET: hunter2-Secr8t }', '(up', 'TM110'],
    ['an open quote', '\n      API_SECRET: hunter2-Secr8t\n      A: "x', 'up', 'TM007'],
  ])('in testmesh.yaml: %s', (_title, env, ready, code) => {
    it.each(sample('formats of findings', ['text', 'json', 'github', 'sarif'], { count: 1 }))(
      'shows no value of a service that is called a secret, as %s',
      async (format) => {
        const project = join(folder, 'project');
        mkdirSync(project, { recursive: true });
        const services = `services:\n  pay:\n    command: node pay.js\n    env: ${env}\n    ready: { log: "${ready}" }\n`;
        writeFileSync(join(project, 'testmesh.yaml'), services);
        writeFileSync(
          join(project, 'f.yaml'),
          'name: Needs a service\nenv: { PAY: "{{services.pay.url}}" }\nsteps: [{ action: http_request, config: { url: "{{PAY}}" }, assert: [status == 200] }]\n',
        );
        const commands = [
          ['validate', 'f.yaml', '--format', format],
          ...(format === 'text' ? [['run', 'f.yaml'], ['up']] : []),
        ];
        for (const words of commands) {
          const { exitCode, output, errors } = await callCommand(words, { cwd: project });
          expect([output + errors, exitCode]).toEqual([output + errors, 2]);
          expect(output + errors).toContain(code);
          expect(output + errors).not.toMatch(/hunter|Secr8t/);
        }
      },
    );
  });

  it('shows the lines that hold no secret', async () => {
    const flow =
      'name: Slip\nsecrets: [PW]\nenv: { A: "{{PW}}", PW: hunter2-Secr8t }\nsteps:\n  - action: log\n    config: { message: "with {{PW}} }\n';
    const shown = await say(['validate', 'slip.yaml'], { 'slip.yaml': flow });
    expect(shown).toContain('config: { message: "with {{PW}} }');
  });
});
