import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isFullRun, repeats } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { nameTopic } from '../../support/servers/kafka.ts';
import { expectNoCrash, giveVars, readEvents, runCli, startCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of workers', 1, 0) > 0);

const timeout = 60_000;
const patience = { timeout: 15_000, interval: 20 };

describeWithStack('several flows at the same time', ({ vars, kafkaBrokers: brokers }) => {
  const workspace = useWorkspace();
  const undone: string[] = [];
  let waiting = 0;
  let server: TestServer;
  beforeAll(async () => {
    server = await startHttpServer((request, response) => {
      const path = request.url ?? '';
      if (path === '/never') waiting++;
      else response.end('done');
      if (path.startsWith('/undo/')) undone.push(path.slice('/undo/'.length));
    });
  });
  afterAll(() => server.close());

  test('each sees its own message and its own row, on one topic and one table', { timeout }, async () => {
    const topic = nameTopic('workers');
    const numbers = [1, 2, 3, 4, 5, 6];
    for (const number of numbers) {
      const flow = `
name: order ${number}
env: { DB_URL: x, KEY: "k${number}-{{UUID}}" }
steps:
  - { id: send, action: kafka_producer, config: { brokers: "${brokers}", topic: ${topic}, key: "{{KEY}}", value: { n: ${number} } } }
  - { id: got, action: kafka_consumer, config: { brokers: "${brokers}", topic: ${topic}, timeout: 15s, match: { key: "{{KEY}}" }, exactly: true, settle: 300ms }, assert: ["message.value.n == ${number}"] }
  - { id: row, action: database_query, config: { connection: "{{DB_URL}}", query: "SELECT $1::int AS n", params: [${number}] }, assert: ["rows == [{n: ${number}}]"] }
`;
      workspace.write(`orders/order-${number}.yaml`, flow);
    }
    const reporters = ['--reporter', 'tree', '--reporter', 'ndjson=orders.ndjson'];
    const words = ['run', 'orders', '-j', '3', ...giveVars({ DB_URL: vars['DB_URL'] ?? '' }), ...reporters];
    const ended = await runCli(words, { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(0);
    expect(ended.stdout).toContain('6 flows: 6 passed   steps: 18 passed');
    let running = 0;
    let most = 0;
    for (const { type } of readEvents(workspace.read('orders.ndjson'))) {
      if (type === 'flow_started') most = Math.max(most, ++running);
      if (type === 'flow_finished') running--;
    }
    expect(most).toBe(3);
  });

  test('do not change verdicts: a wait that any message satisfies is not met by another flow', {
    timeout,
  }, async () => {
    const topic = nameTopic('logins');
    const heard = (config: string): string =>
      `  - { id: heard, action: kafka_consumer, config: { brokers: "${brokers}", topic: ${topic}, timeout: 1s${config} } }\n`;
    const login = (id: string): string =>
      `  - { id: ${id}, action: kafka_producer, config: { brokers: "${brokers}", topic: ${topic}, key: "{{USER_KEY}}", value: { kind: login } } }\n`;
    const soon = '  - { id: rest, action: delay, config: { duration: 300ms } }\n';
    const flow = (steps: string): string => `name: f\nenv: { USER_KEY: "u-{{UUID}}" }\nsteps:\n${steps}`;
    const texts: Readonly<Record<string, string>> = {
      'a-hears-nothing': flow(heard('')),
      'b-logs-in': flow(soon + login('sent')),
      'c-hears-no-kind': flow(heard(', match: { value: { kind: login } }')),
      'd-logs-in': flow(soon + login('sent')),
      'e-hears-itself': flow(login('sent') + heard(', match: { key: "{{USER_KEY}}" }')),
      'f-counts-all': flow(login('sent') + heard(', exactly: true')),
      'g-is-silent': flow(heard(', count: 0')),
      'h-logs-in': flow(soon + login('sent')),
      'i-hears-another': flow(login('sent') + heard(', match: { key: "v-{{UUID}}" }')),
    };
    for (const [name, text] of Object.entries(texts)) workspace.write(`logins/${name}.yaml`, text);
    const verdicts = async (workers: string): Promise<readonly string[]> => {
      const ended = await runCli(['run', 'logins', '-j', workers, '--reporter', 'ndjson'], { cwd: workspace.path });
      const events = readEvents(ended.stdout);
      expect(events.some((event) => event.type === 'run_noted' && event.text.startsWith('4 flows each run'))).toBe(
        workers !== '1',
      );
      return events
        .flatMap((event) => (event.type === 'flow_finished' ? [`${event.about.file} ${event.outcome}`] : []))
        .sort();
    };
    const alone = await verdicts('1');
    const failed = alone.filter((line) => line.endsWith('failed')).map((line) => line.replace(/^.*\/(.)-.*$/, '$1'));
    expect(failed).toEqual(['a', 'c', 'i']);
    for (const workers of isFullRun ? ['4', '8'] : ['8']) expect(await verdicts(workers)).toEqual(alone);
  });

  inFullRun('Ctrl-C tears down all that began, and begins no other', { timeout }, async () => {
    for (const name of ['a', 'b', 'c']) {
      const flow = `
name: flow ${name}
steps:
  - { id: waits, action: http_request, config: { url: "${server.url}/never" }, assert: [status == 200] }
teardown:
  - { id: undo, action: http_request, config: { url: "${server.url}/undo/${name}" }, assert: [status == 200] }
`;
      workspace.write(`waiting/${name}.yaml`, flow);
    }
    const cli = startCli(['run', 'waiting'], { cwd: workspace.path, env: { TESTMESH_WORKERS: '2' } });
    await vi.waitFor(() => expect(waiting).toBe(2), patience);
    cli.child.kill('SIGINT');
    const ended = await cli.ended;
    expect(ended.code, ended.output).toBe(130);
    expect(undone.sort()).toEqual(['a', 'b']);
    expect(ended.stdout).toContain('3 flows: 2 errored, 1 skipped');
    expect(ended.stdout).toContain('not reached: interrupted by SIGINT');
    expectNoCrash(ended);
  });
});
