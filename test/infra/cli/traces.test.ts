import { expect, test } from 'vitest';
import { giveVars, readEvents, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const FLOWS = 20;

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

  test('a wait that is run again by itself finds the event of the recorded run', { timeout: 60_000 }, async () => {
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
