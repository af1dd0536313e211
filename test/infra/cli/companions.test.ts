import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FakeDocker } from '../../services/fake-docker.ts';
import { repeats } from '../../support/sample.ts';
import { startCli, useWorkspace } from '../../support/stack/cli.ts';

const inFullRun = test.runIf(repeats('further tests of companions that are killed', 1, 0) > 0);

const SERVICE = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [, file, how] = process.argv;
const rest = (options) => spawn(process.execPath, [file, 'rest'], { stdio: 'ignore', ...options }).unref();
process.on('SIGTERM', () => {});
if (how === 'rest') setInterval(() => {}, 1000);
else {
  rest({});
  rest({ detached: true });
  const server = createServer(async (_, response) => response.writeHead((await fetch(process.env.USERS + '/u')).status).end());
  server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));
}
`;
const ASK =
  '  - { id: ask, action: http_request, config: { url: "{{services.orders.url}}/x" }, assert: [status == 200] }\n';
/** How often a process is killed, at other moments each time. */
const KILLS = repeats('kills of testmesh beside services', 20, 1);
const [STUB, PROXY] = [45_811, 45_812];
// each look lists all processes of the machine
const patience = { timeout: 20_000, interval: 200 };

describe('services, stubs and proxies', () => {
  const workspace = useWorkspace();
  const listLeft = (): readonly string[] =>
    execFileSync('ps', ['-A', '-o', 'stat,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(workspace.path) && !line.startsWith('Z'));
  const isOpen = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
  const isAnythingLeft = async (): Promise<boolean> =>
    listLeft().length > 0 || (await isOpen(STUB)) || (await isOpen(PROXY));
  const write = (): void => {
    workspace.write('service.mjs', SERVICE);
    const file = join(workspace.path, 'service.mjs');
    const ready = String.raw`ready: { log: 'listening on (?P<url>http://\S+)' }, stop: { timeout: 300ms }`;
    workspace.write(
      'testmesh.yaml',
      `services:
  orders: { command: [node, ${file}], env: { USERS: "{{proxies.users.url}}" }, ${ready} }
stubs: { users: { port: ${STUB}, routes: [{ path: /u }] } }
proxies: { users: { upstream: "{{stubs.users.url}}", listen: ${PROXY} } }
`,
    );
    workspace.write('flow.yaml', `name: Asks\nsteps:\n${ASK}`);
    workspace.write(
      'wait.yaml',
      `name: Waits\nsteps:\n${ASK}  - { action: fault_set, config: { proxy: users, faults: { latency: 1ms } } }
  - { action: service_stop, config: { service: orders } }
  - { action: delay, config: { duration: 60s } }
`,
    );
  };
  const kill = async ({ child, ended }: ReturnType<typeof startCli>, afterMs: number): Promise<void> => {
    // At a moment, and not once something is there: a kill may come at any.
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill('SIGKILL');
    await ended;
  };

  test.each(['run wait.yaml', 'up'])(
    `are gone, and their ports free, after a SIGKILL of \`%s\` at any moment`,
    { timeout: 300_000 },
    async (words) => {
      write();
      for (let round = 0; round < KILLS; round++) {
        await kill(startCli(words.split(' '), { cwd: workspace.path }), (round * 1_000) / KILLS);
        await expect.poll(isAnythingLeft, { ...patience, message: listLeft().join('\n') }).toBe(false);
      }
    },
  );

  inFullRun(
    'of `testmesh up` are as they were after a SIGKILL of a run that uses them',
    { timeout: 300_000 },
    async () => {
      write();
      const up = startCli(['up'], { cwd: workspace.path });
      await expect.poll(up.stdout, { timeout: 20_000 }).toContain('running until Ctrl-C');
      for (let round = 0; round < KILLS; round++) {
        await kill(startCli(['run', 'wait.yaml'], { cwd: workspace.path }), 300 + (round * 700) / KILLS);
        const passes = async (): Promise<string> =>
          (await startCli(['run', 'flow.yaml'], { cwd: workspace.path }).ended).output;
        await expect.poll(passes, patience).toContain('✓ passed');
      }
      up.child.kill('SIGINT');
      expect((await up.ended).code).toBe(130);
      expect(await isAnythingLeft()).toBe(false);
      expect(existsSync(join(workspace.path, '.testmesh', 'up.sock'))).toBe(false);
    },
  );

  inFullRun('of `testmesh up` run again when a run is killed that had stopped them', { timeout: 60_000 }, async () => {
    write();
    const up = startCli(['up'], { cwd: workspace.path });
    const countStarts = (): number => up.stdout().split('listening on').length - 1;
    await expect.poll(up.stdout, { timeout: 20_000 }).toContain('running until Ctrl-C');
    const run = startCli(['run', 'wait.yaml'], { cwd: workspace.path });
    await expect.poll(run.stdout, { timeout: 20_000 }).toContain('✓ step_3');
    expect(countStarts()).toBe(1);
    await kill(run, 0);
    await expect.poll(countStarts, { timeout: 20_000 }).toBe(2);
    up.child.kill('SIGTERM');
    expect((await up.ended).code).toBe(143);
    expect(await isAnythingLeft()).toBe(false);
  });

  inFullRun('end a run that uses them when `testmesh up` is killed', { timeout: 60_000 }, async () => {
    write();
    const up = startCli(['up'], { cwd: workspace.path });
    await expect.poll(up.stdout, { timeout: 20_000 }).toContain('running until Ctrl-C');
    const waits = `${ASK}  - { action: delay, config: { duration: 2s } }\n${ASK.replace('id: ask', 'id: again')}`;
    workspace.write('late.yaml', `name: Late\nsteps:\n${waits}`);
    const run = startCli(['run', 'late.yaml'], { cwd: workspace.path });
    await expect.poll(run.stdout, { timeout: 20_000 }).toContain('✓ ask');
    up.child.kill('SIGKILL');
    const ended = await run.ended;
    expect(ended.code, ended.output).toBe(3);
    expect(ended.output).toContain('(testmesh.yaml:2:3) ended with `testmesh up`, which is gone');
    await expect.poll(isAnythingLeft, patience).toBe(false);
  });

  inFullRun('of a compose file are stopped after a SIGKILL of testmesh', { timeout: 60_000 }, async () => {
    const docker = new FakeDocker(workspace.path);
    docker.define('shop', 'console.log("listening on http://127.0.0.1:1"); setInterval(() => {}, 1000);');
    workspace.write('compose.yaml', 'services: { shop: { image: shop } }\n');
    workspace.write(
      'testmesh.yaml',
      'services:\n  shop: { compose: { file: compose.yaml, service: shop }, ready: { log: "listening on (?P<url>\\\\S+)" } }\n',
    );
    workspace.write('flow.yaml', 'name: Waits\nsteps:\n  - { action: delay, config: { duration: 60s } }\n');
    const run = startCli(['run', 'flow.yaml', '--services', 'all'], { cwd: workspace.path, env: docker.env });
    await expect.poll(run.stdout, { timeout: 20_000 }).toContain('started `shop`');
    expect(docker.isRunning('shop')).toBe(true);
    await kill(run, 0);
    await expect.poll(() => docker.isRunning('shop'), { timeout: 20_000 }).toBe(false);
    expect(docker.calls.at(-1)).toBe('stop shop');
    await expect.poll(() => listLeft(), patience).toEqual([]);
  });
});
