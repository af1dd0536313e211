import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-env-'));
  const steps = `steps: [ { id: look, action: assert, config: { assertions: ['NAME == "ada#1"'] } } ]\n`;
  writeFileSync(join(cwd, 'given.yaml'), `name: given\nenv: { NAME: nobody }\n${steps}`);
  writeFileSync(join(cwd, 'own.yaml'), `name: own\nenv_file: stray.env\n${steps}`);
  writeFileSync(join(cwd, 'stray.env'), 'NAME=ada#1\nKEY=-----BEGIN\nhunter2hunter2\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('lines of a dotenv file that are no assignment', () => {
  it.each([
    ['run given.yaml --env-file stray.env', ''],
    ['validate given.yaml --env-file stray.env', ''],
    ['run own.yaml', '\n  own.yaml:2:11\n    1 | name: own\n    2 | env_file: stray.env\n      |           ^^^^^^^^^'],
  ])('are warned of and not shown: %s', async (line, place) => {
    const ended = await callCommand(line.split(' '), { cwd });
    expect(ended.exitCode).toBe(0);
    expect(ended.errors).toContain(
      `warning[TM219] line 3 of \`stray.env\` is not an assignment, and is left out${place}\n`,
    );
    expect(ended.errors).toContain('= write `NAME=value`, in quotes');
    expect(ended.errors + ended.output).not.toContain('hunter2');
    expect((await callCommand([...line.split(' '), '--strict'], { cwd })).exitCode).toBe(2);
  });
});
