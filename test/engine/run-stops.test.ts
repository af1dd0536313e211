import { describe, expect, it } from 'vitest';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import { ActionError } from '../../src/model/action/outcome.ts';
import { fakeAction, give } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps, startRun } from '../support/run-plan.ts';

const pass = give({});

/** Takes this long, and ends early when aborted. */
function take(ms: number): ActionDefinition {
  return fakeAction(async (_config, io) => {
    await io.clock.sleep(ms, io.stop.signal);
    return undefined;
  });
}

const deaf = fakeAction(() => new Promise(() => undefined));

describe('timeouts', () => {
  it('abort the step, and name it, the time and the peer', async () => {
    const action = fakeAction(async (_config, io) => {
      await io.clock.sleep(10_000, io.stop.signal).catch(() => {
        const more = { data: { peer: 'localhost:5432' }, details: [{ title: 'waited', lines: ['for a lock'] }] };
        throw new ActionError({ kind: 'aborted', message: 'aborted', hints: ['it may still happen'] }, more);
      });
      return undefined;
    });
    const run = startRun({ steps: [{ id: 'slow', action, timeoutMs: 300 }] });
    await run.finish();
    const step = findStep(run.events, 'slow');
    expect(step).toMatchObject({ outcome: 'errored', durationMs: 300, details: [{ title: 'waited' }] });
    expect(step.problems).toMatchObject([
      {
        kind: 'timeout',
        message: 'step `slow` took longer than its timeout of 300 ms, waiting for localhost:5432',
        hints: ['it may still happen'],
      },
    ]);
  });

  it('do not wait long for an action that hears no abort', async () => {
    const run = startRun({ steps: [{ id: 'slow', action: deaf, timeoutMs: 300 }] });
    await run.finish();
    expect(findStep(run.events, 'slow')).toMatchObject({ outcome: 'errored', durationMs: 1300 });
  });

  it('are handed to an action that keeps its own deadline, which has a second more', async () => {
    let handedMs: number | undefined;
    const own = fakeAction(
      async (_config, io) => {
        handedMs = io.step.timeoutMs;
        await io.clock.sleep(io.step.timeoutMs ?? 0);
        return { result: {}, summary: 'gave up by itself' };
      },
      { traits: { ownsDeadline: true } },
    );
    const run = startRun({
      steps: [
        { id: 'wait', action: own, timeoutMs: 300 },
        { id: 'deaf', action: { ...deaf, traits: { ownsDeadline: true } }, timeoutMs: 300 },
      ],
    });
    await run.finish();
    expect(handedMs).toBe(300);
    expect(findStep(run.events, 'wait')).toMatchObject({ outcome: 'passed', summary: 'gave up by itself' });
    expect(findStep(run.events, 'deaf')).toMatchObject({ outcome: 'errored', durationMs: 2300 });
  });

  it('of the run hold for steps without their own', async () => {
    const steps = [
      { id: 'a', action: take(80), timeoutMs: 100 },
      { id: 'b', action: take(80) },
    ];
    const run = startRun({ steps }, { stepTimeoutMs: 50 });
    await run.finish();
    expect(listSteps(run.events)).toEqual(['a passed', 'b errored']);
  });

  it('of the flow end the running step; teardown runs', async () => {
    const run = startRun({
      timeoutMs: 500,
      steps: [
        { id: 'a', action: take(400) },
        { id: 'b', action: take(400), retry: { maxAttempts: 5 } },
        { id: 'c', action: pass },
      ],
      teardown: [{ id: 'd', action: take(400) }],
    });
    await run.finish();
    expect(listSteps(run.events)).toEqual(['a passed', 'b errored', 'c skipped: not reached', 'teardown/d passed']);
    expect(findStep(run.events, 'b')).toMatchObject({ durationMs: 100, attempts: 1 });
    expect(findFlow(run.events)).toMatchObject({
      outcome: 'errored',
      problems: [{ kind: 'timeout', message: 'the flow took longer than its timeout of 500 ms' }],
    });
  });

  it('of teardown leave no step hanging', async () => {
    const run = startRun(
      {
        steps: [{ id: 'a', action: pass }],
        teardown: [
          { id: 'd', action: deaf },
          { id: 'e', action: pass },
        ],
      },
      { teardownTimeoutMs: 5000 },
    );
    await run.finish();
    expect(listSteps(run.events)).toEqual(['a passed', 'teardown/d errored', 'teardown/e skipped: not reached']);
    expect(findFlow(run.events)).toMatchObject({ outcome: 'errored', durationMs: 6000 });
  });

  it('leave no timer behind', async () => {
    const run = startRun({
      timeoutMs: 9000,
      steps: [{ id: 'a', action: take(10), timeoutMs: 500 }],
      teardown: [{ id: 'd', action: pass }],
    });
    await run.finish();
    expect(run.clock.pendingCount).toBe(0);
  });
});

