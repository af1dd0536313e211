import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/expr/index.ts';
import { ActionError, type ActionOutcome } from '../../src/model/action/outcome.ts';
import type { RunEvent } from '../../src/model/events.ts';
import { sendHttp } from '../support/exchanges.ts';
import { type FlowSpec, fakeAction, give } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps, startRun, type TestRunOptions } from '../support/run-plan.ts';

const echo = fakeAction((config) => ({ result: { got: config }, summary: 'echo' }));

/** Runs a flow to its end and gives what was reported. */
async function run(spec: FlowSpec, options?: TestRunOptions): Promise<readonly RunEvent[]> {
  const started = startRun(spec, options);
  await started.finish();
  return started.events;
}

describe('assertions', () => {
  it('evaluates all, and tells each false one with its place, parts and types', async () => {
    const body = { total: 60.98, items: [] };
    const events = await run({
      steps: [
        {
          id: 'order',
          action: give({ status: 201, body }, '201'),
          assert: ['status == 201', 'status == "201"', 'body.items[0].id == 1', 'body.total', 'body.total == 1 + 2'],
        },
      ],
    });
    const step = findStep(events, 'order');
    expect(step.outcome).toBe('failed');
    expect(step.summary).toBe('201, 4 of 5 assertions are false');
    expect(step.problems.map(({ outcome, message }) => `${outcome}: ${message}`)).toEqual([
      'failed: `status == "201"` is false',
      expect.stringMatching(/^failed: `body\.items\[0\]\.id == 1` cannot be evaluated: /),
      'failed: `body.total` is not a bool: expected true, got float',
      'failed: `body.total == 1 + 2` is false',
    ]);
    expect(step.problems[0]?.explained?.parts).toMatchObject([{ text: 'status', type: 'int', value: 201 }]);
    expect(step.problems[0]?.location).toMatchObject({ file: 'flows/test.yaml', line: 5 });
    expect(step.problems[3]?.explained?.parts?.map(({ text, type }) => `${text} ${type}`)).toEqual([
      'body.total float',
      '1 + 2 int',
    ]);
  });

  it('explains the evaluation that was false, and makes no other', async () => {
    const asked: string[] = [];
    const readEnv = (name: string) => String(asked.push(name));
    const assert = ['env("TURN") == "2"', 'env("TURN") == "2"'];
    const events = await run({ steps: [{ id: 'a', action: give({}), assert }] }, { services: () => ({ readEnv }) });
    const { problems } = findStep(events, 'a');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.explained?.parts).toMatchObject([{ text: 'env("TURN")', value: '1' }]);
    expect(asked).toEqual(['TURN', 'TURN']);
  });

  it('puts the author’s message first', async () => {
    const assert = [{ expression: 'n == 2', message: 'order {{n}} is lost' }];
    const events = await run({ steps: [{ id: 'a', action: give({ n: 1 }), assert }] });
    expect(findStep(events, 'a').problems[0]?.message).toBe('order 1 is lost: `n == 2` is false');
  });

  it('adds what the action itself found wrong, without the evaluations that this spoils', async () => {
    const wait = fakeAction((): ActionOutcome => {
      const problem = { outcome: 'failed', kind: 'expectation', message: '0 of 1 messages' } as const;
      return { result: { message: null, count: 0 }, summary: '0 of 1', problems: [problem] };
    });
    const assert = ['message.value.id == 1', 'count == 1'];
    const events = await run({ steps: [{ id: 'a', action: wait, assert }] });
    const { problems, outcome } = findStep(events, 'a');
    expect(outcome).toBe('failed');
    expect(problems.map(({ message }) => message)).toEqual(['0 of 1 messages', '`count == 1` is false']);
  });
});

