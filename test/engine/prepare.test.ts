import { describe, expect, it } from 'vitest';
import type { PrepareIo } from '../../src/model/action/io.ts';
import { ActionError } from '../../src/model/action/outcome.ts';
import { buildFlow, type FlowSpec, fakeAction, give } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps, startRun } from '../support/run-plan.ts';

const pass = give({});

/** A waiting action that writes down what is done, in order. */
function createWait(log: string[], onPrepare: (io: PrepareIo) => Promise<void> | void = () => undefined) {
  return fakeAction(
    (config, io) => {
      log.push(`run ${io.step.address} ${JSON.stringify(config)}`);
      return undefined;
    },
    {
      preparation: {
        prepare: async (config, io) => {
          log.push(`prepare ${io.step.address} ${JSON.stringify(config)}`);
          await onPrepare(io);
        },
      },
    },
  );
}

const trigger = (log: string[]) =>
  fakeAction((_config, io) => {
    log.push(`run ${io.step.address}`);
    return { result: { topic: 'orders' }, summary: '' };
  });

describe('preparing', () => {
  it('comes before the first step, setup included', async () => {
    const log: string[] = [];
    const run = startRun({
      env: { TOPIC: 'users' },
      setup: [{ id: 's', action: trigger(log) }],
      steps: [
        { id: 'a', action: trigger(log) },
        { id: 'w', action: createWait(log), config: '{{TOPIC}}' },
      ],
    });
    await run.finish();
    expect(log).toEqual(['prepare w "users"', 'run setup/s', 'run a', 'run w "users"']);
  });

  it('waits for a captured name, and comes right after the step that captured it', async () => {
    const log: string[] = [];
    const run = startRun({
      env: { TOPIC: 'not this one' },
      steps: [
        { id: 'a', action: trigger(log), output: { TOPIC: 'topic' } },
        { id: 'b', action: trigger(log) },
        { id: 'w', action: createWait(log), config: '{{TOPIC}}' },
      ],
    });
    await run.finish();
    expect(log).toEqual(['run a', 'prepare w "orders"', 'run b', 'run w "orders"']);
  });

  it('comes right before the step when its names come that late', async () => {
    const log: string[] = [];
    const run = startRun({
      steps: [
        { id: 'a', action: trigger(log), output: { x: 'topic' }, assert: ['false'], onError: 'continue' },
        { id: 'w', action: createWait(log), config: 'fixed', when: 'true' },
        { id: 'skipped', action: createWait(log), config: 'skipped', skip: 'not now' },
      ],
    });
    await run.finish();
    expect(log).toEqual(['prepare w "fixed"', 'run a', 'run w "fixed"']);
  });

  const runAll = fakeAction(async (_config, io) => {
    await io.children.runSteps(io.children.list);
    return undefined;
  });
  const refuse = (): never => {
    throw new ActionError({ kind: 'connection', code: 'ECONNREFUSED', message: 'localhost:9092 refused' });
  };
  const failing: readonly [string, (log: string[]) => FlowSpec, readonly string[], string][] = [
    [
      'errors the flow before setup, names the step, and runs teardown',
      (log) => ({
        setup: [{ id: 's', action: pass }],
        steps: [
          { id: 'a', action: pass },
          { id: 'w', action: createWait(log, refuse) },
        ],
        teardown: [{ id: 'd', action: pass }],
      }),
      ['setup/s skipped: not reached', 'a skipped: not reached', 'w skipped: not reached', 'teardown/d passed'],
      'errored',
    ],
    [
      'of a step under `when` that is not run is not an error',
      (log) => ({
        steps: [
          { id: 'a', action: pass },
          { id: 'w', action: createWait(log, refuse), when: '1 == 2' },
        ],
      }),
      ['a passed', 'w skipped: when is false'],
      'passed',
    ],
    [
      'of a step under `when` that is run errors that step',
      (log) => ({
        steps: [
          { id: 'a', action: pass },
          { id: 'w', action: createWait(log, refuse), when: '1 == 1' },
        ],
      }),
      ['a passed', 'w errored'],
      'errored',
    ],
    [
      'is the error that its step expects',
      (log) => ({
        steps: [
          { id: 'a', action: pass },
          { id: 'w', action: createWait(log, refuse), expectsError: true, assert: ['error.code == "ECONNREFUSED"'] },
        ],
      }),
      ['a passed', 'w passed'],
      'passed',
    ],
    [
      'is the error that a control around its step expects',
      (log) => ({
        steps: [
          {
            id: 'all',
            action: runAll,
            expectsError: true,
            assert: ['error.code == "ECONNREFUSED"'],
            children: [{ id: 'w', action: createWait(log, refuse) }],
          },
        ],
      }),
      ['all>w errored', 'all passed'],
      'passed',
    ],
  ];
  it.each(failing)('that fails %s', async (_title, spec, steps, outcome) => {
    const log: string[] = [];
    const run = startRun(spec(log));
    await run.finish();
    expect(listSteps(run.events)).toEqual(steps);
    expect(findFlow(run.events).outcome).toBe(outcome);
    expect(log.filter((line) => line.startsWith('run w'))).toEqual([]);
  });

  it('says which step waits', async () => {
    const run = startRun({ steps: [{ id: 'wait_paid', action: createWait([], refuse) }] });
    await run.finish();
    expect(findFlow(run.events).problems).toMatchObject([
      {
        code: 'ECONNREFUSED',
        message: 'step `wait_paid` cannot be prepared: localhost:9092 refused',
        location: { line: 2 },
      },
    ]);
  });

  it('that hangs ends with the flow’s time', async () => {
    const run = startRun({
      timeoutMs: 100,
      steps: [{ id: 'w', action: createWait([], () => new Promise(() => undefined)) }],
    });
    await run.finish();
    expect(findFlow(run.events)).toMatchObject({ outcome: 'errored', problems: [{ kind: 'timeout' }] });
  });

  it('may ask to be called before each attempt of a step', async () => {
    const log: string[] = [];
    const wait = createWait(log, (io) =>
      io.beforeStep('a', () => {
        log.push('before a');
        return Promise.resolve();
      }),
    );
    const steps = [
      { id: 'a', action: trigger(log), assert: ['false'], retry: { maxAttempts: 2 }, onError: 'continue' as const },
      { id: 'w', action: wait },
    ];
    await startRun({ steps }).finish();
    expect(log).toEqual(['prepare w {}', 'before a', 'run a', 'before a', 'run a', 'run w {}']);
  });

  it('whose call before a step fails errors the step that waits, not the other', async () => {
    const wait = createWait([], (io) =>
      io.beforeStep('a', () => Promise.reject(new ActionError({ kind: 'connection', message: 'gone' }))),
    );
    const run = startRun({
      steps: [
        { id: 'a', action: pass },
        { id: 'w', action: wait },
      ],
    });
    await run.finish();
    expect(listSteps(run.events)).toEqual(['a passed', 'w errored']);
    expect(findStep(run.events, 'w').problems[0]?.message).toBe('gone');
  });
});

