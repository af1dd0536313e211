import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const FLOWS = `
id: shop
name: Shop
steps:
  - { id: pay, action: http_request, config: { url: "{{proxies.users.url}}/pay" }, assert: [status == 200] }
---
id: troubles
name: Users are slow for a while
steps:
  - { id: healthy, action: delay, config: { duration: 1s } }
  - { id: users_slow, action: fault_set, config: { proxy: users, faults: { latency: 250ms } } }
  - { id: slow, action: delay, config: { duration: 1500ms } }
  - { id: users_quick, action: fault_clear, config: { proxy: users }, assert: [requests > 0] }
---
load: { thresholds: { "timeline_marks{step:users_slow}": ["count==1"] } }
scenarios:
  orders: { executor: constant-arrival-rate, rate: 10, duration: 4s, pre_allocated_vus: 20, exec: shop }
  faults: { executor: shared-iterations, exec: troubles }
`;

let folder: string;
let server: CountingServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
  server = await startCountingServer();
  writeFileSync(join(folder, 'testmesh.yaml'), `proxies:\n  users: { upstream: "${server.url}", protocol: http }\n`);
  writeFileSync(join(folder, 'flow.yaml'), FLOWS);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a scenario of faults slows a service under the load of another one, and its steps are marks in the report and in outputs', async () => {
  const words = ['-o', 'json=s.ndjson', '-o', 'html=r.html', '--summary-export', 's.json'];
  const { exitCode, output } = await callCommand(['load', 'flow.yaml', ...words], { cwd: folder });
  expect(exitCode, output).toBe(0);
  const lines = readFileSync(join(folder, 's.ndjson'), 'utf8').trim().split('\n');
  const points = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'Point');
  const marks = points.filter(({ metric }) => metric === 'timeline_marks');
  expect(marks.map(({ data }) => [data.tags.scenario, data.tags.step, data.tags.action])).toEqual([
    ['faults', 'users_slow', 'fault_set'],
    ['faults', 'users_quick', 'fault_clear'],
  ]);
  const [from = 0, to = 0] = marks.map(({ data }) => Date.parse(data.time));
  // What began and ended while the fault held.
  const within = points.filter(({ metric, data }) => {
    const endedAt = Date.parse(data.time);
    return metric === 'http_req_duration' && endedAt - data.value > from && endedAt < to;
  });
  expect(within.length).toBeGreaterThanOrEqual(3);
  expect(Math.min(...within.map(({ data }) => data.value))).toBeGreaterThan(240);
  const report = readFileSync(join(folder, 'r.html'), 'utf8');
  // Two in each of the charts: of the whole twice, and of each step of both scenarios twice.
  expect(
    report.match(/<path class="mark" [^>]*><title>\d:\d\d: users_(?:slow \(fault_set|quick \(fault_clear)\)/g),
  ).toHaveLength(2 * (2 + 2 * 5));
  expect(report).toContain('Marked on the timeline');
  const { series } = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
  expect(series.filter(({ metric }) => metric === 'timeline_marks').map(({ sum }) => sum)).toEqual([1, 1]);
});
