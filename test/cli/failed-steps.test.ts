import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHttpServer, type TestServer } from '../support/servers/http-server.ts';
import { callCommand } from './command.ts';

let folder: string;
let server: TestServer;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-failed-'));
  server = await startHttpServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{"token":"tok-8831-of-the-log-in","total":2}');
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const name of ['.testmesh', 'a.yaml', 'b.yaml']) rmSync(join(folder, name), { recursive: true, force: true });
});

const step = (id: string, more = ''): string =>
  `  - { id: ${id}, action: http_request, config: { url: "${server.url}/${id}" }, on_error: continue${more} }\n`;
const LOG_IN = (): string => step('log_in', ', output: { token: { path: $.body.token, secret: true } }');
const write = (name: string, ...steps: readonly string[]): void =>
  writeFileSync(join(folder, `${name}.yaml`), `name: ${name}\nsteps:\n${steps.join('')}`);

async function run(...words: readonly string[]) {
  asked.length = 0;
  const { exitCode, output, errors } = await callCommand(['run', ...words, '--color', 'never'], { cwd: folder });
  return { exitCode, asked: [...asked], text: output + errors };
}

describe('--failed', () => {
  it('runs the steps that failed, of each flow, until they pass', async () => {
    write('a', step('one'), step('two', ', assert: [body.total == 1]'), step('three', ', assert: [body.total == 3]'));
    write('b', step('four', ', assert: [body.total == 2]'));
    expect((await run('a.yaml', 'b.yaml')).exitCode).toBe(1);
    const first = await run('a.yaml', 'b.yaml', '--failed');
    expect([first.exitCode, first.asked], first.text).toEqual([1, ['/two', '/three']]);
    write('a', step('one'), step('two', ', assert: [body.total == 2]'), step('three', ', assert: [body.total == 3]'));
    expect((await run('a.yaml', '--failed')).asked).toEqual(['/two', '/three']);
    const second = await run('a.yaml', '--failed');
    expect([second.exitCode, second.asked]).toEqual([1, ['/three']]);
    write('a', step('one'), step('two', ', assert: [body.total == 2]'), step('three', ', assert: [body.total == 2]'));
    const offline = await run('a.yaml', '--failed', '--offline');
    expect([offline.exitCode, offline.asked], offline.text).toEqual([0, []]);
    expect((await run('a.yaml', '--failed')).exitCode).toBe(0);
    const none = await run('a.yaml', 'b.yaml', '--failed');
    expect([none.exitCode, none.text]).toEqual([
      4,
      'testmesh: --failed: no step of these flows failed when it last ran\n  = by the records in `.testmesh`; the whole flows run without `--failed`\n',
    ]);
  });

  it('runs what gives secrets to them, too, and says so', async () => {
    const order = (total: number): string => step('order', `, when: 'token != ""', assert: [body.total == ${total}]`);
    write('a', LOG_IN(), step('other'), order(1));
    await run('a.yaml');
    write('a', LOG_IN(), step('other'), order(2));
    const again = await run('a.yaml', '--failed');
    expect([again.exitCode, again.asked], again.text).toEqual([0, ['/log_in', '/order']]);
    expect(again.text).toContain('note: `--failed` also runs `log_in` of "a", which gives a secret to `order`');
  });

  it('says what was not reached behind', async () => {
    const first = `  - { id: one, action: http_request, config: { url: "${server.url}/one" }, assert: [body.total == 1] }\n`;
    write('a', first, step('two'), step('three'));
    expect((await run('a.yaml')).exitCode).toBe(1);
    write('a', first.replace('== 1', '== 2'), step('two'), step('three'));
    const again = await run('a.yaml', '--failed');
    expect([again.exitCode, again.asked]).toEqual([0, ['/one']]);
    expect(again.text).toContain(
      '`two` and `three` of "a" were not reached then, and `--failed` does not run what did not fail: run the whole flow',
    );
  });

  it('runs the round of a loop that failed', async () => {
    const loop = (more: string): string =>
      `  - { id: each, action: for_each, config: { items: [1, 2], continue_on_error: true, steps: [{ id: get, action: http_request, config: { url: "${server.url}/{{item}}" }, assert: ['${more}'] }] } }\n`;
    write('a', step('one'), loop('item == 1'));
    await run('a.yaml');
    write('a', step('one'), loop('item < 3'));
    const again = await run('a.yaml', '--failed');
    expect([again.exitCode, again.asked], again.text).toEqual([0, ['/2']]);
  });

  it('runs all of a flow that failed by itself', async () => {
    // It cannot be over in time, however quick the machine is.
    const wait = '  - { action: delay, config: { duration: 10s } }\n';
    writeFileSync(join(folder, 'a.yaml'), `name: a\ntimeout: 20ms\nsteps:\n${step('one')}${wait}${step('two')}`);
    await run('a.yaml');
    write('a', step('one'), step('two'));
    const again = await run('a.yaml', '--failed');
    expect([again.exitCode, again.asked], again.text).toEqual([0, ['/one', '/two']]);
  });

  it.each([
    [['--failed'], 4, '--failed: no step of these flows failed when it last ran'],
    [['--failed'], 4, 'there is no record of them in `.testmesh`: run them once'],
    [['--failed', '--only', 'one'], 2, '`--only` and `--failed` both say which steps run'],
    [['--failed', '--from', 'one'], 2, '`--from` and `--failed` both say which steps run'],
    [['--failed', '--skip', 'one'], 2, '`--skip` and `--failed` both say which steps run'],
  ])('says what is wrong with %s', async (words, exitCode, message) => {
    write('a', step('one'));
    const refused = await run('a.yaml', ...words);
    expect([refused.exitCode, refused.text]).toEqual([exitCode, expect.stringContaining(message)]);
  });
});
