import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-env-'));
  writeFileSync(
    join(cwd, 'flow.yaml'),
    'name: n\nsteps: [ { action: set, config: { total: "1" }, output: { unused: total } } ]\n',
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const call = (line: string, env: Record<string, string>) => callCommand(line.split(' '), { cwd, env });

describe('the environment form of a flag', () => {
  it.each([
    ['true', 2],
    ['1', 2],
    ['TRUE', 2],
    ['false', 0],
    ['0', 0],
    ['', 0],
  ])('TESTMESH_STRICT=%j', async (text, exitCode) => {
    expect((await call('validate flow.yaml', { TESTMESH_STRICT: text })).exitCode).toBe(exitCode);
  });

  it('is refused when it says neither yes nor no', async () => {
    const ended = await call('validate flow.yaml', { TESTMESH_STRICT: 'yes' });
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain('TESTMESH_STRICT: expected `true`, `false`, `1` or `0`, got `yes`');
  });

  it('gives way to the flag itself', async () => {
    expect((await call('validate flow.yaml --strict', { TESTMESH_STRICT: 'false' })).exitCode).toBe(2);
    const seeded = await call('run flow.yaml --seed 7', { TESTMESH_SEED: 'not read' });
    expect(seeded.output).toContain('seed 7');
  });

  it.each([
    ['TESTMESH_SEED', '4711', 'seed 4711'],
    ['TESTMESH_QUIET', 'false', 'seed '],
  ])('sets what its flag sets: %s=%s', async (name, text, shown) => {
    expect((await call('run flow.yaml', { [name]: text })).output).toContain(shown);
  });

  it.each([
    ['TESTMESH_TIMEOUT', 'soon', 'expected a duration'],
    ['TESTMESH_COLOR', 'blue', 'expected one of `auto`, `always` and `never`'],
  ])('is checked as its flag is: %s=%s', async (name, text, message) => {
    const ended = await call('run flow.yaml', { [name]: text });
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain(`${name}: ${message}`);
  });

  it('stands in the help, which says nothing of flags that are off', async () => {
    const { output } = await call('run --help', {});
    const text = output.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      '-j, --workers <n> how many flows run at the same time: as testmesh.yaml says, else 1 (env: TESTMESH_WORKERS)',
    );
    expect(text).toContain('--strict treat warnings as errors (env: TESTMESH_STRICT)');
    expect(text).toContain('--shuffle[=seed] ');
    expect(text).not.toContain('default: false');
  });
});
