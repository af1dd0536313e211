import { beforeAll, expect, test } from 'vitest';
import type { DefectName } from '../../../demo-services/shared/defects.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { bin } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { judgeDefect, judgeHealthy } from '../../truth/judge.ts';
import { EFFECTS_EXAMPLE, runFourAtOnce } from '../../truth/prove-effects.ts';
import { runExample } from '../../truth/run-example.ts';
import { findStack } from './broken-stack.ts';
import { mend, plant } from './plant.ts';

const timeout = 120_000;

/** What an order may not do, and what the report says of it. */
const wrongs: readonly (readonly [string, DefectName, readonly string[]])[] = [
  ['a second row', 'order_stored_twice', ['`order_service.orders`: expected 1 row added, got 2 rows added']],
  ['a second event', 'order_event_twice', ['`order.placed`: expected 1 message, got 2 messages', '"order_id"']],
  ['a row of another user', 'order_of_another_confirmed', ['got 1 row added, 1 row changed', ': status "']],
  [
    'an event elsewhere',
    'order_event_on_another_topic',
    ['`user.login`: expected no message, got 1 message', '"order_id"'],
  ],
  [
    'a row in no named table',
    'order_left_as_draft',
    ['`order_service.order_drafts`: expected no change, got 1 row added'],
  ],
];

describeWithStack('what an order may change', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
  }, timeout);

  test.each(wrongs)('is not %s', { timeout }, async (_what, name, cause) => {
    await plant(stack, name);
    const sick = await runExample(EFFECTS_EXAMPLE, { bin, vars: stack.vars });
    expect(judgeDefect({ flow: EFFECTS_EXAMPLE, step: 'effects', cause }, sick), sick.output).toMatchObject({
      isTrue: true,
    });
  });

  test('is no cause for alarm, alone and with four flows at once', { timeout }, async () => {
    await plant(stack, undefined);
    for (let time = 0; time < 5; time++) {
      const alone = await runExample(EFFECTS_EXAMPLE, { bin, vars: stack.vars });
      expect(judgeHealthy(alone), alone.output).toEqual({ isTrue: true, text: 'green' });
      const four = await runFourAtOnce({ bin, vars: stack.vars });
      expect(judgeHealthy(four), four.output).toEqual({ isTrue: true, text: 'green' });
      expect(four.output).not.toContain('alone');
    }
  });
});
