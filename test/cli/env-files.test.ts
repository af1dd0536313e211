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

describe('placeholders of a dotenv file', () => {
  it('are warned of, with their line and no line of the file, where a flow reads the name', async () => {
    const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
    write('filled.env', 'PORT=1\nSECRET_KEY=hunter2hunter2\nURL=${PORT}/x\nOTHER=${PORT}\n');
    const steps =
      'steps: [ { id: look, action: http_request, config: { url: "{{URL}}" }, assert: [status == 200] } ]\n';
    write('url.yaml', `name: url\nenv: { URL: x }\n${steps}`);
    write('own-url.yaml', `name: url\nenv_file: filled.env\n${steps}`);
    const said = '`URL` holds `${PORT}`, which nothing fills in: a value of a dotenv file is taken as it stands';
    const given = await callCommand(['run', 'url.yaml', '--env-file', 'filled.env'], { cwd });
    expect(given.errors).toContain(`warning[TM223] line 3 of \`filled.env\`: ${said}\n   = put it together`);
    expect(given.output).toContain('`url`: "${PORT}/x" begins with `${PORT}`, which nothing filled in');
    expect(given.output).toContain('= a value of a dotenv file or a data row is taken as it stands: put the address');
    const own = await callCommand(['run', 'own-url.yaml'], { cwd });
    expect(own.errors).toContain(`warning[TM223] ${said}\n  filled.env:3:1\n   = put it together`);
    for (const { errors, output } of [given, own]) {
      expect(errors + output).not.toContain('hunter2');
      expect(errors).not.toContain('OTHER');
    }
    const set = await callCommand(['validate', 'url.yaml', '--env-file', 'filled.env', '--var', 'URL=http://x'], {
      cwd,
    });
    expect(set.errors).not.toContain('TM223');
  });
});

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
