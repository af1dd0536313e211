import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sample } from '../../support/sample.ts';
import { bin, useWorkspace } from '../../support/stack/cli.ts';

const SERVICE = `
import { spawn } from 'node:child_process';

const [, file, how] = process.argv;
const start = (options) => spawn(process.execPath, [file, 'rest'], { stdio: 'ignore', ...options }).unref();
process.on('SIGTERM', () => {});
setInterval(() => {}, 1000);
if (how !== 'rest') { start({}); start({ detached: true }); console.log('ready'); }
`;

describe('services', () => {
  const workspace = useWorkspace();
  const listLeft = (): readonly string[] =>
    execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(workspace.path));

  test.each(sample('signals that end testmesh', ['SIGKILL', 'SIGTERM'] as const, { count: 1 }))(
    'are gone after a %s of testmesh',
    { timeout: 60_000 },
    async (signal) => {
      workspace.write('service.mjs', SERVICE);
      const file = join(workspace.path, 'service.mjs');
      const settings = 'ready: { log: ready }, stop: { timeout: 300ms }';
      workspace.write('testmesh.yaml', `services:\n  a: { command: [node, ${file}], ${settings} }\n`);
      workspace.write(
        'flow.yaml',
        'name: Waits\nsteps:\n  - { action: delay, config: { duration: 60s } }\n  - { action: service_stop, config: { service: a } }\n',
      );
      const child = spawn(process.execPath, [bin, 'run', 'flow.yaml'], { cwd: workspace.path, stdio: 'pipe' });
      const output: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
      // The service, what it forked and what it started in a session of its own.
      await expect.poll(() => listLeft().length, { timeout: 20_000, message: output.join('') }).toBe(3);
      await expect.poll(() => output.join(''), { timeout: 20_000 }).toContain('started `a`');
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      if (signal === 'SIGTERM') expect(listLeft()).toEqual([]);
      await expect.poll(listLeft, { timeout: 20_000 }).toEqual([]);
    },
  );
});
