import { existsSync, mkdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { get, order, ProjectFolder, verify } from '../companions/project-folder.ts';
import { startUp, type TestUp } from '../up/start-up.ts';

const inFullRun = it.runIf(repeats('further tests of runs while `testmesh up` runs', 1, 0) > 0);

const STUBS = 'stubs: { users: { routes: [{ path: "/users/:id", response: { body: { name: Ada } } }] } }\n';
const PROXIES = 'proxies: { users: { upstream: "{{stubs.users.url}}" } }\n';
const configure = (routes: string): string =>
  `action: mock_server_configure, config: { server: users, routes: [${routes}] }`;
const set = (faults: string): string => `action: fault_set, config: { proxy: users, faults: ${faults} }`;
const change = (verb: string): string => `action: service_${verb}, config: { service: orders }`;

let folder: ProjectFolder;
let up: TestUp | undefined;
beforeEach(() => {
  folder = new ProjectFolder();
});
afterEach(async () => {
  await up?.end();
  up = undefined;
  folder.remove();
});

/** Starts all, and gives what asks the service from outside of runs. */
async function start(more = `${STUBS}${PROXIES}`, options?: { users: string }) {
  folder.writeProject(more, options ?? { users: '{{proxies.users.url}}' });
  const running = await startUp(folder.path);
  up = running;
  return async (path: string) => (await fetch(`${running.address('services.orders.url')}${path}`)).status;
}

describe('a run while `testmesh up` runs', () => {
  it('uses what runs there, and leaves it as it was', async () => {
    const ask = await start();
    const flows = {
      first: [
        order('/u1', 'status == 201', 'body.name == "Ada"'),
        verify('path: /users/u1, count: 1'),
        configure('{ path: /users/u1, response: { status: 404 } }'),
        order('/u1', 'status == 422'),
        set('{ reset: true }'),
        order('/u1', 'status == 503'),
        'action: fault_clear, config: { proxy: users }, assert: [requests == 1, total.requests == 3]',
        set('{ down: true }'),
        order('/u1', 'status == 503'),
      ],
      second: [order('/u2', 'status == 201'), verify('count: 1')],
    };
    for (const _ of [1, 2]) {
      const ended = await folder.run(flows);
      expect(ended.exitCode, ended.all).toBe(0);
      expect(ended.errors).toBe(
        `note: \`stub users\`, \`proxy users\` and \`orders\` of \`testmesh up\` (pid ${process.pid}) are used\n`,
      );
      expect(ended.output).not.toContain('started');
      await vi.waitUntil(async () => (await ask('/u1')) === 201);
    }
  });

  inFullRun('answers for its stubs by testmesh.yaml as it is now, with what its flows know', async () => {
    await start();
    folder.writeProject(`${STUBS.replace('Ada', 'Grace')}${PROXIES}`, { users: '{{proxies.users.url}}' });
    const ended = await folder.run({
      a: [
        order('/u1', 'status == 201', 'body.name == "Grace"'),
        `action: set, config: { who: "'Alan'" }`,
        configure('{ path: /users/u2, response: { body: { name: "{{who}}" } } }'),
        order('/u2', 'body.name == "Alan"'),
      ],
    });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('has what follows an answer done', async () => {
    const then = 'then: [{ http: { url: "{{stubs.users.url}}/called" } }]';
    await start(`stubs: { users: { routes: [{ path: /users/a, ${then} }, { path: /called }] } }\n`, {
      users: '{{stubs.users.url}}',
    });
    const ended = await folder.run({
      a: [order('/a', 'status == 201'), verify('path: /called, within: 5s'), verify('count: 2')],
    });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('stops, kills and restarts services there, which run again at the end of the flow', async () => {
    await start();
    const refused = `${order('/u1')}, expect_error: { kind: connection }`.replace('assert: [], ', '');
    const ended = await folder.run({
      stops: [change('stop'), refused, change('start'), order('/u1', 'status == 201')],
      kills: [change('kill'), refused],
      restarts: [change('restart'), order('/u1', 'status == 201')],
    });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(up?.shown.match(/orders │ listening on/g)?.length).toBe(4);
  });

  inFullRun('has in the report of a flow that fails what services printed there, secrets masked', async () => {
    await start();
    const ended = await folder.run({ a: [set('{ reset: true }'), order('/u1', 'status == 201')] });
    expect(ended.exitCode).toBe(1);
    expect(ended.output).toMatch(/service `orders` printed\n.*the user service: /);
  });

  inFullRun('makes an error of a fault that nobody met there', async () => {
    await start();
    const ended = await folder.run({ a: [set('{ latency: 5ms }')] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('proxy users: `latency` met nothing');
  });

  inFullRun('starts by itself what does not run there', async () => {
    folder.writeProject(`${STUBS.replace(' } }\n', ' }, other: { routes: [{ path: / }] } }\n')}`);
    up = await startUp(folder.path, { words: ['stubs.users'] });
    const ended = await folder.run({
      a: [order('/u1', 'status == 201'), verify('count: 1'), get('{{stubs.other.url}}/', 'status == 200')],
    });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.errors).toContain(`note: \`stub users\` of \`testmesh up\` (pid ${process.pid}) is used\n`);
    expect(ended.output).toContain('note: started `stub other` and `orders` in ');
  });

  inFullRun('refuses a service that runs there with other settings than it would give it', async () => {
    folder.writeProject(STUBS, { users: '{{stubs.users.url}}${UNDER:-}' });
    up = await startUp(folder.path);
    const ended = await folder.run({ a: [order('/u1', 'status == 201')] }, { words: ['--var', 'UNDER=/v2'] });
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.output).toContain(
      'service `orders` (testmesh.yaml:3:3) runs in `testmesh up` with another `env.USERS` than this run would give it: start `testmesh up` again',
    );
    expect((await folder.run({ a: [order('/u1', 'status == 201')] })).exitCode).toBe(0);
  });

  inFullRun('starts again what has ended there', async () => {
    folder.writeProject(STUBS);
    up = await startUp(folder.path);
    await fetch(`${up.address('services.orders.url')}/end`).catch(() => undefined);
    await up.sees('ended with exit code 7');
    const ended = await folder.run({ a: [order('/u1', 'status == 201')] });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('ends errored where a service ends there meanwhile', async () => {
    await start();
    const end = get('{{services.orders.url}}/end').replace('assert: []', 'expect_error: { kind: connection }');
    const ended = await folder.run({ a: [end], b: [order('/u1', 'status == 201')] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('service `orders` (testmesh.yaml:3:3) has ended in `testmesh up`, which says why');
  });

  inFullRun('is refused while another run uses it', async () => {
    await start();
    const slow = folder.run({ a: [order('/u1', 'status == 201'), 'action: delay, config: { duration: 1s }'] });
    await up?.sees('GET /users/u1');
    const second = await folder.call(['run', 'flow.yaml']);
    expect(second.exitCode, second.all).toBe(3);
    expect(second.errors).toContain(
      `\`testmesh up\` runs here, but cannot be used: another run uses it (pid ${process.pid})\n  = wait until it is free, or end it`,
    );
    expect((await slow).exitCode).toBe(0);
  });

  inFullRun('is refused where it is of another version', async () => {
    folder.writeProject(STUBS);
    up = await startUp(folder.path, { version: '9.9.9' });
    const ended = await folder.run({ a: [order('/u1', 'status == 201')] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.errors).toContain(`\`testmesh up\` (pid ${process.pid}) is of version 9.9.9, and this is 0.0.0`);
  });

  inFullRun('does not look there with `--services none`, or where its flows need nothing of it', async () => {
    await start();
    const log = ['action: log, config: { message: hi }'];
    expect((await folder.run({ a: log })).errors).toBe('');
    expect((await folder.run({ a: log }, { words: ['--services', 'none'] })).errors).toBe('');
  });
});

describe('the control socket', () => {
  inFullRun('that was left behind is passed over by runs, and taken by the next `testmesh up`', async () => {
    folder.writeProject(STUBS);
    const path = join(folder.path, '.testmesh', 'up.sock');
    mkdirSync(dirname(path));
    writeFileSync(path, '');
    const alone = await folder.run({ a: [order('/u1', 'status == 201')] });
    expect(alone.exitCode, alone.all).toBe(0);
    expect(alone.output).toContain('note: started `stub users` and `orders`');
    up = await startUp(folder.path);
    const ended = await folder.run({ a: [order('/u1', 'status == 201')] });
    expect(ended.errors).toContain('of `testmesh up`');
  });

  inFullRun('whose owner does not answer is named', async () => {
    folder.writeProject(STUBS);
    const path = join(folder.path, '.testmesh', 'up.sock');
    mkdirSync(dirname(path));
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(path, resolve));
    const ended = await folder.run({ a: [order('/u1', 'status == 201')] });
    silent.close();
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.errors).toContain('`testmesh up` runs here, but does not answer\n  = end it, and start it again');
  });

  inFullRun('has a short path of its own below a long one', async () => {
    const long = join(folder.path, 'a'.repeat(90));
    mkdirSync(long);
    writeFileSync(join(long, 'testmesh.yaml'), STUBS);
    writeFileSync(
      join(long, 'flow.yaml'),
      `name: a\nsteps:\n  - { ${get('{{stubs.users.url}}/users/u1', 'status == 200')} }\n`,
    );
    up = await startUp(long);
    const target = readlinkSync(join(long, '.testmesh', 'up.sock'));
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(target)).mode & 0o777).toBe(0o700);
    const { callCommand } = await import('../command.ts');
    const ended = await callCommand(['run', 'flow.yaml'], { cwd: long });
    expect(ended.exitCode, ended.output).toBe(0);
    expect(ended.errors).toContain('of `testmesh up`');
    await up.end();
    expect(existsSync(dirname(target))).toBe(false);
  });
});
