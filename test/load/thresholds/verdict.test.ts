import { describe, expect, it } from 'vitest';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';
import { evaluateThreshold } from '../../../src/load/thresholds/evaluate.ts';
import { judgeLoad, type VerdictFacts } from '../../../src/load/thresholds/verdict.ts';
import type { ThresholdPlan } from '../../../src/model/load/load-plan.ts';
import { isMistake, readCondition, readThresholdKey } from '../../../src/plan/load/threshold.ts';

const kinds = { http_reqs: 'counter', checks: 'rate', vus: 'gauge', http_req_duration: 'trend' } as const;

function plan(key: string, text: string): ThresholdPlan {
  const read = readThresholdKey(key);
  if (isMistake(read)) throw new Error(read.message);
  const kind = kinds[read.metric as keyof typeof kinds];
  const condition = readCondition(text, { metric: read.metric, kind });
  if (isMistake(condition)) throw new Error(condition.message);
  return { key, ...read, kind, condition, abortOnFail: false, delayAbortMs: 0, isSkipped: false };
}

/** 100 requests in 10 s, 1 to 100 ms, those of `pay` twice as long; 3 of 4 checks hold. */
function measured(): Meter {
  const meter = new Meter();
  const add = (metric: keyof typeof METRICS, value: number, tags: Record<string, string>): void =>
    meter.add(METRICS[metric], meter.tagSets.get(tags), { value, atMs: 0 });
  for (let ms = 1; ms <= 100; ms++) {
    add('http_req_duration', ms, { name: 'get', scenario: 'a' });
    add('http_req_duration', ms * 2, { name: 'pay', scenario: 'b' });
    add('http_reqs', 1, { name: 'get' });
  }
  for (const value of [1, 1, 1, 0]) add('checks', value, { check: 'pay: status == 200' });
  for (const value of [1, 5, 3]) add('vus', value, {});
  return meter;
}

describe('thresholds', () => {
  it.each([
    ['http_reqs', 'count==100', true, 100],
    ['http_reqs', 'rate>=10', true, 10],
    ['http_reqs', 'count>100', false, 100],
    ['checks', 'rate>0.75', false, 0.75],
    ['checks', 'rate >= 0.75', true, 0.75],
    ['checks{check:pay: status == 200}', 'rate!=1', true, 0.75],
    ['vus', 'value<4', true, 3],
    ['http_req_duration{step:get}', 'avg<=50.5', true, 50.5],
    ['http_req_duration{name:get}', 'max<100', false, 100],
    ['http_req_duration{scenario:b}', 'min===2', true, 2],
    ['http_req_duration', 'max==200', true, 200],
  ])('%s %s', (key, text, passed, value) => {
    const found = evaluateThreshold(plan(key, text), { meter: measured(), elapsedMs: 10_000, allowsEmpty: false });
    expect(found).toMatchObject({ passed, value });
  });

  it.each([
    ['p(50)', 50.5],
    ['med', 50.5],
    ['p(95)', 95.05],
    ['p(99.9)', 99.9],
  ])('know %s to 1 %', (statistic, value) => {
    const options = { meter: measured(), elapsedMs: 10_000, allowsEmpty: false };
    const found = evaluateThreshold(plan('http_req_duration{step:get}', `${statistic}<1`), options);
    expect(Math.abs((found.value ?? 0) - value)).toBeLessThanOrEqual(value * 0.01);
  });

  it('are crossed where nothing was measured, unless that is allowed; a count of nothing is 0', () => {
    const options = { meter: new Meter(), elapsedMs: 1000 };
    const empty = plan('http_req_duration', 'p(95)<500');
    expect(evaluateThreshold(empty, { ...options, allowsEmpty: false })).toMatchObject({ passed: false, value: null });
    expect(evaluateThreshold(empty, { ...options, allowsEmpty: true })).toMatchObject({ passed: true, value: null });
    expect(evaluateThreshold(plan('http_reqs', 'count<1'), { ...options, allowsEmpty: false }).passed).toBe(true);
  });
});

describe('the verdict', () => {
  const none: VerdictFacts = {
    checks: 'auto',
    thresholds: [],
    failures: { requests: 0, assertions: 0, isNothingDone: false },
    hasBug: false,
  };
  const passed = (metric: string) => [{ metric, threshold: 'rate<1', passed: true, value: 0 }];
  const crossed = [{ metric: 'http_reqs', threshold: 'count>5', passed: false, value: 1 }];
  const both = { requests: 2, assertions: 1, isNothingDone: false };
  const requests = { ...both, assertions: 0 };

  it.each<[string, Partial<VerdictFacts>, string]>([
    ['nothing wrong', {}, 'passed'],
    ['failed steps and no threshold', { failures: requests }, 'checks'],
    [
      'failed requests that a threshold judges',
      { failures: requests, thresholds: passed('http_req_failed') },
      'passed',
    ],
    ['one of a step', { failures: requests, thresholds: passed('step_failed{step:pay}') }, 'passed'],
    [
      'false assertions that one of requests does not judge',
      { failures: both, thresholds: passed('http_req_failed') },
      'checks',
    ],
    ['all of them judged by one of checks', { failures: both, thresholds: passed('checks{check:a}') }, 'passed'],
    ['all of them judged by one of iterations', { failures: both, thresholds: passed('iteration_failed') }, 'passed'],
    ['a threshold that is crossed', { thresholds: crossed }, 'threshold'],
    ['reported only', { failures: both, checks: 'report' }, 'passed'],
    ['failing whatever thresholds say', { failures: requests, checks: 'fail', thresholds: passed('checks') }, 'checks'],
    ['nothing answered', { failures: { ...requests, isNothingDone: true } }, 'nothing'],
    [
      'nothing answered, and a threshold is crossed',
      { failures: { ...requests, isNothingDone: true }, thresholds: crossed },
      'threshold',
    ],
    ['a signal before all', { interrupted: 'SIGINT', thresholds: crossed }, 'interrupted'],
    ['a setup that failed', { notBegun: 'setup failed' }, 'nothing'],
  ])('%s', (_, facts, kind) => {
    expect(judgeLoad({ ...none, ...facts }).kind).toBe(kind);
  });
});
