import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-lost-'));
  writeFileSync(join(cwd, 'passes.yaml'), PASSES);
  writeFileSync(join(cwd, 'fails.yaml'), FAILS);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...words: string[]) => callCommand(['run', ...words], { cwd });

const TEARDOWN = 'teardown: [ { id: undo, action: log, config: { message: undone } } ]\n';
const PASSES = `name: passes\nsteps: [ { id: say, action: log, config: { message: hello } } ]\n${TEARDOWN}`;
const FAILS = `name: fails\nsteps: [ { id: claim, action: assert, config: { assertions: ["1 == 2"] } } ]\n${TEARDOWN}`;

const PLACES = [
  ['.', 'it is a folder (EISDIR)'],
  ['passes.yaml/r', 'a part of its path is a file (EEXIST)'],
  ...(existsSync('/dev/full') ? [['/dev/full', 'no space is left on the device (ENOSPC)']] : []),
  ...(existsSync('/proc/1') ? [['/proc/none/r', 'it does not exist (ENOENT)']] : []),
] as const;

describe('a report that cannot be written', () => {
  const cases = ['tree', 'junit', 'ndjson'].flatMap((name) =>
    PLACES.map(([place, why]) => [name, place, why] as const),
  );

  it.each(cases)('%s=%s is one line on standard error, exit 3, and the others finish', async (name, place, why) => {
    const ended = await run('passes.yaml', '--reporter', `${name}=${place}`, '--reporter', 'junit=whole.xml');
    expect(ended).toEqual({
      exitCode: 3,
      output: '',
      errors: `testmesh: the report of \`${name}\` is incomplete: \`${place}\` cannot be written: ${why}; give it another place with \`--reporter ${name}=FILE\`\n`,
    });
    expect(existsSync(join(cwd, 'whole.xml'))).toBe(true);
    rmSync(join(cwd, 'whole.xml'));
  });

  it.each(['removed', 'replaced'])('is told where its file was %s while the run went on', async (what) => {
    const place = join(cwd, 'gone');
    const write = (text: string): void => {
      if (!text.includes('say')) return;
      rmSync(place, { recursive: true, force: true });
      if (what === 'removed') return;
      mkdirSync(place);
      writeFileSync(join(place, 'r.nd'), '');
    };
    const words = ['run', 'passes.yaml', '--reporter', 'tree', '--reporter', 'ndjson=gone/r.nd'];
    const { exitCode, errors } = await callCommand(words, { cwd, write });
    const why = what === 'removed' ? 'it was removed meanwhile' : 'another file was put in its place meanwhile';
    expect(errors).toBe(
      `testmesh: the report of \`ndjson\` is incomplete: \`gone/r.nd\` cannot be written: ${why}; give it another place with \`--reporter ndjson=FILE\`\n`,
    );
    expect(exitCode).toBe(3);
    rmSync(place, { recursive: true, force: true });
  });

  it('is told from a reporter that breaks, which no other place would mend', async () => {
    const write = (): never => {
      throw new TypeError("cannot read 'x' of undefined");
    };
    const words = ['run', 'passes.yaml', '--reporter', 'tree', '--reporter', 'junit=whole.xml'];
    const { exitCode, errors } = await callCommand(words, { cwd, write });
    expect(exitCode).toBe(3);
    expect(errors).toMatch(
      /^testmesh: the report of `tree` is incomplete: cannot read 'x' of undefined; this is a bug in testmesh, not in your flow: please report it with the lines below\nTypeError: cannot read 'x' of undefined\n {4}at /,
    );
    expect(errors).not.toContain('another place');
    expect(existsSync(join(cwd, 'whole.xml'))).toBe(true);
    rmSync(join(cwd, 'whole.xml'));
  });

  it('leaves a worse code as it is, and standard output to its reporter', async () => {
    const ended = await run('fails.yaml', '--reporter', 'tree', '--reporter', 'junit=.');
    expect(ended.exitCode).toBe(1);
    expect(ended.output).toContain('undone');
    expect(ended.errors).toMatch(/^testmesh: the report of `junit` .*\n$/);
  });

  it('is no record: that is said beside any reporter, and changes no code', async () => {
    const ended = await run('passes.yaml', '--reporter', 'junit=whole.xml', '--output-dir', 'passes.yaml/x');
    expect(ended).toMatchObject({ exitCode: 0, output: '' });
    expect(ended.errors).toMatch(/^testmesh: this run leaves no record in .*`--output-dir`\n$/);
  });
});

describe('two reports in one file', () => {
  it.each([
    ['junit=same.x', 'ndjson=same.x'],
    ['junit=same.x', 'ndjson=./a/../same.x'],
    ['tree=same.x', 'tree=same.x'],
  ])('%s and %s are refused before anything runs', async (first, second) => {
    const ended = await run('passes.yaml', '--reporter', first, '--reporter', second);
    expect(ended).toMatchObject({ exitCode: 2, output: '' });
    expect(ended.errors).toContain(`would both write to the file \`${second.slice(second.indexOf('=') + 1)}\``);
    expect(existsSync(join(cwd, 'same.x'))).toBe(false);
  });
});
