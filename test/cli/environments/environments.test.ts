import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { callCommand } from '../command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-environments-'));
const cwd = join(root, 'flows');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const inFullRun = it.runIf(repeats('threads of a load in an environment', 1, 0) > 0);

/** Says what it was given; names that nothing gives stay its own. */
const FLOW = `
name: Told
env: { BASE: own, PORT: 1, URL: no url, WORD: none }
steps:
  - { id: told, action: log, config: { message: "{{BASE}} {{PORT}} {{URL}} {{len(WORD)}}" }, assert: ['PORT + 0 == PORT'] }
`;

const PROJECT = `
default_environment: local
environments:
  local: { env: { BASE: localhost, PORT: 5003, URL: "http://{{BASE}}:{{PORT}}" } }
  staging:
    env_file: [.env.staging, .env.more]
    env: { URL: "https://{{BASE}}/{{LEVEL}}/{{len(WORD)}}" }
    secrets:
      WORD: { command: "cat token.txt" }
      KEY: { file: token.txt }
  broken: { secrets: { WORD: { command: "echo no such vault >&2; exit 7" } } }
  half: { secrets: { WORD: { command: "cat token.txt; echo the vault has $(cat token.txt) >&2; exit 3" } } }
`;

beforeAll(() => {
  mkdirSync(cwd);
  writeFileSync(join(root, '.env.staging'), 'BASE=staging.example\nPORT=443\nLEVEL=low\n');
  writeFileSync(join(root, '.env.more'), 'LEVEL=high\n');
  writeFileSync(join(root, 'token.txt'), 'hunter2-swordfish\n');
  writeFileSync(join(cwd, 'flow.yaml'), FLOW);
  writeFileSync(join(cwd, 'mine.env'), 'BASE=mine\n');
});

async function call(words: readonly string[], { project = PROJECT, env = {} as Record<string, string> } = {}) {
  if (project === '') rmSync(join(root, 'testmesh.yaml'), { force: true });
  else writeFileSync(join(root, 'testmesh.yaml'), project);
  return callCommand([words[0] ?? '', 'flow.yaml', ...words.slice(1)], { cwd, env });
}

/** What the flow says that it was given. */
async function told(words: readonly string[], more: Parameters<typeof call>[1] = {}): Promise<string> {
  const { exitCode, output, errors } = await call(['run', ...words], more);
  expect(exitCode, output + errors).toBe(0);
  return /^ *log +(.*)$/m.exec(output)?.[1] ?? output;
}

