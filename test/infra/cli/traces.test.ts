import { describe, expect, test } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { nameTopic } from '../../support/servers/kafka.ts';
import { giveVars, readEvents, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of traces', 1, 0) > 0);

const FLOWS = repeats('flows at the same time, told apart by their traces', 20, 3);

describeWithStack('flows whose events are told apart by their trace alone', ({ vars }) => {
  const workspace = useWorkspace();

  /** Places an order and waits for what it and its user are announced with, by nothing but the trace. */
  const describeFlow = (number: number): string => `
name: order ${number}
env: { KAFKA_BROKERS: x, USER_SERVICE_URL: x, PRODUCT_SERVICE_URL: x, ORDER_SERVICE_URL: x }
steps:
  - id: user
    action: http_request
    config:
      method: POST
      url: "{{USER_SERVICE_URL}}/api/v1/users"
      body: { name: "Ada ${number}", email: "ada-${number}-{{UUID}}@example.com" }
    assert: [status == 201]
    output: { user_id: $.body.id }
  - id: product
    action: http_request
    config: { method: POST, url: "{{PRODUCT_SERVICE_URL}}/api/v1/products", body: { name: "Chair ${number}", price: 5, inventory: 9 } }
    assert: [status == 201]
    output: { product_id: $.body.id }
  - id: order
    action: http_request
    config:
      method: POST
      url: "{{ORDER_SERVICE_URL}}/api/v1/orders"
      body: { user_id: "{{user_id}}", items: [{ product_id: "{{product_id}}", quantity: 1 }] }
    assert: [status == 201]
    output: { order_id: $.body.id }
  - id: announced
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: user.created, timeout: 20s, match: { trace: current }, exactly: true }
    assert: [message.value.user_id == user_id]
  - id: placed
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: order.placed, timeout: 20s, match: { trace: current }, exactly: true }
    assert: [message.value.order_id == order_id, 'message.headers.traceparent contains TRACE_ID']
`;

  test(`${FLOWS} at the same time never take the events of one another`, { timeout: 120_000 }, async () => {
    for (let number = 1; number <= FLOWS; number++) workspace.write(`orders/${number}.yaml`, describeFlow(number));
    const { KAFKA_BROKERS = '', USER_SERVICE_URL = '', PRODUCT_SERVICE_URL = '', ORDER_SERVICE_URL = '' } = vars;
    const given = giveVars({ KAFKA_BROKERS, USER_SERVICE_URL, PRODUCT_SERVICE_URL, ORDER_SERVICE_URL });
    const reporters = ['--reporter', 'tree', '--reporter', 'ndjson=all.ndjson'];
    const all = await runCli(['run', 'orders', '-j', String(FLOWS), ...given, ...reporters], { cwd: workspace.path });
    expect(all.code, all.output).toBe(0);
    const events = readEvents(workspace.read('all.ndjson'));
    const traces = events.flatMap((event) => (event.type === 'flow_finished' ? [event.about.traceId] : []));
    expect(new Set(traces).size).toBe(FLOWS);
    const order = events.map(({ type }) => type);
    // None waited for another: the first that ends began before the last that begins.
    expect(order.indexOf('flow_finished')).toBeGreaterThan(order.lastIndexOf('flow_started'));
  });

  test('the event that follows the answer of a stub is of the trace of what was asked', {
    timeout: 60_000,
  }, async () => {
    const topic = nameTopic('settled');
    workspace.write(
      'stub.yaml',
      `name: Payment
env: { KAFKA_BROKERS: x }
setup:
  - id: payments
    action: mock_server_start
    config:
      routes:
        - { path: /pay, then: [{ kafka: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, value: { from: "{{request.path}}" } } }] }
        - { path: /own, then: [{ kafka: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, headers: { traceparent: mine }, value: { from: own } } }] }
steps:
  - { action: http_request, config: { url: "{{payments.url}}/own" }, assert: [status == 200] }
  - { action: http_request, config: { url: "{{payments.url}}/pay" }, assert: [status == 200] }
  - id: settled
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, timeout: 20s, match: { trace: current }, exactly: true }
    assert: [message.value.from == "/pay", 'message.headers.baggage contains TRACE_ID']
`,
    );
    const ended = await runCli(['run', 'stub.yaml', ...giveVars({ KAFKA_BROKERS: vars['KAFKA_BROKERS'] ?? '' })], {
      cwd: workspace.path,
    });
    expect(ended.code, ended.output).toBe(0);
  });

  inFullRun('a wait that is run again by itself finds the event of the recorded run', { timeout: 60_000 }, async () => {
    workspace.write('again/order.yaml', describeFlow(0));
    const { KAFKA_BROKERS = '', USER_SERVICE_URL = '', PRODUCT_SERVICE_URL = '', ORDER_SERVICE_URL = '' } = vars;
    const given = giveVars({ KAFKA_BROKERS, USER_SERVICE_URL, PRODUCT_SERVICE_URL, ORDER_SERVICE_URL });
    const words = ['run', 'again', '--output-dir', 'records', ...given];
    const first = await runCli(words, { cwd: workspace.path });
    expect(first.code, first.output).toBe(0);
    for (const time of ['once', 'twice']) {
      const again = await runCli([...words, '--only', 'announced'], { cwd: workspace.path });
      expect(again.code, `${time} ${again.output}`).toBe(0);
      expect(again.stdout).toContain('1 matched of');
    }
  });
});

const SERVICE = `
import { createServer } from 'node:http';
createServer(async ({ url, headers }, response) => {
  const { traceparent } = headers;
  const answer = await fetch(process.env.USERS + '/users' + url, { headers: { traceparent } });
  response.writeHead(answer.status).end();
}).listen(0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port); });
`;
const PROJECT = `
services:
  orders: { command: [node, orders.mjs], env: { USERS: "{{stubs.users.url}}" }, ready: { log: 'listening on (?P<url>http://\\S+)' } }
stubs:
  users: { routes: [{ path: /users/u1 }] }
`;

describe('one stub that flows share', () => {
  const workspace = useWorkspace();

  test(`lets each of ${FLOWS} at the same time verify exactly its own calls`, { timeout: 120_000 }, async () => {
    workspace.write('orders.mjs', SERVICE);
    workspace.write('testmesh.yaml', PROJECT);
    for (let count = 1; count <= FLOWS; count++) {
      const call = `  - { action: http_request, config: { url: "{{services.orders.url}}/u1" }, assert: [status == 200] }\n`;
      const meet = `  - { action: mock_server_verify, config: { server: users, scope: all, count: ${(FLOWS * (FLOWS + 1)) / 2}, within: 60s } }\n`;
      const own = `  - { action: mock_server_verify, config: { server: users, path: /users/u1, count: ${count} }, assert: ["all(requests, .headers.traceparent contains TRACE_ID)"] }\n`;
      workspace.write(`flows/${count}.yaml`, `name: flow ${count}\nsteps:\n${call.repeat(count)}${meet}${own}`);
    }
    const ended = await runCli(['run', '-j', String(FLOWS)], { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(0);
    expect(ended.stdout).toContain(`${FLOWS} flows: ${FLOWS} passed`);
  });
});
