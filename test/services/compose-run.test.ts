import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProjectFolder } from '../cli/companions/project-folder.ts';
import { repeats } from '../support/sample.ts';
import { FakeDocker } from './fake-docker.ts';

const inFullRun = it.runIf(repeats('further tests of services of a compose file', 1, 0) > 0);

const SERVER = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  console.log('got', request.url, request.headers.traceparent);
  if (request.url === '/end') process.exit(7);
  response.end(process.env.GREETING);
});
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));
`;
const ask = (path: string, more = 'assert: [status == 200]'): string =>
  `action: http_request, config: { url: "{{services.orders.url}}${path}" }, ${more}`;
const change = (verb: string): string => `action: service_${verb}, config: { service: orders }`;
const REFUSED = 'expect_error: { kind: connection }';

let folder: ProjectFolder;
let docker: FakeDocker;
beforeEach(() => {
  folder = new ProjectFolder();
  docker = new FakeDocker(folder.path);
  docker.define('shop', SERVER);
  write();
});
afterEach(() => {
  if (docker.isRunning('shop')) process.kill(docker.pid('shop'), 'SIGKILL');
  folder.remove();
});

function write(more = ''): void {
  folder.write('compose.yaml', 'services: { shop: { image: shop } }\n');
  const ready = String.raw`ready: { log: 'listening on (?P<url>http://\S+)' }`;
  folder.write(
    'testmesh.yaml',
    `services:\n  orders:\n    compose: { file: compose.yaml, service: shop }\n    env: { GREETING: hello }\n    ${ready}\n    ${more}\n`,
  );
}

const run = (...steps: readonly string[]) => folder.run({ a: steps }, { env: docker.env });

describe('a service of a compose file', () => {
  it('is started, asked, and stopped at the end', async () => {
    const ended = await run(ask('/x', `assert: [status == 200, 'body == "hello"']`));
    expect(ended.exitCode, ended.all).toBe(0);
    expect(docker.calls).toEqual([
      'ps -q --status running shop',
      'up -d shop',
      'logs -f --no-log-prefix --since TIME shop',
      'ps -q --status running shop',
      'stop -t 10 shop',
    ]);
    expect(docker.isRunning('shop')).toBe(false);
    expect(ended.output).toContain('note: started `orders` in ');
    expect(ended.output).not.toContain('warning');
  });

  inFullRun('is not ready by what an earlier start of its container printed', async () => {
    expect((await run(ask('/x'))).exitCode).toBe(0);
    docker.define('shop', 'console.log("no database"); process.exit(1);');
    const ended = await run(ask('/x'));
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(
      'service `orders` (testmesh.yaml:2:3) ended: its container does not run any more before it was ready; it printed last',
    );
    expect(ended.output).toContain('│ no database');
  });

  inFullRun('has what its container printed in the report of a flow that fails', async () => {
    const ended = await run(ask('/two', 'assert: [status == 404]'));
    expect(ended.exitCode).toBe(1);
    expect(ended.output).toMatch(/service `orders` printed \(▸ .*\)\n[\s\S]*▸ got \/two 00-/);
  });

  inFullRun('is stopped, killed and started by flows', async () => {
    const ended = await run(
      change('stop'),
      ask('/x', REFUSED),
      change('start'),
      ask('/x'),
      change('kill'),
      ask('/x', REFUSED),
      change('start'),
      ask('/x'),
    );
    expect(ended.exitCode, ended.all).toBe(0);
    expect(docker.calls.filter((call) => /^(up|stop|kill)/.test(call))).toEqual([
      'up -d shop',
      'stop -t 10 shop',
      'up -d shop',
      'kill shop',
      'up -d shop',
      'stop -t 10 shop',
    ]);
  });

  inFullRun('that does not start is an error with what docker said', async () => {
    docker.fail('shop');
    const ended = await run(ask('/x'));
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(
      'service `orders` (testmesh.yaml:2:3) is not started: `docker compose up` ended with exit code 1; it printed last',
    );
    expect(ended.output).toContain('│ no such image: shop');
  });

  inFullRun('that ends while flows run is an error', async () => {
    const ended = await run(ask('/end', REFUSED), ask('/x', REFUSED));
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('ended: its container does not run any more while the flows ran');
  });

  inFullRun('is named where there is no docker', async () => {
    const ended = await folder.run({ a: [ask('/x')] }, { env: { PATH: join(folder.path, 'nothing') } });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('is not started: `docker` is not on the PATH: install it with its compose plugin');
  });

  inFullRun('that runs before is refused, and with `reuse` used and left running', async () => {
    execFileSync('docker', ['compose', '-f', 'compose.yaml', 'up', '-d', 'shop'], {
      env: { ...process.env, ...docker.env, GREETING: 'hello' },
    });
    await vi.waitUntil(() => docker.isRunning('shop'));
    const refused = await run(ask('/x'));
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.output).toContain(
      'is not started: its container runs already; end it, or let `reuse: true` use it as it is',
    );
    write('reuse: true');
    const used = await run(ask('/x', `assert: ['body == "hello"']`));
    expect(used.exitCode, used.all).toBe(0);
    expect(used.output).toContain('note: `orders` ran before, and is used as it is');
    const stopped = await run(change('stop'));
    expect(stopped.exitCode, stopped.all).toBe(3);
    expect(stopped.output).toContain('service `orders` ran before, and is used as it is: it is not stopped');
    expect(docker.isRunning('shop')).toBe(true);
  });
});
