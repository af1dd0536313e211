import { beforeAll, expect, test } from 'vitest';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { bin } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { judgeHealthy } from '../../truth/judge.ts';
import { agreeing, type Contradiction, contradictions, showsPlaces } from '../../truth/prove-agree.ts';
import { runExample } from '../../truth/run-example.ts';
import { findStack } from './broken-stack.ts';
import { mend, plant } from './plant.ts';

const timeout = 90_000;
// `npm run truth -- agree` takes all of them
const names = Object.keys(contradictions) as Contradiction[];

describeWithStack('a contradiction between what services say', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
  }, timeout);

  test.each(names)(
    '%s turns its flow red with both places shown, and the flow is green without it',
    { timeout },
    async (name) => {
      const { flow, places } = contradictions[name];
      const target = { bin, vars: stack.vars, ...agreeing };
      await plant(stack, name);
      const sick = await runExample(flow, target);
      expect(showsPlaces(sick, places), sick.output).toBe(true);
      await plant(stack, undefined);
      const well = await runExample(flow, target);
      expect(judgeHealthy(well), well.output).toEqual({ isTrue: true, text: 'green' });
    },
  );
});
