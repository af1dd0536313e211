import { expect, test } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { projectPath, runCli, shareVars, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of loads of the demo services', 1, 0) > 0);

const timeout = 60_000;

describeWithStack('a load of the demo services', ({ vars }) => {
  const workspace = useWorkspace();

  inFullRun(
    'each scenario of the example runs by itself, without the thresholds of the other',
    { timeout },
    async () => {
      const words = ['load', projectPath('examples/30-users-and-orders-under-load.yaml')];
      const options = { cwd: workspace.path, env: shareVars(vars) };
      const once = await runCli([...words, '--scenario', 'orders', '--once'], options);
      expect(once.code, once.output).toBe(0);
      const short = await runCli([...words, '--scenario', 'users', '--vus', '5', '--duration', '2s'], options);
      expect(short.code, short.output).toBe(0);
      expect(short.stdout).toContain('sign_up');
    },
  );

  test('waits for events and rows are measured, each for what its own iteration caused', { timeout }, async () => {
    const file = workspace.write(
      'journey.yaml',
      `
name: Journey
env: { USER_SERVICE_URL: "", KAFKA_BROKERS: "", DB_URL: "", EMAIL: "load-{{UUID}}@example.com" }
steps:
  - id: create_user
    action: http_request
    config: { method: POST, url: "{{USER_SERVICE_URL}}/api/v1/users", body: { name: "User {{VU}}", email: "{{EMAIL}}" } }
    assert: [status == 201]
    output: { user_id: $.body.id }
  - id: announced
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: user.created, timeout: 20s, match: { value: { user_id: "{{user_id}}" } } }
    assert: [message.value.email == EMAIL]
  - id: stored
    action: database_query
    config: { connection: "{{DB_URL}}", query: "SELECT email FROM user_service.users WHERE id = $1", params: ["{{user_id}}"] }
    assert: ['rows == [{email: EMAIL}]']
`,
    );
    const thresholds = [
      'event_lag:p(95)<20000',
      'kafka_wait_duration{step:announced}:max<20000',
      'db_query_duration:count<1',
    ];
    const words = ['load', file, '--vus', '3', '--iterations', '9', '--summary-export', 's.json'];
    const options = { cwd: workspace.path, env: shareVars(vars) };
    const wrong = await runCli([...words, '--threshold', thresholds[2] ?? ''], options);
    expect(wrong.code, wrong.output).toBe(2);
    const flags = thresholds.slice(0, 2).flatMap((one) => ['--threshold', one]);
    const ended = await runCli([...words, ...flags], options);
    expect(ended.code, ended.output).toBe(0);
    const summary = JSON.parse(workspace.read('s.json')) as LoadSummary;
    const counts = summary.series.filter(({ metric }) =>
      /^(?:event_lag|kafka_wait_duration|db_query_duration)$/.test(metric),
    );
    expect(Object.fromEntries(counts.map(({ metric, count }) => [metric, count]))).toEqual({
      event_lag: 9,
      kafka_wait_duration: 9,
      db_query_duration: 9,
    });
    expect(summary.checks.every(({ fails }) => fails === 0)).toBe(true);
  });
});
