import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { ProjectFolder } from '../companions/project-folder.ts';
import { startUp, type TestUp } from './start-up.ts';

const inFullRun = it.runIf(repeats('further tests of `testmesh up`', 1, 0) > 0);

const STUBS = 'stubs: { users: { routes: [{ path: "/users/:id", response: { body: { name: Ada } } }] } }\n';

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

const socket = (): string => join(folder.path, '.testmesh', 'up.sock');

describe('testmesh up', () => {
  it('starts all of testmesh.yaml, prints addresses, lines and requests, and stays until a signal', async () => {
    folder.writeProject(`${STUBS}proxies: { users: { upstream: "{{stubs.users.url}}" } }\n`, {
      users: '{{proxies.users.url}}',
    });
    up = await startUp(folder.path);
    const answer = await fetch(`${up.address('services.orders.url')}/u1`);
    expect([answer.status, await answer.text()]).toEqual([201, '{"name":"Ada"}']);
    expect((await fetch(`${up.address('stubs.users.url')}/x`)).status).toBe(404);
    await up.sees('stubs.users │ GET /x → 404 in ');
    expect(up.shown).toContain(`orders │ listening on ${up.address('services.orders.url')}\n`);
    expect(up.shown).toContain('stubs.users │ GET /users/u1 → 200 in ');
    expect(up.address('proxies.users.url')).toMatch(/^http:\/\/127/);
    expect(statSync(socket()).mode & 0o777).toBe(0o600);
    expect(await up.end('SIGTERM')).toBe(143);
    expect(up.shown).toMatch(/\nstopping\n$/);
    expect(existsSync(socket())).toBe(false);
    await expect(fetch(`${up.address('services.orders.url')}/u1`)).rejects.toThrow();
    await expect(fetch(`${up.address('stubs.users.url')}/x`)).rejects.toThrow();
  });

  inFullRun('starts those that are named, with what they need, and is quiet where that is wanted', async () => {
    folder.writeProject(`${STUBS.replace(' } }\n', ' }, other: { routes: [] } }\n')}`);
    up = await startUp(folder.path, { words: ['orders', '-q'] });
    expect(up.shown.replaceAll(/\d{4,}/g, 'N')).toBe(
      'running until Ctrl-C:\n services.orders.url  http://127.0.0.1:N\n stubs.users.url      http://127.0.0.1:N\n',
    );
    await up.end();
    up = await startUp(folder.path, { words: ['stubs.other'] });
    expect(up.shown.replaceAll(/\d{4,}/g, 'N')).toBe('running until Ctrl-C:\n stubs.other.url  http://127.0.0.1:N\n');
  });

  it.each([
    ['no testmesh.yaml', undefined, [], 'there is no testmesh.yaml here or in a folder above'],
    ['nothing to start', 'x-a: 1\n', [], 'testmesh.yaml has nothing to start'],
    [
      'a name that is not there',
      STUBS,
      ['usrs'],
      'testmesh.yaml has no service, stub or proxy `usrs`\n  = did you mean `users`?',
    ],
    ['a rooted name that is not there', STUBS, ['stub.user'], '`stub.user`\n  = did you mean `stubs.users`?'],
    ['names with a comma', STUBS, ['users,pg'], '`users,pg`\n  = names stand apart: `testmesh up users pg`'],
    ['a mistake', 'stubs: { users: { rotes: [] } }\n', [], 'unknown key `rotes` in `users`'],
    [
      'a value that is missing',
      'proxies: { pg: { upstream: "{{PG_AT}}:1" } }\n',
      [],
      '`PG_AT` comes from outside, and nothing gives it',
    ],
    [
      'a value that nothing reads',
      STUBS,
      ['--strict', '--var', 'USRS=1'],
      '--var gives `USRS`, which nothing that is started reads',
    ],
  ] as const)('ends with exit code 2 for %s', async (_, project, words, message) => {
    if (project !== undefined) folder.write('testmesh.yaml', project);
    const ended = await folder.call(['up', ...words]);
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.errors).toContain(message);
    expect(existsSync(socket())).toBe(false);
  });

  inFullRun('ends where something does not start, with all that it had started', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = Object(holder.address());
    folder.writeProject(`${STUBS}proxies: { taken: { upstream: "{{services.orders.url}}", listen: ${port} } }\n`);
    const ended = await folder.call(['up']);
    holder.close();
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.errors).toContain(
      `proxy \`taken\` (testmesh.yaml:8:12) is not started: the port ${port} is in use by `,
    );
    const url = /listening on (\S+)/.exec(ended.output)?.[1] ?? '';
    await expect(fetch(url)).rejects.toThrow();
    expect(existsSync(socket())).toBe(false);
  });

  inFullRun('says where no socket can be made', async () => {
    folder.write('testmesh.yaml', STUBS);
    folder.write('.testmesh', '');
    const ended = await folder.call(['up']);
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.errors).toContain('the control socket cannot be made in ');
  });

  inFullRun('does not run twice in a folder', async () => {
    folder.write('testmesh.yaml', STUBS);
    up = await startUp(folder.path);
    const second = await folder.call(['up']);
    expect(second.exitCode).toBe(2);
    expect(second.errors).toContain(`\`testmesh up\` runs here already (pid ${process.pid})`);
    expect(existsSync(socket())).toBe(true);
  });

  inFullRun('says when a service has ended, with its last lines', async () => {
    folder.writeProject(STUBS);
    folder.write(
      'orders.mjs',
      'console.log("listening on http://127.0.0.1:1"); setTimeout(() => process.exit(3), 300);\n',
    );
    up = await startUp(folder.path);
    await up.sees('service `orders` (testmesh.yaml:3:3) ended with exit code 3; it printed last\n    │ listening on');
  });

  inFullRun('masks secrets in what it prints', async () => {
    folder.writeProject(`${STUBS}proxies: { pg: { upstream: "postgres://app:hunter2hunter2@localhost/db" } }\n`);
    folder.write(
      'orders.mjs',
      'console.log("key", process.env.API_KEY, "listening on http://127.0.0.1:1"); setInterval(() => {}, 1000);\n',
    );
    up = await startUp(folder.path, { env: { API_KEY: 'open-sesame-1' } });
    expect(up.shown).toContain('key ***');
    expect(up.address('proxies.pg.url')).toContain('postgres://app:***@127.0.0.1:');
  });

  it('explains itself', async () => {
    const { exitCode, output } = await folder.call(['up', '--help']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      /start services, stubs and proxies of testmesh\.yaml[\s\S]*--quiet[\s\S]*Examples:\n {2}testmesh up /,
    );
  });
});
