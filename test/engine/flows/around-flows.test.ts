import { expect, it } from 'vitest';
import type { ActionDefinition } from '../../../src/model/action/definition.ts';
import { buildFlow, type FlowSpec, fakeAction, give } from '../../support/plan-builder.ts';
import { findFlow, listSteps, NO_INPUTS, startRun } from '../../support/run-plan.ts';

const pass = give({});

/** Takes this long, and ends early when aborted. */
function take(ms: number): ActionDefinition {
  return fakeAction(async (_config, io) => {
    await io.clock.sleep(ms, io.stop.signal);
    return undefined;
  });
}

function start(action: ActionDefinition, last: FlowSpec['steps']) {
  const flow = (id: string, steps: FlowSpec['steps']) => buildFlow({ id, steps });
  const around = {
    before: { plan: flow('before', [{ id: 'log_in', action }]), inputs: NO_INPUTS, role: 'before_all' as const },
    after: { plan: flow('after', last), inputs: NO_INPUTS, role: 'after_all' as const },
  };
  return startRun({ id: 'own', steps: [{ id: 'own', action: take(5000) }] }, { around });
}

it('runs the flow after all others when a signal ends them, or the one before them, until the second signal', async () => {
  const late = start(pass, [{ id: 'wipe', action: take(3000) }]);
  await late.clock.advance(100);
  late.interrupt();
  expect(await late.finish()).toMatchObject({ outcome: 'errored', interrupted: 'SIGINT' });
  expect(listSteps(late.events)).toEqual(['log_in passed', 'own errored', 'wipe passed']);

  const early = start(take(5000), [{ id: 'wipe', action: pass }]);
  await early.clock.advance(100);
  early.interrupt();
  await early.finish();
  expect(listSteps(early.events)).toEqual(['log_in errored', 'wipe passed']);
  expect(findFlow(early.events, 1).skip?.reason).toBe('not reached: interrupted by SIGINT');

  const twice = start(pass, [{ id: 'wipe', action: take(60_000) }]);
  await twice.clock.advance(100);
  twice.interrupt();
  await twice.clock.advance(10_000);
  twice.interrupt();
  await twice.finish();
  expect(listSteps(twice.events)).toEqual(['log_in passed', 'own errored', 'wipe errored']);
});

it('runs neither where a service is missing, or a signal came before', async () => {
  const run = start(pass, [{ id: 'wipe', action: pass }]);
  run.interrupt();
  await run.finish();
  expect(listSteps(run.events)).toEqual([]);
});
