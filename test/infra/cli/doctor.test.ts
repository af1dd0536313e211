import { expect, test } from 'vitest';
import { runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('testmesh doctor', ({ databaseUrl, kafkaBrokers, urls }) => {
  const workspace = useWorkspace();
  test('names the versions of what the stack has', async () => {
    const env = { DB: databaseUrl, KAFKA_BROKERS: kafkaBrokers, USERS: Object.values(urls)[0] };
    workspace.write(
      'flows/a.yaml',
      `name: a\nenv: ${JSON.stringify(env)}\nsteps: [{ action: log, config: { message: x } }]\n`,
    );
    const { code, stdout } = await runCli(['doctor'], { cwd: workspace.path });
    expect([code, stdout.match(/^✗.*/gm)]).toEqual([0, null]);
    expect(stdout).toMatch(/^✓ DB .* PostgreSQL \d+\.\d+, in /m);
    expect(stdout).toMatch(/^✓ KAFKA_BROKERS .* \d+ topics, in /m);
    expect(stdout).toMatch(/^✓ USERS .* \d{3}(?:, .*)?, in /m);
  });
});
