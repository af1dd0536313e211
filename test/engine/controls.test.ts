import { describe, expect, it } from 'vitest';
import type { RunStepOptions } from '../../src/model/action/children.ts';
import { ActionError, type ChildOutcome } from '../../src/model/action/outcome.ts';
import { Stop } from '../../src/stop/stop.ts';
import { stoppedByControl } from '../../src/stop/stop-error.ts';
import { buildExpression, type FlowSpec, fakeAction, give } from '../support/plan-builder.ts';
import { findStep, listSteps, startRun } from '../support/run-plan.ts';

/** A control that runs each child once, with the options given. */
function runAll(options: RunStepOptions = {}, seen: ChildOutcome[] = []) {
  return fakeAction(async (_config, io) => {
    for (const child of io.children.list) seen.push(await io.children.runStep(child, options));
    return { result: { ran: io.children.list.length }, summary: '' };
  });
}

const pass = give({ id: 7 });
const refuse = fakeAction(() => {
  throw new ActionError({ kind: 'connection', message: 'refused' });
});

describe('controls', () => {
  it('run children as steps of their own, with address and depth', async () => {
    const spec: FlowSpec = {
      steps: [{ id: 'each', action: runAll(), children: [{ id: 'one', action: pass, assert: ['id == 7'] }] }],
    };
    const run = startRun(spec);
    await run.finish();
    expect(listSteps(run.events)).toEqual(['each>one passed', 'each passed']);
    expect(findStep(run.events, 'each>one').depth).toBe(1);
    expect(run.events.at(-1)).toMatchObject({ steps: { passed: 1, failed: 0, errored: 0, skipped: 0 } });
  });

  it('cannot judge a child’s failure away', async () => {
    const run = startRun({
      steps: [
        {
          id: 'each',
          action: runAll(),
          children: [
            { id: 'one', action: pass, assert: ['id == 8'] },
            { id: 'two', action: refuse },
          ],
        },
      ],
    });
    expect(await run.finish()).toMatchObject({ outcome: 'failed' });
    expect(findStep(run.events, 'each').problems.map(({ message }) => message)).toEqual([
      'step `one` failed: `id == 8` is false',
      'step `two` errored: refused',
    ]);
  });

  it('may judge a probe’s', async () => {
    const run = startRun({
      steps: [{ id: 'poll', action: runAll({ isProbe: true }), children: [{ id: 'probe', action: refuse }] }],
    });
    expect(await run.finish()).toMatchObject({ outcome: 'passed' });
    expect(listSteps(run.events)).toEqual(['poll>probe errored', 'poll passed']);
    expect(findStep(run.events, 'poll>probe').role).toBe('look');
  });

  it('give children names of their own, and the flow the children’s captures', async () => {
    const seen: ChildOutcome[] = [];
    const run = startRun({
      env: { item: 'declared' },
      steps: [
        {
          id: 'each',
          action: runAll({ bindings: { item: 'bound' } }, seen),
          children: [
            {
              id: 'one',
              action: fakeAction((config) => ({ result: { got: config }, summary: 'x' })),
              config: '{{item}}',
              output: { last: 'got' },
            },
          ],
        },
        {
          id: 'after',
          action: fakeAction((config) => ({ result: { got: config }, summary: '' })),
          config: '{{last}} {{item}}',
        },
      ],
    });
    await run.finish();
    expect(seen[0]).toMatchObject({
      outcome: 'passed',
      result: { got: 'bound' },
      captures: { last: 'bound' },
      summary: 'x',
    });
    expect(seen[0]?.env.get('got')).toBe('bound');
    expect(findStep(run.events, 'after').result).toEqual({ got: 'bound declared' });
  });

  it('have other random values in each run of a child', async () => {
    const twice = fakeAction(async (_config, io) => {
      const [child] = io.children.list;
      const ends = child ? [await io.children.runStep(child), await io.children.runStep(child)] : [];
      return { result: { ids: ends.map((end) => end.result?.['got'] ?? null) }, summary: '' };
    });
    const child = {
      id: 'one',
      action: fakeAction((config) => ({ result: { got: config }, summary: '' })),
      config: '{{UUID}}',
    };
    const run = startRun({ steps: [{ id: 'each', action: twice, children: [child], assert: ['ids[0] != ids[1]'] }] });
    expect(await run.finish()).toMatchObject({ outcome: 'passed' });
  });

  it('are errored when an interruption kept children from starting', async () => {
    const swallow = fakeAction(async (_config, io) => {
      for (const child of io.children.list) await io.children.runStep(child).catch(() => undefined);
      return { result: {}, summary: 'all well' };
    });
    const slow = fakeAction(async (_config, io) => {
      await io.clock.sleep(500, io.stop.signal);
      return undefined;
    });
    const children = [
      { id: 'one', action: slow },
      { id: 'two', action: pass },
    ];
    const run = startRun({ steps: [{ id: 'each', action: swallow, children }] });
    await run.clock.advance(100);
    run.interrupt();
    await run.finish();
    expect(listSteps(run.events)).toEqual(['each>one passed', 'each errored']);
    expect(findStep(run.events, 'each').problems).toMatchObject([{ kind: 'interrupted' }]);
  });

  it('may stop a child', async () => {
    const stop = fakeAction(async (_config, io) => {
      const others = new Stop(io.stop);
      io.clock.after(50, () => others.end(stoppedByControl('the first branch failed')));
      for (const child of io.children.list) await io.children.runStep(child, { stop: others });
      return undefined;
    });
    const slow = fakeAction(async (_config, io) => {
      await io.clock.sleep(500, io.stop.signal);
      return undefined;
    });
    const run = startRun({ steps: [{ id: 'p', action: stop, children: [{ id: 'slow', action: slow }] }] });
    await run.finish();
    expect(findStep(run.events, 'p>slow')).toMatchObject({
      outcome: 'errored',
      durationMs: 50,
      problems: [{ kind: 'stopped', message: 'stopped by its control: the first branch failed' }],
    });
  });

  it('check expressions over a child’s result', async () => {
    const until = buildExpression('id == 8');
    const check = fakeAction(async (_config, io) => {
      const [child] = io.children.list;
      const end = child && (await io.children.runStep(child, { isProbe: true }));
      const problem = end && io.expressions.check(until, end.env);
      return {
        result: { parts: problem?.explained?.parts?.map((part) => part.value) ?? [] },
        summary: problem?.message ?? '',
      };
    });
    const run = startRun({ steps: [{ id: 'poll', action: check, children: [{ id: 'probe', action: pass }] }] });
    await run.finish();
    expect(findStep(run.events, 'poll')).toMatchObject({ summary: '`id == 8` is false', result: { parts: [7] } });
  });

  it('prepare children anew for another attempt, before the first of them runs', async () => {
    const log: string[] = [];
    const tell = (what: string) => fakeAction((_config, io) => void log.push(`${what} ${io.step.attempt}`));
    const wait = fakeAction(() => void log.push('wait'), {
      preparation: { prepare: async () => void log.push('prepare') },
    });
    const children = [
      { id: 'cause', action: tell('cause') },
      { id: 'wait', action: wait },
    ];
    const retry = { maxAttempts: 2 };
    await startRun({ steps: [{ id: 'c', action: runAll(), children, assert: ['false'], retry }] }).finish();
    expect(log).toEqual(['prepare', 'cause 1', 'wait', 'prepare', 'cause 1', 'wait']);
  });
});
