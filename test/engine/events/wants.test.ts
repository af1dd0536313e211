import { describe, expect, it } from 'vitest';
import { joinWants, selectWanted } from '../../../src/engine/events/wants.ts';
import type { Wants } from '../../../src/model/consumer.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { EventBuilder } from '../../support/events.ts';
import { sendHttp } from '../../support/exchanges.ts';
import { fakeAction } from '../../support/plan-builder.ts';
import { findStep, startRun } from '../../support/run-plan.ts';

describe('what consumers want', () => {
  it.each<[readonly (Wants | undefined)[], Wants]>([
    [[], { results: false, progress: false, changes: false, measures: false }],
    [[undefined, {}], { results: false, progress: false, changes: false, measures: false }],
    [
      [{ exchanges: 'failed' }, { results: true }],
      { exchanges: 'failed', results: true, progress: false, changes: false, measures: false },
    ],
    [
      [{ exchanges: 'failed' }, { exchanges: 'all', progress: true, changes: true }],
      { exchanges: 'all', results: false, progress: true, changes: true, measures: false },
    ],
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

function describeParts(event: RunEvent) {
  if (event.type !== 'step_finished') return [];
  const { output, evidence, step } = event;
  return [[step.id, [output.result ? 'result' : '', evidence.exchange ? 'exchange' : ''].filter(Boolean).join(' ')]];
}

function countProgress(events: readonly RunEvent[]) {
  return ['progress', events.filter(({ type }) => type === 'step_progress').length];
}
