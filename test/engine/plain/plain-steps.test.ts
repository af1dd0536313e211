import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { openRun } from '../../../src/engine/flows/open-run.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';
import { FlowRunner } from '../../../src/engine/run/flow-runner.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { USUAL_WIRE } from '../../../src/model/load/wire-terms.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';
import { NO_INPUTS } from '../../support/run-plan.ts';
import { sample } from '../../support/sample.ts';
import { readBody, startHttpServer, type TestServer } from '../../support/servers/http-server.ts';

const ITERATIONS = 3;
const BODY = { id: 'u-1', name: 'Ada', active: true, items: [1, 2], empty: [], token: 'tok-12345678' };

let server: TestServer;
let deadPort: number;
let received: string[] = [];
let onRequest = (): void => undefined;

beforeAll(async () => {
  server = await startHttpServer((request, response) => void answer(request, response));
  deadPort = await findFreePort();
});
afterAll(() => server.close());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '', rawHeaders } = request;
  received.push(`${method} ${url} ${rawHeaders.join('|')} ${await readBody(request)}`);
  onRequest();
  if (url.startsWith('/hang')) return;
  if (url.startsWith('/moved')) return void response.writeHead(302, { location: '/user' }).end();
  const status = /^\/status\/(\d+)/.exec(url)?.[1] ?? '200';
  const type = url.startsWith('/text') ? 'text/plain' : 'application/json';
  const cookie = url.startsWith('/login') ? { 'set-cookie': 'session=abc; Path=/' } : {};
  const body = url.startsWith('/twin') ? '{"a":1,"a":2}' : url.startsWith('/broken') ? '{"a":' : JSON.stringify(BODY);
  response.writeHead(Number(status), { 'content-type': type, ...cookie }).end(body);
}

const GET = (path: string, more = ''): string =>
  `{ id: get, action: http_request, config: { url: "{{URL}}${path}" }${more} }`;
const LAST = `- { id: last, action: http_request, config: { method: POST, url: "{{URL}}/last", body: { n: "{{ITERATION}}", who: "{{get.status}}" } }, assert: [status == 200] }`;

interface Case {
  readonly what: string;
  readonly steps: readonly string[];
  /** How often the ordinary way goes on, of all iterations. */
  readonly ordinary: number;
}

const ALL = ITERATIONS;
const CASES: readonly Case[] = [
  { what: 'a request that passes', steps: [GET('/user', ', assert: [status == 200, body.active]')], ordinary: 0 },
  {
    what: 'names of all kinds',
    steps: [
      GET(
        '/user?u={{UUID}}&v={{VU}}&t={{TRACE_ID}}&r={{random_string(5)}}&s={{STEP_ID}}',
        ', output: { id: $.body.id, again: "{{uuid()}}" }',
      ),
      '- { id: use, action: http_request, config: { url: "{{URL}}/user/{{id}}/{{again}}/{{get.body.name}}/{{get.id}}" } }',
    ],
    ordinary: 0,
  },
  {
    what: 'an assertion that is false',
    steps: [
      GET(
        '/user',
        ', name: "get {{VU}}", assert: [status == 200, body.name == "Bob", { expression: body.active == false, message: "of {{VU}}" }]',
      ),
      LAST,
    ],
    ordinary: ALL,
  },
  {
    what: 'an assertion that cannot be evaluated',
    steps: [GET('/user', ', assert: [body.items.none.more == 1]'), LAST],
    ordinary: ALL,
  },
  { what: 'an assertion that is not pure', steps: [GET('/user', ', assert: [uuid() != ""]')], ordinary: ALL },
  {
    what: 'an assertion over an empty list',
    steps: [GET('/user', ', assert: ["all(body.empty, # > 1)"]')],
    ordinary: 0,
  },
  {
    what: 'a capture that is not there',
    steps: [GET('/user', ', output: { id: $.body.id, none: $.body.none }'), LAST],
    ordinary: ALL,
  },
  {
    what: 'secrets, of which a message quotes one',
    steps: [
      GET('/user', ', output: { token: $.body.token, own: { path: $.body.name, secret: true } }'),
      '- { id: wrong, action: http_request, config: { url: "{{URL}}/{{token}}/{{own}}" }, assert: [body.token == body.name] }',
    ],
    ordinary: ALL,
  },
  {
    what: 'nobody at the address',
    steps: [`{ id: get, action: http_request, config: { url: "http://127.0.0.1:{{DEAD}}/" } }`, LAST],
    ordinary: ALL,
  },
  {
    what: 'no answer in time',
    steps: [`{ id: get, action: http_request, config: { url: "{{URL}}/hang", timeout: 300ms } }`, LAST],
    ordinary: ALL,
  },
  {
    what: 'a setting without a value',
    steps: [GET('/user'), '- { id: bad, action: http_request, config: { url: "{{URL}}/{{get.body.none}}" } }', LAST],
    ordinary: ALL,
  },
  {
    what: 'a setting of a wrong type',
    steps: [
      GET('/user'),
      '- { id: bad, action: http_request, config: { url: "{{URL}}/", max_redirects: "{{get.body.name}}" } }',
      LAST,
    ],
    ordinary: ALL,
  },
  {
    what: 'a failure that goes on',
    steps: [GET('/user', ', on_error: continue, assert: [status == 201]'), LAST],
    ordinary: ALL,
  },
  { what: 'a refused request', steps: [GET('/status/503', ', assert: [status == 200]'), LAST], ordinary: ALL },
  {
    what: 'steps of other kinds among them',
    steps: [
      GET('/user'),
      '- { id: some, when: "get.status == 404", action: log, config: { message: no } }',
      '- { id: again, retry: { max_attempts: 2, delay: 1ms }, action: http_request, config: { url: "{{URL}}/again" } }',
      LAST,
    ],
    ordinary: ALL,
  },
  {
    what: 'an error that is expected',
    steps: [
      GET('/user'),
      '- { id: dead, expect_error: true, action: http_request, config: { url: "http://127.0.0.1:{{DEAD}}/" } }',
      LAST,
    ],
    ordinary: ALL,
  },
  {
    what: 'variables and words',
    steps: [
      '{ id: get, action: set, config: { status: "200", who: \'string(VU)\' } }',
      '- { id: say, action: log, config: { message: "{{who}} {{ITERATION}}" } }',
      '- { id: wait, action: delay, config: { duration: 1ms } }',
      LAST,
    ],
    ordinary: 0,
  },
  {
    what: 'redirects, cookies and odd bodies',
    steps: [
      GET('/login'),
      '- { id: moved, action: http_request, config: { url: "{{URL}}/moved" } }',
      '- { id: twin, action: http_request, config: { url: "{{URL}}/twin", headers: { x-a: "{{VU}}", x-b: [1, 2] } } }',
      '- { id: broken, action: http_request, config: { url: "{{URL}}/broken", query: { q: "a b" } }, assert: ["body == \'{\\"a\\":\'"] }',
      LAST,
    ],
    ordinary: 0,
  },
  {
    what: 'a first step that is not plain',
    steps: [GET('/user', ', retry: { max_attempts: 2, delay: 1ms }'), LAST],
    ordinary: ALL,
  },
  {
    what: 'a step that measures of its own',
    steps: [
      GET('/user'),
      '- { id: own, action: http_request, config: { url: "{{URL}}/user" }, record: { things: { type: trend, value: "{{len(body.items)}}" } } }',
    ],
    ordinary: ALL,
  },
];

