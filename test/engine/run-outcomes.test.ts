import { describe, expect, it } from 'vitest';
import { ActionError } from '../../src/model/action/outcome.ts';
import { type FlowSpec, fakeAction, give } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps, startRun, type TestRunOptions } from '../support/run-plan.ts';

const pass = give({ status: 200 }, '200');
const refuse = fakeAction(() => {
  throw new ActionError({ kind: 'connection', code: 'ECONNREFUSED', message: '127.0.0.1:1 refused the connection' });
});
const fail = { action: pass, assert: ['status == 500'] };

interface OutcomeCase {
  readonly title: string;
  readonly spec: FlowSpec;
  readonly options?: TestRunOptions;
  readonly steps: readonly string[];
  readonly outcome: string;
  readonly problems?: readonly string[];
}

const cases: readonly OutcomeCase[] = [
  {
    title: 'setup, steps and teardown in order',
    spec: {
      setup: [{ id: 'a', action: pass }],
      steps: [
        { id: 'b', action: pass },
        { id: 'c', action: pass, assert: ['status == 200'] },
      ],
      teardown: [{ id: 'd', action: pass }],
    },
    steps: ['setup/a passed', 'b passed', 'c passed', 'teardown/d passed'],
    outcome: 'passed',
  },
  {
    title: 'a failed step ends its phase, teardown runs',
    spec: {
      steps: [
        { id: 'a', ...fail },
        { id: 'b', action: pass },
      ],
      teardown: [{ id: 'd', action: pass }],
    },
    steps: ['a failed', 'b skipped: not reached', 'teardown/d passed'],
    outcome: 'failed',
  },
  {
    title: 'an action that could not be carried out is errored, not failed',
    spec: {
      steps: [
        { id: 'a', action: refuse },
        { id: 'b', action: pass },
      ],
    },
    steps: ['a errored', 'b skipped: not reached'],
    outcome: 'errored',
  },
  {
    title: 'a broken setup leaves out the steps',
    spec: {
      setup: [
        { id: 'a', action: refuse },
        { id: 'a2', action: pass },
      ],
      steps: [{ id: 'b', action: pass }],
      teardown: [{ id: 'd', action: pass }],
    },
    steps: ['setup/a errored', 'setup/a2 skipped: not reached', 'b skipped: not reached', 'teardown/d passed'],
    outcome: 'errored',
  },
  {
    title: 'on_error continue goes on, and the flow still fails',
    spec: {
      steps: [
        { id: 'a', ...fail, onError: 'continue' },
        { id: 'b', action: pass },
      ],
    },
    steps: ['a failed', 'b passed'],
    outcome: 'failed',
  },
  {
    title: 'failed is worse than errored',
    spec: {
      steps: [
        { id: 'a', action: refuse, onError: 'continue' },
        { id: 'b', ...fail, onError: 'continue' },
      ],
    },
    steps: ['a errored', 'b failed'],
    outcome: 'failed',
  },
  {
    title: 'all teardown steps run, and make a passed flow errored',
    spec: {
      steps: [{ id: 'a', action: pass }],
      teardown: [
        { id: 'd', ...fail },
        { id: 'e', action: refuse },
        { id: 'f', action: pass },
      ],
    },
    steps: ['a passed', 'teardown/d failed', 'teardown/e errored', 'teardown/f passed'],
    outcome: 'errored',
    problems: [
      'teardown: teardown step `d` failed: `status == 500` is false',
      'teardown: teardown step `e` errored: 127.0.0.1:1 refused the connection',
    ],
  },
  {
    title: 'a teardown that errors does not hide the failure',
    spec: { steps: [{ id: 'a', ...fail }], teardown: [{ id: 'd', action: refuse }] },
    steps: ['a failed', 'teardown/d errored'],
    outcome: 'failed',
    problems: ['teardown: teardown step `d` errored: 127.0.0.1:1 refused the connection'],
  },
  {
    title: 'a flow whose steps were all skipped is skipped, whatever ran around them',
    spec: {
      setup: [{ id: 's', action: pass }],
      steps: [
        { id: 'a', action: pass, when: 'false' },
        { id: 'b', action: pass, skip: 'waits for ticket 12' },
      ],
      teardown: [{ id: 'd', action: pass }],
    },
    steps: ['setup/s passed', 'a skipped: when is false', 'b skipped: waits for ticket 12', 'teardown/d passed'],
    outcome: 'skipped',
  },
  {
    title: 'a `when` that is not a bool is errored, never run by accident',
    spec: { steps: [{ id: 'a', action: pass, when: '1' }] },
    steps: ['a errored'],
    outcome: 'errored',
  },
  {
    title: 'a `when` that cannot be evaluated is errored',
    spec: {
      steps: [
        { id: 'a', action: give({ body: null }) },
        { id: 'b', action: pass, when: 'a.body.id == 1' },
      ],
    },
    steps: ['a passed', 'b errored'],
    outcome: 'errored',
  },
  {
    title: 'a teardown step whose value nobody captured is skipped and names who would have',
    spec: {
      steps: [
        { id: 'create_user', ...fail, output: { user_id: 'status' } },
        { id: 'b', action: pass },
      ],
      teardown: [
        { id: 'remove', action: pass, config: { id: '{{user_id}}' } },
        { id: 'optional', action: pass, config: { id: '{{$env?.user_id ?? ""}}' } },
      ],
    },
    steps: [
      'create_user failed',
      'b skipped: not reached',
      'teardown/remove skipped: needs `user_id`, which `create_user` would have captured',
      'teardown/optional passed',
    ],
    outcome: 'failed',
  },
  {
    title: 'a teardown step that needs the result of a step not reached is skipped',
    spec: {
      steps: [
        { id: 'a', ...fail },
        { id: 'create', action: pass },
      ],
      teardown: [{ id: 'remove', action: pass, config: { id: '{{create.body.id}}' } }],
    },
    steps: [
      'a failed',
      'create skipped: not reached',
      'teardown/remove skipped: needs `create.body.id`, which `create` would have given',
    ],
    outcome: 'failed',
  },
  {
    title: 'kept data: no teardown',
    spec: { steps: [{ id: 'a', action: pass }], teardown: [{ id: 'd', action: refuse }] },
    options: { isTeardownSkipped: true },
    steps: ['a passed', 'teardown/d skipped: what ran is kept'],
    outcome: 'passed',
  },
  {
    title: 'a variable that cannot be made errors the flow before setup',
    spec: {
      env: { BAD: '{{1 / nil}}', GOOD: 'x' },
      setup: [{ id: 's', action: pass }],
      steps: [{ id: 'a', action: pass }],
      teardown: [{ id: 'd', action: pass, config: { x: '{{GOOD}}' } }],
    },
    steps: ['setup/s skipped: not reached', 'a skipped: not reached', 'teardown/d passed'],
    outcome: 'errored',
  },
  {
    title: 'an unforeseen error is a bug of testmesh and errors the step',
    spec: {
      steps: [
        {
          id: 'a',
          action: fakeAction(() => {
            throw new TypeError('x is not a function');
          }),
        },
      ],
    },
    steps: ['a errored'],
    outcome: 'errored',
  },
];

