import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats, sample } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { startCli, useWorkspace } from '../../support/stack/cli.ts';

const inFullRun = it.runIf(repeats('further tests of threads of a load', 1, 0) > 0);

const FLOW = `
name: Orders
setup:
  - { id: login, action: http_request, config: { method: POST, url: "{{URL}}/login" } }
  - { id: make, action: set, config: { exact: "{{123456789012345678901234567890}}" } }
steps:
  - id: create
    action: http_request
    config: { method: POST, url: "{{URL}}/orders/{{VU}}/{{ITERATION_TOTAL}}/{{exact}}" }
    assert: [status == 200]
teardown:
  - { id: logout, action: http_request, config: { url: "{{URL}}/logout" } }
`;

const space = useWorkspace();
let server: CountingServer;
afterEach(() => server?.close());

function start(flow: string, words: readonly string[], env: Record<string, string> = {}) {
  const file = space.write(`${space.nextName('flow')}.yaml`, flow);
  const flags = ['--var', `URL=${server.url}`, '--summary-export', 's.json', '--out', 'json=s.ndjson'];
  return startCli(['load', file, ...flags, ...words], { cwd: space.path, env });
}
const readSummary = () => JSON.parse(space.read('s.json')) as LoadSummary;
const listOrders = () => server.paths.filter((path) => path.startsWith('/orders/'));
const countOf = (metric: string) => readSummary().metrics[metric]?.values['count'] ?? 0;

