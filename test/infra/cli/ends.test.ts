import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { describeWithPrograms, findProgram } from '../../support/servers/programs.ts';
import { bin, expectNoCrash, useWorkspace } from '../../support/stack/cli.ts';

const inFullRun = test.runIf(repeats('further tests of the end of standard output', 1, 0) > 0);

const timeout = 30_000;
const TEARDOWN = 'teardown: [ { id: undo, action: log, config: { message: undone } } ]\n';
const PASSES = `name: passes\nsteps: [ { id: say, action: log, config: { message: hello } } ]\n${TEARDOWN}`;
const FAILS = `name: fails\nsteps: [ { id: claim, action: assert, config: { assertions: ["1 == 2"] } } ]\n${TEARDOWN}`;
const LOST = 'standard output cannot be written: no space is left on the device (ENOSPC)';
const LOST_TREE = `testmesh: the report of \`tree\` is incomplete: ${LOST}; give it another place with \`--reporter tree=FILE\`\n`;

describe('the end of standard output', () => {
  const workspace = useWorkspace();
  workspace.write('passes.yaml', PASSES);
  workspace.write('fails.yaml', FAILS);

  /** Runs a line of the shell, in which `$0` is the command. */
  const runLine = (line: string) =>
    new Promise<{ code: number; output: string; stderr: string }>((resolve) => {
      const words = ['-c', line.replaceAll('testmesh', `'${process.execPath}' -- '${bin}'`)];
      const child = execFile('bash', words, { cwd: workspace.path, timeout }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}`, stderr }),
      );
    });

  const onFullDisk = [
    ['run passes.yaml', 3, LOST_TREE],
    ['run passes.yaml --reporter ndjson', 3, LOST_TREE.replaceAll('tree', 'ndjson')],
    ['run passes.yaml --reporter tree=/dev/stdout', 3, LOST_TREE.replace('standard output', '`/dev/stdout`')],
    ['run fails.yaml', 1, LOST_TREE],
    ['validate passes.yaml', 3, `testmesh: ${LOST}\n`],
    ["eval --jsonl < <(yes '{}' | head -9999)", 3, `testmesh: ${LOST}\n`],
    ["eval '1 + 1'", 3, `testmesh: ${LOST}\n`],
    ['explain TM201', 3, `testmesh: ${LOST}\n`],
    ['--help', 3, `testmesh: ${LOST}\n`],
    ['--version', 3, 'testmesh: standard output cannot be written: ENOSPC: no space left on device, write\n'],
  ] as const;
  test.runIf(existsSync('/dev/full')).each(sample('commands on a full disk', onFullDisk, { count: 1 }))(
    'a full disk below testmesh %s: %i',
    { timeout },
    async (words, code, stderr) => {
      const ended = await runLine(`testmesh ${words} >/dev/full`);
      expect(ended).toEqual({ code, output: stderr, stderr });
    },
  );

  inFullRun('a full disk lets teardown and the other reporters finish', { timeout }, async () => {
    const ended = await runLine('testmesh run passes.yaml --reporter tree --reporter junit=whole.xml >/dev/full');
    expect(ended).toEqual({ code: 3, output: LOST_TREE, stderr: LOST_TREE });
    expect(workspace.read('whole.xml')).toContain('name="teardown/undo"');
  });

  test('a pipe that nobody reads holds no run', { timeout }, async () => {
    const ended = await runLine('mkfifo unread && testmesh run passes.yaml --reporter junit=unread');
    expect(ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('cannot be written: nothing reads from it (ENXIO)'),
    });
    const read = await runLine('testmesh run passes.yaml --reporter junit=>(cat >read.xml); wait $!');
    expect(read).toMatchObject({ code: 0, output: expect.stringContaining('undone') });
    expect(workspace.read('read.xml')).toMatch(/<\/testsuites>\n$/);
  });

  inFullRun('a pipe that a flow reads is refused, one that a flag names is read', { timeout }, async () => {
    workspace.write('given.env', 'WHO=ada\n');
    workspace.write(
      'reads.yaml',
      'name: reads\nenv: { WHO: nobody }\nsteps:\n  - { id: look, action: assert, config: { assertions: ["file(WHO) == WHO"] } }\n',
    );
    const read = await runLine('mkfifo never; testmesh run reads.yaml --var WHO=never');
    expect(read).toMatchObject({
      code: 2,
      output: expect.stringContaining('`never` cannot be read: it is a pipe, not a file'),
    });
    const given = await runLine('testmesh run reads.yaml --env-file <(cat given.env)');
    expect(given.output).toContain('`ada` cannot be read: it does not exist');
    const endless = await runLine('testmesh run reads.yaml --env-file <(yes)');
    expect(endless).toMatchObject({ code: 2, stderr: expect.stringContaining('it has more than 64 MB') });
  });

  const unread = [
    ['run passes.yaml', 0],
    ['run fails.yaml', 1],
    ['run passes.yaml --reporter ndjson', 0],
    ['validate passes.yaml', 0],
    ['--version', 0],
    ['--help', 0],
  ] as const;
  test.each(sample('commands that nobody reads', unread, { count: 1 }))(
    'a reader that went away from testmesh %s leaves %i',
    { timeout },
    async (words, code) => {
      const ended = await runLine(`testmesh ${words} | true; exit \${PIPESTATUS[0]}`);
      expect(ended).toEqual({ code, output: '', stderr: '' });
    },
  );

  inFullRun('questions without an end are no longer answered when nobody reads', { timeout }, async () => {
    const ended = await runLine(`yes '{"expr":"1"}' | testmesh eval --jsonl | head -1; exit \${PIPESTATUS[1]}`);
    expect(ended).toEqual({ code: 0, output: '{"value":1}\n', stderr: '' });
  });

  const homeless = [
    'run passes.yaml',
    'run passes.yaml --reporter junit=r.xml',
    'validate passes.yaml',
    'eval 1 --json x',
  ];
  test.each(sample('commands whose folder is gone', homeless, { count: 0 }))(
    'a working directory that is gone is exit 2: testmesh %s',
    { timeout },
    async (words) => {
      const ended = await runLine(`mkdir gone && cd gone && rmdir ../gone && testmesh ${words}`);
      expect(ended).toMatchObject({
        code: 2,
        stderr: 'testmesh: the working directory no longer exists\n  = change to an existing folder with `cd`\n',
      });
      expectNoCrash(ended);
    },
  );
});

describeWithPrograms('a terminal whose window is closed', ['script'], () => {
  const workspace = useWorkspace();
  workspace.write(
    'waits.yaml',
    `name: waits\nsteps: [ { id: w, action: delay, config: { duration: 20s } } ]\n${TEARDOWN}`,
  );
  const has = (name: string, pattern: RegExp) => () => expect(workspace.read(name)).toMatch(pattern);

  test('ends the run with teardown and its own exit code', { timeout }, async () => {
    const run = `'${process.execPath}' '${bin}' run waits.yaml --reporter tree --reporter ndjson=events`;
    // The kernel tells the shell, which hands it on and outlives the terminal to write down how the run ended.
    const line = `trap 'kill -HUP $!' HUP; ${run} & wait $!; wait $!; echo "ended with $?" >code`;
    const terminal = spawn(findProgram('script') ?? '', ['-qec', line, '/dev/null'], {
      cwd: workspace.path,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const isGone = new Promise((resolve) => terminal.once('exit', resolve));
    await vi.waitFor(has('events', /"type":"step_started"/), { timeout: 15_000, interval: 50 });
    terminal.kill('SIGKILL');
    await isGone;
    await vi.waitFor(has('code', /./), { timeout: 15_000, interval: 50 });
    expect(workspace.read('code')).toBe('ended with 129\n');
    expect(workspace.read('events')).toMatch(/"address":"teardown\/undo"[\s\S]*"type":"run_finished"/);
  });
});
