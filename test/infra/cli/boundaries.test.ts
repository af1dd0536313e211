import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats, sample } from '../../support/sample.ts';
import { bin, projectPath, runCli, shareVars } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { claims } from '../../truth/claims.ts';
import { judgeDefect, judgeHealthy } from '../../truth/judge.ts';
import { giveProject } from '../../truth/prove-defects.ts';
import { runExample } from '../../truth/run-example.ts';

const inFullRun = test.runIf(repeats('further tests of services between stubs and proxies', 1, 0) > 0);

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

  inFullRun('one of them is green against the real user service, by the environment alone', { timeout }, async () => {
    const given = { ...giveProject({ vars }, { demo }), USERS_MOCK: 'off' };
    const run = await runExample('boundaries/flows/stub-or-service.yaml', { bin, vars: given });
    expect(judgeHealthy(run), run.output).toEqual({ isTrue: true, text: 'green' });
    expect(run.output).toMatch(/started .*`users`.* in/);
    expect(run.output).toMatch(/asked +skipped: when is false/);
  });

  inFullRun(
    'orders go on under load while the user service is slow, which is on the timeline',
    { timeout },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'testmesh-boundaries-'));
      const [html, json] = [join(folder, 'report.html'), join(folder, 's.json')];
      const words = ['load/orders-while-users-are-slow.yaml', '--out', `html=${html}`, '--summary-export', json];
      const env = shareVars(giveProject({ vars }, { demo }));
      const run = await runCli(['load', ...words], { cwd: projectPath('examples/boundaries'), env });
      // 99: how many orders a machine takes that does other things besides is not what this is about.
      expect([0, 99], run.output).toContain(run.code);
      const report = readFileSync(html, 'utf8');
      for (const mark of ['users_slow (fault_set)', 'users_quick (fault_clear)']) expect(report).toContain(mark);
      const { series, checks } = JSON.parse(readFileSync(json, 'utf8')) as LoadSummary;
      const isOfOrders = ({ metric, tags }: LoadSummary['series'][number]): boolean =>
        metric === 'http_req_duration' && tags['step'] === 'create_order';
      expect(series.find(isOfOrders)?.max).toBeGreaterThan(300);
      expect(checks.find(({ scenario }) => scenario === 'faults')).toMatchObject({ passes: 1, fails: 0 });
      rmSync(folder, { recursive: true, force: true });
    },
  );

  test.each(
    sample(
      'defects that stubs and proxies show',
      ['order_waits_for_ever', 'order_failure_ignored', 'order_retried_when_slow'] as const,
      { count: 0 },
    ),
  )('%s is caught where it is claimed', { timeout }, async (defect) => {
    const claim = claims[defect];
    const run = await runExample(claim.flow, { bin, vars: giveProject({ vars }, { demo, defect }) });
    expect(judgeDefect(claim, run), run.output).toMatchObject({ isTrue: true });
  });
});
