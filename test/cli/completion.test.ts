import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELL_SCRIPTS, SHELLS, type Shell } from '../../src/cli/completion/shell-scripts.ts';
import { isFullRun } from '../support/sample.ts';
import { writeFiles } from '../support/write-files.ts';
import { callCommand } from './command.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-completion-'));
  const step = (id: string): string => `- { id: ${id}, action: log, config: { message: x } }`;
  writeFiles(folder, {
    'testmesh.yaml': 'environments: { local: {}, staging: {} }\nservices: { orders: {} }\nstubs: { users: {} }\n',
    'flows/a.yaml': `name: a\nsteps:\n  ${step('first')}\n  - { id: each, action: for_each, config: { items: [1], steps: [${step('inner').slice(2)}] } }\n`,
    'flows/b.yml': `name: b\nsteps:\n  ${step('other')}\n`,
    'flows/broken.yaml': 'name: [',
    'flows/data.csv': 'a\n1\n',
    '.hidden/x.yaml': '',
    '.testmesh/runs/x': '',
    // What a shell is to ask, and what it is told.
    'bin/testmesh': `#!/bin/sh\nprintf '%s\\n' "$@" > "${'$'}ASKED"\ncat "${'$'}ANSWERS"\n`,
  });
  chmodSync(join(folder, 'bin/testmesh'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function complete(line: string): Promise<readonly string[]> {
  const { exitCode, output, errors } = await callCommand(['completion', 'bash', '--', ...line.split(' ')], {
    cwd: folder,
  });
  expect([exitCode, errors]).toEqual([0, '']);
  return output.split('\n').flatMap((text) => (text === '' ? [] : [text.split('\t')[0] ?? '']));
}

describe('testmesh completion', () => {
  it.each<[line: string, values: readonly string[]]>([
    ['ru', ['run']],
    ['mock ver', ['verify']],
    ['run --only-', ['--only-changed']],
    ['validate --form', ['--format']],
    ['load --vu', ['--vus']],
    ['run --color ', ['auto', 'always', 'never']],
    ['run --color=al', ['--color=always']],
    ['run --reporter j', ['json', 'junit']],
    ['run --reporter=ju', ['--reporter=junit']],
    ['run -e ', ['local', 'staging']],
    ['run --env s', ['staging']],
    ['up ', ['orders', 'users']],
    ['run fl', ['flows/']],
    ['run flows/', ['flows/a.yaml', 'flows/b.yml', 'flows/broken.yaml']],
    ['run --env-file flows/d', ['flows/data.csv']],
    ['run --output-dir fl', ['flows/']],
    ['run .h', ['.hidden/']],
    ['run flows/a.yaml --only ', ['first', 'each', 'inner']],
    ['run flows/a.yaml flows/b.yml --skip o', ['other']],
    ['run flows/broken.yaml --only ', []],
    ['run flows/none.yaml --only ', []],
    ['run no-such/', []],
    ['report la', ['last']],
    ['completion z', ['zsh']],
    ['schema p', ['project']],
    ['explain http_r', ['http_request']],
    ['explain TM10', ['TM101', 'TM102', 'TM103', 'TM104', 'TM105', 'TM106', 'TM107', 'TM108', 'TM109']],
    ['no-such-command --x', []],
  ])('gives for `%s` %j', async (line, values) => {
    expect(await complete(line)).toEqual(values);
  });

  it('knows every command, and says what it does', async () => {
    const { output } = await callCommand(['completion', 'fish', '--', '']);
    const { output: help } = await callCommand(['--help']);
    const lines = output.trimEnd().split('\n');
    for (const [, name] of help.matchAll(/^ {2}([a-z][\w-]*)(?= [[<]| {2})/gm))
      if (name !== 'testmesh') expect(lines.join('\n')).toMatch(new RegExp(`^${name}\\t\\w`, 'm'));
    expect(lines.length).toBeGreaterThan(10);
  });

  it('prints what the shell reads, and names the shells that there are', async () => {
    for (const shell of SHELLS) expect((await callCommand(['completion', shell])).output).toBe(SHELL_SCRIPTS[shell]);
    const { exitCode, errors } = await callCommand(['completion', 'fisch']);
    expect(exitCode).toBe(2);
    expect(errors).toBe(
      'testmesh: `shell`: expected one of `bash`, `zsh` and `fish`, got `fisch`\n  = did you mean `fish`?\n  = see testmesh completion --help\n',
    );
  });
});

/** What real shells do with a line: they ask with the words typed, and take what is told. */
const CHECKS: Readonly<Record<Shell, (line: string) => string>> = {
  bash: (line) =>
    `source ./script; COMP_LINE=${quote(line)}; COMP_POINT=\${#COMP_LINE}; _testmesh; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (line) =>
    `compdef() { :; }; compadd() { print -l -- $folders; }; _describe() { print -l -- "\${others[@]%%:*}"; }; source ./script; line=${quote(line)}; words=("\${(@s: :)line}"); CURRENT=$#words; _testmesh`,
  fish: (line) => `source ./script; complete -C ${quote(line)}`,
};
const here = SHELLS.filter((shell) => isFullRun || spawnSync(shell, ['-c', 'exit 0']).status === 0);

describe.each(here)('in %s', (shell) => {
  it('is a script without mistakes', () => {
    expect(runShell(shell, ['-n', 'script'], '')).toEqual({ output: '', errors: '', asked: '' });
  });

  it.each<[line: string, answers: readonly string[], taken: readonly string[], asked: string]>([
    ['testmesh ru', ['run\truns flows'], ['run'], 'ru'],
    ['testmesh run ', ['flows/\t', 'a.yaml\t'], ['flows/', 'a.yaml'], 'run\n'],
    ['testmesh run "a b.yaml" --on', ['--only\tjust these'], ['--only'], ''],
    [
      'testmesh run --reporter=ju',
      ['--reporter=junit\t'],
      [shell === 'bash' ? 'junit' : '--reporter=junit'],
      'run\n--reporter=ju',
    ],
  ])('takes for `%s` what is told', (line, answers, taken, asked) => {
    const result = runShell(shell, ['-c', CHECKS[shell](line)], answers.map((one) => `${one}\n`).join(''));
    expect(result.errors).toBe('');
    expect(
      result.output
        .trimEnd()
        .split('\n')
        .map((text) => text.split('\t')[0])
        .sort(),
    ).toEqual([...taken].sort());
    if (asked !== '') expect(result.asked).toBe(`completion\n${shell}\n--\n${asked}\n`);
  });
});

function runShell(shell: Shell, words: readonly string[], answers: string) {
  writeFiles(folder, { script: SHELL_SCRIPTS[shell], answers, asked: '' });
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    HOME: folder,
    ANSWERS: join(folder, 'answers'),
    ASKED: join(folder, 'asked'),
  };
  const { stdout, stderr } = spawnSync(shell, words, { cwd: folder, env, encoding: 'utf8' });
  return { output: stdout, errors: stderr, asked: readFileSync(join(folder, 'asked'), 'utf8') };
}

function quote(text: string): string {
  return `'${text}'`;
}
