import { readdirSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { sample } from '../../support/sample.ts';
import { bin, projectPath } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { claims } from '../../truth/claims.ts';
import { judgeDefect, judgeHealthy } from '../../truth/judge.ts';
import { giveProject } from '../../truth/prove-defects.ts';
import { runExample } from '../../truth/run-example.ts';

const timeout = 90_000;

describeWithStack('an order service between stubs and proxies', ({ vars }) => {
  const demo = inject('demo');
  const flows = readdirSync(projectPath('examples/boundaries/flows')).map((name) => `boundaries/flows/${name}`);

  test.each(sample('flows between stubs and proxies', flows, { count: 1 }))(
    '%s is green',
    { timeout },
    async (flow) => {
      const run = await runExample(flow, { bin, vars: giveProject({ vars }, { demo }) });
      expect(judgeHealthy(run), run.output).toEqual({ isTrue: true, text: 'green' });
    },
  );

  test('one of them is green against the real user service, by the environment alone', { timeout }, async () => {
    const given = { ...giveProject({ vars }, { demo }), USERS_MOCK: 'off' };
    const run = await runExample('boundaries/flows/stub-or-service.yaml', { bin, vars: given });
    expect(judgeHealthy(run), run.output).toEqual({ isTrue: true, text: 'green' });
    expect(run.output).toMatch(/started .*`users`.* in/);
    expect(run.output).toMatch(/asked +skipped: when is false/);
  });

  test.each(
    sample(
      'defects that stubs and proxies show',
      ['order_waits_for_ever', 'order_failure_ignored', 'order_retried_when_slow'] as const,
      { count: 1 },
    ),
  )('%s is caught where it is claimed', { timeout }, async (defect) => {
    const claim = claims[defect];
    const run = await runExample(claim.flow, { bin, vars: giveProject({ vars }, { demo, defect }) });
    expect(judgeDefect(claim, run), run.output).toMatchObject({ isTrue: true });
  });
});
