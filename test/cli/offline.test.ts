import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer } from '../support/servers/http-server.ts';
import { callCommand } from './command.ts';

const TOKEN = 'tok-8831-never-in-a-record';
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'testmesh-offline-'));
});
afterAll(() => rmSync(root, { recursive: true }));

type Files = Readonly<Record<string, string>>;

interface Judged {
  readonly exitCode: number;
  /** Each step with its mark, and why it is not judged. */
  readonly steps: readonly string[];
  readonly text: string;
}

/** Runs flows against a server, closes that, edits the files, and judges them offline. */
class Yesterday {
  readonly folder = mkdtempSync(join(root, 'f-'));
  port = 0;

  async run(files: Files, words: readonly string[] = ['f.yaml']): Promise<Judged> {
    let asked = 0;
    const server = await startHttpServer((request, response) => {
      asked++;
      response.setHeader('content-type', 'application/json');
      const path = request.url ?? '';
      if (path === '/large') return response.end(JSON.stringify({ text: 'x'.repeat(1_200_000) }));
      response.statusCode = path === '/none' ? 404 : 200;
      response.end(JSON.stringify({ path, asked, token: TOKEN, user: 'u1', next: asked < 3 ? 'more' : '' }));
    });
    this.port = server.port;
    try {
      return await this.judge(files, words);
    } finally {
      await server.close();
    }
  }

  async judge(files: Files, words: readonly string[]): Promise<Judged> {
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(this.folder, name), text.replaceAll('URL', `http://127.0.0.1:${this.port}`));
    const flags = ['--color', 'never', '--reporter', 'tree'];
    const { exitCode, output, errors } = await callCommand(['run', ...words, ...flags], { cwd: this.folder });
    const steps = [...output.matchAll(/^ {3,9}([✓✗·!]) (\S+)(?:.*?skipped: (.*))?/gmu)].map(
      ([, mark, id, why = '']) => `${mark} ${id}${why === '' ? '' : `: ${why}`}`,
    );
    return {
      exitCode,
      steps: steps.map((text) => hideRun(text)),
      text: hideRun(output + errors),
    };
  }

  offline(files: Files, more: readonly string[] = []): Promise<Judged> {
    return this.judge(files, ['f.yaml', '--offline', ...more]);
  }
}

function hideRun(text: string): string {
  return text.replaceAll(/\d{8}-\d{6}-[0-9a-f]{4}/g, 'RUN');
}

