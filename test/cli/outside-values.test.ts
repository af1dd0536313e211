import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-outside-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const flow = (value: string, rest = ''): string =>
  `name: greet\nenv: { WHO: '${value}' }\n${rest}steps:\n  - { action: log, config: { message: "hello {{WHO}}" } }\n`;
const write = (text: string, name = 'f.yaml') => writeFileSync(join(root, name), text);
const call = (words: string, env: Record<string, string> = {}) => callCommand(words.split(' '), { cwd: root, env });

describe('a variable that is itself alone', () => {
  it.each(['${WHO}', '{{WHO}}', '<<WHO>>', '{{ WHO }}'])('comes from outside: %s', async (value) => {
    write(flow(value));
    expect((await call('validate f.yaml')).exitCode).toBe(0);
    const { exitCode, errors, output } = await call('run f.yaml');
    expect(exitCode).toBe(2);
    expect(errors).toContain('error[TM128] `WHO` comes from outside the flow, but nothing gives it\n  f.yaml:2:8');
    expect(output).toBe('');
    const given = [await call('run f.yaml', { WHO: 'Ada' }), await call('run f.yaml --var WHO=Ada')];
    for (const run of given) {
      expect(run.exitCode).toBe(0);
      expect(run.output).toContain('hello Ada');
    }
  });

  it('takes what a call gives, a column, an env file', async () => {
    write(flow('{{WHO}}'));
    const caller = (input: string) =>
      `name: c\nsteps:\n  - { id: c, action: run_flow, config: { flow: f.yaml${input} } }\n`;
    write(caller(', input: { WHO: Ada }'), 'gives.yaml');
    write(caller(''), 'owes.yaml');
    expect((await call('run gives.yaml')).output).toContain('hello Ada');
    expect((await call('run owes.yaml')).errors).toContain('[TM128] `WHO` comes from outside');
    write(flow('{{WHO}}', 'data: [{ WHO: Ada }, { WHO: Eve }]\n'), 'rows.yaml');
    expect((await call('run rows.yaml')).output).toContain('hello Eve');
    write('WHO=Ada\n', '.env.who');
    write(flow('{{WHO}}', 'env_file: .env.who\n'), 'file.yaml');
    expect((await call('run file.yaml')).output).toContain('hello Ada');
  });

  it('is not read by itself where every shell has it', async () => {
    write('name: x\nenv: { HOME: "{{HOME}}" }\nsteps:\n  - { action: log, config: { message: "{{HOME}}" } }\n');
    const { exitCode, errors } = await call('run f.yaml', { HOME: '/home/ada' });
    expect(exitCode).toBe(2);
    expect(errors).toContain('write `HOME: "{{env(\'HOME\')}}"` under another name');
  });
});
