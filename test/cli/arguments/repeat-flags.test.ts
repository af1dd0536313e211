import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repeatFlags } from '../../../src/cli/arguments/repeat-flags.ts';
import { callCommand } from '../command.ts';

const none = { var: [], secret: [], varFile: [], envFile: [], outputDir: '.testmesh' };
const repeat = (flags: Partial<typeof none> | object, secrets: string[] = []) =>
  repeatFlags({ ...none, ...flags }, [{ secrets }], (text) => text.replaceAll('hunter22', '***')).join(' ');

describe('what the command of a run gave', () => {
  it.each([
    [{}, ''],
    [{ outputDir: 'my records' }, "--output-dir 'my records'"],
    [{ var: ['USER=ada', "NOTE=it's so", 'COUNT:=3'] }, `--var USER=ada --var 'NOTE=it'\\''s so' --var COUNT:=3`],
    [{ var: ['URL=http://127.0.0.1:8080/api/v1'] }, '--var URL=http://127.0.0.1:8080/api/v1'],
    [{ var: ['BROKERS=127.0.0.1:9092', 'WHO=grace hopper'] }, "--var BROKERS=127.0.0.1:9092 --var 'WHO=grace hopper'"],
    [{ varFile: ['a b.yaml'], envFile: ['ci.env'] }, "--env-file ci.env --var-file 'a b.yaml'"],
    [{ env: 'staging', envFile: ['ci.env'] }, '--env staging --env-file ci.env'],
    [{ services: 'none', seed: 0 }, '--services none --seed 0'],
    [
      { timeout: 90_000, stepTimeout: 50, teardownTimeout: 1500 },
      '--timeout 90000ms --step-timeout 50ms --teardown-timeout 1500ms',
    ],
    [
      { tags: 'smoke and not slow', suite: 'checkout', grep: '^orders/', grepInvert: 'old|hunter22' },
      "--tags 'smoke and not slow' --suite checkout --grep '^orders/'",
    ],
    [{ withSetup: true, withTeardown: true }, '--with-setup --with-teardown'],
    [{ secret: ['KEY=k', 'PIN:=1'] }, '--secret "KEY=$KEY" --secret "PIN:=$PIN"'],
  ])('is repeated: %j', (flags, words) => {
    expect(repeat(flags)).toBe(words);
  });

  it.each([
    ['its name says so', 'API_TOKEN=abc'],
    ['the flow says so', 'PLACE=abc'],
    ['it is masked', 'USER=with hunter22 in it'],
    ['it is an address with a password', 'DSN=postgres://app:pw@db/orders'],
    ['a field of it is a password', 'USER={"password": "pw"}'],
    ['it has lines', 'TEXT=a\nb'],
    ['it may be one that nobody declared', 'X=6c3XxWqQfrQAS7bXxvB5J9ig'],
    ['its path may be one', 'HOOK=https://hooks.example.com/services/6c3XxWqQfrQA'],
    ['its query may be one', 'HOOK=https://hooks.example.com/?key=6c3XxWqQfrQA'],
    ['it is long', `TEXT=${'x'.repeat(300)}`],
  ])('is left to the shell when %s', (_why, pair) => {
    const name = pair.split('=')[0];
    expect(repeat({ var: [pair] }, ['PLACE'])).toBe(`--var "${name}=$${name}"`);
  });
});

describe('the command that runs a failure again', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'testmesh-again-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(
    join(cwd, 'f.yaml'),
    `name: f
env: { NAME: ada, PIN: none }
secrets: [PIN]
data: [ { n: 1 }, { n: 2 } ]
steps:
  - { id: a, action: set, config: { seen: 'NAME + string(n)' } }
  - { id: b, action: assert, config: { assertions: ['seen == "nobody"'] } }
`,
  );

  it('does as the run did when it is pasted', async () => {
    const words = ['f.yaml', '--var', 'NAME=x', '--output-dir', 'o', '--row', '2'];
    const first = await callCommand(['run', ...words, '--secret', 'PIN=4711'], { cwd });
    const [, again = ''] = /again: testmesh (.*)/.exec(first.output) ?? [];
    expect(again).toBe('run f.yaml --var NAME=x --secret "PIN=$PIN" --output-dir o --row 2 --only b');
    expect(first.output + first.errors).not.toContain('4711');
    const pasted = again.replace('"PIN=$PIN"', 'PIN=4711').split(' ');
    const { exitCode, output } = await callCommand(pasted, { cwd });
    expect(exitCode).toBe(1);
    expect(output).toContain('"x2"');
    expect(output).toContain(`again: testmesh ${again}`);
  });

  it.each([
    ['a secret that a step makes', 'token', 'b'],
    ['the result of that step', 'steps["log-in"].token', 'b'],
    ['one that is made of another', 'made', 'b,c'],
  ])('names the steps that give what no record keeps: %s', async (_title, reads, chosen) => {
    const name = 'secret.yaml';
    const failing = chosen.at(-1);
    const made = failing === 'c' ? `  - { id: b, action: set, config: { made: 'token + "x"' } }\n` : '';
    writeFileSync(
      join(cwd, name),
      `name: s
secrets: [token, made]
setup:
  - { id: log-in, action: set, config: { token: '"hunter" + string(22) + "-Secr8t"' } }
steps:
  - { id: a, action: set, config: { plain: '1' } }
${made}  - { id: ${failing}, action: assert, config: { assertions: ['plain == 1', '${reads} == "1"'] } }
`,
    );
    const first = await callCommand(['run', name], { cwd });
    const [, again = ''] = /again: testmesh (.*)/.exec(first.output) ?? [];
    expect(again).toBe(`run ${name} --only setup/log-in,${chosen}`);
    const second = await callCommand(again.split(' '), { cwd });
    expect(second.exitCode).toBe(first.exitCode);
    expect(second.output).toContain(`again: testmesh ${again}`);
    expect(first.output + second.output).not.toMatch(/hunter22|Secr8t/);
  });
});