describe('captures', () => {
  it('are taken when the step passed, and hide the result of the same name', async () => {
    const events = await run({
      steps: [
        { id: 'token', action: give({ body: { id: 7 } }), output: { token: 'body.id' } },
        { id: 'use', action: echo, config: ['{{token}}', '{{steps["token"].body.id}}'] },
      ],
    });
    expect(findStep(events, 'token').captures).toEqual([{ name: 'token', value: 7, isSecret: false }]);
    expect(findStep(events, 'use').result).toEqual({ got: [7, 7] });
    expect(findFlow(events).captures).toEqual({ token: 7 });
  });

  it('are not taken when the step failed, while its result is known all the same', async () => {
    const failing = { action: give({ id: 7 }), assert: ['id == 8'], onError: 'continue' } as const;
    const events = await run({
      steps: [
        { id: 'a', ...failing, output: { x: 'id' } },
        { id: 'b', action: echo, config: '{{a.id}}', onError: 'continue' },
        { id: 'c', action: echo, config: '{{x}}' },
      ],
    });
    expect(listSteps(events)).toEqual(['a failed', 'b passed', 'c errored']);
    expect(findStep(events, 'c').problems[0]).toMatchObject({
      kind: 'placeholder',
      code: 'TM301',
      location: { line: 10 },
    });
  });

  it('fail the step when there is nothing to take, at the path’s place', async () => {
    const events = await run({ steps: [{ id: 'a', action: give({ body: {} }), output: { x: 'body.id' } }] });
    const [problem] = findStep(events, 'a').problems;
    expect(problem).toMatchObject({
      outcome: 'failed',
      kind: 'capture',
      location: { line: 4 },
      clues: [{ text: 'look at the keys', isQuote: true }],
    });
    expect(problem?.message).toBe('`x` cannot be captured: `id` is not there');
  });

  it('come from the action too', async () => {
    const set = fakeAction(() => ({ result: {}, summary: '', captures: { total: 12 } }));
    const events = await run({
      steps: [
        { id: 'a', action: set },
        { id: 'b', action: echo, config: '{{total * 2}}' },
      ],
    });
    expect(findStep(events, 'b').result).toEqual({ got: 24 });
  });
});

describe('expect_error', () => {
  const refuse = fakeAction(() => {
    throw new ActionError({ kind: 'sql', code: '23505', message: 'duplicate key' }, { data: { table: 'orders' } });
  });
  const cases: readonly [string, FlowSpec['steps'][number], string, string | undefined][] = [
    [
      'the error is the result',
      { id: 'a', action: refuse, assert: ['error.code == "23505"', 'error.table == "orders"', 'error.kind == "sql"'] },
      'passed',
      undefined,
    ],
    [
      'assertions over it may be false',
      { id: 'a', action: refuse, assert: ['error.code == "1"'] },
      'failed',
      '`error.code == "1"` is false',
    ],
    [
      'success is a failure',
      { id: 'a', action: give({}, '201') },
      'failed',
      'expected an error, but `fake` succeeded with 201',
    ],
    [
      'a bad placeholder is not the error that was expected',
      { id: 'a', action: refuse, config: '{{1 / nil}}' },
      'errored',
      expect.any(String) as unknown as string,
    ],
    [
      'a timeout of the step is one',
      {
        id: 'a',
        action: fakeAction(() => new Promise(() => undefined)),
        timeoutMs: 50,
        assert: ['error.kind == "timeout"'],
      },
      'passed',
      undefined,
    ],
  ];
  it.each(cases)('%s', async (_title, step, outcome, message) => {
    const events = await run({ steps: [{ ...step, expectsError: true }] });
    const found = findStep(events, 'a');
    expect([found.outcome, found.problems[0]?.message]).toEqual([outcome, message]);
  });

  it('tells the error that came', async () => {
    const events = await run({ steps: [{ id: 'a', action: refuse, expectsError: true }] });
    expect(findStep(events, 'a')).toMatchObject({
      summary: 'expected error 23505',
      details: [{ title: 'expected error', lines: ['duplicate key'] }],
    });
  });
});

