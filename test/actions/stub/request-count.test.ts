import { describe, expect, it } from 'vitest';
import { keepRequest } from '../../../src/actions/stub/received.ts';
import { countRequests } from '../../../src/actions/stub/request-count.ts';
import { RequestLog } from '../../../src/actions/stub/request-log.ts';
import { createRules } from '../../../src/actions/stub/request-rules.ts';
import type { MatchSettings } from '../../../src/actions/stub/stub-settings.ts';
import type { Expressions } from '../../../src/model/action/io.ts';
import { runText } from '../../cli/run-text.ts';
import { repeats } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of requests that were dropped', 1, 0) > 0);

const NOBODY: Expressions = {
  env: { get: () => undefined, keys: () => new Set() },
  host: { now: () => 0 },
  check: () => undefined,
  claim: () => undefined,
  take: () => null,
};

function count(log: RequestLog, match: MatchSettings): readonly [least: number, most: number, kept: number] {
  const { least, most, matched } = countRequests(log, createRules(match, NOBODY));
  return [least, most, matched.length];
}

function fill(
  log: RequestLog,
  times: number,
  target: (at: number) => string,
  { body = '', route = null }: { body?: string; route?: string | null } = {},
): void {
  for (let at = 0; at < times; at++) {
    const arrival = {
      method: at % 2 === 0 ? 'GET' : 'POST',
      target: target(at),
      rawHeaders: [],
      body: Buffer.from(body),
      atMs: 0,
    };
    log.add(keepRequest(arrival, { params: {}, matched_route: route }));
  }
}

describe('requests are counted though the oldest were dropped', () => {
  inFullRun('exactly by method and path, and not surely by what else they held', () => {
    const log = new RequestLog();
    fill(log, 15_000, (at) => `/users/${at % 7}?n=${at}`);
    expect(count(log, {})).toEqual([15_000, 15_000, 10_000]);
    expect(count(log, { method: 'GET' })).toEqual([7_500, 7_500, 5_000]);
    expect(count(log, { path: '/users/3' })).toEqual([2_143, 2_143, 1_429]);
    expect(count(log, { path_regex: '/users/[0-6]' })).toEqual([15_000, 15_000, 10_000]);
    expect(count(log, { path: '/none' })).toEqual([0, 0, 0]);
    expect(count(log, { path: '/users/3', query: { n: 3 } })).toEqual([0, 714, 0]);
    log.clear();
    expect(count(log, {})).toEqual([0, 0, 0]);
  });

  inFullRun('by the route that took them where their paths are too many to be remembered', () => {
    const log = new RequestLog();
    fill(log, 25_000, (at) => `/users/${at}`, { route: '* /users/:id' });
    expect(count(log, {})).toEqual([25_000, 25_000, 10_000]);
    expect(count(log, { method: 'POST' })).toEqual([12_500, 12_500, 5_000]);
    expect(count(log, { path: '/users/:id' })).toEqual([25_000, 25_000, 10_000]);
    expect(count(log, { path: '/done' })).toEqual([0, 0, 0]);
    expect(count(log, { path: '/users/24999', method: 'POST' })).toEqual([1, 2_501, 1]);
    expect(count(log, { path: '/users/{n}' })).toEqual([20_000, 25_000, 10_000]);
  });

  inFullRun('and of those that no route took no more is known', () => {
    const log = new RequestLog();
    fill(log, 25_000, (at) => `/users/${at}`);
    expect(count(log, {})).toEqual([25_000, 25_000, 10_000]);
    expect(count(log, { path: '/done' })).toEqual([0, 5_000, 0]);
  });

  it('and those whose body is too large to be kept are not known by it', () => {
    const log = new RequestLog();
    fill(log, 2, () => '/a', { body: JSON.stringify({ text: 'x'.repeat(70_000) }) });
    expect(count(log, { method: 'POST', body: { text: 'x' } })).toEqual([0, 1, 0]);
    expect(count(log, { method: 'POST' })).toEqual([1, 1, 1]);
  });
});

it('a flow hears of it: what cannot be known is neither right nor wrong', async () => {
  const start = '{ id: stub, action: mock_server_start, config: { routes: [{ method: POST, path: /a }] } }';
  const verify = (config: string) => `action: mock_server_verify, config: { server: stub, ${config} }`;
  const post =
    'action: http_request, config: { method: POST, url: "{{stub.url}}/a", body: { text: "{{repeat(who, 30000)}}", n: 1 } }, assert: [status == 200]';
  const { exitCode, output } = await runText({
    setup: [start],
    steps: [post, verify('count: 1'), verify('body: { n: 2 }, count: 0')],
  });
  expect(exitCode, output).toBe(3);
  expect(output).toContain(
    '`stub` got 0 to 1 such requests: of those that came first, and of large bodies, it does not know',
  );
  expect(output).toContain('the body of 1 request is not kept: it has more than 64 KB');
});
