import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { writeFiles } from '../../support/write-files.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of flows that changed', 1, 0) > 0);

let cwd = '';
const log = (message: string) => `steps:\n  - { action: log, config: { message: "${message}" } }\n`;
const FILES: Readonly<Record<string, string>> = {
  'flows/plain.yaml': `name: plain\n${log('hi')}`,
  'flows/caller.yaml':
    'name: caller\nsteps:\n  - { id: s, action: run_flow, config: { flow: lib/login.yaml, input: { WHO: Ada } } }\n',
  'flows/lib/login.yaml': `name: login\nenv_file: login.env\n${log('{{WHO}} {{FROM_ENV}}')}`,
  'flows/lib/login.env': 'FROM_ENV=x\n',
  'flows/rows.yaml': `name: rows\ndata: "my rows.csv"\n${log('{{n}}')}`,
  'flows/my rows.csv': 'n\n1\n',
  'flows/schema.yaml':
    'name: schema\nsteps:\n  - { action: log, config: { message: hi }, assert: [\'matches_schema({}, "../schemas/user.json")\'] }\n',
  'schemas/user.json': '{ "$ref": "part.json" }\n',
  'schemas/part.json': '{ "type": "object" }\n',
  'flows/made.yaml': `name: made\nenv: { KIND: a }\n${log("{{file('bodies/' + KIND + '.json')}}")}`,
  'flows/bodies/a.json': '{}\n',
  'flows/query.yaml': `name: query\nenv: { KIND: a }\n${log('see query-{{KIND}}.sql')}`,
  'flows/query-b.sql': 'SELECT 1\n',
  'README.md': 'words\n',
  'shared.env': 'A=1\n',
};
const ALL = ['caller', 'made', 'plain', 'query', 'rows', 'schema'];

const git = (...words: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd, stdio: 'pipe' });
const write = (name: string, text: string) => writeFiles(cwd, { [name]: text });
const touch = (name: string) => write(name, `${FILES[name] ?? ''}\n`);

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-changed-'));
  for (const [name, text] of Object.entries(FILES)) write(name, text);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'one');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const list = async (words = '--only-changed flows') => {
  const { output, errors, exitCode } = await callCommand(['list', ...words.split(' '), '--json'], { cwd });
  const flows = exitCode === 0 ? JSON.parse(output).flows.map(({ name }: { name: string }) => name) : [];
  return { exitCode, errors, flows: flows.filter((name: string) => name !== 'login').sort() };
};

describe('--only-changed', () => {
  it.each(
    sample<[file: string, flows: readonly string[]]>(
      'files that changed',
      [
        ['flows/plain.yaml', ['plain']],
        ['flows/lib/login.yaml', ['caller']],
        ['flows/lib/login.env', ['caller']],
        ['flows/my rows.csv', ['rows']],
        ['schemas/user.json', ['schema']],
        ['schemas/part.json', ['schema']],
        ['flows/bodies/a.json', ['made']],
        ['flows/query-b.sql', ['query']],
      ],
      { count: 2 },
    ),
  )('of %s runs %j', async (file, flows) => {
    touch(file);
    expect(await list()).toEqual({ exitCode: 0, errors: '', flows });
  });

  inFullRun('knows files that are new, staged, removed and renamed', async () => {
    write('flows/new.yaml', `name: new\n${log('hi')}`);
    expect((await list()).flows).toEqual(['new']);
    git('add', '.');
    expect((await list()).flows).toEqual(['new']);
    rmSync(join(cwd, 'schemas/part.json'));
    renameSync(join(cwd, 'flows/query-b.sql'), join(cwd, 'flows/query-c.sql'));
    expect((await list()).flows).toEqual(['new', 'query', 'schema']);
  });

  inFullRun('compares with where the branch left another one, what is not committed included', async () => {
    git('checkout', '-qb', 'topic');
    touch('flows/plain.yaml');
    git('commit', '-qam', 'two');
    git('checkout', '-q', 'main');
    touch('schemas/user.json');
    git('commit', '-qam', 'three');
    git('checkout', '-q', 'topic');
    touch('flows/lib/login.env');
    expect((await list('--only-changed=main flows')).flows).toEqual(['caller', 'plain']);
    expect((await list()).flows).toEqual(['caller']);
  });

  inFullRun('runs all where what all read changed', async () => {
    write('testmesh.yaml', 'services: {}\n');
    expect((await list()).flows).toEqual(ALL);
    rmSync(join(cwd, 'testmesh.yaml'));
    touch('shared.env');
    expect((await list('--only-changed flows --env-file shared.env')).flows).toEqual(ALL);
  });

  inFullRun('counts together with other flags, in a run too', async () => {
    touch('flows/plain.yaml');
    touch('flows/my rows.csv');
    const words = ['run', 'flows', '--only-changed', '--grep', 'rows'];
    const { exitCode, output } = await callCommand(words, { cwd, env: {} });
    expect(exitCode).toBe(0);
    expect(output).toContain(' rows [row 1: n=1]   flows/rows.yaml');
    expect(output).not.toContain(' plain ');
    const env = { TESTMESH_ONLY_CHANGED: 'main', TESTMESH_GREP: 'plain' };
    expect((await callCommand(['run', 'flows'], { cwd, env })).output).toContain(' plain ');
  });

  it.each(
    sample<[words: string, exitCode: number, errors: string]>(
      'reasons to choose nothing',
      [
        ['--only-changed flows', 4, '--only-changed: no flow changed since `HEAD`\n  = nothing changed\n'],
        [
          '--only-changed=nobody flows',
          2,
          '--only-changed: git knows no `nobody`\n  = write a branch, tag or commit, such as `--only-changed=main`\n',
        ],
        ['--only-changed=--output=x flows', 2, '--only-changed: `--output=x` is no branch, tag or commit\n'],
      ],
      { count: 1 },
    ),
  )('%s says why it chooses nothing', async (words, exitCode, errors) => {
    expect(await list(words)).toEqual({ exitCode, errors: `testmesh: ${errors}`, flows: [] });
  });

  inFullRun('says how many files changed that no flow reads', async () => {
    touch('README.md');
    expect((await list()).errors).toContain('1 file changed that no flow reads');
  });

  it('says so where there is no git', async () => {
    rmSync(join(cwd, '.git'), { recursive: true });
    expect((await list()).errors).toContain('--only-changed: this is no working tree of git\n  = fatal: not a git');
  });
});