describe('an environment of testmesh.yaml', () => {
  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['is the default one', [], {}, 'localhost 5003 http://localhost:5003 4'],
    ['is the one that is asked for', ['-e', 'staging'], {}, 'staging.example 443 https://staging.example/high/17 17'],
    ['may be asked for by a variable', [], { TESTMESH_ENV: 'local' }, 'localhost 5003 http://localhost:5003 4'],
    ['stands below --env-file', ['--env-file', 'mine.env'], {}, 'mine 5003 http://mine:5003 4'],
    ['and --var', ['--var', 'BASE=given'], {}, 'given 5003 http://given:5003 4'],
    ['and the process environment', [], { BASE: 'outer', PORT: '7' }, 'outer 7 http://outer:7 4'],
    [
      'which stands above --env-file, for names that the environment alone declares too',
      ['-e', 'staging', '--env-file', 'mine.env'],
      { URL: 'http://u', BASE: 'outer' },
      'outer 443 http://u 17',
    ],
    [
      'takes a secret that is given',
      ['-e', 'staging', '--secret', 'WORD=abcd'],
      {},
      'staging.example 443 https://staging.example/high/4 4',
    ],
    ['and one of the process environment', ['-e', 'broken'], { WORD: 'abcde' }, 'own 1 no url 5'],
  ])('%s: %s', async (_title, words, env, expected) => {
    expect(await told(words, { env })).toBe(expected);
  });

  it('is said where its values are shown, and its secrets are masked everywhere', async () => {
    const flow =
      'name: Shown\nenv: { BASE: a }\nsteps:\n  - { id: s, action: log, config: { message: "{{BASE}} {{WORD}} {{URL}} {{KEY}}" }, assert: [BASE == 1] }\n';
    writeFileSync(join(cwd, 'shown.yaml'), flow);
    writeFileSync(join(root, 'testmesh.yaml'), PROJECT);
    const words = [
      'run',
      'shown.yaml',
      '-e',
      'staging',
      '-vv',
      '--reporter',
      'ndjson=all.ndjson',
      '--reporter',
      'tree',
    ];
    const { exitCode, output, errors } = await callCommand(words, { cwd });
    expect(exitCode, errors).toBe(1);
    expect(output).toContain('BASE from environment staging');
    expect(output).toContain('again: testmesh run shown.yaml --env staging --only s');
    expect(output).toContain('staging.example *** https://staging.example/high/17 ***');
    expect(output + errors + readFileSync(join(cwd, 'all.ndjson'), 'utf8')).not.toContain('swordfish');
  });

  it('runs no command where nothing runs', async () => {
    for (const words of [['validate'], ['list'], ['run', '--dry-run']]) {
      const { exitCode, errors, output } = await call([...words, '-e', 'broken']);
      expect([exitCode, errors], output).toEqual([0, '']);
    }
    const { exitCode, errors } = await call(['run', '-e', 'broken']);
    expect([exitCode, errors]).toEqual([
      2,
      'testmesh: secret `WORD`: the command `echo no such vault >&2; exit 7` ended with exit code 7: no such vault\n  = see what is wrong with it, or give the value: --secret WORD="$WORD"\n',
    ]);
  });

  it.each<[string, string, readonly string[], string]>([
    [
      'no testmesh.yaml',
      '',
      ['-e', 'local'],
      'testmesh: `-e local`: environments stand in testmesh.yaml, and there is none here or in a folder above',
    ],
    [
      'no environments',
      'services: {}',
      ['-e', 'local'],
      'testmesh: testmesh.yaml has no environment `local`\n  = environments stand in testmesh.yaml, under `environments:`',
    ],
    [
      'another one',
      PROJECT,
      ['-e', 'stagin'],
      'testmesh: testmesh.yaml has no environment `stagin`\n  = did you mean `staging`?',
    ],
    [
      'a variable in its place',
      PROJECT,
      ['-e', 'BASE=a b'],
      'testmesh: `-e` chooses an environment of testmesh.yaml\n  = a variable is given with `--var BASE=…`',
    ],
    [
      'a default that is none',
      'default_environment: lcal\nenvironments: { local: {} }',
      [],
      '`default_environment`: there is no environment `lcal`',
    ],
    ['a list', 'environments: [local]', [], '`environments`: expected a map, got a list'],
    ['a text', 'environments: { local: hello }', [], 'environment `local`: expected a map, got string "hello"'],
    ['an unknown key', 'environments: { local: { evn: {} } }', [], 'unknown key `evn` in an environment'],
    ['a key of a later version', 'environments: { local: { contract: {} } }', [], '`contract` is not in this version'],
    [
      'a secret that is written',
      'environments: { local: { secrets: { WORD: swordfish } } }',
      [],
      'secret `WORD`: expected where it is read, got a value',
    ],
    ['two sources', 'environments: { local: { secrets: { WORD: { command: a, file: b } } } }', [], '`file`'],
    [
      'a name twice',
      'environments: { local: { env: { A: 1 }, secrets: { A: { file: b } } } }',
      [],
      '`A` stands under `env` and `secrets` of one environment',
    ],
    ['a name that is none', 'environments: { local: { env: { "a-b": 1 } } }', [], "`a-b` cannot be a variable's name"],
    [
      'an unknown name',
      'environments: { local: { env: { AGE: 1, A: "{{AG}}" } } }',
      ['-e', 'local'],
      'unknown name `AG`',
    ],
    [
      'a value that cannot be made',
      'environments: { local: { env: { A: "{{int(\'x\')}}" } } }',
      ['-e', 'local'],
      '`int` cannot read "x"',
    ],
    [
      'a file that is not there',
      'environments: { local: { env_file: .env.stagin } }',
      ['-e', 'local'],
      'the file `.env.stagin` does not exist',
    ],
    [
      'a file of a secret that is not there',
      'environments: { local: { secrets: { WORD: { file: gone } } } }',
      ['-e', 'local'],
      'secret `WORD`: the file `gone` does not exist',
    ],
    [
      'a secret that is empty',
      'environments: { local: { secrets: { WORD: { command: "true" } } } }',
      ['-e', 'local'],
      'secret `WORD`: the command `true` gives nothing',
    ],
    [
      'another type',
      'environments: { local: { env: { PORT: many } } }',
      ['-e', 'local'],
      '`PORT` is declared as a number, but environment local gives "many"',
    ],
  ])('is refused with %s', async (_title, project, words, message) => {
    const { exitCode, output, errors } = await call(['run', ...words], { project });
    expect([exitCode, errors + output]).toEqual([2, expect.stringContaining(message)]);
    expect(errors + output).not.toMatch(/swordfish|a b/);
  });

  it('does not show what a command printed before it failed', async () => {
    const { exitCode, errors } = await call(['run', '-e', 'half']);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('ended with exit code 3: the vault has ***\n')]);
  });

  it.each([
    [
      '',
      'environments `local` and `other` have it: choose it with `-e local`, or by `default_environment` of testmesh.yaml',
    ],
    ['default_environment: local\n', undefined],
    [
      'default_environment: third\n',
      'environments `local` and `other` have it: choose it with `-e local`, or by `default_environment` of testmesh.yaml',
    ],
  ])('is named where it has what a flow reads, and was not chosen: %j', async (head, help) => {
    writeFileSync(join(cwd, 'reads.yaml'), 'name: x\nsteps:\n  - { action: log, config: { message: "{{HOST}}" } }\n');
    const environments =
      'environments: { local: { env: { HOST: l } }, other: { secrets: { HOST: { file: token.txt } } }, third: {} }\n';
    writeFileSync(join(root, 'testmesh.yaml'), head + environments);
    const { exitCode, output, errors } = await callCommand(['validate', 'reads.yaml'], { cwd });
    expect(exitCode, output + errors).toBe(help === undefined ? 0 : 2);
    if (help !== undefined) expect(output + errors).toContain(`unknown name \`HOST\``);
    if (help !== undefined) expect(output + errors).toContain(`= ${help}\n`);
  });

  it('with a mistake in it leaves names alone that it would give', async () => {
    writeFileSync(join(cwd, 'reads.yaml'), 'name: x\nsteps:\n  - { action: log, config: { message: "{{HOST}}" } }\n');
    const project = 'default_environment: local\nenvironments: { local: { env: { HOST: l }, env_fil: x } }\n';
    writeFileSync(join(root, 'testmesh.yaml'), project);
    const { exitCode, output, errors } = await callCommand(['validate', 'reads.yaml'], { cwd });
    expect(exitCode).toBe(2);
    expect((output + errors).match(/error\[TM\d+\]/g)).toEqual(['error[TM101]']);
  });

  it('reads the files of no other', async () => {
    const project = 'environments: { local: { env: { BASE: l } }, other: { env_file: gone.env } }';
    expect(await told(['-e', 'local'], { project })).toBe('l 1 no url 4');
  });

  inFullRun('gives its values to a load, whose threads read secrets once', async () => {
    const project =
      'environments: { s: { env: { BASE: b }, secrets: { WORD: { command: "mktemp -p . read.XXXXXX >&2; cat token.txt" } } } }';
    const flow =
      'name: Loaded\nenv: { BASE: own, WORD: none }\nsteps:\n  - { action: set, config: { a: "{{BASE}}" }, assert: [a == "b", len(WORD) == 17] }\n';
    writeFileSync(join(cwd, 'loaded.yaml'), flow);
    writeFileSync(join(root, 'testmesh.yaml'), project);
    const amount = ['--vus', '2', '--iterations', '4'];
    const { exitCode, output } = await callCommand(['load', 'loaded.yaml', '-e', 's', ...amount, '--threads', '2'], {
      cwd,
    });
    expect(exitCode, output).toBe(0);
    expect(readdirSync(root).filter((name) => name.startsWith('read.'))).toHaveLength(1);
  });

  it('that is protected takes no load, no faults and no runs of agents, unless it is allowed by its name', async () => {
    const project =
      'environments: { prod: { protected: true, env: { BASE: p } }, other: {} }\nproxies: { gate: { upstream: "127.0.0.1:9" } }';
    const faults =
      'name: Faults\nsteps:\n  - { action: fault_set, config: { proxy: gate, faults: { down: true } } }\n  - { action: fault_clear, config: { proxy: gate } }\n';
    writeFileSync(join(cwd, 'faults.yaml'), faults);
    writeFileSync(join(root, 'testmesh.yaml'), project);
    const allowed = '  = `--allow-protected prod` lets it, where that is meant\n';
    const cases: readonly (readonly [readonly string[], number, string])[] = [
      [['run', 'flow.yaml', '-e', 'prod'], 0, ''],
      [['run', 'faults.yaml', '-e', 'prod', '--dry-run'], 0, ''],
      [
        ['run', 'faults.yaml', '-e', 'prod'],
        2,
        `testmesh: environment \`prod\` is protected: \`fault_set\` (faults.yaml:3) changes what others in it stand on\n${allowed}`,
      ],
      [['run', 'faults.yaml', '-e', 'prod', '--allow-protected', 'other'], 2, 'is protected'],
      [['load', 'flow.yaml', '-e', 'prod', '--once'], 2, 'environment `prod` is protected: it takes no load\n'],
      [['load', 'flow.yaml', '-e', 'prod', '--once', '--allow-protected', 'prod'], 0, ''],
    ];
    for (const [words, exitCode, message] of cases) {
      const ended = await callCommand(words, { cwd });
      expect([ended.exitCode, ended.errors], words.join(' ')).toEqual([exitCode, expect.stringContaining(message)]);
    }
    const ofAgent = await callCommand(['run', 'flow.yaml', '-e', 'prod'], { cwd, isOfAgent: true });
    expect([ofAgent.exitCode, ofAgent.errors]).toEqual([
      2,
      `testmesh: environment \`prod\` is protected: a coding agent started this\n${allowed}`,
    ]);
    // With the flag the faults are set, and nothing meets them.
    const { errors } = await callCommand(['run', 'faults.yaml', '-e', 'prod', '--allow-protected', 'prod'], { cwd });
    expect(errors).not.toContain('is protected');
  });
});
