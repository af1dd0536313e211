import { describe, expect, it } from 'vitest';
import { openRun, type Run } from '../../../src/engine/flows/open-run.ts';
import type { FlowRun } from '../../../src/engine/lifetimes/run-options.ts';
import type { ActionIo } from '../../../src/model/action/io.ts';
import type { Lifetime } from '../../../src/model/action/resources.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { buildFlow, type FlowSpec, fakeAction } from '../../support/plan-builder.ts';
import { findFlow, findStep, listSteps, NO_INPUTS } from '../../support/run-plan.ts';

/** A run that is left open. */
function start(): { run: Run; events: RunEvent[]; interrupt: { work: Stop; undo: Stop } } {
  const events: RunEvent[] = [];
  const interrupt = { work: new Stop(), undo: new Stop() };
  const run = openRun({
    identity: { runId: 'run-1', version: '0.0.0', seed: 4711, isSeedFixed: true },
    clock: createFakeClock(),
    consumers: [
      { name: 'all', wants: { results: true }, on: (event) => events.push(event), close: () => Promise.resolve() },
    ],
    interrupt,
    services: () => ({}),
  });
  return { run, events, interrupt };
}

function toRun(spec: FlowSpec): FlowRun {
  return { plan: buildFlow(spec), inputs: NO_INPUTS, inputsOf: () => NO_INPUTS };
}

/** Gives what it was asked to give. */
function give(value: string) {
  return fakeAction(async () => ({ result: { value }, summary: '' }));
}

/** Keeps the name of what ran, with what it saw. */
function log(lines: string[], line: (io: ActionIo) => string) {
  return fakeAction(async (_config, io) => {
    lines.push(line(io));
    return undefined;
  });
}

describe('the parts of a flow', () => {
  it('run apart: setup once, steps many times in sessions of their own, teardown once', async () => {
    const lines: string[] = [];
    const seen = (io: ActionIo): string => String(io.expressions.env.get('token'));
    const flow = toRun({
      setup: [
        {
          id: 'login',
          action: give('T1'),
          output: { token: 'value' },
          cleanup: [{ id: 'logout', action: log(lines, (io) => `logout ${seen(io)}`) }],
        },
      ],
      steps: [
        {
          id: 'use',
          action: log(lines, (io) => `use ${seen(io)}`),
          cleanup: [{ id: 'undo', action: log(lines, () => 'undo') }],
        },
      ],
      teardown: [{ id: 'wipe', action: log(lines, (io) => `wipe ${seen(io)}`) }],
    });
    const { run, events } = start();
    const first = run.openSession();
    const { rest } = await first.runFlow(flow, { phases: ['setup'] });
    const others = [run.openSession(), run.openSession()];
    for (const session of [...others, ...others]) await session.runFlow(flow, { phases: ['steps'], after: rest });
    for (const session of others) await session.close();
    await first.runFlow(flow, { phases: ['teardown'], after: rest });
    await first.close();
    expect(lines).toEqual([
      ...['use T1', 'undo', 'use T1', 'undo', 'use T1', 'undo', 'use T1', 'undo'],
      ...['wipe T1', 'logout T1'],
    ]);
    expect(await run.finish()).toMatchObject({
      outcome: 'passed',
      flows: { passed: 6, failed: 0, errored: 0, skipped: 0 },
      steps: { passed: 11, failed: 0, errored: 0, skipped: 0 },
    });
    expect(listSteps(events).slice(0, 3)).toEqual(['setup/login passed', 'use passed', 'teardown/use.undo passed']);
    expect(new Set(events.flatMap((event) => ('flow' in event ? [event.flow] : [])))).toEqual(
      new Set([0, 1, 2, 3, 4, 5]),
    );
  });

  it('do not tell the other phases as not reached', async () => {
    const flow = toRun({
      setup: [{ id: 'a', action: give('1') }],
      steps: [{ id: 'b', action: give('2') }],
      teardown: [{ id: 'c', action: give('3') }],
    });
    const { run, events } = start();
    const session = run.openSession();
    await session.runFlow(flow, { phases: ['setup'] });
    expect(listSteps(events)).toEqual(['setup/a passed']);
    expect(findFlow(events)).toMatchObject({ outcome: 'passed', counts: { passed: 1 } });
    await session.close();
    await run.finish();
  });

  it('are ended with their session alone', async () => {
    const slow = fakeAction(async (_config, io) => {
      await io.clock.sleep(60_000, io.stop.signal);
      return undefined;
    });
    const { run, events } = start();
    const work = new Stop(run.work);
    const ended = run.openSession({ work });
    const running = ended.runFlow(toRun({ steps: [{ id: 'slow', action: slow }] }));
    await expect.poll(() => events.some(({ type }) => type === 'step_started')).toBe(true);
    work.end(new StopError('interrupted', 'the ramp is over'));
    expect((await running).outcome).toBe('errored');
    expect(findStep(events, 'slow').problems).toMatchObject([{ kind: 'interrupted', message: 'the ramp is over' }]);
    const other = run.openSession();
    expect((await other.runFlow(toRun({ steps: [{ id: 'quick', action: give('1') }] }))).outcome).toBe('passed');
    for (const session of [ended, other]) await session.close();
    expect(await run.finish()).toMatchObject({ outcome: 'errored', interrupted: undefined });
  });
});

