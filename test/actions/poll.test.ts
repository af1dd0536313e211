import { describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { poll } from '../../src/actions/poll.ts';
import { createClock } from '../../src/engine/lifetimes/clock.ts';
import { checkExpression } from '../../src/engine/outcome/check-expression.ts';
import type { Value } from '../../src/expr/index.ts';
import { ActionError, type ActionOutcome, type ChildOutcome } from '../../src/model/action/outcome.ts';
import type { Problem } from '../../src/model/events.ts';
import { Stop } from '../../src/stop/stop.ts';
import { StopError } from '../../src/stop/stop-error.ts';
import { answerHttp, sendHttp } from '../support/exchanges.ts';
import { createExpressionAt } from '../support/expression-at.ts';
import { createEnv, createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

interface Given {
  readonly settings?: Record<string, unknown>;
  /** What each look gives; the last again and again. */
  readonly looks: readonly (Record<string, Value> | 'errored' | 'failed' | 'when' | 'skip')[];
  /** How long a look takes, ms; each in turn, the last again and again. */
  readonly lookMs?: number | readonly number[];
  readonly io?: FakeIoOptions;
}

const refused: Problem = { outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED', message: 'nothing listens' };
const wrong: Problem = { outcome: 'failed', kind: 'assertion', message: '`status == 200` is false' };

/** Polls in virtual time. */
async function run({ settings = {}, looks, lookMs = 0, io: given = {} }: Given) {
  const clock = createVirtualClock();
  const startedAt: number[] = [];
  const io = createFakeIo({
    clock,
    children: [{ provides: [], address: 'p>probe', id: 'probe' }],
    check: (expression, env) => checkExpression(expression, env, { host: { now: () => 0 } }),
    async runStep(_, options): Promise<ChildOutcome> {
      const look = looks[Math.min(startedAt.length, looks.length - 1)] ?? {};
      startedAt.push(clock.now());
      clock.pass(typeof lookMs === 'number' ? lookMs : (lookMs[startedAt.length - 1] ?? lookMs.at(-1) ?? 0));
      if (options?.stop?.reason) return describeLook('errored');
      return describeLook(look);
    },
    ...given,
  });
  const until = createExpressionAt('status == "paid"');
  const parsed = safeParse(poll.settings.schema, { until, ...settings });
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  const outcome = poll.run(parsed.data as Parameters<typeof poll.run>[0], io);
  const error = await outcome.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { outcome: error === undefined ? await outcome : undefined, error, startedAt, io };
}

function describeLook(look: Given['looks'][number]): ChildOutcome {
  const base = { captures: {}, details: [], summary: '200', problems: [], result: undefined, env: createEnv({}) };
  if (look === 'when' || look === 'skip')
    return {
      ...base,
      outcome: 'skipped',
      skip: { kind: look, reason: look === 'when' ? 'when is false' : 'ticket 12' },
    };
  if (look === 'errored') {
    return { ...base, outcome: 'errored', problems: [refused], exchange: () => sendHttp('GET http://refused') };
  }
  if (look === 'failed')
    return { ...base, outcome: 'failed', problems: [wrong], result: { status: 'x' }, env: createEnv({ status: 'x' }) };
  const exchange = () => answerHttp(sendHttp('GET http://answered'), { contentType: String(look['status']) });
  return { ...base, outcome: 'passed', result: look, env: createEnv(look), exchange };
}

const pending = { status: 'pending' };
const paid = { status: 'paid' };
const take = (outcome: ActionOutcome | undefined) => outcome?.result ?? {};

describe('a poll that holds', () => {
  it('gives the inner result and how it came about', async () => {
    const { outcome, startedAt } = await run({ looks: [pending, 'errored', 'failed', paid] });
    expect(startedAt).toEqual([0, 500, 1000, 1500]);
    expect(outcome).toMatchObject({ summary: '200, held at look 4, after 1.5 s' });
    expect(outcome?.problems).toBeUndefined();
    expect(take(outcome)).toEqual({
      status: 'paid',
      attempts: 4,
      waited_ms: 1500,
      timeline: [
        { at_ms: 0, outcome: 'not_yet', values: { status: 'pending' } },
        { at_ms: 500, outcome: 'errored', values: {}, message: 'nothing listens' },
        { at_ms: 1000, outcome: 'not_yet', values: {} },
        { at_ms: 1500, outcome: 'held', values: {} },
      ],
    });
  });

  it('looks once when it holds at once', async () => {
    expect((await run({ looks: [paid] })).startedAt).toEqual([0]);
  });

  it('wants every expression of a list', async () => {
    const settings = { until: [createExpressionAt('n > 1'), createExpressionAt('n > 2')] };
    const { outcome } = await run({ settings, looks: [{ n: 2 }, { n: 3 }] });
    expect(take(outcome)['attempts']).toBe(2);
  });
});

describe('what it shows of its looks', () => {
  it.each<[string, Given['looks'], unknown]>([
    ['the one that held', [pending, paid], { received: '200 paid (no body)', byHand: 'curl http://answered' }],
    [
      'the last answered one when it gives up',
      [{ status: 'new' }, pending, 'errored'],
      { received: '200 pending (no body)' },
    ],
    ['the last one when none was answered', ['errored'], { byHand: 'curl http://refused' }],
  ])('is %s', async (_, looks, expected) => {
    const { io } = await run({ looks, settings: { max_attempts: 3 } });
    expect(io.describeExchange()).toMatchObject(expected as object);
  });
});

describe('when it looks', () => {
  it.each<[string, Record<string, unknown>, number | readonly number[], number[]]>([
    ['from the start of one look to the next', { interval: '100ms' }, 30, [0, 100, 200, 300, 400, 440]],
    ['at once when a look took longer', { interval: '100ms' }, 150, [0, 150, 300, 450]],
    ['on when one look alone was slow', { interval: '100ms' }, [300, 10], [0, 300, 400, 480]],
    [
      'at once when one look took so long that the next would be too late',
      { interval: '400ms' },
      [300, 10],
      [0, 400, 480],
    ],
    ['a last time at once when there is no time for the interval', { interval: '600ms' }, [300, 10], [0, 300]],
    ['linear', { interval: '50ms', backoff: 'linear' }, 0, [0, 50, 150, 300, 480]],
    [
      'exponential',
      { interval: '50ms', backoff: 'exponential', max_interval: '150ms' },
      0,
      [0, 50, 150, 300, 450, 480],
    ],
    ['by a factor', { interval: '100ms', backoff: 1.5 }, 0, [0, 100, 250, 475, 480]],
    ['a last time right before the end', { interval: '400ms' }, 0, [0, 400, 480]],
    ['at most so often', { interval: '100ms', max_attempts: 2 }, 0, [0, 100]],
  ])('%s', async (_, settings, lookMs, expected) => {
    const { startedAt } = await run({ settings: { timeout: '500ms', ...settings }, lookMs, looks: [pending] });
    expect(startedAt).toEqual(expected);
  });

  it.each([
    [{ timeout: '1s' }, 5000, 1000],
    [{ timeout: '5s' }, 1000, 1000],
    [{}, 45_000, 45_000],
    [{}, undefined, 30_000],
  ])('until the smaller of its own time %j and the step’s %s', async (settings, timeoutMs, expected) => {
    const io = timeoutMs === undefined ? {} : { timeoutMs };
    const { startedAt } = await run({ settings, looks: [pending], io });
    expect(startedAt.at(-1)).toBe(expected - 20);
  });

  it('does not drift, though every timer is late and every look takes its time', async () => {
    const clock = createVirtualClock(3);
    let count = 0;
    const io: FakeIoOptions = {
      clock,
      runStep: async () => {
        clock.pass(7);
        return describeLook(++count === 20 ? paid : pending);
      },
    };
    const { outcome } = await run({ settings: { interval: '200ms' }, looks: [], io });
    expect(take(outcome)).toMatchObject({ attempts: 20, waited_ms: 19 * 200 + 3 + 7 });
  });
});

describe('a poll that does not hold', () => {
  it('fails with the last values and how they changed', async () => {
    const looks = [{ status: 'new' }, pending, pending, pending];
    const { outcome } = await run({ settings: { timeout: '2s' }, looks });
    expect(outcome?.problems).toMatchObject([
      {
        outcome: 'failed',
        message: 'not within 2 s (5 looks): `status == "paid"` is false',
        explained: {
          parts: expect.arrayContaining([expect.objectContaining({ text: 'status', value: 'pending' })]),
        },
      },
    ]);
    expect(outcome?.details).toEqual([
      { title: 'timeline', lines: ['    0 ms  status = "new"', '  500 ms  status = "pending"  4 looks, until 1.98 s'] },
    ]);
    expect(take(outcome)).toMatchObject({ status: 'pending', attempts: 5, waited_ms: 1980 });
  });

  it('shows short data as it is, and of long data how much there is', async () => {
    const settings = { timeout: '1s', until: createExpressionAt('rows == []'), max_attempts: 2 };
    const many = Array.from({ length: 40 }, (_, n) => n);
    const { outcome } = await run({ settings, looks: [{ rows: [{ n: 1 }] }, { rows: many }] });
    expect(outcome?.details).toEqual([
      { title: 'timeline', lines: ['    0 ms  rows = [{"n": 1}]', '  500 ms  rows = "array (40)"'] },
    ]);
  });

  it('says how many looks it was given', async () => {
    const { outcome } = await run({ settings: { max_attempts: 2 }, looks: [pending] });
    expect(outcome?.problems?.[0]?.message).toBe('not in 2 looks: `status == "paid"` is false');
  });

  it('errors when every look errored', async () => {
    const { error } = await run({ settings: { timeout: '1s' }, looks: ['errored'] });
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({
      problem: {
        outcome: 'errored',
        kind: 'connection',
        code: 'ECONNREFUSED',
        message: 'every look errored within 1 s (3 looks), the last: nothing listens',
      },
      details: [{ title: 'timeline', lines: ['    0 ms  errored: nothing listens  3 looks, until 980 ms'] }],
      data: { attempts: 3 },
    });
  });

  it('fails when something was answered before the looks errored', async () => {
    const { outcome } = await run({ settings: { timeout: '1s' }, looks: [pending, 'errored'] });
    expect(outcome?.problems?.[0]?.message).toMatch(/^not within 1 s \(3 looks\): /);
  });

  it.each<[string, Given['looks'], string[]]>([
    ['those that errored', [pending, 'errored'], ['the last 2 looks got no answer: nothing listens']],
    ['the one that errored', [pending, pending, 'errored'], ['the last look got no answer: nothing listens']],
    ['none that errored before', ['errored', 'errored', pending], []],
  ])('says what came after the last answer: %s', async (_title, looks, hints) => {
    const { outcome } = await run({ settings: { timeout: '1s' }, looks });
    expect(outcome?.problems?.[0]?.hints).toEqual(hints);
  });

  it.each<[number, string[]]>([
    [600, ['look 2 got no answer in 600 ms, and was cut off at the end']],
    [100, []],
  ])('says of a look of %i ms that it was cut off, where that is long', async (lookMs, hints) => {
    const clock = createVirtualClock();
    let count = 0;
    const io: FakeIoOptions = {
      clock,
      async runStep(_, options) {
        if (++count > 1) clock.pass(lookMs);
        return describeLook(options?.stop?.reason ? 'errored' : pending);
      },
    };
    const { outcome } = await run({ settings: { timeout: '1s', interval: `${1050 - lookMs}ms` }, looks: [], io });
    expect({ count, hints: outcome?.problems?.[0]?.hints }).toEqual({ count: 2, hints });
  });

  it('fails with what the step itself found wrong', async () => {
    const { outcome } = await run({ settings: { timeout: '1s' }, looks: ['failed'] });
    expect(outcome?.problems).toMatchObject([
      { outcome: 'failed', message: 'not within 1 s (3 looks): `status == 200` is false' },
    ]);
  });

  it.each<[string, Given['looks'], string, string, string[] | undefined]>([
    [
      'by its `when`',
      ['when'],
      'when',
      'every look was skipped within 1 s (3 looks): the `when` of `probe` was false each time',
      ['put `when` on the poll, which is then skipped itself, or make it a part of `until`'],
    ],
    ['by the author', ['skip'], 'timeout', 'every look was skipped within 1 s (3 looks): ticket 12', undefined],
    [
      'after it errored',
      ['errored', 'when'],
      'connection',
      'every look errored or was skipped within 1 s (3 looks), the last: nothing listens',
      undefined,
    ],
  ])('says that its step was skipped: %s', async (_title, looks, kind, message, hints) => {
    const { error } = await run({ settings: { timeout: '1s' }, looks });
    expect(error).toMatchObject({ problem: { outcome: 'errored', kind, message, ...(hints && { hints }) } });
    const { data } = error as ActionError;
    expect(data['timeline']).toContainEqual(
      expect.objectContaining({ outcome: 'skipped', message: expect.any(String) }),
    );
  });

  it('errors when its only look was cut off by the deadline', async () => {
    const { error } = await run({ settings: { timeout: '1s' }, lookMs: 5000, looks: [paid] });
    expect(error).toMatchObject({
      problem: {
        outcome: 'errored',
        kind: 'timeout',
        message: 'no look was answered within 1 s; the last: nothing listens',
      },
    });
  });

  it('counts an until that cannot be evaluated as not yet', async () => {
    const settings = { until: createExpressionAt('rows[0].n == 1'), timeout: '1s' };
    const { outcome } = await run({ settings, looks: [{ rows: [] }] });
    expect(outcome?.problems).toMatchObject([
      { outcome: 'failed', message: expect.stringContaining('cannot be evaluated') },
    ]);
  });

  it('ends at once when fail_when holds, at its place', async () => {
    const settings = { fail_when: createExpressionAt('status == "dead"') };
    const { outcome, startedAt } = await run({ settings, looks: [pending, { status: 'dead' }] });
    expect(startedAt).toEqual([0, 500]);
    expect(outcome?.problems).toMatchObject([
      {
        outcome: 'failed',
        kind: 'expectation',
        message: '`fail_when` holds: `status == "dead"`',
        location: { line: 1, column: 1 },
        explained: {
          parts: expect.arrayContaining([expect.objectContaining({ text: 'status', type: 'string', value: 'dead' })]),
        },
      },
    ]);
  });

  it('ends at once when the step is aborted', async () => {
    const stop = new Stop();
    const reason = new StopError('interrupted', 'interrupted');
    const clock = createClock();
    const io: FakeIoOptions = {
      clock,
      stop,
      runStep: async () => {
        clock.after(1, () => stop.end(reason));
        return describeLook(pending);
      },
    };
    const { error } = await run({ settings: { interval: '10s' }, looks: [], io });
    expect(error).toBe(reason);
  });
});

it('shows what it waits for', async () => {
  const { io } = await run({ looks: [pending, paid] });
  expect(io.shownProgress).toEqual(['look 1', 'look 2, status = "pending"']);
});

it.each([{ until: 'text' }, { until: [] }, { backoff: 0.5 }, { max_attempts: 0 }, { interval: 5 }, { every: '1s' }])(
  'does not accept %j',
  (settings) => {
    expect(safeParse(poll.settings.schema, { until: createExpressionAt('true'), ...settings }).success).toBe(false);
  },
);
