import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CommandResult, callCommand } from '../command.ts';

/** A service that asks the user service for its user: 201 with what that said, 422 where there is none, 503 where it does not answer in time. It passes on what `PASSES` names. */
const ORDERS = `
import { createServer } from 'node:http';
const ask = (path, options) => fetch(process.env.USERS + path, { signal: AbortSignal.timeout(2000), ...options });
const passes = (process.env.PASSES ?? '').split(' ').filter(Boolean);
const server = createServer(async ({ url, headers: got }, response) => {
  if (url === '/end') process.exit(7);
  try {
    const passed = passes.flatMap((name) => (got[name] ? [[name, got[name]]] : []));
    const headers = { authorization: 'Bearer ' + process.env.TOKEN, ...Object.fromEntries(passed) };
    const answer = await ask('/users' + url, { headers });
    response.writeHead(answer.ok ? 201 : 422, { 'content-type': 'application/json' }).end(await answer.text());
  } catch (error) {
    console.log('the user service:', error.cause?.code ?? error.name);
    response.writeHead(503).end();
  }
});
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));
`;
const SERVICE = (env: string): string => `
services:
  orders:
    command: [node, orders.mjs]
    env: { USERS: "${env}" }
    ready: { log: 'listening on (?P<url>http://\\S+)' }
`;

/** A folder with a testmesh.yaml whose service `orders` asks the stub `users`, and what the command does there. */
export class ProjectFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'testmesh-companions-'));

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  /** Writes testmesh.yaml with the service, which is given the address, and what else it has. */
  writeProject(more: string, { users = '{{stubs.users.url}}' } = {}): void {
    this.write('orders.mjs', ORDERS);
    this.write('testmesh.yaml', `${SERVICE(users)}${more}`);
  }

  /** Runs flows, each a list of steps in YAML's flow style, in one file. */
  async run(
    flows: Readonly<Record<string, readonly string[]>>,
    { words = [], env = {} }: { words?: readonly string[]; env?: Record<string, string> } = {},
  ): Promise<CommandResult & { all: string }> {
    const texts = Object.entries(flows).map(([name, steps]) => {
      const lines = steps.map((step, index) => `  - { id: s${index}, ${step} }\n`);
      return `name: ${name}\nid: ${name}\nsteps:\n${lines.join('')}`;
    });
    this.write('flow.yaml', texts.join('---\n'));
    return await this.call(['run', 'flow.yaml', ...words], env);
  }

  async call(words: readonly string[], env: Record<string, string> = {}): Promise<CommandResult & { all: string }> {
    const path = { PATH: process.env['PATH'] ?? '', ...env };
    const ended = await callCommand(words, { cwd: this.path, env: path });
    return { ...ended, all: ended.output + ended.errors };
  }
}

/** A step that asks the service. */
export function order(path: string, ...asserts: readonly string[]): string {
  return get(`{{services.orders.url}}${path}`, ...asserts);
}

export function get(url: string, ...asserts: readonly string[]): string {
  return `action: http_request, config: { url: "${url}" }, assert: [${asserts.map((one) => JSON.stringify(one)).join(', ')}]`;
}

/** A step on the stub `users`. */
export function verify(config: string): string {
  return `action: mock_server_verify, config: { server: users, ${config} }`;
}
