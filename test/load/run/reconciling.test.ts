import { describe, expect, it } from 'vitest';
import { Meter } from '../../../src/load/metrics/meter.ts';
import { type AcceptingStep, Reconciling, takeAccepted } from '../../../src/load/run/reconciling.ts';
import type { RequestMeasure } from '../../../src/model/load/measures.ts';
import type { ReconcilePlan } from '../../../src/model/load/reconcile.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { interruptedBy } from '../../../src/stop/stop-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function open(there: readonly string[] = []) {
  const clock = createFakeClock();
  const settings = { isStatic: true, render: () => ({}) };
  const place = { kind: 'events', settings, key: 'id', keyOf: (thing: string) => thing, least: 1, most: 1 };
  const flow = { file: { absolutePath: '/flows/a.yaml' } };
  const plan = { flow, step: 'create', withinMs: 0, places: [place] } as unknown as ReconcilePlan;
  const look = async (onThing: (thing: string) => void) => {
    for (const key of there) onThing(key);
    return [];
  };
  const engine = { clock, services: () => ({}) } as never;
  const reconciling = new Reconciling(plan, async () => ({ name: 't', isWhole: false, look }), engine);
  const meter = new Meter();
  const finish = async (stop = new Stop()) => {
    await reconciling.begin(undefined, stop);
    await clock.finish(reconciling.finish(meter, { stop, now: () => 0 }));
    await reconciling.close();
    return reconciling.summary;
  };
  return { reconciling, finish, meter };
}

function step(outcome: AcceptingStep['outcome'], statuses: readonly number[], key?: string): AcceptingStep {
  const requests = statuses.map((status) => ({ status }) as RequestMeasure);
  return { outcome, measures: { requests, values: [], checks: [], key }, isExpected: (status) => status === 201 };
}

describe('what a step has accepted', () => {
  it.each([
    ['an answer as expected', step('passed', [201], 'a'), [1, 0, 0]],
    ['one of which something else is wrong', step('failed', [201], 'a'), [1, 0, 0]],
    ['one of which something else is wrong, its key too', step('failed', [201]), [0, 1, 0]],
    ['one that passed without a key', step('passed', [201]), [0, 0, 1]],
    ['a refusal', step('failed', [409], 'a'), [0, 0, 0]],
    ['an answer of the service that it failed', step('failed', [500]), [0, 0, 0]],
    ['nobody answered', step('errored', [0]), [0, 1, 0]],
    ['nobody answered its gateway', step('failed', [504]), [0, 1, 0]],
    ['two attempts without an answer, then one', step('passed', [0, 502, 201], 'a'), [1, 2, 0]],
    ['what is no request and went well', step('passed', [], 'a'), [1, 0, 0]],
    ['what is no request and could not be done', step('errored', []), [0, 1, 0]],
  ] as const)('%s', async (_, taken, [accepted, uncertain, withoutKey]) => {
    const { reconciling, finish } = open();
    takeAccepted(taken, reconciling);
    expect(await finish()).toMatchObject({ accepted, uncertain, withoutKey });
  });

  it('is counted in metrics, those too of which there are none', async () => {
    const { reconciling, finish, meter } = open(['a', 'a', 'c']);
    for (const key of ['a', 'b']) takeAccepted(step('passed', [201], key), reconciling);
    await finish();
    const sums = meter.listAll().map(({ metric, tags, sum }) => [metric.name, tags.tags.get('place'), sum]);
    expect(sums).toEqual([
      ['reconcile_lost', 'events', 1],
      ['reconcile_duplicated', 'events', 1],
      ['reconcile_unexpected', 'events', 1],
    ]);
  });

  it('is not looked for after an interruption', async () => {
    const stop = new Stop();
    const { finish } = open();
    stop.ask(interruptedBy('SIGINT'));
    expect(await finish(stop)).toBeUndefined();
  });
});
