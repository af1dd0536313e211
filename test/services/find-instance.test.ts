import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../cli/companions/project-folder.ts';

let folder: ProjectFolder;
let instance: Server;
let port = 0;
let status = 200;
beforeEach(async () => {
  folder = new ProjectFolder();
  status = 200;
  instance = createServer((_, response) => response.writeHead(status).end('an instance'));
  await new Promise<void>((resolve) => instance.listen(0, '127.0.0.1', resolve));
  port = Object(instance.address()).port;
});
afterEach(() => {
  instance.close();
  folder.remove();
});

const ASK = `action: http_request, config: { url: "{{services.orders.url}}/" }, assert: ['body == "an instance"']`;

/** Runs a flow that asks a service, which would be started otherwise. */
function run(more: string, { env = {}, beside = '', steps = [ASK] as readonly string[] } = {}) {
  const program = `require('http').createServer((q, r) => r.end('an instance')).listen(${port}, '127.0.0.1')`;
  folder.write(
    'testmesh.yaml',
    `services:\n  orders: { command: [node, -e, ${JSON.stringify(program)}], url: "http://127.0.0.1:${port}", ${more} }\n${beside}`,
  );
  return folder.run({ a: steps }, { env });
}

describe('an instance of a service that answers before the run', () => {
  it.each([
    ['its HTTP answer', () => `ready: { http: "http://127.0.0.1:${port}/" }`],
    ['its port', () => `ready: { tcp: "127.0.0.1:${port}" }`],
  ])('is used as it is with `reuse`, by %s, and goes on', async (_, ready) => {
    const ended = await run(`reuse: true, prepare: "exit 1", ${ready()}`);
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).toContain('note: `orders` ran before, and is used as it is');
    expect(instance.listening).toBe(true);
  });

  it('is started where none answers', async () => {
    await new Promise((resolve) => instance.close(resolve));
    const ended = await run(`reuse: true, ready: { http: "http://127.0.0.1:${port}/" }`);
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).toContain('note: started `orders` in ');
  });

  it.each([
    ['without `reuse`', 'url: "http://x"', {}, '', 'end it, or let `reuse: true` use it as it is'],
    ['on a CI server', 'reuse: true', { CI: 'true' }, '', '`reuse` does not hold where `CI` is set'],
    [
      'which stubs it asks is not known',
      'reuse: true, env: { USERS: "{{stubs.users.url}}", SHOP: "{{services.shop.url}}" }',
      {},
      'stubs: { users: { routes: [], port: 0 } }\n',
      'whether it asks `stub users` of this run is not known: end it, or start all with `testmesh up`',
    ],
  ])('is refused %s', async (_, more, env, beside, message) => {
    const shop = more.includes('shop')
      ? `  shop: { command: "true", url: "http://127.0.0.1:${port}", reuse: true, ready: { tcp: "127.0.0.1:${port}" } }\n`
      : '';
    const settings = more.startsWith('url') ? '' : `${more}, `;
    const ended = await run(`${settings}ready: { tcp: "127.0.0.1:${port}" }`, { env, beside: `${shop}${beside}` });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(
      `is not started: something else already answers at 127.0.0.1:${port}, and would be taken for it; ${message}`,
    );
  });

  it('is refused where it is not ready', async () => {
    status = 500;
    const ended = await run(`reuse: true, ready: { http: "http://127.0.0.1:${port}/" }`);
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(`http://127.0.0.1:${port}/ is not as \`ready\` says: it answered 500`);
  });

  it('cannot be stopped by a flow', async () => {
    const steps = ['action: service_restart, config: { service: orders }'];
    const ended = await run(`reuse: true, ready: { tcp: "127.0.0.1:${port}" }`, { steps });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('service `orders` ran before, and is used as it is: it is not stopped');
  });

  it('cannot be found by a line of its output, which a warning says', async () => {
    const ended = await run('reuse: true, ready: { log: listening }', {
      steps: ['action: log, config: { message: hi }'],
    });
    expect(ended.errors).toContain('warning[TM225] `reuse` finds no instance by a line of its output');
  });
});
