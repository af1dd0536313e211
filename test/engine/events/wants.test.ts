import { describe, expect, it } from 'vitest';
import { joinWants, selectWanted } from '../../../src/engine/events/wants.ts';
import type { Wants } from '../../../src/model/consumer.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import type { RequestMeasure } from '../../../src/model/load/measures.ts';
import { EventBuilder } from '../../support/events.ts';
import { sendHttp } from '../../support/exchanges.ts';
import { fakeAction } from '../../support/plan-builder.ts';
import { findStep, startRun } from '../../support/run-plan.ts';

describe('what consumers want', () => {
  it.each<[readonly (Wants | undefined)[], Wants]>([
    [[], { results: false, settings: false, progress: false, changes: false, measures: false }],
    [[undefined, {}], { results: false, settings: false, progress: false, changes: false, measures: false }],
    [
      [{ exchanges: 'failed' }, { results: true }],
      { exchanges: 'failed', results: true, settings: false, progress: false, changes: false, measures: false },
    ],
    [
      [{ exchanges: 'failed' }, { exchanges: 'all', progress: true, changes: true }],
      { exchanges: 'all', results: false, settings: false, progress: true, changes: true, measures: false },
    ],
    [
      [{ measures: true, brief: true }, { brief: true }],
      { results: false, settings: false, progress: false, changes: false, measures: true, brief: true },
    ],
    [[{ brief: true }, {}], { results: false, settings: false, progress: false, changes: false, measures: false }],
  ])('%j is together %j', (all, joined) => {
    expect(joinWants(all)).toEqual(joined);
  });

  it.each<[Wants | undefined, object]>([
    [undefined, { a: '', b: '', progress: 0 }],
    [{ exchanges: 'failed' }, { a: '', b: 'exchange', progress: 0 }],
    [{ exchanges: 'all' }, { a: 'exchange', b: 'exchange', progress: 0 }],
    [{ results: true }, { a: 'result', b: 'result', progress: 0 }],
    [
      { exchanges: 'failed', results: true, progress: true },
      { a: 'result', b: 'result exchange', progress: 1 },
    ],
  ])('%j is what a consumer gets, whatever others want', (wants, expected) => {
    const more = { result: { n: 1 }, exchange: sendHttp('GET /') };
    const { events } = new EventBuilder()
      .progress('a', 'waits')
      .step('a', more)
      .step('b', { ...more, outcome: 'failed' });
    const selected = events.flatMap((event) => selectWanted(event, wants) ?? []);
    expect(Object.fromEntries([...selected.flatMap(describeParts), countProgress(selected)])).toEqual(expected);
  });

  it('has of what goes well no more than that it did where all are brief, and of what fails all', async () => {
    const action = fakeAction((_, io) => {
      io.report.note('noted');
      io.report.measure?.request(measureOf('http://a/login?password=hunter2abc'));
      return { result: { n: 1 }, summary: 'one' };
    });
    const a = { id: 'a', action, output: { n: 'n' }, assert: ['n == 1'] };
    const flow = { steps: [a, { id: 'b', action, assert: ['n == 2'] }] };
    const run = startRun(flow, { wants: { measures: true, brief: true } });
    await run.finish();
    const types = run.events.map(({ type }) => type);
    expect(types).toEqual(['run_started', 'step_finished', 'step_finished', 'run_finished']);
    const [good, bad] = run.events.filter((event) => event.type === 'step_finished');
    expect(good?.output).toEqual({ summary: '', captures: [], assertionCount: 0 });
    expect(good?.evidence).toMatchObject({
      notes: [],
      measures: { requests: [{ url: 'http://a/login?password=***' }], checks: [{ text: 'n == 1', holds: true }] },
    });
    expect(bad).toMatchObject({ outcome: 'failed', output: { summary: 'one, 1 of 1 assertion is false' } });
    expect(bad?.evidence.measures?.requests).toMatchObject([{ url: 'http://a/login?password=***' }]);
  });

  it('has what stands twice in a result once', async () => {
    const parts = { status: 200, body: { id: 1 } };
    const give = fakeAction(() => ({ result: { ...parts, response: parts }, summary: '200' }));
    const action = { ...give, result: { ...give.result, whole: 'response' } };
    const run = startRun({ steps: [{ id: 'a', action, assert: ['response.body.id == body.id'] }] });
    await run.finish();
    expect(findStep(run.events, 'a')).toMatchObject({ outcome: 'passed', result: parts });
    expect(findStep(run.events, 'a').result).not.toHaveProperty('response');
  });
});

function measureOf(url: string): RequestMeasure {
  const times = { blockedMs: 0, dnsMs: 0, connectMs: 0, tlsMs: 0, sendMs: 0, waitMs: 1, receiveMs: 0 };
  return { method: 'GET', url, protocol: 'HTTP/1.1', status: 200, sentBytes: 1, receivedBytes: 1, ...times };
}

function describeParts(event: RunEvent) {
  if (event.type !== 'step_finished') return [];
  const { output, evidence, step } = event;
  return [[step.id, [output.result ? 'result' : '', evidence.exchange ? 'exchange' : ''].filter(Boolean).join(' ')]];
}

function countProgress(events: readonly RunEvent[]) {
  return ['progress', events.filter(({ type }) => type === 'step_progress').length];
}
