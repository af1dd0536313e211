import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { formatSummary } from '../../../src/load/summary/format-summary.ts';
import { formatBytes, formatMs } from '../../../src/load/summary/units.ts';
import { createPaint } from '../../../src/util/paint.ts';

const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const trend = { avg: 160.4, min: 19, med: 115.26, max: 1875, 'p(90)': 337.2, 'p(95)': 351 };
const step = { ...trend, 'p(99)': 1200 };

const summary: LoadSummary = {
  version: 1,
  run: {
    testId: 't',
    startedAt: '',
    durationMs: 30_000,
    exitCode: 99,
    verdict: 'the threshold `checks` rate>0.99 is crossed',
    tags: {},
  },
  scenarios: [
    {
      name: 'users',
      executor: 'constant-vus',
      flow: 'users_flow',
      iterations: 1800,
      failed: 3,
      dropped: 0,
      interrupted: 0,
    },
    {
      name: 'orders',
      executor: 'constant-arrival-rate',
      flow: 'orders_flow',
      iterations: 590,
      failed: 0,
      dropped: 10,
      interrupted: 2,
    },
  ],
  metrics: {
    http_req_duration: { kind: 'trend', unit: 'ms', values: trend },
    'http_req_duration{step:pay}': { kind: 'trend', unit: 'ms', values: trend },
    http_req_waiting: { kind: 'trend', unit: 'ms', values: trend },
    http_reqs: { kind: 'counter', unit: 'none', values: { count: 4190, rate: 139.667 } },
    http_req_failed: { kind: 'rate', unit: 'none', values: { rate: 0.0007, passes: 3, fails: 4187 } },
    checks: { kind: 'rate', unit: 'none', values: { rate: 0.985, passes: 197, fails: 3 } },
    iterations: { kind: 'counter', unit: 'none', values: { count: 2390, rate: 79.6667 } },
    iteration_duration: { kind: 'trend', unit: 'ms', values: trend },
    db_query_duration: { kind: 'trend', unit: 'ms', values: trend },
    data_sent: { kind: 'counter', unit: 'bytes', values: { count: 1_234_567, rate: 41_152 } },
    vus: { kind: 'gauge', unit: 'none', values: { value: 10, min: 1, max: 10 } },
  },
  thresholds: [
    { metric: 'http_req_duration{step:pay}', threshold: 'p(95)<500', passed: true, value: 351 },
    { metric: 'http_req_duration{step:pay}', threshold: 'max<1000', passed: false, value: 1875, aborted: true },
    { metric: 'checks', threshold: 'rate>0.99', passed: false, value: 0.985 },
    { metric: 'event_lag', threshold: 'med<5', passed: false, value: null, note: 'nothing was measured' },
    {
      metric: 'http_reqs{scenario:x}',
      threshold: 'count>5',
      passed: true,
      value: null,
      note: 'skipped: what it names did not run',
    },
  ],
  checks: [
    {
      name: 'pay: status == 200',
      scenario: 'orders',
      passes: 97,
      fails: 3,
      firstFailure: '502, `status == 200` is false',
    },
    { name: 'sign_up: status == 201', scenario: 'users', passes: 100, fails: 0 },
  ],
  steps: [
    {
      name: 'login',
      scenario: '',
      action: 'http_request',
      answer: 'POST 200',
      count: 1,
      failed: 0,
      values: step,
      failures: [],
    },
    {
      name: 'pay',
      scenario: 'orders',
      action: 'http_request',
      answer: 'POST 201',
      count: 600,
      failed: 3,
      values: step,
      failures: ['502 ×2', 'ECONNRESET ×1'],
    },
    { name: 'stored', scenario: 'orders', action: 'database_query', count: 597, failed: 0, values: step, failures: [] },
  ],
  generator: {
    saturated: true,
    cpu: 0.93,
    eventLoopP99Ms: 24.2,
    schedulerLagP99Ms: 3.1,
    notes: ['its event loop was 24.2 ms late (p99)'],
  },
  series: [],
  notes: ['the output json lost 3 samples'],
};

describe('the summary', () => {
  it.each([
    ['compact', false],
    ['full', true],
  ] as const)('%s', (name, isFull) => {
    const text = formatSummary(summary, { paint: createPaint(false), isFull });
    const path = join(import.meta.dirname, `golden/${name}.txt`);
    if (isUpdate) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it.each([
    [0, '0s'],
    [0.25, '250µs'],
    [1.234, '1.23ms'],
    [148.24, '148ms'],
    [1234, '1.23s'],
    [12_340, '12.3s'],
    [125_000, '2m5s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  it('takes the unit that is asked for', () => {
    expect([formatMs(1500, 's'), formatMs(1.5, 'us'), formatMs(1500, 'ms')]).toEqual([
      '1.500000s',
      '1500µs',
      '1500.00ms',
    ]);
    expect([formatBytes(999), formatBytes(1500), formatBytes(2_500_000)]).toEqual(['999 B', '1.5 kB', '2.5 MB']);
  });
});
