import type { LoadSummary } from '../../../../src/load/metrics/load-summary.ts';
import { METRICS, Meter } from '../../../../src/load/metrics/meter.ts';
import type { Output, OutputAbout } from '../../../../src/load/metrics/samples.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const STARTED = Date.UTC(2026, 0, 2);

export const ABOUT: OutputAbout = {
  testId: `t1${HOSTILE}`,
  instanceId: 'i1',
  startedAtMs: STARTED,
  tags: new Map([['team', '"><b>shop</b>']]),
};

/** Gives an output three seconds of a load whose names are hostile: one step that fails now and then, and one that does not. */
export function playLoad(output: Output): void {
  const meter = new Meter();
  const get = (tags: Record<string, string>) => meter.tagSets.get({ scenario: 'users', ...tags });
  const steps = [
    { step: `pay ${HOSTILE}`, ms: 40, isBad: (at: number) => at % 5 === 4 },
    { step: 'read', ms: 8, isBad: () => false },
  ];
  for (let second = 1; second <= 3; second++) {
    const atMs = STARTED + second * 1000;
    meter.add(METRICS.vus, meter.tagSets.get({}), { value: second, atMs });
    for (let at = 0; at < 5 * second; at++) {
      meter.add(METRICS.iterations, get({}), { value: 1, atMs });
      meter.add(METRICS.iteration_duration, get({}), { value: 50 + at, atMs });
      for (const { step, ms, isBad } of steps) {
        const failed = isBad(at);
        const tags = get({ step, action: 'http_request', group: `::flow::${step}` });
        const request = {
          name: step,
          method: 'POST',
          status: failed ? '502' : '200',
          expected_response: String(!failed),
        };
        meter.add(METRICS.step_duration, tags, { value: ms + at, atMs });
        meter.add(METRICS.step_failed, tags, { value: failed ? 1 : 0, atMs });
        meter.add(METRICS.group_duration, get({ group: `::flow::${step}` }), { value: ms + at, atMs });
        meter.add(METRICS.http_req_duration, get(request), { value: ms + at, atMs });
        meter.add(METRICS.checks, get({ check: `${step}: status == 200` }), { value: failed ? 0 : 1, atMs });
      }
    }
    output.takeSeries?.(meter.listAll(), atMs);
    output.takeThresholds?.([
      { metric: `http_req_duration{name:${HOSTILE}}`, threshold: 'p(95)<50', passed: true, value: 44.5 },
      { metric: 'http_req_failed', threshold: 'rate<0.01', passed: false, value: null, note: 'nothing was measured' },
    ]);
  }
}

const values = { avg: 41, min: 40, med: 41, 'p(90)': 43, 'p(95)': 44, 'p(99)': 44, max: 54 };

/** What it came to. */
export const SUMMARY: LoadSummary = {
  version: 1,
  run: {
    testId: ABOUT.testId,
    startedAt: '2026-01-02T00:00:00.000Z',
    durationMs: 3000,
    exitCode: 99,
    verdict: `the threshold ${HOSTILE} is crossed`,
    tags: {},
  },
  scenarios: [
    { name: 'users', executor: 'constant-vus', flow: HOSTILE, iterations: 30, failed: 6, dropped: 2, interrupted: 0 },
  ],
  metrics: {},
  thresholds: [
    { metric: `http_req_duration{name:${HOSTILE}}`, threshold: 'p(95)<50', passed: true, value: 44.5 },
    { metric: 'http_req_failed', threshold: 'rate<0.01', passed: false, value: 0.1, aborted: true },
  ],
  checks: [
    { name: `pay: ${HOSTILE}`, scenario: 'users', passes: 24, fails: 6, firstFailure: `502, ${HOSTILE}` },
    { name: 'read: status == 200', scenario: 'users', passes: 30, fails: 0 },
  ],
  steps: [
    {
      name: `pay ${HOSTILE}`,
      scenario: 'users',
      action: 'http_request',
      count: 30,
      failed: 6,
      values,
      failures: ['502 ×6'],
    },
    { name: 'read', scenario: 'users', action: 'http_request', count: 30, failed: 0, values, failures: [] },
  ],
  generator: { saturated: true, cpu: 0.91, eventLoopP99Ms: 30, schedulerLagP99Ms: 2, notes: ['its CPU was busy'] },
  series: [],
  reconcile: {
    ...{
      step: `pay ${HOSTILE}`,
      accepted: 24,
      uncertain: 1,
      withoutKey: 2,
      refused: 0,
      tookMs: 2100,
      chanceOfMistake: 0,
    },
    places: [
      {
        ...{
          kind: 'events',
          name: `topic ${HOSTILE}`,
          wanted: 'exactly 1',
          found: 24,
          lost: 1,
          duplicated: 11,
          unexpected: 1,
        },
        ...{ lostKeys: [HOSTILE], duplicatedKeys: ['o-1', 'o-2'], unexpectedKeys: ['o-9'] },
      },
      {
        ...{
          kind: 'rows',
          name: 'rows of shop',
          wanted: 'at least 1',
          found: 24,
          lost: 0,
          duplicated: 0,
          unexpected: 0,
        },
        ...{ lostKeys: [], duplicatedKeys: [], unexpectedKeys: [] },
      },
    ],
    notes: [`1 of topic have no \`id\` ${HOSTILE}`],
  },
  notes: [`a note ${HOSTILE}`],
};

/** An earlier one: other numbers, a step that is gone, and one that was not there. */
export const BASE: LoadSummary = {
  ...SUMMARY,
  run: { ...SUMMARY.run, testId: 't0' },
  steps: [
    {
      name: 'read',
      scenario: 'users',
      action: 'http_request',
      count: 300,
      failed: 3,
      values: { ...values, med: 20.5 },
      failures: [],
    },
    { name: 'gone', scenario: 'users', action: 'http_request', count: 30, failed: 0, values, failures: [] },
  ],
};
