import { describe, expect, it } from 'vitest';
import { runFlows } from '../../../src/engine/flows/run-flows.ts';
import type { RunServices } from '../../../src/model/companions/run-services.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { buildFlow, fakeAction } from '../../support/plan-builder.ts';
import { NO_INPUTS } from '../../support/run-plan.ts';

const LOSS = { outcome: 'errored', kind: 'service', message: 'service `orders` ended' } as const;

/** Runs two flows with services, whose steps keep what they see. */
async function run(services: Partial<RunServices>) {
  const calls: string[] = [];
  const events: RunEvent[] = [];
  const runServices: RunServices = {
    values: { services: { orders: { url: 'http://orders' } } },
    restarts: 0,
    moved: new Map(),
    began: { started: ['orders'], found: ['users'] },
    isOneLost: false,
    start: async () => [],
    stopOne: async () => [],
    startOne: async () => [],
    restore: async () => [],
    openFlow: () => ({ resources: new Map(), listPrinted: async () => [] }),
    finish: async () => [],
    close: async () => {
      calls.push('closed');
      return ['service `orders`: it was killed'];
    },
    ...services,
  };
  if (services.isOneLost === undefined)
    Object.defineProperty(runServices, 'isOneLost', { get: () => calls.includes('lost') });
  const action = fakeAction(async (_config, io) => {
    calls.push(JSON.stringify(io.facts.services?.values['services']));
    if (services.finish) calls.push('lost');
    return undefined;
  });
  const flows = ['a', 'b'].map((id) => ({
    plan: buildFlow({ id, steps: [{ id: 'one', action }] }),
    inputs: NO_INPUTS,
    inputsOf: () => NO_INPUTS,
  }));
  const outcome = await runFlows(flows, {
    identity: { runId: 'run-1', version: '0.0.0', seed: 1, isSeedFixed: true },
    clock: createFakeClock(),
    consumers: [{ name: 'all', on: (event) => events.push(event), close: async () => undefined }],
    interrupt: { work: new Stop(), undo: new Stop() },
    services: () => ({}),
    runServices,
  });
  const skips = events.flatMap((event) => (event.type === 'flow_finished' ? [event.skip?.reason] : []));
  const notes = events.flatMap((event) => (event.type === 'run_noted' ? [event.text] : []));
  return { outcome, calls, skips, notes };
}

describe('the services of a run', () => {
  it('are known to its flows, and closed after them', async () => {
    const { outcome, calls, notes } = await run({});
    expect(outcome.outcome).toBe('passed');
    expect(calls).toEqual(['{"orders":{"url":"http://orders"}}', '{"orders":{"url":"http://orders"}}', 'closed']);
    expect(notes).toEqual([
      'started `orders` in 0 ms',
      '`users` ran before, and is used as it is',
      'service `orders`: it was killed',
    ]);
  });

  it('let no flow begin when one does not start, and are closed all the same', async () => {
    const { outcome, calls, skips } = await run({ start: async () => [LOSS] });
    expect(outcome).toMatchObject({ outcome: 'errored', problems: [LOSS] });
    expect(skips).toEqual(['not reached: a service is not there', 'not reached: a service is not there']);
    expect(calls).toEqual(['closed']);
  });

  it('let no further flow begin when one is lost', async () => {
    const { outcome, skips } = await run({ finish: async () => [LOSS] });
    expect(outcome).toMatchObject({ outcome: 'errored', problems: [LOSS] });
    expect(skips).toEqual([undefined, 'not reached: a service ended']);
  });
});