describe('retry', () => {
  /** Fails until the attempt given. */
  const passAt = (wanted: number) =>
    fakeAction((config, io) => ({ result: { n: io.step.attempt, wanted, config }, summary: '' }));
  const delays = { fixed: [100, 100, 100], linear: [100, 200, 300], exponential: [100, 200, 400] } as const;

  it.each(['fixed', 'linear', 'exponential'] as const)('waits with %s backoff', async (backoff) => {
    const step = {
      id: 'a',
      action: passAt(4),
      assert: ['n == wanted'],
      retry: { maxAttempts: 5, delayMs: 100, backoff },
    };
    const started = startRun({ steps: [step] });
    await started.finish();
    const found = findStep(started.events, 'a');
    expect([found.outcome, found.attempts]).toEqual(['passed', 4]);
    expect(found.durationMs).toBe(delays[backoff].reduce((sum, ms) => sum + ms, 0));
    expect(found.details[0]?.title).toBe('attempts');
    expect(found.details[0]?.lines[0]).toBe('1  failed after 0 ms: `n == wanted` is false');
    expect(found.details[0]?.lines[3]).toBe('4  passed after 0 ms');
  });

  it('bounds the delay, and varies it the same way for the same seed', async () => {
    const retry = { maxAttempts: 4, delayMs: 100, backoff: 'exponential', maxDelayMs: 150, jitter: 0.5 } as const;
    const step = { id: 'a', action: passAt(9), assert: ['n == wanted'], retry };
    const lengths = [];
    for (const seed of [1, 1, 2]) lengths.push(findStep(await run({ steps: [step] }, { seed }), 'a').durationMs);
    const [first, again, other] = lengths;
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(first).toBeGreaterThan(149);
    expect(first).toBeLessThanOrEqual(450);
  });

  it('renders placeholders anew: one UUID per attempt', async () => {
    const seen: Value[] = [];
    const action = fakeAction((config) => {
      seen.push(config);
      return { result: {}, summary: '' };
    });
    const config = ['{{UUID}}', '{{UUID}}', '{{ATTEMPT}}', '{{STEP_ID}}', '{{uuid()}}', '{{uuid()}}'];
    await run({ steps: [{ id: 'a', action, config, assert: ['false'], retry: { maxAttempts: 2 } }] });
    const [first, second] = seen as [string[], string[]];
    expect(first[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first[1]).toBe(first[0]);
    expect([first[2], first[3], second[2]]).toEqual([1, 'a', 2]);
    expect(new Set([first[0], second[0], first[4], first[5], second[4]]).size).toBe(5);
  });

  it('tells each attempt, and the last one’s captures count', async () => {
    const step = { id: 'a', action: passAt(2), assert: ['n == wanted'], output: { n: 'n' }, retry: { maxAttempts: 3 } };
    const events = await run({ steps: [step] });
    const started = events.flatMap((event) => (event.type === 'step_started' ? [event.attempt] : []));
    expect(started).toEqual([1, 2]);
    expect(findFlow(events).captures).toEqual({ n: 2 });
  });
});

describe('exchanges', () => {
  const act = (calls: string[]) =>
    fakeAction((_config, io) => {
      io.report.exchange(() => {
        calls.push('built');
        return sendHttp('GET /');
      });
      io.report.note('a note');
      return { result: {}, summary: '' };
    });

  it.each([
    ['passed', [], undefined, 0],
    ['passed', [], 'failed', 0],
    ['passed', [], 'all', 1],
    ['failed', ['false'], undefined, 0],
    ['failed', ['false'], 'failed', 1],
    ['failed', ['false'], 'all', 1],
  ] as const)('of a step that %s with %j, wanted %s: built %i times', async (outcome, assert, exchanges, times) => {
    const calls: string[] = [];
    const wants = exchanges ? { exchanges } : {};
    const events = await run({ steps: [{ id: 'a', action: act(calls), assert }] }, { wants });
    const step = findStep(events, 'a');
    expect([step.outcome, calls.length, step.exchange]).toEqual([
      outcome,
      times,
      times ? sendHttp('GET /') : undefined,
    ]);
    expect(step.notes).toEqual(['a note']);
  });
});
