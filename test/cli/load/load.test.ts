import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Session } from '../../../src/engine/flows/session.ts';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { listMetricTags } from '../../../src/model/load/metric-tags.ts';
import { repeats } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of loads', 1, 0) > 0);

const FLOW = `
name: Orders
setup:
  - { id: login, action: http_request, config: { method: POST, url: "{{URL}}/login", body: { user: ada } }, output: { token: $.id } }
steps:
  - id: create
    action: http_request
    config: { method: POST, url: "{{URL}}/orders/{{VU}}/{{ITERATION}}/{{token}}", body: { sku: A1 } }
    assert: [status == 200, body.total == 5]
    output: { order_id: $.id }
  - id: read
    action: http_request
    config: { url: "{{URL}}/read/{{order_id}}" }
    assert: [status == 200]
teardown:
  - { id: logout, action: http_request, config: { url: "{{URL}}/logout" } }
`;

let folder: string;
let server: CountingServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function load(flow: string, words: readonly string[], url = server.url) {
  writeFileSync(join(folder, 'flow.yaml'), flow);
  const flags = ['--var', `URL=${url}`, '--summary-export', 'summary.json'];
  const done = await callCommand(['load', 'flow.yaml', ...flags, ...words], { cwd: folder });
  return { ...done, summarize: () => JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as LoadSummary };
}

function countOf(summary: LoadSummary, metric: string): number {
  return summary.metrics[metric]?.values['count'] ?? 0;
}

