import { describe, expect, it } from 'vitest';
import {
  createCommonOptions,
  createEnvironmentOption,
  createLogOption,
  createRunOptions,
} from '../../../src/cli/arguments/flags.ts';
import { describeOptionMistake } from '../../../src/cli/arguments/option-mistake.ts';
import { callCommand } from '../command.ts';

const written = { words: [], options: [] };

describe('a mistake on the command line', () => {
  it.each([[['mock', 'verfy', 'doc.yaml', '--against', 'http://localhost:1']], [['mock', 'verfy', 'doc.yaml']]])(
    'names the command that was meant: %s',
    async (words) => {
      const { exitCode, errors } = await callCommand(words);
      expect(errors).toContain('  = did you mean `testmesh mock verify`?\n');
      expect(exitCode).toBe(2);
    },
  );

  it.each([
    [
      "error: option '--color <when>' argument 'blue' is invalid. Allowed choices are auto, always, never.",
      ['--color: expected one of `auto`, `always` and `never`, got `blue`'],
    ],
    [
      "error: option '--seed <n>' argument '-1' is invalid. expected a whole number",
      ['--seed: expected a whole number, got `-1`'],
    ],
    [
      "error: option '--seed <n>' value 'x' from env 'TESTMESH_SEED' is invalid. expected a whole number",
      ['TESTMESH_SEED: expected a whole number, got `x`'],
    ],
    [
      "error: option '-j, --workers <n>' argument missing",
      ['--workers: its value is missing', 'write `--workers <n>`'],
    ],
    ["error: unknown option '--onyl'\n(Did you mean --only?)", ['unknown flag `--onyl`', 'did you mean `--only`?']],
    ["error: unknown option '--xyz'", ['unknown flag `--xyz`']],
    [
      "error: unknown command 'x'\n(Did you mean one of run, list?)",
      ['unknown command `x`', 'did you mean `run`, `list`?'],
    ],
    ["error: unknown option '--parallel'", ['unknown flag `--parallel`', 'write `--workers 4`']],
    [
      "error: unknown option '--environment=staging'",
      [
        'unknown flag `--environment`',
        'write `--env NAME` for an environment of testmesh.yaml, `--env-file staging.env` for a file of variables',
      ],
    ],
    [
      "error: unknown option '--env-var'\n(Did you mean --env?)",
      ['unknown flag `--env-var`', 'write `--var NAME=value`'],
    ],
    ["error: unknown option '--env-vars=A=1'", ['unknown flag `--env-vars`', 'write `--var NAME=value`']],
    ["error: unknown option '--globals'", ['unknown flag `--globals`', 'write `--var-file values.yaml`']],
    ["error: unknown option '--from-env'", ['unknown flag `--from-env`', 'write `--env-file staging.env`']],
    [
      "error: unknown option '--folder'",
      ['unknown flag `--folder`', 'write `--grep PATTERN` for flows by their names and paths'],
    ],
    [
      "error: unknown option '--delay-request'",
      ['unknown flag `--delay-request`', 'a pause is a step of its own: `action: delay`, `config: {duration: 1s}`'],
    ],
    ["error: unknown option '--timeout-request'", ['unknown flag `--timeout-request`', 'write `--step-timeout 5s`']],
    ["error: unknown option '--dry'", ['unknown flag `--dry`', 'write `--dry-run`']],
    [
      "error: unknown option '--fail-fast'",
      [
        'unknown flag `--fail-fast`',
        'a flow ends at its first step that fails anyway; `--bail` starts no other one then',
      ],
    ],
    ["error: unknown option '--junit'", ['unknown flag `--junit`', 'write `--reporter junit=out.xml`']],
    [
      "error: unknown option '--tag'\n(Did you mean --tags?)",
      ['unknown flag `--tag`', 'write `--tags CONDITION`, as in `--tags "smoke and not slow"`'],
    ],
    ["error: unknown option '--no_run'", ['unknown flag `--no_run`', 'write `--dry-run`']],
    [
      "error: option '--timeout <duration>' argument '30' is invalid. expected a duration such as `300ms`",
      [
        '--timeout: expected a duration such as `300ms`, got `30`',
        'a number has no unit: write `--timeout 30s`, or `30ms`',
      ],
    ],
    ["error: unknown command 'flow.yaml'", ['unknown command `flow.yaml`', 'write `testmesh run flow.yaml`']],
    [
      "error: unknown command 'flows/a.yml:3'",
      ['unknown command `flows/a.yml:3`', 'write `testmesh run flows/a.yml:3`'],
    ],
    ["error: unknown command 'test'", ['unknown command `test`', 'write `testmesh run`']],
    ['error: something new', ['something new']],
  ])('%j', (text, [message, ...help]) => {
    const lines = [`testmesh: ${message}`, ...help.map((line) => `  = ${line}`), '  = see testmesh run --help', ''];
    expect(describeOptionMistake(text, 'testmesh run', written)).toBe(lines.join('\n'));
  });

  it('offers no flag that the command lacks', () => {
    const say = (flag: string) =>
      describeOptionMistake(`error: unknown option '${flag}'`, 'testmesh validate', written);
    expect(say('--parallel')).toBe('testmesh: unknown flag `--parallel`\n  = see testmesh validate --help\n');
    expect(say('--no-color')).toContain('write `--color never`');
  });

  it('offers flags that there are', () => {
    const options = [...createRunOptions(), ...createCommonOptions(), createEnvironmentOption(), createLogOption()];
    const names = options.map(({ long }) => long);
    for (const word of [
      'parallel',
      'environment',
      'from-env',
      'timeout-request',
      'set',
      'junit',
      'json',
      'silent',
      'tag',
      'debug',
      'no-color',
      'random-seed',
    ]) {
      const help =
        describeOptionMistake(`error: unknown option '--${word}'`, 'testmesh run', written).split('\n')[1] ?? '';
      for (const [flag] of help.matchAll(/--[a-z-]+/g)) expect(names).toContain(flag);
    }
  });

  it.each([
    ['--strict=true', '`--strict` takes no value', 'write `--strict` alone'],
    ['--strict=false', '`--strict` takes no value', 'leave it out'],
    ['--pass-with-no-tests=1', '`--pass-with-no-tests` takes no value', 'write `--pass-with-no-tests` alone'],
    ['-q=1', '`-q` takes no value', 'write `-q` alone'],
    ['-vq=1', '`-q` takes no value', 'write `-q` alone'],
    ['-h=1', '`-h` takes no value', 'write `-h` alone'],
    ['--help=1', '`--help` takes no value', 'write `--help` alone'],
    ['--onyl=b', 'unknown flag `--onyl`', 'did you mean `--only`?'],
  ])('says of %s that %s', async (word, message, help) => {
    const { exitCode, errors } = await callCommand(['run', word]);
    expect(errors).toBe(`testmesh: ${message}\n  = ${help}\n  = see testmesh run --help\n`);
    expect(exitCode).toBe(2);
  });
});
