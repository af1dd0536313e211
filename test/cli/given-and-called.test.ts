import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-given-'));
let count = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a command in a folder of its own with these files. */
function call(files: Readonly<Record<string, string>>, words: readonly string[], env: Record<string, string> = {}) {
  const cwd = join(root, String(count++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return callCommand(words, { cwd, env });
}

const say = (text: string, id = 'say') => `  - { id: ${id}, action: log, config: { message: "${text}" } }\n`;
const GREET = `name: greet\nenv: { USER_NAME: ada }\nsteps:\n${say('{{USER_NAME}}')}`;

describe('a value given on the command line', () => {
  it.each([
    ['--var', 'USER_NMAE=eve', 'did you mean `USER_NAME`?'],
    ['--secret', 'USER_NMAE=eve', 'did you mean `USER_NAME`?'],
    ['--var', 'PORT=1', 'remove it'],
  ])('%s %s is told when no flow reads it', async (flag, pair, help) => {
    for (const command of ['run', 'validate']) {
      const { exitCode, errors } = await call({ 'f.yaml': GREET }, [command, 'f.yaml', flag, pair]);
      expect(errors).toContain(
        `warning[TM216] ${flag} gives \`${pair.split('=')[0]}\`, which no flow of this run reads`,
      );
      expect(errors).toContain(help);
      expect(exitCode).toBe(0);
      const strict = await call({ 'f.yaml': GREET }, [command, 'f.yaml', flag, pair, '--strict']);
      expect(strict.exitCode).toBe(2);
    }
  });

  it.each([
    ['declared', GREET],
    ['read by a step', `name: n\nsteps:\n${say('{{USER_NAME}}')}`],
    ['read by a name', `name: "of {{USER_NAME}}"\nsteps:\n${say('x')}`],
    ['read where it may be absent', `name: n\nsteps:\n${say('${USER_NAME:-nobody}')}`],
    ['read by a variable', `name: n\nenv: { A: "{{USER_NAME}}" }\nsteps:\n${say('{{A}}')}`],
    ['read by the output', `name: n\nsteps:\n${say('x')}output: { a: USER_NAME }\n`],
    ['reached through all names', `name: n\nsteps:\n${say("{{$env['USER_' + 'NAME']}}")}`],
    ['read by a flow that is called', `name: n\nsteps:\n  - { action: run_flow, config: { flow: lib.yml } }\n`],
  ])('is %s: nothing is told', async (_what, flow) => {
    const files = { 'f.yaml': flow, 'lib.yml': GREET };
    const { exitCode, errors } = await call(files, ['run', 'f.yaml', '--var', 'USER_NAME=eve']);
    expect(errors).toBe('');
    expect(exitCode).toBe(0);
  });

  it('is told with the others that no flow reads, and with its like by itself', async () => {
    const words = ['PORT', 'USER_NMAE', 'HOST'].flatMap((name) => ['--var', `${name}=1`]);
    const { errors } = await call({ 'f.yaml': GREET }, ['validate', 'f.yaml', ...words]);
    expect(errors.match(/(?<=\[TM216\] ).*/g)).toEqual([
      '--var gives `USER_NMAE`, which no flow of this run reads',
      '--var gives `PORT` and `HOST`, which no flow of this run reads',
    ]);
  });

  it('may be meant for other flows when a file or the environment gives it', async () => {
    const files = { 'f.yaml': GREET, 'v.yaml': 'OTHER: 1\n' };
    const { errors } = await call(files, ['run', 'f.yaml', '--var-file', 'v.yaml'], { TESTMESH_VAR_ANOTHER: '1' });
    expect(errors).toBe('');
  });
});

describe('a flow that lacks what its callers give', () => {
  const LIB = `name: lib\nsteps:\n${say('{{user_id}}')}`;
  const MAIN =
    'name: main\nsteps:\n  - { id: use, action: run_flow, config: { flow: lib/sub.yaml, input: { user_id: 7 } } }\n';
  const NOTE =
    'note: "lib" (flows/lib/sub.yaml) runs only where it is called: `user_id` is given by `input` of `use` (flows/main.yaml:3)';

  it.each(['validate', 'run'])('is no mistake beside its caller: %s', async (command) => {
    const files = { 'flows/main.yaml': MAIN, 'flows/lib/sub.yaml': LIB };
    const { exitCode, errors, output } = await call(files, [command, 'flows']);
    expect(errors).toContain(NOTE);
    expect(errors).not.toContain('TM104');
    expect(exitCode).toBe(0);
    expect(output).toContain(command === 'run' ? '1 passed' : '2 flows in 2 files');
  });

  it('is one by itself, and for a name that no caller gives', async () => {
    const alone = await call({ 'sub.yaml': LIB }, ['run', 'sub.yaml']);
    expect(alone.errors).toContain('error[TM104] unknown name `user_id`');
    const files = { 'flows/main.yaml': MAIN, 'flows/lib/sub.yaml': `${LIB}${say('{{colour}}', 'other')}` };
    const { exitCode, errors } = await call(files, ['validate', 'flows']);
    expect(errors).toContain('error[TM104] unknown name `colour`');
    expect(errors).not.toContain('unknown name `user_id`');
    expect(exitCode).toBe(2);
  });

  it('concerns the called flow of a file alone', async () => {
    const main = MAIN.replace('sub.yaml', 'sub.yaml#one');
    const lib = `id: one\n${LIB}---\nid: two\n${LIB}`;
    const { exitCode, errors } = await call({ 'flows/main.yaml': main, 'flows/lib/sub.yaml': lib }, ['run', 'flows']);
    expect(errors.match(/error\[TM104\]/g)).toHaveLength(1);
    expect(exitCode).toBe(2);
  });
});

describe('findings with --only', () => {
  const quiet = (id: string) => `  - { id: ${id}, action: http_request, config: { url: "http://127.0.0.1:9/" } }\n`;
  const FLOW = `name: n\nsteps:\n${quiet('a')}${quiet('b')}${say('hi')}  - action: if\n    id: maybe\n    config:\n      condition: "true"\n      then:\n      ${quiet('c')}`;

  it.each([
    ['a', ['a']],
    ['say', []],
    ['c', ['c']],
    ['a,b', ['a', 'b']],
  ])('--only %s warns of %j', async (only, told) => {
    const { errors } = await call({ 'f.yaml': FLOW }, ['run', 'f.yaml', '--only', only]);
    expect([...errors.matchAll(/TM204\] `(\w+)`/g)].map(([, id]) => id)).toEqual(told);
  });

  it('are errors wherever they are', async () => {
    const { exitCode, errors } = await call({ 'f.yaml': FLOW.replace('id: b,', 'id: b, tmieout: 1s,') }, [
      'run',
      'f.yaml',
      '--only',
      'say',
    ]);
    expect(errors).toContain('tmieout');
    expect(exitCode).toBe(2);
  });
});
