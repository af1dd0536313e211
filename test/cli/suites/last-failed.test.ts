import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-last-failed-'));
  write('good', 'assert: [1 == 1]');
  write('bad', 'assert: [1 == LIMIT]', 'env: { LIMIT: 2 }\n');
  write('worse', 'assert: [1 == 3]');
  write('rows', 'assert: [n != bad]', 'data: [{ n: 1 }, { n: 2 }, { n: 3 }]\nenv: { bad: 2 }\n');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(name: string, step: string, head = ''): void {
  writeFileSync(
    join(cwd, `${name}.yaml`),
    `name: ${name}\n${head}steps:\n  - { id: one, action: set, config: { x: 1 }, ${step} }\n`,
  );
}

const run = async (words: string, env = {}) => {
  const { exitCode, output, errors } = await callCommand(['run', ...words.split(' ')], { cwd, env });
  return { exitCode, errors, flows: [...output.matchAll(/^ (\w+(?: \[row \d)?).* seed /gm)].map(([, name]) => name) };
};

describe('--last-failed', () => {
  it('runs the flows and rows that failed when they last ran', async () => {
    await run('.');
    expect(await run('. --last-failed')).toMatchObject({ exitCode: 1, flows: ['bad', 'rows [row 2', 'worse'] });
    // One passes now, another is not run: what is left are those that have not passed since.
    expect((await run('bad.yaml --var LIMIT:=1')).exitCode).toBe(0);
    expect(await run('. --last-failed')).toMatchObject({ exitCode: 1, flows: ['rows [row 2', 'worse'] });
    expect(await run('rows.yaml --row 2 --var bad:=9')).toMatchObject({ exitCode: 0 });
    expect(await run('. --last-failed', { TESTMESH_WORKERS: '2' })).toMatchObject({ exitCode: 1, flows: ['worse'] });
  });

  it('is not misled by chosen steps, skipped flows, attempts and repetitions', async () => {
    await run('. --retries 1 --repeat-each 2');
    await run('bad.yaml --only one --var LIMIT:=1');
    write('worse', 'assert: [1 == 3]', 'skip: later\n');
    await run('worse.yaml');
    write('worse', 'assert: [1 == 3]');
    expect(await run('. --last-failed')).toMatchObject({ flows: ['bad', 'rows [row 2', 'worse'] });
  });

  it('takes a flaky flow for one that passed', async () => {
    write('flaky', 'assert: ["random_int(0, 1) == 1"]');
    for (let seed = 1; seed < 100; seed++) {
      const { output } = await callCommand(['run', 'flaky.yaml', '--retries', '1', '--seed', String(seed)], { cwd });
      if (output.includes('flaky: passed')) break;
    }
    expect((await run('flaky.yaml --last-failed')).exitCode).toBe(4);
  });

  it('says why there is nothing to run', async () => {
    expect(await run('good.yaml --last-failed')).toEqual({
      exitCode: 4,
      flows: [],
      errors:
        'testmesh: --last-failed: none of the flows failed when it last ran\n  = there is no record in `.testmesh`: run them once, or name the folder with `--output-dir`\n',
    });
    await run('good.yaml');
    expect((await run('good.yaml --last-failed')).errors).toContain('by the records in `.testmesh`');
    expect((await run('good.yaml --last-failed --pass-with-no-tests')).exitCode).toBe(0);
    const env = { TESTMESH_LAST_FAILED: 'true' };
    expect((await run('good.yaml', env)).exitCode).toBe(4);
  });
});
