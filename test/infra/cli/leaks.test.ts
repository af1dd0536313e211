import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAllReporters, readAllReports } from '../../support/leaks/all-reports.ts';
import { expectNoLeak } from '../../support/leaks/find-leaks.ts';
import { ODD_SECRETS, SAMPLE } from '../../support/leaks/odd-secrets.ts';
import {
  LEARNED_MESSAGES,
  LEARNED_ROWS,
  PLACED_MESSAGES,
  REDIS_PLACES,
  SERVICE_PLACES,
} from '../../support/leaks/places.ts';
import { repeats, sample } from '../../support/sample.ts';
import { connectOtherClient, nameTopic } from '../../support/servers/kafka.ts';
import { describeWithPrograms, type OwnServer, startRedis } from '../../support/servers/programs.ts';
import { giveVars, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of leaks through servers', 1, 0) > 0);

const timeout = 120_000;
const few = sample('odd secrets through servers', SAMPLE, { count: 1 });
const workspace = useWorkspace();

/** Runs flows and gives everything that they leave. */
async function runPlaces(places: Readonly<Record<string, string>>, secret: string, vars: Record<string, string>) {
  const folder = workspace.nextName('places');
  for (const [name, steps] of sample('places of a secret', Object.entries(places), { count: 3 })) {
    workspace.write(`${folder}/${name}.yaml`, `name: ${name}\nsecrets: [S]\nenv: { S: none }\nsteps:\n${steps}`);
  }
  const words = [
    'run',
    folder,
    '-vv',
    '-j',
    '8',
    ...askAllReporters(`${folder}-reports`),
    '--log-level',
    'debug',
    '--output-dir',
    `${folder}-out`,
  ];
  const ended = await runCli([...words, ...giveVars(vars)], { cwd: workspace.path, env: { S: secret } });
  expect(ended.stderr).not.toContain('nothing ran');
  expect([1, 3]).toContain(ended.code);
  return {
    stdout: ended.stdout,
    stderr: ended.stderr,
    record: workspace.readAll(`${folder}-out`),
    ...readAllReports(`${folder}-reports`, (file) => workspace.read(file)),
  };
}

describeWithStack('a secret that goes to a database and through Kafka', ({ databaseUrl, kafkaBrokers }) => {
  // Beside each other: most of their time they wait for what does not come.
  test.concurrent.each(few)('shows nowhere: with %s', { timeout }, async (name) => {
    const secret = ODD_SECRETS[name] ?? '';
    const vars = { DB: databaseUrl, BROKERS: kafkaBrokers, TOPIC: nameTopic('leaks') };
    expectNoLeak(await runPlaces(SERVICE_PLACES, secret, vars), secret);
  });

  inFullRun.each(few)('shows nowhere when a wait did not take its message: with %s', { timeout }, async (name) => {
    const secret = ODD_SECRETS[name] ?? '';
    const client = await connectOtherClient(kafkaBrokers);
    const topic = nameTopic('leaks');
    await client.createTopic(topic, 1);
    await client.send(topic, [{ value: JSON.stringify({ text: secret, is: 'there' }) }]);
    await client.close();
    expectNoLeak(await runPlaces(LEARNED_MESSAGES, 'nothing', { BROKERS: kafkaBrokers, TOPIC: topic }), secret);
  });

  inFullRun('shows nowhere when nobody declared it and a near miss has it as its password', { timeout }, async () => {
    const secret = ODD_SECRETS['plain'] ?? '';
    const shown = await runPlaces(PLACED_MESSAGES, 'nothing', {
      BROKERS: kafkaBrokers,
      TOPIC: nameTopic('leaks'),
      X: secret,
    });
    expect(shown.stdout).toContain('✗ value.password: expected string "***", got string "***"');
    expectNoLeak(shown, secret);
  });

  inFullRun.each(few)('shows nowhere when it is learned from a row: with %s', { timeout }, async (name) => {
    const secret = ODD_SECRETS[name] ?? '';
    const vars = { DB: databaseUrl, R: Array.from(secret).reverse().join('') };
    expectNoLeak(await runPlaces(LEARNED_ROWS, 'nothing', vars), secret);
  });
});

describeWithPrograms('a secret that goes to Redis', ['redis-server'], () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  inFullRun.each(few)('shows nowhere: with %s', { timeout }, async (name) => {
    const secret = ODD_SECRETS[name] ?? '';
    expectNoLeak(await runPlaces(REDIS_PLACES, secret, { REDIS: `redis://127.0.0.1:${server.port}` }), secret);
  });
});