describe('outcomes and order', () => {
  it.each(cases)('$title', async ({ spec, options, steps, outcome, problems }) => {
    const run = startRun(spec, options);
    const { outcome: total } = await run.finish();
    const flow = findFlow(run.events);
    expect(listSteps(run.events)).toEqual(steps);
    expect([flow.outcome, total]).toEqual([outcome, outcome]);
    if (problems) expect(flow.problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual(problems);
  });

  it('says in which file and line a variable cannot be made', async () => {
    const run = startRun({ env: { BAD: '{{1 / nil}}' }, steps: [{ id: 'a', action: pass }] });
    await run.finish();
    const [problem] = findFlow(run.events).problems;
    expect(problem).toMatchObject({
      outcome: 'errored',
      kind: 'placeholder',
      location: { file: 'flows/test.yaml', line: 2 },
    });
  });

  it('tells a bug to whoever is to hear of it', async () => {
    const error = new TypeError('x is not a function');
    const broken = fakeAction(() => {
      throw error;
    });
    const run = startRun({ steps: [{ id: 'a', action: broken }] });
    expect((await run.finish()).hasBug).toBe(true);
    expect(run.bugs).toEqual([error]);
    expect(findStep(run.events, 'a').problems[0]).toMatchObject({ kind: 'internal', outcome: 'errored' });
  });

  it('is explained by what the action knows of the keys that an assertion reads', async () => {
    const asides = { json: () => 'the value is not JSON' };
    const action = fakeAction(() => ({ result: { json: null, n: 1 }, summary: '', asides }));
    const run = startRun({ steps: [{ id: 'a', action, assert: ['json.a == 1', 'n == 2', 'json == nil', 'n == 1'] }] });
    await run.finish();
    const clues = findStep(run.events, 'a').problems.map((problem) => (problem.clues ?? []).map(({ text }) => text));
    expect(clues).toEqual([['the value is not JSON', '`json` is nil: there is no value'], []]);
  });

  it('is no verdict either when an assertion meets it', async () => {
    const readEnv = (): never => {
      throw new TypeError('broken');
    };
    const step = { id: 'a', action: give({}), assert: ['env("X") == "1"'] };
    const run = startRun({ steps: [step] }, { services: () => ({ readEnv }) });
    const { hasBug, outcome } = await run.finish();
    expect({ hasBug, outcome }).toEqual({ hasBug: true, outcome: 'errored' });
  });

  it('counts flows and steps of all phases', async () => {
    const run = startRun([
      {
        steps: [
          { id: 'a', ...fail },
          { id: 'b', action: pass },
        ],
        teardown: [{ id: 'd', action: pass }],
      },
      { id: 'other', steps: [{ id: 'a', action: pass }] },
      { id: 'skipped', skip: 'not now', steps: [{ id: 'a', action: refuse }] },
    ]);
    const outcome = await run.finish();
    expect(outcome.flows).toEqual({ passed: 1, failed: 1, errored: 0, skipped: 1 });
    expect(outcome.steps).toEqual({ passed: 2, failed: 1, errored: 0, skipped: 1 });
    expect(findFlow(run.events, 2)).toMatchObject({ outcome: 'skipped', skip: { kind: 'skip', reason: 'not now' } });
  });

  it('starts no further flow after enough were broken', async () => {
    const broken = { steps: [{ id: 'a', action: refuse }] };
    const run = startRun([broken, { ...broken, id: 'b' }, { ...broken, id: 'c' }], { bail: 2 });
    await run.finish();
    expect([0, 1, 2].map((index) => findFlow(run.events, index).outcome)).toEqual(['errored', 'errored', 'skipped']);
    expect(findFlow(run.events, 2).skip).toEqual({ kind: 'not_reached', reason: 'not reached: 2 flows failed' });
  });

  it('runs as many flows at a time as there are workers', async () => {
    let running = 0;
    let most = 0;
    const slow = fakeAction(async (_config, io) => {
      most = Math.max(most, ++running);
      await io.clock.sleep(100, io.stop.signal);
      running--;
      return undefined;
    });
    const specs = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, steps: [{ id: 's', action: slow }] }));
    const run = startRun(specs, { workers: 2 });
    await run.finish();
    expect([most, run.clock.monotonic()]).toEqual([2, 300]);
  });

  it('tells everything in order', async () => {
    const run = startRun({ setup: [{ id: 's', action: pass }], steps: [{ id: 'a', action: pass }] });
    await run.finish();
    expect(run.events.map((event) => event.type)).toEqual([
      ...['run_started', 'flow_started', 'phase_started', 'step_started', 'step_finished'],
      ...['phase_started', 'step_started', 'step_finished', 'flow_finished', 'run_finished'],
    ]);
  });
});
