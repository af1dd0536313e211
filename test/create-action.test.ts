import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Flags, readFields } from '../.config/create-action/fields.ts';
import { repeats, sample } from './support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of create-action', 1, 0) > 0);

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
const made = sample('new actions of create-action', ['by fields', 'by default'], { count: 1 });
const testRuns = repeats('runs of the tests that create-action writes', 2, 0);
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'testmesh-create-action-'));
  mkdirSync(join(copy, 'test'));
  const parts = ['.biome.json', '.config', '.gitignore', 'package.json', 'src', 'test/support', 'tsconfig.json'];
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a command in a copy of the project, without a terminal. */
function run(command: string, ...args: readonly string[]): { exitCode: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', input: '', env });
  return { exitCode: status, output: stdout + stderr };
}

/** Expects the tests of so many new actions to pass. */
function expectPassed(count: number): void {
  if (testRuns === 0) return;
  const tests = run('npx', 'vitest', 'run', '--config', '.config/vitest.ts', '--project', 'unit', 'test/actions');
  expect(tests.output).toMatch(new RegExp(`Test Files +${count} passed`));
  expect(tests.exitCode).toBe(0);
}

const create = (...args: readonly string[]) => run('npm', 'run', '-s', 'create-action', '--', ...args);

describe('npm run create-action', { timeout: 300_000 }, () => {
  inFullRun('writes an action by its fields, with a test of them that passes', () => {
    const { exitCode, output } = create(
      'cache.get',
      ...['--summary', 'Reads the rows of a cache', '--settings', 'key:string ttl:duration? more:any'],
      ...['--result', 'value:string? row_count:number rows:array json:any', '--items', 'row:rows:row_count'],
      ...['--look', '--creates', '--deadline'],
    );
    expect(output).toContain('wrote src/actions/cache.get.ts, test/actions/cache.get.test.ts');
    expect(exitCode).toBe(0);
    const source = readFileSync(join(copy, 'src/actions/cache.get.ts'), 'utf8');
    expect(source).toContain('traits: { isLook: true, creates: true, ownsDeadline: true }');
    expect(source).toContain("items: { noun: 'row', list: 'rows', number: 'row_count' }");
    expectPassed(1);
  });

  it.runIf(made.includes('by default'))(
    'writes a sample without flags, and what the types and the style of the project want',
    () => {
      expect(create('text_length').exitCode).toBe(0);
      expect(create('delete', '--judges', '--local', '--result', 'ok:bool').exitCode).toBe(0);
      expectPassed(3);
      expect(run('npx', 'biome', 'check', 'src/actions', 'test/actions')).toMatchObject({ exitCode: 0 });
      expect(run('npx', 'tsc', '-p', '.').output).not.toMatch(/cache|length|delete/);
      const { exitCode, output } = create('cache_set', '--dry-run');
      expect(output).toContain('export const cacheSet');
      expect(exitCode).toBe(0);
      expect(existsSync(join(copy, 'src/actions/cache_set.ts'))).toBe(false);
    },
  );

  inFullRun('tells a mistake in one line', () => {
    expect(create('kafka_consume')).toEqual({ exitCode: 2, output: 'there is already an action `kafka_consume`\n' });
  });
});

describe('the fields of a new action', () => {
  it('are asked for one after another; no answer means the sample', async () => {
    const asked: string[] = [];
    const answers: Readonly<Record<string, string>> = { 'its settings': 'key:string', 'poll could': 'yes' };
    const fields = await readFields('cache_get', {}, async (question, fallback) => {
      asked.push(question);
      const key = Object.keys(answers).find((word) => question.includes(word));
      return key === undefined ? fallback : (answers[key] ?? fallback);
    });
    expect(asked).toHaveLength(9);
    expect(fields).toEqual({
      name: 'cache_get',
      summary: 'Gives the length of a text',
      settings: [{ name: 'key', type: 'string', isOptional: false }],
      result: new Map([['length', 'number']]),
      items: undefined,
      judges: false,
      traits: ['isLook'],
    });
  });

  it.each<[string, Flags, string]>([
    ['', {}, 'give the action its YAML word: npm run create-action -- cache_get'],
    ['CacheGet', {}, 'give the action its YAML word'],
    ['cache_get', { result: 'length' }, 'expected name:type, got `length`'],
    ['cache_get', { result: 'length:int' }, '`length`: expected bool, bool?, number'],
    ['cache_get', { result: '' }, 'a result has at least one key'],
    ['cache_get', { settings: 'text:text' }, '`text`: expected string, number, bool'],
    ['cache_get', { items: 'rows' }, 'expected thing:list:count, got `rows`'],
    ['cache_get', { items: 'row:rows:count' }, '`rows` is not an array of the result'],
    ['cache_get', { result: 'rows:array', items: 'row:rows:count' }, '`count` is not a number of the result'],
  ])('have to be possible: %s %j', async (name, flags, message) => {
    await expect(readFields(name, flags, async (_question, fallback) => fallback)).rejects.toThrow(message);
  });

  it('are not asked for where a flag says them', async () => {
    const flags: Flags = { summary: 'Counts', settings: '', result: 'count:number', items: '', judges: true };
    const asked: string[] = [];
    const fields = await readFields('count', flags, async (question, fallback) => {
      asked.push(question);
      return fallback;
    });
    expect(asked).toHaveLength(4);
    expect(fields).toMatchObject({ summary: 'Counts', settings: [], judges: true, traits: [] });
  });
});
