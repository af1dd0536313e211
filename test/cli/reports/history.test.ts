import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-history-'));
  writeFileSync(join(cwd, 'flow.yaml'), flow('a == 1'));
  return () => rmSync(cwd, { recursive: true, force: true });
});

const flow = (assertion: string): string => `name: A total
steps:
  - { id: first, action: assert, config: { data: { a: 1 }, assertions: [a == 1] } }
  - { id: look, action: assert, config: { data: { a: "{{A}}" }, assertions: ["${assertion}"] } }
env: { A: 1 }
`;
const git = (...words: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd, encoding: 'utf8' });
const run = (...flags: readonly string[]) => callCommand(['run', 'flow.yaml', ...flags], { cwd });
const report = async (...flags: readonly string[]) => {
  const { output, errors, exitCode } = await callCommand(['report', '--history', ...flags], { cwd });
  const runs: string[] = [];
  const nameRun = (id: string): string => `R${runs.includes(id) ? runs.indexOf(id) + 1 : runs.push(id)}`;
  const text = output
    .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
    .replace(/\d{8}-\d{6}-\w{4}/g, nameRun)
    .replace(/\([0-9a-f]{8}\)/g, '(COMMIT)');
  return { text, errors, exitCode };
};

describe('testmesh report --history', () => {
  it('says what broke when, of the records of runs', async () => {
    for (const a of [1, 1, 2, 3]) await run('--var', `A:=${a}`);
    await run('--only', 'first');
    expect(await report()).toEqual({
      exitCode: 0,
      errors: '',
      text: ` 4 runs, DAY to DAY

 broken
   ✗ A total   flow.yaml   look
       \`a == 1\` is false
       since run R1, 1 run ago (2 failures in a row); it last passed in run R2

`.replace(/\n$/, ''),
    });
  });

  it('knows commits by what runs left in a folder, and says what is flaky', async () => {
    git('init', '-q');
    git('add', 'flow.yaml');
    git('commit', '-qm', 'one');
    for (const a of [1, 2, 1]) await run('--var', `A:=${a}`, '--history-dir', 'kept/here');
    expect((await report('--history-dir', 'kept')).text).toBe(` 3 runs, DAY to DAY, 1 commit

 flaky
   ~ A total   flow.yaml
       of 3 runs it failed in 1 on a commit on which it passed, too

 mended
   ✓ A total   flow.yaml
       passed in run R1 (COMMIT), and failed in run R2 (COMMIT)
`);
    writeFileSync(join(cwd, 'flow.yaml'), flow('a == 2'));
    await run('--var', 'A:=1', '--history-dir', 'kept/here');
    // What failed with changes that nobody committed is not of the commit.
    expect((await report('--history-dir', 'kept')).text).toContain(
      'of 4 runs it failed in 1 on a commit on which it passed, too',
    );
  });

  it('reads blobs, and names what is neither', async () => {
    mkdirSync(join(cwd, 'blobs/1'), { recursive: true });
    await run('--reporter', 'blob=blobs/1/run.blob', '--var', 'A:=2');
    writeFileSync(join(cwd, 'blobs/notes.txt'), 'hello');
    writeFileSync(join(cwd, 'blobs/newer.json'), '{"type":"history","version":99}');
    writeFileSync(join(cwd, 'blobs/empty.blob'), '');
    const { text, errors } = await report('--history-dir', 'blobs');
    expect(text).toContain('✗ A total   flow.yaml   look');
    expect(text).toContain('(1 failure in a row); no run is known in which it passed');
    expect(errors.replaceAll(cwd, '')).toBe(
      'testmesh: `/blobs/newer.json` is passed over: it is of another version of testmesh\n' +
        'testmesh: `/blobs/notes.txt` is passed over: it is neither an entry of `--history-dir` nor a blob\n',
    );
  });

  it('says that all is well, as data too', async () => {
    await run('--history-dir', 'h');
    expect((await report('--history-dir', 'h')).text).toBe(` 1 run, DAY to DAY

 ✓ nothing is broken, nothing is flaky, nothing became slow
`);
    const { output } = await callCommand(['report', '--history', '--history-dir', 'h', '--json'], { cwd });
    expect(JSON.parse(output)).toMatchObject({ version: 1, runs: [{ type: 'history' }], broken: [], flaky: [] });
  });

  it('keeps no values and no secrets', async () => {
    await run('--secret', 'A=48151623', '--history-dir', 'h');
    const [file = ''] = readdirSync(join(cwd, 'h'));
    const text = readFileSync(join(cwd, 'h', file), 'utf8');
    expect(text).toContain('"address":"look"');
    expect(text).not.toContain('48151623');
  });

  it.each(['flow.yaml', '/proc/nowhere'])(
    'is told in a line where %s is no folder to write to, and the run goes on',
    async (place) => {
      const { errors, exitCode, output } = await run('--history-dir', place);
      expect(output).toContain('✓ passed');
      expect(errors).toMatch(/^testmesh: the run leaves no entry in `[^`]+` for `report --history`: [^\n]+\n$/);
      expect(exitCode).toBe(3);
    },
  );

  it.each([
    [['--json'], '`--json` goes with `--history`'],
    [['--history', '--reporter', 'junit=x.xml'], '`--history` takes no reporter'],
    [['--history', 'some-run'], '`--history` is over all runs'],
  ])('refuses %j', async (flags, text) => {
    const { errors, exitCode } = await callCommand(['report', ...flags], { cwd });
    expect(exitCode).toBe(2);
    expect(errors).toContain(text);
  });

  it.each([
    [['--history-dir', 'nope'], 2, '`nope` cannot be read: it does not exist'],
    [[], 4, 'there is no run to compare in `.testmesh`: run flows first'],
  ])('%j ends with %d', async (flags, code, text) => {
    const { errors, exitCode } = await report(...flags);
    expect(exitCode).toBe(code);
    expect(errors).toContain(text);
  });
});