describe('what a step notes before it runs', () => {
  it('is a line of the run, with the step and its flow', async () => {
    const action = createWait([], (io) => io.report.note('no such topic'));
    const run = startRun({ steps: [{ id: 'w', action }] });
    await run.finish();
    expect(run.events.find((event) => event.type === 'run_noted')).toMatchObject({
      level: 'warning',
      text: expect.stringMatching(/^step `w` of flow ".+": no such topic$/),
    });
  });
});

describe('what a step remembers', () => {
  const spec = (log: string[]): FlowSpec => ({
    steps: [
      { id: 'create', action: trigger(log) },
      {
        id: 'w',
        action: createWait(log, (io) => {
          io.memory.remember('positions', { '0': 12 });
          log.push(`${io.memory.isReplay ? 'replay' : 'run'} ${JSON.stringify(io.memory.recall('positions') ?? null)}`);
        }),
      },
    ],
  });
  const replay = {
    runId: 'run-0',
    captures: new Map(),
    results: new Map(),
    variables: new Map(),
    memory: new Map([['w', new Map([['positions', { '0': 5 }]])]]),
    secrets: new Map(),
  };
  const select = (...addresses: string[]) => ({ addresses: new Set(addresses), withSetup: false, withTeardown: false });

  it('is told as an event', async () => {
    const run = startRun(spec([]));
    await run.finish();
    const remembered = run.events.find((event) => event.type === 'step_remembered');
    expect(remembered).toMatchObject({ step: { address: 'w' }, key: 'positions', value: { '0': 12 } });
  });

  it.each([
    ['by itself reads what was recorded', ['w'], 'replay {"0":5}'],
    ['after its trigger waits for what comes now', ['create', 'w'], 'run {"0":5}'],
  ] as const)('a waiting step run %s', async (_title, addresses, line) => {
    const log: string[] = [];
    const run = startRun(spec(log), { replay, selection: select(...addresses) });
    await run.finish();
    expect(log).toContain(line);
    expect(listSteps(run.events)).toEqual(addresses.map((address) => `${address} passed`));
    expect(run.events.find((event) => event.type === 'flow_started')).toMatchObject({ isPartial: true });
  });
});

describe('selecting', () => {
  const all: FlowSpec = {
    setup: [{ id: 's', action: pass }],
    steps: [
      { id: 'a', action: pass },
      { id: 'poll', action: pass, children: [{ id: 'probe', action: pass }] },
    ],
    teardown: [{ id: 'd', action: pass }],
  };
  it.each([
    [['a'], false, false, ['a passed']],
    [['poll>probe'], false, false, ['poll>probe passed']],
    [['a'], true, true, ['setup/s passed', 'a passed', 'teardown/d passed']],
    [['teardown/d'], false, false, ['teardown/d passed']],
  ] as const)('%j with setup %s and teardown %s runs %j', async (addresses, withSetup, withTeardown, steps) => {
    const run = startRun(all, { selection: { addresses: new Set(addresses), withSetup, withTeardown } });
    expect(await run.finish()).toMatchObject({ outcome: 'passed' });
    expect(listSteps(run.events)).toEqual(steps);
  });

  it('keeps the randomness of each step, whichever others run', async () => {
    const random = fakeAction((config) => ({ result: { id: config }, summary: '' }));
    const spec = {
      steps: [
        { id: 'a', action: random, config: '{{uuid()}}' },
        { id: 'b', action: random, config: '{{uuid()}}' },
      ],
    };
    const whole = startRun(spec);
    const part = startRun(spec, { selection: { addresses: new Set(['b']), withSetup: false, withTeardown: false } });
    await whole.finish();
    await part.finish();
    expect(findStep(part.events, 'b').result).toEqual(findStep(whole.events, 'b').result);
    expect(findStep(whole.events, 'a').result).not.toEqual(findStep(whole.events, 'b').result);
    expect(buildFlow(spec).steps).toHaveLength(2);
  });
});
