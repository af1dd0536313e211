import { beforeAll, expect, test } from 'vitest';
import type { SteadyDefect } from '../../../demo-services/shared/defects.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { bin } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { claims } from '../../truth/claims.ts';
import { judgeDefect, judgeHealthy } from '../../truth/judge.ts';
import { runExample } from '../../truth/run-example.ts';
import { findStack } from './broken-stack.ts';
import { mend, plant } from './plant.ts';

const timeout = 90_000;
// `npm run truth` takes all of them
const chosen: readonly SteadyDefect[] = [
  'user_created_at_shifted',
  'user_event_twice',
  'product_read_stale',
  'order_total_float',
  'order_event_without_items',
  'notification_twice',
  'notification_when_redelivered',
];

describeWithStack('a defect in the services', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
  }, timeout);

  test.each(chosen)('%s is caught where it is claimed, and the flow is green without it', { timeout }, async (name) => {
    const claim = claims[name];
    await plant(stack, name);
    const sick = await runExample(claim.flow, { bin, vars: stack.vars });
    expect(judgeDefect(claim, sick), sick.output).toMatchObject({ isTrue: true });
    await plant(stack, undefined);
    const well = await runExample(claim.flow, { bin, vars: stack.vars });
    expect(judgeHealthy(well), well.output).toEqual({ isTrue: true, text: 'green' });
  });
});
