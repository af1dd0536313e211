import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fakeAction } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const MADE = 'action: assert, config: { data: { id: 7 }, assertions: [id == 7] }';

async function run(text: string, options: Parameters<typeof startText>[1] = {}) {
  const { events, finish } = startText(`name: x\n${text}`, options);
  await finish();
  const logs = events.flatMap((event) => (event.type === 'log_written' ? [event.message] : []));
  return { events, logs, steps: listSteps(events), flow: findFlow(events) };
}

describe('what a step captured is reached through its id', () => {
  it('in later steps, through `steps`, and in the output of the flow', async () => {
    const { logs, flow } = await run(`
setup:
  - { id: create-user, ${MADE}, output: { user_id: id } }
steps:
  - { id: order, ${MADE}, output: { order_id: id + 1 } }
  - { action: log, config: { message: "{{steps['create-user'].user_id}} {{steps['setup/create-user'].id}} {{order.order_id}} {{order?.id}}" } }
  - { action: assert, config: { assertions: ["order == {'id': 7}", "keys(order) == ['id']"] } }
`);
    expect(flow.problems).toEqual([]);
    expect(logs).toEqual(['7 7 8 7']);
  });

  it('inside of loops and of waits', async () => {
    const { logs, flow } = await run(`
steps:
  - action: for_each
    config:
      items: [1, 2]
      steps:
        - { id: made, action: set, config: { double: item * 2 }, output: { quadruple: double * 2 } }
        - { action: log, config: { message: "{{made.quadruple}}" }, cleanup: { action: log, config: { message: "undo {{made.quadruple}}" } } }
  - id: both
    action: wait_until
    config: { steps: [ { id: made, action: set, config: { one: "1" }, output: { two: one + 1 } } ], condition: made.two == 2 }
`);
    expect(flow.problems).toEqual([]);
    expect(logs).toEqual(['4', '8', 'undo 8', 'undo 4']);
  });

  it('is not in the result that reports show', async () => {
    const { events } = await run(
      `steps:\n  - { id: made, ${MADE}, output: { user_id: id } }\n  - { action: log, config: { message: "{{made}} {{user_id}}" } }`,
    );
    expect(findStep(events, 'made').result).toEqual({ id: 7 });
    expect(JSON.stringify(findStep(events, 'made').result)).toBe('{"id":7}');
  });

  it('of a step that failed is missing: teardown that needs it is skipped', async () => {
    const fail = fakeAction(() => ({ result: { id: 7 }, summary: '' }), {
      settings: { schema: z.strictObject({}) },
      result: { keys: { id: 'number' } },
    });
    const { steps } = await run(
      `
steps:
  - { id: made, action: fail, assert: ["1 == 2"], output: { user_id: "1 + 6" } }
teardown:
  - { id: remove, action: log, config: { message: "{{made.user_id}}" } }
  - { id: again, action: log, config: { message: "{{steps['made'].user_id}}" } }
  - { id: first, action: log, config: { message: "{{steps['made'].id}}" } }
`,
      { actions: { fail } },
    );
    expect(steps).toEqual([
      'made failed',
      'teardown/remove skipped: needs `made.user_id`, which `made` would have captured',
      'teardown/again skipped: needs `made.user_id`, which `made` would have captured',
      'teardown/first passed',
    ]);
  });

  it('comes from the record when only the later step runs', async () => {
    const { logs } = await run(
      `
steps:
  - { id: made, ${MADE}, output: { user_id: id } }
  - { id: later, action: log, config: { message: "{{made.user_id}}" } }
`,
      {
        replay: {
          runId: 'r',
          captures: new Map([['user_id', 9]]),
          capturesAt: new Map([['made', new Map([['user_id', 9]])]]),
          results: new Map([['made', { id: 7 }]]),
          variables: new Map(),
          memory: new Map(),
          secrets: new Map(),
        },
        selection: { addresses: new Set(['later']), withSetup: false, withTeardown: false },
      },
    );
    expect(logs).toEqual(['9']);
  });
});