describe('steps that are run plainly', () => {
  it.each(sample('flows that are run plainly', CASES, { count: 8 }))(
    'come to the same: $what',
    async ({ steps, ordinary }) => {
      const plainly = await runFlow(steps, {});
      expect(plainly.ordinaryRuns).toBe(ordinary);
      // A limit of its own is one of the things for which flows are run the ordinary way.
      const asAny = await runFlow(steps, { flowTimeoutMs: 600_000 });
      expect(asAny.ordinaryRuns).toBe(ITERATIONS);
      expect(plainly.told).toEqual(asAny.told);
      expect(plainly.received).toEqual(asAny.received);
    },
  );

  it.each(['ask', 'end'] as const)('come to the same when their user is stopped meanwhile: %s', async (how) => {
    const steps = [GET('/user'), LAST];
    const plainly = await runFlow(steps, {}, how);
    expect(plainly.told).toEqual((await runFlow(steps, { flowTimeoutMs: 600_000 }, how)).told);
    expect(plainly.told.join()).toContain('stopped by the test');
  });
});

async function runFlow(
  steps: readonly string[],
  policy: { readonly flowTimeoutMs?: number },
  stopBy?: 'ask' | 'end',
): Promise<{ told: readonly string[]; received: readonly string[]; ordinaryRuns: number }> {
  const [first = '', ...rest] = steps;
  const planned = planText(`name: plain\nsteps:\n  - ${first}\n${rest.map((step) => `  ${step}\n`).join('')}`, {
    given: ['URL', 'DEAD'],
  });
  const [plan] = planned.flows;
  if (!plan || planned.diagnostics.some(({ severity }) => severity === 'error'))
    throw new Error(findingsOf(planned).join('\n'));
  const told: string[] = [];
  const on = (event: RunEvent): void => void told.push(describeEvent(event));
  const consumer = { name: 'load', wants: { measures: true, brief: true }, on, close: () => Promise.resolve() };
  const stops = { work: new Stop(), undo: new Stop() };
  const run = openRun({
    identity: { runId: 'run-1', version: '0', seed: 7, isSeedFixed: true },
    clock: createClock(),
    consumers: [consumer],
    interrupt: stops,
    policy: { ...policy, thinks: true },
    services: () => ({}),
  });
  const runs = vi.spyOn(FlowRunner.prototype, 'run');
  received = [];
  const work = new Stop(run.work);
  onRequest = () => stopBy && work[stopBy](new StopError('stopped', 'stopped by the test', { graceMs: 50 }));
  const session = run.openSession({ hasOwnSecrets: true, work });
  const given = new Map([['URL', server.url] as const, ['DEAD', String(deadPort)] as const]);
  for (let index = 0; index < ITERATIONS; index++) {
    const turn = { vu: 3, iteration: index, iterationTotal: index, wire: USUAL_WIRE };
    const place = { index, stream: `s/3/${index}`, turn };
    const end = await session.runFlow({ plan, inputs: { ...NO_INPUTS, given } }, { phases: ['steps'], place });
    told.push(JSON.stringify([end.outcome, end.skip, end.steps, [...end.rest.context.listMade().captures]]));
  }
  const ordinaryRuns = runs.mock.calls.length;
  runs.mockRestore();
  await session.close();
  await run.finish();
  return { told, received, ordinaryRuns };
}

/** Without what is another time each time. */
function describeEvent(event: RunEvent): string {
  return JSON.stringify(event, (key, value) => {
    if (key === 'at' || key === 'startedAt' || key === 'duration_ms' || /Ms$/.test(key)) return 0;
    return value;
  }).replaceAll(/took \d+(\.\d+)? ms/g, 'took');
}