function flow(...steps: readonly string[]): string {
  return `name: f\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}

const ask = (id: string, path: string, more = ''): string =>
  `{ id: ${id}, action: http_request, config: { url: "URL${path}" }${more} }`;
const LOG_IN = ask('log_in', '/login', ', output: { token: { path: $.body.token, secret: true } }');
const order = (assertions: string, header = 'Bearer {{token}}'): string =>
  `{ id: order, action: http_request, config: { url: "URL/order", headers: { authorization: "${header}" } }, assert: [${assertions}] }`;
const poll = (until: string, timeout = '30s', more = ''): string =>
  `{ id: wait, action: poll, config: { timeout: ${timeout}, interval: 20ms,${more} until: '${until}', step: { id: look, action: http_request, config: { url: "URL/p" } } }, assert: [waited_ms < 5000] }`;

describe('--offline judges edited assertions on the last run, with nobody there', () => {
  it('of steps that need a secret, by the line `again:` and by itself', async () => {
    const day = new Yesterday();
    const first = await day.run({ 'f.yaml': flow(LOG_IN, order('body.user == "u2"')) });
    expect([first.exitCode, first.steps]).toEqual([1, ['✓ log_in', '✗ order']]);
    expect(first.text).toContain('again: testmesh run f.yaml --only log_in,order');
    const edited = { 'f.yaml': flow(LOG_IN, order('body.user == "u1"')) };
    const again = await day.offline(edited, ['--only', 'log_in,order']);
    expect([again.exitCode, again.steps]).toEqual([0, ['✓ log_in', '✓ order']]);
    expect((await day.offline(edited, ['--only', 'order'])).steps).toEqual(['✓ order']);
    const wrong = await day.offline({ 'f.yaml': flow(LOG_IN, order('body.user == "u3"')) });
    expect([wrong.exitCode, wrong.steps]).toEqual([1, ['✓ log_in', '✗ order']]);
    expect(wrong.text).toContain('again: testmesh run f.yaml --offline --only log_in,order');
    const runs = readdirSync(join(day.folder, '.testmesh', 'runs'));
    expect(runs).toHaveLength(1);
    expect(readFileSync(join(day.folder, '.testmesh', 'runs', `${runs[0]}`, 'events.ndjson'), 'utf8')).not.toContain(
      TOKEN,
    );
  });

  it.each<[string, readonly string[], readonly string[], number, readonly string[]]>([
    [
      'a setting that differs is named, and what needs the step is not judged either',
      [ask('a', '/a', ', output: { user: body.user }'), ask('b', '/b/{{user}}'), ask('c', '/c')],
      [ask('a', '/a2', ', output: { user: body.user }'), ask('b', '/b/{{user}}'), ask('c', '/c')],
      0,
      ['· a: not judged: `url` is not as in run RUN', '· b: not judged: it needs `user`: `a` is not judged', '✓ c'],
    ],
    [
      'a capture that is another makes another request',
      [ask('a', '/a', ', output: { user: body.user }'), ask('b', '/b/{{user}}'), ask('c', '/c')],
      [ask('a', '/a', ', output: { user: body.path }'), ask('b', '/b/{{user}}'), ask('c', '/c')],
      0,
      ['✓ a', '· b: not judged: `url` is not as in run RUN', '✓ c'],
    ],
    [
      'what computes does so anew',
      ['{ id: s, action: set, config: { x: 1 + 1 } }', ask('a', '/{{x}}')],
      ['{ id: s, action: set, config: { x: 1 + 2 }, assert: [x == 3] }', ask('a', '/{{x}}')],
      0,
      ['✓ s', '· a: not judged: `url` is not as in run RUN'],
    ],
    [
      'a secret counts by the way it is written, and in another form',
      [LOG_IN, order('status == 200', 'Basic {{base64(token)}}')],
      [LOG_IN, order('status == 201', 'Basic {{base64(token)}}')],
      1,
      ['✓ log_in', '✗ order'],
    ],
    [
      'another secret is another setting',
      [LOG_IN.replace('output: {', 'output: { other: { path: $.body.user, secret: true },'), order('status == 200')],
      [
        LOG_IN.replace('output: {', 'output: { other: { path: $.body.user, secret: true },'),
        order('status == 200', 'Bearer {{other}}'),
      ],
      0,
      ['✓ log_in', '· order: not judged: `headers.authorization` is not as in run RUN'],
    ],
    [
      'a step that was not there has nothing to be judged by',
      [ask('a', '/a')],
      [ask('a', '/a'), ask('b', '/b')],
      0,
      ['✓ a', '· b: not judged: run RUN has no record of it'],
    ],
    ['nothing is judged: 4', [ask('a', '/a')], [ask('a', '/b')], 4, ['· a: not judged: `url` is not as in run RUN']],
    [
      'nothing is judged beside what computes: 4',
      ['{ id: l, action: log, config: { message: x } }', ask('a', '/a')],
      ['{ id: l, action: log, config: { message: x } }', ask('a', '/b')],
      4,
      ['✓ l', '· a: not judged: `url` is not as in run RUN'],
    ],
    [
      'a condition that is new leaves out what needs the step',
      [ask('a', '/a', ', output: { user: body.user }'), ask('b', '/{{user}}')],
      [ask('a', '/a', ', when: 1 == 2, output: { user: body.user }'), ask('b', '/{{user}}'), ask('c', '/c')],
      4,
      [
        '· a: when is false',
        '· b: not judged: it needs `user`: `a` does not run',
        '· c: not judged: run RUN has no record of it',
      ],
    ],
    [
      'a loop takes the rounds that there were',
      [
        '{ id: each, action: for_each, config: { items: [1, 2], steps: [{ id: get, action: http_request, config: { url: "URL/{{item}}" }, assert: [status == 200] }] } }',
      ],
      [
        '{ id: each, action: for_each, config: { items: [1, 2, 3], steps: [{ id: get, action: http_request, config: { url: "URL/{{item}}" }, assert: [status == 200] }] } }',
        ask('z', '/z'),
      ],
      4,
      [
        '· each: not judged: `each[2]>get` in it is not judged',
        '✓ [0]',
        '✓ [1]',
        '· [2]: not judged: run RUN has no record of it',
        '· z: not judged: run RUN has no record of it',
      ],
    ],
    [
      'branches are judged each by itself',
      [
        '{ id: p, action: parallel, config: { branches: [{ name: a, steps: [{ id: x, action: http_request, config: { url: "URL/x" } }] }, { name: b, steps: [{ id: y, action: http_request, config: { url: "URL/y" } }] }] } }',
      ],
      [
        '{ id: p, action: parallel, config: { branches: [{ name: a, steps: [{ id: x, action: http_request, config: { url: "URL/x" }, assert: [status == 201] }] }, { name: b, steps: [{ id: y, action: http_request, config: { url: "URL/y" } }] }] } }',
      ],
      1,
      ['✗ p', '✗ a', '✓ b'],
    ],
    [
      'an error that was expected is there to be expected again',
      ['{ id: a, action: http_request, config: { url: "http://127.0.0.1:1/" }, expect_error: true }'],
      ['{ id: a, action: http_request, config: { url: "http://127.0.0.1:1/" }, expect_error: { code: EOTHER } }'],
      3,
      ['! a'],
    ],
    [
      'an assertion on a secret cannot be judged: 2',
      [LOG_IN],
      [LOG_IN.replace(' output', ' assert: [len(body.token) > 3], output')],
      2,
      ['! log_in'],
    ],
    [
      'nor a capture that something secret goes into',
      [LOG_IN, ask('z', '/z')],
      [LOG_IN.replace('output: {', 'output: { n: "len(body.token)",'), ask('z', '/z')],
      2,
      ['! log_in', '· z'],
    ],
    [
      'nor a condition, nor a variable',
      [LOG_IN, ask('z', '/z')],
      [
        LOG_IN,
        '{ id: s, action: set, config: { n: "len(token)" }, on_error: continue }',
        ask('z', '/z', ', when: len(token) > 3'),
      ],
      2,
      ['✓ log_in', '! s', '! z'],
    ],
    [
      'a result that was too large: 2',
      [ask('a', '/large')],
      [ask('a', '/large', ', assert: [status == 200]')],
      2,
      ['! a'],
    ],
    [
      'an error stays one',
      ['{ id: a, action: http_request, config: { url: "http://127.0.0.1:1/" } }'],
      ['{ id: a, action: http_request, config: { url: "http://127.0.0.1:1/" }, assert: [status == 200] }'],
      3,
      ['! a'],
    ],
    [
      'of several attempts the last counts',
      [ask('a', '/a', ', retry: { max_attempts: 3, delay: 1ms }, assert: [body.asked == 2]')],
      [ask('a', '/a', ', retry: { max_attempts: 9, delay: 1h }, assert: [body.asked == 3]')],
      1,
      ['✗ a'],
    ],
    ['a poll holds at another look', [poll('body.asked >= 3')], [poll('body.asked >= 2')], 2, ['! wait', '✓ look']],
    ['a poll holds at the same look', [poll('body.asked >= 3')], [poll('body.asked == 3')], 0, ['✓ wait', '✓ look']],
    [
      'a poll would look on',
      [poll('body.asked >= 3')],
      [poll('body.asked >= 4')],
      4,
      ['· wait: not judged: run RUN has 3 looks, and it would look on', '✓ look'],
    ],
    [
      'a poll that gave up after its looks does so',
      [poll('body.asked >= 999', '30s', ' max_attempts: 2,')],
      [poll('body.asked >= 998', '30s', ' max_attempts: 2,')],
      1,
      ['✗ wait', '✓ look'],
    ],
    [
      'a poll that gave up does so',
      [poll('body.asked >= 999', '1s')],
      [poll('body.asked >= 998', '1s')],
      1,
      ['✗ wait', '✓ look'],
    ],
    [
      'a poll that gave up and has more time',
      [poll('body.asked >= 999', '30s', ' max_attempts: 3,')],
      [poll('body.asked >= 999', '30s', ' max_attempts: 4,')],
      4,
      ['· wait: not judged: run RUN has 3 looks, and it would look on', '✓ look'],
    ],
    [
      'a poll that gave up would not have',
      [poll('body.asked >= 999', '30s', ' max_attempts: 3,')],
      [poll('body.asked == 2').replace(', assert: [waited_ms < 5000]', '')],
      0,
      ['✓ wait', '✓ look'],
    ],
  ])('%s', async (_title, before, after, exitCode, steps) => {
    const day = new Yesterday();
    await day.run({ 'f.yaml': flow(...before) });
    const judged = await day.offline({ 'f.yaml': flow(...after) });
    expect([judged.exitCode, judged.steps], judged.text).toEqual([exitCode, steps]);
  });

  it('takes each row, each called flow, and what setup left, without setup and teardown', async () => {
    const day = new Yesterday();
    const called = `name: g\nteardown: [{ id: gone, action: log, config: { message: g } }]\n${flow(ask('get', '/{{id}}', ', output: { path: body.path }')).replace('name: f\n', '')}`;
    const text = (assertion: string): string => `name: f
data: [{ n: 1 }, { n: 2 }]
setup: [${ask('before', '/before', ', output: { who: body.user }')}]
steps:
  - { id: call, action: run_flow, config: { flow: g.yaml, input: { id: "{{who}}{{n}}" } }, assert: ['${assertion}'] }
teardown: [${ask('after', '/after')}]
`;
    const first = await day.run({ 'g.yaml': called, 'f.yaml': text('path != ""') });
    expect(first.exitCode, first.text).toBe(0);
    const right = await day.offline({ 'f.yaml': text('path == "/u1" + string(n)') });
    const judged = ['✓ call', '✓ get', '✓ gone'];
    expect([right.exitCode, right.steps], right.text).toEqual([0, [...judged, ...judged]]);
    const wrong = await day.offline({ 'f.yaml': text('path == "/u11"') }, ['--row', '2']);
    expect([wrong.exitCode, wrong.steps], wrong.text).toEqual([1, ['✗ call', '✓ get', '✓ gone']]);
  });

  it('judges the run of a CI job by its blob', async () => {
    const day = new Yesterday();
    await day.run({ 'f.yaml': flow(LOG_IN, order('status == 201')) }, ['f.yaml', '--reporter', 'blob=run.blob']);
    rmSync(join(day.folder, '.testmesh'), { recursive: true });
    const edited = { 'f.yaml': flow(LOG_IN, order('status == 200')) };
    const judged = await day.offline(edited, ['--replay', join(day.folder, 'run.blob')]);
    expect([judged.exitCode, judged.steps], judged.text).toEqual([0, ['✓ log_in', '✓ order']]);
    const none = await day.offline(edited);
    expect([none.exitCode, none.text]).toEqual([
      4,
      'testmesh: --offline: "f" (`f.yaml`) is not judged: there is no record of a run of it\n  = run it once without `--offline`\n',
    ]);
  });

  it('notices that a file is another one that a setting names', async () => {
    const day = new Yesterday();
    const send =
      '{ id: a, action: http_request, config: { method: POST, url: "URL/a", multipart: { part: { file: part.txt } } } }';
    await day.run({ 'part.txt': 'one', 'f.yaml': flow(send) });
    expect((await day.offline({})).steps).toEqual(['✓ a']);
    expect((await day.offline({ 'part.txt': 'two' })).steps).toEqual([
      '· a: not judged: `file of multipart.*.file` is not as in run RUN',
    ]);
  });

  it.each([
    [['--with-deps', '--only', 'a'], '`--offline` contacts nothing, and `--with-deps` runs more than the chosen steps'],
    [
      ['--with-setup', '--only', 'a'],
      '`--offline` contacts nothing, and `--with-setup` runs more than the chosen steps',
    ],
    [['--replay', 'other'], '--replay: there is no record of a run `other`'],
  ])('refuses %s', async (words, message) => {
    const day = new Yesterday();
    const refused = await day.offline({ 'f.yaml': flow(ask('a', '/a')) }, words);
    expect([refused.exitCode, refused.text]).toEqual([2, expect.stringContaining(message)]);
  });
});