describe('what was found wanting', () => {
  const open = (lifetime: Lifetime) =>
    fakeAction(async (_config, io) => {
      const create = async () => ({
        value: 'server',
        finish: async () => [{ outcome: 'failed' as const, kind: 'expectation', message: 'nobody called' }],
        close: async () => undefined,
      });
      await io.resources.open('server', create, { lifetime });
      expect(io.resources.find('server')).toBe('server');
      expect(io.resources.find('client')).toBeUndefined();
      return undefined;
    });

  it.each([
    ['flow', 'failed', ['nobody called'], []],
    ['session', 'passed', [], ['nobody called']],
    ['run', 'passed', [], ['nobody called']],
  ] as const)(
    'in what lives as long as the %s is known before its verdict',
    async (lifetime, outcome, ofFlow, ofRun) => {
      const { run, events } = start();
      const session = run.openSession();
      await session.runFlow(toRun({ steps: [{ id: 'a', action: open(lifetime) }] }));
      await session.close();
      const end = await run.finish();
      const flow = findFlow(events);
      expect([flow.outcome, flow.problems.map(({ message }) => message)]).toEqual([outcome, ofFlow]);
      expect([end.outcome, end.problems.map(({ message }) => message)]).toEqual(['failed', ofRun]);
      expect(events.at(-1)).toMatchObject({ type: 'run_finished', outcome: 'failed', problems: end.problems });
      const notes = events.flatMap((event) => (event.type === 'run_noted' ? [event.text] : []));
      expect(notes).toEqual(ofRun);
    },
  );
});

describe('secrets', () => {
  const spec = (value: string): FlowSpec => ({
    steps: [
      { id: 'login', action: give(value), output: { token: 'secret:value' } },
      { id: 'show', action: fakeAction(async () => ({ result: {}, summary: 'first-token second-token' })) },
    ],
  });

  it.each([
    [false, ['*** second-token', '*** ***']],
    [true, ['*** second-token', 'first-token ***']],
  ])('of a session that keeps its own (%s) are masked', async (hasOwnSecrets, shown) => {
    const { run, events } = start();
    for (const value of ['first-token', 'second-token']) {
      const session = run.openSession({ hasOwnSecrets });
      await session.runFlow(toRun(spec(value)));
      await session.close();
    }
    await run.finish();
    const summaries = events.flatMap((event) =>
      event.type === 'step_finished' && event.step.id === 'show' ? [event.output.summary] : [],
    );
    expect(summaries).toEqual(shown);
  });

  it('of flows are forgotten when others of their session have learned more', async () => {
    const { run, events } = start();
    const session = run.openSession({ hasOwnSecrets: true });
    for (let count = 0; count < 12; count++) await session.runFlow(toRun(spec(`another-token-${count}`)));
    for (const value of ['first-token', 'second-token']) await session.runFlow(toRun(spec(value)));
    for (let count = 0; count < 12; count++) await session.runFlow(toRun(spec(`other-token-${count}`)));
    await session.close();
    await run.finish();
    const summaries = events.flatMap((event) =>
      event.type === 'step_finished' && event.step.id === 'show' ? [event.output.summary] : [],
    );
    expect(summaries.slice(12, 14)).toEqual(['*** second-token', '*** ***']);
    expect(summaries.at(-1)).toBe('first-token second-token');
  });
});
