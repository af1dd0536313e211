import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { bin, expectNoCrash, giveVars, readEvents, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { findElements, readXml } from '../../support/xml.ts';

const inFullRun = test.runIf(repeats('further tests of the command', 1, 0) > 0).concurrent;

const timeout = 30_000;
const ESCAPE = String.fromCharCode(27);

const PASSES = 'name: passes\nsteps:\n  - { id: say, action: log, config: { message: hello } }\n';
const FAILS = 'name: fails\nsteps:\n  - { id: claim, action: assert, config: { assertions: ["1 == 2"] } }\n';
const ERRORS = 'name: errors\nsteps:\n  - { id: ask, action: http_request, config: { url: "http://127.0.0.1:9/" } }\n';
const INVALID = 'name: invalid\nstepz: []\n';

const exits = [
  { words: 'run passes.yaml', code: 0 },
  { words: 'run fails.yaml', code: 1 },
  { words: 'run errors.yaml', code: 3 },
  { words: 'run errors.yaml fails.yaml passes.yaml', code: 1 },
  { words: 'run errors.yaml passes.yaml', code: 3 },
  { words: 'run invalid.yaml', code: 2 },
  { words: 'run passes.yaml invalid.yaml', code: 2 },
  { words: 'run no-such-flow.yaml', code: 2 },
  { words: 'run passes.yaml no-such-flow.yaml', code: 2 },
  { words: 'run no-such-*.yaml', code: 4 },
  { words: 'run empty', code: 4 },
  { words: 'run', code: 4 },
  { words: 'run suite', code: 1 },
  { words: 'run suite/**/*.yaml', code: 0 },
  { words: 'validate passes.yaml', code: 0 },
  { words: 'validate invalid.yaml', code: 2 },
  { words: '--version', code: 0 },
  { words: '--help', code: 0 },
  { words: 'run --help', code: 0 },
  { words: 'rnu passes.yaml', code: 2 },
  { words: 'run passes.yaml --onyl say', code: 2 },
];

describe('the command', () => {
  const workspace = useWorkspace();
  let server: TestServer;
  const run = (words: readonly string[], env: Record<string, string> = {}) =>
    runCli(words, { cwd: workspace.path, env });
  beforeAll(async () => {
    for (const [name, text] of Object.entries({ PASSES, FAILS, ERRORS, INVALID }))
      workspace.write(`${name.toLowerCase()}.yaml`, text);
    workspace.write('suite/a.yaml', PASSES);
    workspace.write('suite/deep/b.yml', FAILS);
    workspace.write('empty/readme.txt', '');
    workspace.write(
      'numbers.yaml',
      'name: numbers\nenv: { URL: x }\nsteps:\n  - { id: get, action: http_request, config: { url: "{{URL}}/" }, output: { big: $.body.big } }\n  - { action: log, config: { message: "{{big}}" } }\n',
    );
    server = await startHttpServer((_request, response) => {
      response
        .setHeader('content-type', 'application/json')
        .end('{"big":9007199254740993,"text":"a\\u0000b]]>&\\ud800"}');
    });
  });
  afterAll(() => server.close());

  test.concurrent.each(sample('exit codes', exits, { count: 2 }))(
    'testmesh $words: $code',
    { timeout },
    async ({ words, code }) => {
      const ended = await run(words.split(' '));
      expect(ended.code, ended.output).toBe(code);
      expectNoCrash(ended);
      if (code === 2 || code === 4) expect(ended.stdout).not.toContain('passed');
      // Nothing to say, nothing said: a flag of V8 that this Node does not know would be complained of here.
      if (code === 0) expect(ended.stderr).toBe('');
    },
  );

  test.concurrent('by itself prints help with three examples', { timeout }, async () => {
    const ended = await run([]);
    expect(ended.code).toBe(0);
    expect(ended.stdout.match(/^ {2}testmesh (run|validate) /gm)).toHaveLength(3);
    expect(ended.stderr).toBe('');
  });

  const misspelt = [
    { words: 'rnu x.yaml', nearest: 'run' },
    { words: 'run x.yaml --onyl say', nearest: '--only' },
    { words: 'run passes.yaml --reporter junti=r.xml', nearest: 'junit' },
  ];
  test.concurrent.each(sample('misspelt words', misspelt, { count: 0 }))(
    'testmesh $words: did you mean $nearest?',
    { timeout },
    async ({ words, nearest }) => {
      const ended = await run(words.split(' '));
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(new RegExp(`did you mean .?${nearest}`, 'i'));
      expect(ended.stdout).toBe('');
    },
  );

  /** Starts the file as a shell does, by itself or over a link to it, and not through a Node of our choice. */
  const runFile = (file: string, ...words: string[]) =>
    promisify(execFile)(file, words, {
      cwd: workspace.path,
      env: { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, output: `${stdout}${stderr}` }),
      ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
    );

  test.concurrent('Node leaves our --env-file to us', { timeout }, async () => {
    workspace.write('given.env', 'WHO=ada\nUNDECLARED=taken\n');
    workspace.write(
      'greets.yaml',
      `name: greets\nenv: { WHO: nobody }\nsteps:\n  - { id: say, action: log, config: { message: "{{WHO}}, {{env('UNDECLARED', 'not taken')}}" } }\n`,
    );
    const given = await runFile(bin, 'run', 'greets.yaml', '--env-file', 'given.env');
    expect(given).toMatchObject({ code: 0, output: expect.stringContaining('ada, not taken') });
    const missing = await runFile(bin, 'run', 'greets.yaml', '--env-file', 'nope');
    expect(missing).toMatchObject({
      code: 2,
      output: expect.stringContaining('--env-file nope: there is no such file'),
    });
  });

  test.concurrent('the file runs over a link, with words of any kind', { timeout }, async () => {
    symlinkSync(bin, join(workspace.path, 'linked'));
    const ended = await runFile(join(workspace.path, 'linked'), 'run', "no such 'flow' $HOME.yaml");
    expect(ended).toMatchObject({ code: 2, output: expect.stringContaining("`no such 'flow' $HOME.yaml`") });
  });

  test.concurrent('a bug in testmesh is told as one, with its stack', { timeout }, async () => {
    const folder = join(workspace.path, 'broken');
    mkdirSync(folder);
    copyFileSync(bin, join(folder, 'bin.cjs'));
    for (const name of readdirSync(dirname(bin)).filter((name) => name.endsWith('.cjs') && name !== 'bin.cjs')) {
      if (name.startsWith('decimal')) writeFileSync(join(folder, name), 'module.exports = { Decimal: undefined };');
      else symlinkSync(join(dirname(bin), name), join(folder, name));
    }
    const digits = '12345678901234567890';
    workspace.write(
      'exact.yaml',
      `name: exact\nsteps:\n  - { id: sum, action: assert, config: { data: { n: ${digits} } }, assert: ["n * 2 > 1"] }\n`,
    );
    const child = spawn(process.execPath, [join(folder, 'bin.cjs'), 'run', 'exact.yaml'], { cwd: workspace.path });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, errors).toBe(70);
    expect(errors).toMatch(/please report it[\s\S]*TypeError[\s\S]*\n +at /);
  });

  inFullRun('several reporters tell the same, each in its file', { timeout }, async () => {
    const reporters = ['--reporter', 'tree', '--reporter', 'junit=out/r.xml', '--reporter', 'ndjson=out/r.ndjson'];
    const ended = await run(['run', 'passes.yaml', 'fails.yaml', 'errors.yaml', ...reporters]);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toContain('3 flows: 1 passed, 1 failed, 1 errored');
    const root = readXml(workspace.read('out/r.xml'));
    expect(root.attributes).toMatchObject({ tests: '3', failures: '1', errors: '1' });
    expect(findElements(root, 'testcase').map(({ attributes }) => attributes['name'])).toEqual(['say', 'claim', 'ask']);
    const events = readEvents(workspace.read('out/r.ndjson'));
    expect(events.at(-1)).toMatchObject({
      type: 'run_finished',
      outcome: 'failed',
      flows: { passed: 1, failed: 1, errored: 1 },
    });
  });

  const spoilt = [
    { file: 'passes.yaml', code: 3 },
    { file: 'fails.yaml', code: 1 },
  ];
  test.concurrent.each(sample('flows with a reporter that cannot write', spoilt, { count: 0 }))(
    'a reporter that cannot write spoils $file, and no other reporter',
    { timeout },
    async ({ file, code }) => {
      const name = workspace.nextName('r');
      const reporters = [
        '--reporter',
        'tree',
        '--reporter',
        'junit=passes.yaml/r.xml',
        '--reporter',
        `ndjson=${name}.ndjson`,
      ];
      const ended = await run(['run', file, ...reporters]);
      expect(ended.code, ended.output).toBe(code);
      expect(ended.output).toMatch(/junit.*(ENOTDIR|not a directory|EEXIST)/);
      expect(ended.stdout).toMatch(/(passed|failed) in/);
      expect(readEvents(workspace.read(`${name}.ndjson`)).at(-1)?.type).toBe('run_finished');
      expectNoCrash(ended);
    },
  );

  inFullRun('ndjson on standard output is JSON in every line, with all digits', { timeout }, async () => {
    const ended = await run([
      'run',
      'numbers.yaml',
      '--reporter',
      'ndjson',
      '--reporter',
      'junit=numbers.xml',
      ...giveVars({ URL: server.url }),
    ]);
    expect(ended.code, ended.output).toBe(0);
    const events = readEvents(ended.stdout);
    expect(events[0]?.type).toBe('run_started');
    expect(events.at(-1)).toMatchObject({ type: 'run_finished', outcome: 'passed' });
    expect(events.find((event) => event.type === 'flow_finished')?.output.captures).toEqual({
      big: { $number: '9007199254740993' },
    });
    expect(ended.stdout).not.toContain('9007199254740992');
    expect(readXml(workspace.read('numbers.xml')).name).toBe('testsuites');
  });

  inFullRun('a reader that goes away does not change the verdict', { timeout }, async () => {
    const steps = Array.from(
      { length: 1000 },
      (_, at) => `  - { id: s${at}, action: log, config: { message: "${'x'.repeat(80)}" } }`,
    );
    workspace.write('long.yaml', `name: long\nsteps:\n${steps.join('\n')}\n`);
    const line = `"${process.execPath}" "${bin}" run long.yaml 2>errors.txt | head -1; echo "code \${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', line], { cwd: workspace.path, env: { PATH: process.env['PATH'] } });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(output).toMatch(/^ long +long\.yaml .*\ncode 0\n$/);
    expect(workspace.read('errors.txt')).not.toMatch(/EPIPE|Error/);
  });

  const colours = [
    { words: '--color always', env: {}, isColored: true },
    { words: '--color always', env: { NO_COLOR: '1' }, isColored: true },
    { words: '--color never', env: { FORCE_COLOR: '1' }, isColored: false },
    { words: '', env: { FORCE_COLOR: '1' }, isColored: true },
    { words: '', env: { FORCE_COLOR: '1', NO_COLOR: '1' }, isColored: false },
    { words: '', env: {}, isColored: false },
    { words: '', env: { TESTMESH_COLOR: 'always' }, isColored: true },
  ];
  test.concurrent.each(sample('ways to ask for colours', colours, { count: 0 }))(
    'colours with `$words` and $env: $isColored',
    { timeout },
    async ({ words, env, isColored }) => {
      const ended = await run(['run', 'fails.yaml', ...words.split(' ').filter(Boolean)], env);
      expect(ended.code).toBe(1);
      expect(ended.stdout.includes(ESCAPE)).toBe(isColored);
    },
  );

  inFullRun('-q tells failures and the summary alone', { timeout }, async () => {
    const passed = await run(['run', 'passes.yaml', '-q']);
    expect(passed.stdout).toMatch(/✓ passed in/);
    expect(passed.stdout).not.toMatch(/hello|✓ say/);
    const failed = await run(['run', 'fails.yaml', '-q']);
    expect(failed.stdout).toMatch(/✗ claim[\s\S]*1 == 2[\s\S]*✗ failed in/);
  });

  inFullRun('the line that repeats a failure does so', { timeout }, async () => {
    const ended = await run(['run', 'fails.yaml']);
    const again = /again: testmesh (.+)$/m.exec(ended.stdout)?.[1] ?? '';
    expect((await run(again.split(' '))).code).toBe(1);
  });

  inFullRun('a seed repeats what was drawn', { timeout }, async () => {
    workspace.write(
      'seed.yaml',
      'name: seed\nenv: { A: "{{UUID}}" }\nsteps:\n  - { action: log, config: { message: "drawn {{A}} {{random_int(1, 1000000)}}" } }\n',
    );
    const draw = async (...words: string[]) => /drawn .*/.exec((await run(['run', 'seed.yaml', ...words])).stdout)?.[0];
    const [first, second, other] = await Promise.all([draw('--seed', '7'), draw('--seed', '7'), draw('--seed', '8')]);
    expect(first).toBe(second);
    expect(first).not.toBe(other);
    expect(await draw()).not.toBe(await draw());
  });
});