describe('interruption', () => {
  it('lets the running step end within 2 s; nothing further starts, teardown runs', async () => {
    const steps = [
      { id: 'a', action: take(1500) },
      { id: 'b', action: pass },
    ];
    const run = startRun({ steps, teardown: [{ id: 'd', action: take(100) }] });
    await run.clock.advance(100);
    run.interrupt('SIGTERM');
    const outcome = await run.finish();
    expect(listSteps(run.events)).toEqual(['a passed', 'b skipped: not reached', 'teardown/d passed']);
    expect(outcome).toMatchObject({ outcome: 'errored', interrupted: 'SIGTERM' });
    expect(findFlow(run.events).problems).toMatchObject([{ kind: 'interrupted', message: 'interrupted by SIGTERM' }]);
  });

  it('aborts the running step after 2 s, and its further attempts', async () => {
    const run = startRun({
      steps: [{ id: 'a', action: take(60_000), retry: { maxAttempts: 3 } }],
      teardown: [{ id: 'd', action: pass }],
    });
    await run.clock.advance(100);
    run.interrupt();
    await run.finish();
    expect(findStep(run.events, 'a')).toMatchObject({
      outcome: 'errored',
      durationMs: 2100,
      attempts: 1,
      problems: [{ kind: 'interrupted' }],
    });
    expect(listSteps(run.events)).toEqual(['a errored', 'teardown/d passed']);
  });

  it('ends the wait between attempts at once', async () => {
    const step = { id: 'a', action: pass, assert: ['false'], retry: { maxAttempts: 3, delayMs: 60_000 } };
    const run = startRun({ steps: [step] });
    await run.clock.advance(100);
    run.interrupt();
    await run.finish();
    expect(findStep(run.events, 'a')).toMatchObject({ outcome: 'failed', durationMs: 100, attempts: 1 });
  });

  it('lets a flow that was nearly done pass', async () => {
    const run = startRun({ steps: [{ id: 'a', action: take(500) }] });
    await run.clock.advance(100);
    run.interrupt();
    expect(await run.finish()).toMatchObject({ outcome: 'passed', interrupted: 'SIGINT' });
  });

  it('ends at once the second time, teardown too', async () => {
    const run = startRun({
      steps: [{ id: 'a', action: deaf }],
      teardown: [
        { id: 'd', action: deaf },
        { id: 'e', action: pass },
      ],
    });
    await run.clock.advance(100);
    run.interrupt();
    await run.clock.advance(500);
    run.interrupt();
    await run.finish();
    expect(listSteps(run.events)).toEqual([
      'a errored',
      'teardown/d skipped: not reached',
      'teardown/e skipped: not reached',
    ]);
    expect(run.clock.monotonic()).toBe(600);
  });

  it('starts no further flow', async () => {
    const spec = { steps: [{ id: 'a', action: take(100) }] };
    const run = startRun([spec, { ...spec, id: 'second' }]);
    await run.clock.advance(50);
    run.interrupt();
    await run.finish();
    expect([0, 1].map((index) => findFlow(run.events, index).outcome)).toEqual(['passed', 'skipped']);
    expect(findFlow(run.events, 1).skip).toEqual({ kind: 'not_reached', reason: 'not reached: interrupted by SIGINT' });
  });
});

describe('resources', () => {
  it('are shared within a flow and closed last-first after teardown', async () => {
    const log: string[] = [];
    const use = (key: string) =>
      fakeAction(async (_config, io) => {
        const value = await io.resources.open(key, () => {
          log.push(`open ${key}`);
          const close = (): Promise<void> => {
            log.push(`close ${key}`);
            return key === 'b' ? Promise.reject(new Error('it is stuck')) : Promise.resolve();
          };
          return Promise.resolve({ value: key, close });
        });
        return { result: { value }, summary: '' };
      });
    const run = startRun({
      steps: [
        { id: 'a', action: use('a') },
        { id: 'b', action: use('b') },
        { id: 'again', action: use('a'), assert: ['value == "a"'] },
      ],
      teardown: [{ id: 'c', action: use('c') }],
    });
    expect(await run.finish()).toMatchObject({ outcome: 'passed' });
    expect(log).toEqual(['open a', 'open b', 'open c', 'close c', 'close b', 'close a']);
    const notes = run.events.flatMap((event) => (event.type === 'run_noted' ? [event.text] : []));
    expect(notes).toEqual(['flow `flow flow`: `b` could not be closed: it is stuck']);
  });

  it('of the run serve all its flows and are closed after the last', async () => {
    const log: string[] = [];
    const use = fakeAction(async (_config, io) => {
      const create = async () => {
        log.push('open');
        const close = (): Promise<void> => {
          log.push('close');
          return Promise.reject(new Error('it is stuck'));
        };
        return { value: 'pool', close };
      };
      const value = await io.resources.open('pool', create, { lifetime: 'run' });
      return { result: { value }, summary: '' };
    });
    const spec = { steps: [{ id: 'a', action: use, assert: ['value == "pool"'] }] };
    const run = startRun([spec, { ...spec, id: 'second' }]);
    expect(await run.finish()).toMatchObject({ outcome: 'passed' });
    expect(log).toEqual(['open', 'close']);
    expect(run.events.slice(-2)).toMatchObject([
      { type: 'run_noted', text: 'the run: `pool` could not be closed: it is stuck' },
      { type: 'run_finished' },
    ]);
  });
});

describe('a signal when all is done', () => {
  it('counts even while the reports are being written', async () => {
    let run: ReturnType<typeof startRun>;
    const slow = { name: 'slow', on: () => undefined, close: async () => run.interrupt('SIGTERM') };
    run = startRun({ steps: [{ id: 'a', action: pass }] }, { consumers: [slow] });
    expect(await run.finish()).toMatchObject({ outcome: 'passed', interrupted: 'SIGTERM' });
  });
});