describe('load', () => {
  it('counts what the server counts: requests, statuses and bytes, setup and teardown once', async () => {
    server = await startCountingServer((_, count) => (count % 7 === 0 ? 502 : 200));
    const { exitCode, summarize, output } = await load(FLOW, [
      '--vus',
      '5',
      '--iterations',
      '40',
      '-o',
      'json=out/s.ndjson',
    ]);
    const summary = summarize();
    expect(countOf(summary, 'http_reqs')).toBe(server.requests);
    expect(countOf(summary, 'data_sent')).toBe(server.bytes.received);
    expect(countOf(summary, 'data_received')).toBe(server.bytes.sent);
    const statuses = new Map<number, number>();
    for (const { metric, tags, sum } of summary.series) {
      if (metric !== 'http_reqs') continue;
      const status = Number(tags['status']);
      statuses.set(status, (statuses.get(status) ?? 0) + sum);
    }
    expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(server.statuses));
    expect(summary.metrics['http_req_failed']?.values['passes']).toBe(server.statuses.get(502));
    expect(server.paths.filter((path) => path === '/login')).toHaveLength(1);
    expect(server.paths.filter((path) => path === '/logout')).toHaveLength(1);
    expect(server.paths.filter((path) => path.startsWith('/orders')).every((path) => path.endsWith('/1'))).toBe(true);
    expect(countOf(summary, 'iterations')).toBe(40);
    expect(exitCode).toBe(99);
    expect(output).toContain('and no threshold judges that (exit code 99)');
    const lines = readFileSync(join(folder, 'out/s.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const points = lines.filter(({ type, metric }) => type === 'Point' && metric === 'http_reqs');
    expect(points).toHaveLength(server.requests);
    for (const { metric, tags } of summary.series)
      expect(listMetricTags(metric), metric).toEqual(
        expect.arrayContaining(Object.keys(tags).filter((tag) => tag !== 'testid')),
      );
  });

  it('gives each virtual user connections of its own', async () => {
    server = await startCountingServer();
    const { exitCode } = await load(
      FLOW.replace(/setup:[\s\S]*?steps:/, 'env: { token: "1" }\nsteps:').replace(/teardown:[\s\S]*/, ''),
      ['--vus', '3', '--iterations', '30'],
    );
    expect(exitCode).toBe(0);
    expect(server.connections).toBeLessThanOrEqual(3);
    const turns = server.paths
      .filter((path) => path.startsWith('/orders'))
      .map((path) => path.split('/').slice(2, 4).join('/'));
    expect(new Set(turns).size).toBe(30);
  });

  const one =
    'name: One\nsteps:\n  - { id: get, action: http_request, config: { url: "{{URL}}/x" }, assert: [status == 200] }\n';
  it.each([
    ['a failed check gives 99', [], 99],
    ['a threshold that judges failures decides about them', ['--threshold', 'http_req_failed:rate<0.5'], 0],
    ['also with tags', ['--threshold', 'http_req_failed{step:get}:rate<0.5'], 0],
    ['one of checks does so', ['--threshold', 'checks:rate>0.5'], 0],
    ['one that is crossed gives 99', ['--threshold', 'http_req_failed:rate<0.001'], 99],
    ['one of durations does not judge failures', ['--threshold', 'http_req_duration:p(95)<60000'], 99],
  ] as const)('%s', async (_, words, exitCode) => {
    server = await startCountingServer((_request, count) => (count % 20 === 0 ? 500 : 200));
    expect((await load(one, ['--iterations', '40', '--vus', '2', ...words])).exitCode).toBe(exitCode);
  });

  it('ends 3 where nothing answered and no threshold is crossed, and 99 where one is', async () => {
    server = await startCountingServer();
    const nobody = 'http://127.0.0.1:1';
    const { exitCode, output, summarize } = await load(one, ['--iterations', '3'], nobody);
    expect(exitCode).toBe(3);
    expect(output).toContain('nothing answered');
    expect(summarize().series.find(({ metric }) => metric === 'http_reqs')?.tags).toMatchObject({
      status: '0',
      error_code: '1212',
    });
    expect((await load(one, ['--iterations', '3', '--threshold', 'http_req_failed:rate<0.1'], nobody)).exitCode).toBe(
      99,
    );
  });

  it('expects the statuses that assertions accept', async () => {
    server = await startCountingServer(() => 404);
    const { exitCode, summarize } = await load(one.replace('status == 200', '"status in [404, 410]"'), [
      '--iterations',
      '3',
    ]);
    expect(exitCode).toBe(0);
    expect(summarize().metrics['http_req_failed']?.values['rate']).toBe(0);
  });

  it('does not begin where setup fails, runs teardown, and ends 3', async () => {
    server = await startCountingServer((request) => (request.url === '/login' ? 500 : 200));
    const flow = FLOW.replace('output: { token', 'assert: [status == 200], output: { token');
    const { exitCode, output } = await load(flow, ['--vus', '2', '--duration', '1s']);
    expect(exitCode).toBe(3);
    expect(output).toContain('the setup of flow "Orders" failed: ');
    expect(server.paths).toEqual(['/login', '/logout']);
  });

  it('keeps to a rate, and drops what finds no virtual user', async () => {
    const stallMs = 600;
    server = await startCountingServer(async (_, count) => {
      if (count <= 2) await new Promise((resolve) => setTimeout(resolve, stallMs));
      return 200;
    });
    const words = ['--rate', '50/s', '--duration', '1s', '--pre-allocated-vus', '2'];
    const { summarize } = await load(one, words);
    const summary = summarize();
    const [begun, dropped] = [countOf(summary, 'iterations'), countOf(summary, 'dropped_iterations')];
    expect(begun + dropped).toBe(50);
    // Both virtual users wait for answers while 28 more are due.
    expect(dropped).toBeGreaterThanOrEqual(28);
    const longest = summary.metrics['iteration_response_time']?.values['max'] ?? 0;
    expect(longest).toBeGreaterThanOrEqual(stallMs - 1);
    expect(countOf(summary, 'http_reqs')).toBe(server.requests);
  });

  inFullRun('ends a run whose threshold says so', async () => {
    server = await startCountingServer(() => 500);
    const flow = `${one}load:\n  vus: 2\n  duration: 1m\n  pacing: 50ms\n  thresholds: { http_req_failed: [{ threshold: rate<0.5, abort_on_fail: true }] }\n`;
    const { exitCode, output, summarize } = await load(flow, []);
    expect(exitCode).toBe(99);
    expect(output).toContain('ended the run');
    expect(summarize().run.durationMs).toBeLessThan(20_000);
  });

  inFullRun('does not count the warm-up, and tells it apart among the samples', async () => {
    server = await startCountingServer();
    const flow = `${one}load: { vus: 1, duration: 900ms, pacing: 50ms, warm_up: 400ms }\n`;
    const { exitCode, summarize } = await load(flow, ['-o', 'json=s.ndjson']);
    expect(exitCode).toBe(0);
    const counted = countOf(summarize(), 'http_reqs');
    expect(counted).toBeGreaterThan(2);
    expect(counted).toBeLessThan(server.requests);
    const lines = readFileSync(join(folder, 's.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const points = lines.filter(({ type, metric }) => type === 'Point' && metric === 'http_reqs');
    expect(points).toHaveLength(server.requests);
    expect(points.filter(({ data }) => data.tags.phase === 'warm_up')).toHaveLength(server.requests - counted);
  });

  inFullRun('holds nothing against a threshold during the warm-up, and counts no late beginning of it', async () => {
    server = await startCountingServer();
    const thresholds = '{ iterations: [{ threshold: rate>1, abort_on_fail: true }] }';
    const warm = `warm_up: 2200ms, thresholds: ${thresholds}`;
    const flow = `${one}load: { rate: 20, pre_allocated_vus: 4, duration: 2500ms, ${warm} }\n`;
    const { exitCode, summarize } = await load(flow, []);
    expect(exitCode).toBe(0);
    const summary = summarize();
    const begun = countOf(summary, 'iterations') + countOf(summary, 'dropped_iterations');
    expect(begun).toBeGreaterThan(0);
    const lags = summary.series.find(({ metric }) => metric === 'scheduler_lag');
    expect(Math.abs((lags?.count ?? 0) - begun)).toBeLessThanOrEqual(1);
  });

  const parallel = `name: One
steps:
  - id: both
    action: parallel
    config:
      branches:
        - name: a
          steps: [{ id: get, action: http_request, config: { url: "{{URL}}/x" }, assert: [status == 200] }]
`;
  it.each([
    ['judged by one of requests in a control, too', parallel, 'http_req_failed:rate<=1', 0],
    ['found by its step among checks', one, 'checks{step:get}:rate==0', 0],
    ['found by its action among requests', one, 'http_req_failed{action:http_request}:rate==1', 0],
  ] as const)('a failed request is %s', async (_, flow, threshold, exitCode) => {
    server = await startCountingServer(() => 500);
    const { exitCode: got, output, summarize } = await load(flow, ['--once', '--threshold', threshold]);
    expect(output).not.toContain('nothing was measured');
    expect(summarize().thresholds[0]).toMatchObject({ passed: true });
    expect(got).toBe(exitCode);
  });

  const poll = `name: One
steps:
  - id: wait
    action: poll
    config:
      interval: 10ms
      timeout: 100ms
      step: { id: look, action: http_request, config: { url: "{{URL}}/x" } }
      until: [status == 200]
`;
  it.each([
    ['ends 3 where nobody answered', 'http://127.0.0.1:1', [], 3],
    [
      'is judged by a threshold on requests where these failed',
      undefined,
      ['--threshold', 'http_req_failed:rate<=1'],
      0,
    ],
    ['is judged by none on durations', undefined, ['--threshold', 'http_req_duration:p(95)<60000'], 99],
  ] as const)('a poll %s', async (_, url, words, exitCode) => {
    server = await startCountingServer(() => 500);
    expect((await load(poll, ['--iterations', '2', ...words], url ?? server.url)).exitCode).toBe(exitCode);
  });

  it('expects of a redirect that is followed nothing that its step asserts of the answer', async () => {
    const moved = createServer((request, response) => {
      const isFirst = request.url === '/x';
      response.writeHead(isFirst ? 302 : 200, isFirst ? { location: '/y' } : {});
      response.end();
    });
    await new Promise<void>((resolve) => moved.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    const { exitCode, summarize } = await load(one, ['--iterations', '3'], url);
    moved.closeAllConnections();
    moved.close();
    expect(exitCode).toBe(0);
    expect(countOf(summarize(), 'http_reqs')).toBe(6);
    expect(summarize().metrics['http_req_failed']?.values['passes']).toBe(0);
    expect(summarize().steps[0]?.answer).toBe('GET 200');
  });

  it('ends as a bug of testmesh where its own part throws, and tells what was measured', async () => {
    server = await startCountingServer();
    const run = vi.spyOn(Session.prototype, 'runFlow').mockRejectedValue(new Error('a mistake of ours'));
    const { exitCode, errors, output } = await load(FLOW, ['--once', '-o', 'html=r.html']).finally(() =>
      run.mockRestore(),
    );
    expect(errors).toContain('a mistake of ours');
    expect([exitCode, output]).toEqual([70, expect.stringContaining('a bug in testmesh (exit code 70)')]);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('a bug in testmesh');
  });

  it('ends as a bug of testmesh where a flow throws', async () => {
    server = await startCountingServer();
    const run = vi.spyOn(Session.prototype, 'runFlow').mockRejectedValue(new Error('a mistake of ours'));
    const words = ['--once', '--threshold', 'iteration_failed:rate<=1'];
    const { exitCode, errors } = await load(one, words).finally(() => run.mockRestore());
    expect(errors).toContain('a mistake of ours');
    expect(exitCode).toBe(70);
  });

  it('runs several scenarios at the same time, each with its variables and tags', async () => {
    server = await startCountingServer();
    const flow = `id: shop\nname: One\nenv: { TENANT: a }\nsteps:\n  - { id: get, action: http_request, config: { url: "{{URL}}/{{TENANT}}" }, assert: [status == 200] }\n---\nscenarios:\n  first: { executor: per-vu-iterations, vus: 2, iterations: 3, exec: shop }\n  second: { executor: shared-iterations, iterations: 4, exec: shop, env: { TENANT: b }, tags: { team: x } }\n`;
    const { exitCode, summarize } = await load(flow, [
      '--threshold',
      'http_reqs{scenario:second}:count==4',
      '--threshold',
      'http_reqs{team:x}:count==4',
    ]);
    expect(exitCode).toBe(0);
    expect(server.paths.filter((path) => path === '/a')).toHaveLength(6);
    expect(server.paths.filter((path) => path === '/b')).toHaveLength(4);
    expect(summarize().scenarios.map(({ name, iterations }) => [name, iterations])).toEqual([
      ['first', 6],
      ['second', 4],
    ]);
    const chosen = await load(flow, [
      '--scenario',
      'second',
      '--iterations',
      '2',
      '--threshold',
      'http_reqs{scenario:first}:count>100',
    ]);
    expect(chosen.exitCode).toBe(0);
    expect(chosen.errors).toContain(
      'the threshold `http_reqs{scenario:first}` is skipped: no scenario that runs has what it names',
    );
    expect(server.requests).toBe(12);
  });

  it('waits after steps as their users do, and measures what polls take', async () => {
    server = await startCountingServer((_, count) => (count < 4 ? 404 : 200));
    const flow =
      'name: Poll\nsteps:\n  - { id: wait, action: poll, config: { interval: 10ms, timeout: 5s, until: status == 200, step: { action: http_request, config: { url: "{{URL}}/x" } } }, think: 200ms }\n';
    const { exitCode, summarize } = await load(flow, ['--once', '--threshold', 'poll_attempts:max==4']);
    expect(exitCode).toBe(0);
    const { metrics, steps } = summarize();
    expect(metrics['http_reqs']?.values['count']).toBe(4);
    expect(metrics['iteration_duration']?.values['min']).toBeGreaterThan(200);
    expect(steps.map(({ name, count }) => [name, count])).toEqual([['wait', 1]]);
    expect(metrics['poll_duration']?.values['max']).toBeLessThan(metrics['iteration_duration']?.values['min'] ?? 0);
  });

  it('leaves out setup and teardown where that is asked, and prints the summary as JSON', async () => {
    server = await startCountingServer();
    const flow = FLOW.replace('/{{token}}', '');
    const { exitCode, output } = await load(flow, ['--once', '--no-setup', '--no-teardown', '--summary-mode', 'json']);
    expect(exitCode).toBe(0);
    expect(server.requests).toBe(2);
    expect((JSON.parse(output) as LoadSummary).run.verdict).toBe('passed');
  });

  inFullRun('goes on to the end where the server dies in the middle, and says what failed', async () => {
    server = await startCountingServer();
    const flow = `${one}load: { vus: 2, duration: 700ms, pacing: 20ms, thresholds: { http_req_failed: ["rate<0.2"] } }\n`;
    const running = load(flow, []);
    await vi.waitFor(() => expect(server.requests).toBeGreaterThan(5), { timeout: 10_000, interval: 5 });
    await server.close();
    const { exitCode, output, summarize } = await running;
    expect(exitCode).toBe(99);
    expect(output).toContain('ECONNREFUSED');
    const failed = summarize().metrics['http_req_failed']?.values;
    expect(failed?.['passes']).toBeGreaterThan(0);
    expect(failed?.['fails']).toBeGreaterThanOrEqual(5);
  });

  it('says that its summary could not be written', async () => {
    server = await startCountingServer();
    writeFileSync(join(folder, 'taken'), '');
    const { exitCode, errors } = await load(one, ['--once', '--summary-export', 'taken/s.json']);
    expect(exitCode).toBe(3);
    expect(errors).toContain('--summary-export taken/s.json: ');
  });
});
