import { expect, test } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { projectPath, runCli, shareVars, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of what a load reconciles', 1, 0) > 0);

const timeout = 60_000;
const example = projectPath('examples/32-orders-reconciled-after-a-load.yaml');

describeWithStack('orders under load', ({ vars }) => {
  const workspace = useWorkspace();

  test('are each announced and stored once', { timeout }, async () => {
    // Tests beside this one place orders too, which are unexpected in the topic that they share.
    const others = ['--threshold', 'reconcile_unexpected:count<100000'];
    const words = ['load', example, '-u', '4', '-i', '40', '--summary-export', 's.json', ...others];
    const ended = await runCli(words, { cwd: workspace.path, env: shareVars(vars) });
    expect(ended.code, ended.output).toBe(0);
    const { reconcile } = JSON.parse(workspace.read('s.json')) as LoadSummary;
    expect(reconcile).toMatchObject({ step: 'create_order', accepted: 40, uncertain: 0, withoutKey: 0, notes: [] });
    const right = { wanted: 'exactly 1', found: 40, lost: 0, duplicated: 0 };
    // Others place orders too: they are known by their user in the query, and not in the topic.
    expect(reconcile?.places).toMatchObject([right, { ...right, unexpected: 0 }].map(({ found, ...rest }) => rest));
  });

  inFullRun('are so too by several processes, whose keys are held against each other', { timeout }, async () => {
    const others = ['--threshold', 'reconcile_unexpected:count<100000'];
    const options = { cwd: workspace.path, env: shareVars(vars) };
    const segments = ['0:1/2', '1/2:1'];
    const runs = await Promise.all(
      segments.map((segment, at) =>
        runCli(
          [
            ...['load', example, '-u', '4', '-i', '24', '--execution-segment', segment],
            ...['--summary-export', `${at}.json`, ...others],
          ],
          options,
        ),
      ),
    );
    expect(
      runs.map(({ code }) => code),
      runs.map(({ output }) => output).join(''),
    ).toEqual([0, 0]);
    const page = ['--summary-export', 'all.json', ...others];
    const merged = await runCli(['load', 'merge', '0.json', '1.json', ...page], options);
    expect(merged.code, merged.output).toBe(0);
    expect(merged.stdout).toContain('24 accepted by create_order');
    const { reconcile, metrics } = JSON.parse(workspace.read('all.json')) as LoadSummary;
    expect(reconcile).toMatchObject({
      accepted: 24,
      places: [
        { lost: 0, duplicated: 0 },
        { lost: 0, unexpected: 0 },
      ],
    });
    expect(metrics['reconcile_lost']?.values).toMatchObject({ count: 0 });
  });

  inFullRun('are not looked for where nobody can look: nothing runs then', { timeout }, async () => {
    const words = ['load', example, '-u', '1', '-i', '1', '--var', 'KAFKA_BROKERS=127.0.0.1:1'];
    const env = { ...shareVars(vars), KAFKA_BROKERS: '127.0.0.1:1' };
    const ended = await runCli(words, { cwd: workspace.path, env });
    expect(ended.code, ended.output).toBe(3);
    expect(ended.output).toContain('`reconcile` cannot look at what it is about');
  });
});
