import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-again-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STUB = '{ id: users, action: mock_server_start, config: { routes: [{ path: /u, response: { body: a } }] } }';
const CALL = '{ id: call, action: http_request, config: { url: "{{users.url}}/u" }, assert: [status == 200] }';
const VERIFY = '{ id: verify, action: mock_server_verify, config: { server: users, path: /u, count: 2 } }';
const ASK = '{ id: ask, action: http_request, config: { url: "{{users.url}}/u" }, assert: [status == 201] }';
const PROXY = '{ id: way, action: fault_proxy_start, config: { upstream: "{{users.url}}", protocol: http } }';
const BREAK = '{ id: break, action: fault_set, config: { proxy: way, faults: { status: { code: 503, rate: 1 } } } }';
const BROKEN = '{ id: broken, action: http_request, config: { url: "{{way.url}}/u" }, assert: [status == 200] }';
const CLEAR = '{ id: clear, action: fault_clear, config: { proxy: way }, assert: [requests == 2] }';
const PLAIN = '{ id: plain, action: set, config: { x: 1 }, assert: [x == 2] }';

function write(setup: readonly string[], steps: readonly string[]): void {
  const list = (name: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `${name}:\n${items.map((item) => `  - ${item}\n`).join('')}`;
  writeFileSync(join(folder, 'f.yaml'), `name: f\n${list('setup', setup)}${list('steps', steps)}`);
}

async function run(words: readonly string[]) {
  const { exitCode, output } = await callCommand(['run', ...words, '--color', 'never'], { cwd: folder });
  const again = /^ *again: testmesh run (.*)$/m.exec(output)?.[1] ?? '';
  const failures = output.match(/^ *\S+ +f\.yaml:\d+ .*$/gm) ?? [];
  return { exitCode, again, failures: failures.map((line) => line.replaceAll(/:\d{4,5}\b/g, ':PORT')) };
}

describe('the line `again:`, when it is pasted', () => {
  it.each<[string, readonly string[], readonly string[], string]>([
    ['of what a stub of setup was asked', [STUB], [CALL, VERIFY], 'f.yaml'],
    ['of what a stub of an earlier step was asked', [], [STUB, CALL, VERIFY], 'f.yaml'],
    ['of a request to a stub', [STUB], [ASK], 'f.yaml'],
    ['of a request through a proxy with a fault', [STUB, PROXY], [BREAK, BROKEN], 'f.yaml'],
    [
      'of what a fault met',
      [STUB, PROXY],
      [BREAK, BROKEN, CLEAR].map((one) => one.replace('== 200', '== 503')),
      'f.yaml',
    ],
    ['of a step before all of them', [PLAIN], [STUB], 'f.yaml --only setup/plain'],
  ])('fails as before: %s', async (_title, setup, steps, command) => {
    write(setup, steps);
    const first = await run(['f.yaml']);
    expect(first.failures).toHaveLength(1);
    expect(first.again).toBe(command);
    const { exitCode, failures } = await run(first.again.split(' '));
    expect({ exitCode, failures }).toEqual({ exitCode: first.exitCode, failures: first.failures });
  });

  it('runs the whole flow where a stub of testmesh.yaml was asked', async () => {
    writeFileSync(
      join(folder, 'testmesh.yaml'),
      'stubs: { users: { routes: [{ path: /u, response: { body: a } }] } }\n',
    );
    write([], [CALL.replace('users.url', 'stubs.users.url'), VERIFY]);
    const first = await run(['f.yaml']);
    expect(first.again).toBe('f.yaml');
    expect(await run(first.again.split(' '))).toEqual(first);
    expect(first.failures).toHaveLength(1);
    rmSync(join(folder, 'testmesh.yaml'));
  });
});