describe('a load by several threads', () => {
  const amounts = [
    ['iterations shared by all', ['--vus', '7', '--iterations', '101'], 101, 7],
    ['a rate', ['--rate', '50/s', '--duration', '2s', '--pre-allocated-vus', '30'], 100, 30],
  ] as const;
  it.each(sample('amounts of work for threads', amounts, { count: 1 }))(
    'does exactly the work of one, between one setup and one teardown: %s',
    async (_, words, iterations, vus) => {
      server = await startCountingServer((_request, count) => (count % 10 === 0 ? 503 : 200));
      const { code, output, stdout } = await start(FLOW, ['--threads', '3', ...words]).ended;
      expect(code, output).toBe(99);
      const summary = readSummary();
      const dropped = countOf('dropped_iterations');
      expect(countOf('iterations') + dropped).toBe(iterations);
      expect(summary.scenarios).toMatchObject([{ iterations: iterations - dropped, dropped }]);
      expect(countOf('http_reqs')).toBe(server.requests);
      expect(countOf('data_sent')).toBe(server.bytes.received);
      expect(summary.metrics['http_req_failed']?.values['passes']).toBe(server.statuses.get(503));
      expect(summary.steps.find(({ name }) => name === 'create')).toMatchObject({
        count: iterations - dropped,
        failed: summary.checks.find(({ name }) => name === 'create: status == 200')?.fails,
        failures: [expect.stringMatching(/^503 ×\d+$/)],
      });
      expect(summary.checks).toContainEqual(expect.objectContaining({ firstFailure: expect.stringContaining('503') }));
      expect([server.paths[0], server.paths.at(-1)]).toEqual(['/login', '/logout']);
      const orders = listOrders().map((path) => path.split('/'));
      expect(orders.every(([, , , , exact]) => exact === '123456789012345678901234567890')).toBe(true);
      expect(new Set(orders.map(([, , vu]) => vu)).size).toBeLessThanOrEqual(vus);
      expect(new Set(orders.map(([, , , total]) => total)).size).toBe(orders.length);
      const points = space.read('s.ndjson').match(/^\{"metric":"http_reqs","type":"Point"/gm);
      expect(points).toHaveLength(server.requests);
      expect(stdout.match(/█ TOTAL/g)).toHaveLength(1);
    },
  );

  inFullRun('gives each row of data that is used once to one iteration', async () => {
    server = await startCountingServer();
    space.write('rows.csv', `sku\n${Array.from({ length: 40 }, (_, row) => `A${row}\n`).join('')}`);
    const flow = `name: Rows
data: rows.csv
load: { vus: 6, duration: 30s, data_mode: unique }
steps:
  - { id: get, action: http_request, config: { url: "{{URL}}/rows/{{sku}}" }, assert: [status == 200] }
`;
    const { code, output } = await start(flow, ['--threads', '2']).ended;
    expect(code, output).toBe(0);
    expect([...server.paths].sort()).toEqual(Array.from({ length: 40 }, (_, row) => `/rows/A${row}`).sort());
    expect(output.match(/each of the 40 rows of its data has been used/g)).toHaveLength(1);
  });

  inFullRun('ends with teardown and its summary when it is interrupted', async () => {
    server = await startCountingServer();
    const { child, ended } = start(FLOW, ['--threads', '2', '--vus', '2', '--duration', '5m']);
    await vi.waitFor(() => expect(listOrders().length).toBeGreaterThan(10), { timeout: 40_000, interval: 10 });
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(code, output).toBe(130);
    expect(output).toContain('interrupted by SIGINT (exit code 130)');
    expect(server.paths.filter((path) => path === '/logout')).toHaveLength(1);
    expect(countOf('http_reqs')).toBe(server.requests);
  });

  inFullRun('ends in all of them when a threshold says so, judged over all of them', async () => {
    server = await startCountingServer();
    const thresholds = 'thresholds: { iterations: [{ threshold: "count<25", abort_on_fail: true }] }';
    const { code, output } = await start(`${FLOW}load: { vus: 4, duration: 5m, ${thresholds} }\n`, ['--threads', '2'])
      .ended;
    expect(code, output).toBe(99);
    expect(output).toContain('`iterations` count<25 is crossed');
    // Those that were on their way are given up at once.
    expect(server.requests - countOf('http_reqs')).toBeLessThanOrEqual(4);
    expect(server.paths.filter((path) => path === '/logout')).toHaveLength(1);
  });

  inFullRun('is an error with a summary when one of them dies', async () => {
    server = await startCountingServer();
    const killer = `const { isMainThread, workerData } = require('node:worker_threads');
if (!isMainThread && workerData?.index === 1)
  setInterval(() => require('node:fs').existsSync('${space.path}/die') && process.exit(9), 5);`;
    const env = { NODE_OPTIONS: `--require ${space.path}/${space.write('kill.cjs', killer)}` };
    const { ended } = start(FLOW, ['--threads', '2', '--vus', '2', '--duration', '5m'], env);
    await vi.waitFor(() => expect(listOrders().length).toBeGreaterThan(10), { timeout: 40_000, interval: 10 });
    space.write('die', '');
    const { code, output } = await ended;
    expect(code, output).toBe(3);
    expect(output).toContain('thread 2 of 2 ended before its time: it ended with code 9 (exit code 3)');
    expect(server.paths.filter((path) => path === '/logout')).toHaveLength(1);
    expect(countOf('iterations')).toBeGreaterThan(0);
  });

  inFullRun('masks in all of them what setup has learned', async () => {
    server = await startCountingServer();
    const flow = `name: Secret
setup:
  - { id: make, action: set, config: { login_password: "'q8Zk-Wm3r-T5vN'" } }
steps:
  - { id: show, action: http_request, config: { url: "{{URL}}/x?t={{login_password}}&u={{replace(login_password, '-', '')}}" } }
`;
    const { output } = await start(flow, ['--threads', '2', '--vus', '2', '--iterations', '4']).ended;
    const shown = output + space.read('s.ndjson') + space.read('s.json');
    expect(server.paths).toContain('/x?t=q8Zk-Wm3r-T5vN&u=q8ZkWm3rT5vN');
    expect(shown).toContain('/x?t=***');
    expect(shown).not.toMatch(/q8Zk-?Wm3r-?T5vN/);
  });

  inFullRun('begins nothing when a thread cannot', async () => {
    server = await startCountingServer();
    const killer = "if (!require('node:worker_threads').isMainThread) process.exit(4);";
    const env = { NODE_OPTIONS: `--require ${space.path}/${space.write('kill-first.cjs', killer)}` };
    const { code, output } = await start(FLOW, ['--threads', '2', '--vus', '2', '--iterations', '4'], env).ended;
    expect(code, output).toBe(3);
    expect(output).toMatch(/thread 1 of 2 could not begin: it ended with code 4 \(exit code 3\)/);
    expect(listOrders()).toEqual([]);
  });
});
