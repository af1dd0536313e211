import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { measureCpuMs } from '../support/cpu-time.ts';
import { compileEventSchema } from '../support/event-schema.ts';
import { repeats, sample } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of large bodies in reports', 1, 0) > 0);

const CASES = fileURLToPath(new URL('failing/', import.meta.url));
const validate = compileEventSchema();
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** What the service of the flows with `{{URL}}` answers, by path. */
const ANSWERS: Readonly<Record<string, { type: string; body: () => string | Buffer; cookies?: string[] }>> = {
  '/orders': {
    type: 'application/json; charset=utf-8',
    body: () => '{"orderId":"o-1","total":59.98,"items":[{"sku":"A-1","qty":"2"}]}',
  },
  '/shop/orders/o-1000001': {
    type: 'application/json',
    body: () => '{"id":"o-1000001","total":59.98,"user_id":"u-1","items":[{"product_id":"p-1","quantity":2}]}',
  },
  '/ledger/orders': {
    type: 'application/json',
    body: () =>
      '{"orders":[{"id":"o-1000001","total":"5998","userId":"u-1","items":[{"productId":"p-1","quantity":3}]}]}',
  },
  '/latin1': { type: 'application/json', body: () => Buffer.from('{"name":"Müller"}', 'latin1') },
  '/empty': { type: 'application/json', body: () => '' },
  '/cut': { type: 'application/json', body: () => '{"id":1,"items":[{"sku":"A-1"},{"sku"' },
  '/page': { type: 'text/html', body: () => '<html><body>502 Bad Gateway</body></html>' },
  '/login': {
    type: 'application/json',
    body: () => '{"user":"ada"}',
    cookies: ['theme=dark', 'session=s-1; Domain=shop.example; Path=/'],
  },
  '/large': { type: 'application/json', body: () => JSON.stringify(createLargeBody('EUR')) },
  '/large-text': { type: 'text/plain', body: () => createLargeText(30_000) },
};

let cwd = '';
let url = '';
let server: Server;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-failing-'));
  cpSync(CASES, cwd, { recursive: true, filter: (path) => !path.endsWith('.out') });
  writeFileSync(join(cwd, 'large.json'), JSON.stringify(createLargeBody('USD')));
  writeFileSync(join(cwd, 'large.txt'), createLargeText(29_999));
  server = createServer((request, response) => {
    const answer = ANSWERS[request.url ?? ''];
    const { type = 'text/plain', cookies = [] } = answer ?? {};
    response.writeHead(answer ? 200 : 404, { 'content-type': type, 'set-cookie': cookies });
    response.end(answer?.body());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(cwd, { recursive: true, force: true });
});

const names = readdirSync(CASES)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));

const chosen = sample('flows whose assertions are false', names, { count: 20 });
const spentMs = new Map<string, number>();

describe('a flow whose assertions are false', () => {
  it.each(chosen)('%s', async (name) => {
    const { exitCode, output, cpuMs } = await run(name, ['--reporter', 'tree', '--reporter', `ndjson=${name}.ndjson`]);
    spentMs.set(name, cpuMs);
    const path = join(CASES, `${name}.out`);
    if (isUpdate) writeFileSync(path, output);
    expect(output).toBe(readFileSync(path, 'utf8'));
    expect(exitCode).toBe(1);
  });

  it.each(chosen)('%s: its events are as their schema says', (name) => {
    const lines = readFileSync(join(cwd, `${name}.ndjson`), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(validate(JSON.parse(line)), `${line}\n${JSON.stringify(validate.errors)}`).toBe(true);
  });
});

describe('this family', () => {
  it('has a case for every golden text', () => {
    const outs = readdirSync(CASES).filter((name) => name.endsWith('.out'));
    expect(outs.map((name) => name.replace('.out', '')).sort()).toEqual([...names].sort());
    expect(names.length).toBeGreaterThanOrEqual(40);
  });

  it('tells every failure in a screenful', async () => {
    for (const name of names) {
      const problems = readFileSync(join(CASES, `${name}.out`), 'utf8').split(/\n\n {5}(?=`)/).slice(1);
      const tallest = Math.max(...problems.map((problem) => problem.split('\n').length));
      expect({ name, isScreenful: tallest <= 75 }).toEqual({ name, isScreenful: true });
    }
  });

  inFullRun('compares five megabytes in time', async () => {
    expect(spentMs.get('large-body') ?? (await run('large-body')).cpuMs).toBeLessThan(10_000);
  });
});

/** Runs a flow with the real command line; what differs from run to run is put in a fixed form. */
async function run(
  name: string,
  reporters: readonly string[] = [],
): Promise<{ exitCode: number; output: string; cpuMs: number }> {
  let output = '';
  const add = (text: string) => {
    output += text;
  };
  const terminal = { cwd, env: {}, isTty: false, columns: 100, write: add, writeError: add, flush: async () => {} };
  const given = readFileSync(join(cwd, `${name}.yaml`), 'utf8').includes('URL') ? ['--var', `URL=${url}`] : [];
  const line = ['run', `${name}.yaml`, '--seed', '4711', ...reporters, ...given];
  let exitCode = -1;
  const cpuMs = await measureCpuMs(async () => {
    exitCode = await main(line, { terminal, version: '0.0.0' });
  });
  return { exitCode, output: settle(output), cpuMs };
}

function settle(output: string): string {
  return output
    .replaceAll(cwd, '/flows')
    .replaceAll(url.replace('http://', ''), '127.0.0.1:5003')
    .replaceAll(/^( +[✗✓!] (?:\[\d+\] )?\S+ {2,}\w+ ) *[\d.]+ m?s(?= |$)/gm, '$1    0 ms')
    .replaceAll(/^ +[\d.]+ m?s(?= {2}\S)/gm, '           0 ms')
    .replaceAll(/(failed|passed|looks) in [\d.]+ m?s/g, '$1 in 0 ms')
    .replaceAll(/(looks, until) [\d.]+ m?s/g, '$1 0 ms')
    .replaceAll(/^( +trace: )[0-9a-f]{32}$/gm, '$1(32 digits)');
}

/** About five megabytes of JSON. */
function createLargeBody(currency: string) {
  const lines = Array.from({ length: 40_000 }, (_, index) => {
    const isOdd = index % 400 === 7;
    return { id: index, sku: `SKU-${index}`, price: { net: index * 10, currency: isOdd ? currency : 'EUR' }, tags: ['a', 'b', 'c'], note: 'x'.repeat(30) };
  });
  return { id: 'export-1', lines };
}

function createLargeText(changedLine: number): string {
  return Array.from({ length: 60_000 }, (_, index) => `${index} ${index === changedLine ? 'changed ' : ''}${'lorem ipsum dolor sit amet '.repeat(3)}`).join('\n');
}
