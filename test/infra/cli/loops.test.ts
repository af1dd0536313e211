import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { connectOtherClient, nameTopic, type OtherClient } from '../../support/servers/kafka.ts';
import { readEvents, runCli, startCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of waits in loops', 1, 0) > 0);

const timeout = 60_000;

describeWithStack('loops, branches and called flows over real Kafka', ({ kafkaBrokers: brokers }) => {
  const workspace = useWorkspace();
  let other: OtherClient;
  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());

  const send = (value: string): string =>
    `{ id: send, action: kafka_producer, config: { brokers: "${brokers}", topic: "{{TOPIC}}", key: k, value: ${value} } }`;
  const wait = (id: string, match: string, assert = 'count == 1'): string =>
    `{ id: ${id}, action: kafka_consumer, config: { brokers: "${brokers}", topic: "{{TOPIC}}", timeout: 10s, match: ${match} }, assert: ["${assert}"] }`;
  const each = (steps: readonly string[], more = ''): string =>
    `{ id: each, action: for_each, config: { items: [1, 2, 3], ${more}steps: [ ${steps.join(', ')} ] } }`;

  /** Runs a flow over a topic that holds look-alikes of earlier runs. */
  async function run(steps: readonly string[], files: Record<string, string> = {}) {
    const topic = nameTopic('loops');
    const old = Array.from({ length: 50 }, () => ({ key: 'k', value: '{"kind":"order","n":0}' }));
    await other.send(topic, old);
    for (const [name, text] of Object.entries(files)) workspace.write(name, text.replaceAll('TOPIC_HERE', topic));
    const name = `${workspace.nextName('flow')}.yaml`;
    workspace.write(
      name,
      `name: loops\nenv: { TOPIC: ${topic} }\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`,
    );
    const ended = await runCli(['run', name, '--reporter', 'tree', '--reporter', 'ndjson=events.ndjson'], {
      cwd: workspace.path,
    });
    return { ...ended, name, events: readEvents(workspace.read('events.ndjson')) };
  }

  test('each round sees the event of its own, though all look alike', { timeout }, async () => {
    const ended = await run([
      each([
        send('{ kind: order, n: "{{item}}" }'),
        wait('got', '{ value: { kind: order } }', 'message.value.n == item'),
      ]),
    ]);
    expect(ended.code, ended.output).toBe(0);
    const only = await runCli(['run', ended.name, '--only', 'each[1]>got'], { cwd: workspace.path });
    expect(only.code, only.output).toBe(0);
    expect(only.stdout).toMatch(/✓ \[1\] got/);
  });

  inFullRun('what was sent before the loop is found in it, each message once', { timeout }, async () => {
    const sends = [1, 2, 3].map((n) => send(`{ kind: order, n: ${n} }`).replace('id: send', `id: send_${n}`));
    const byMatch = await run([...sends, each([wait('got', '{ value: { n: "{{item}}" } }')])]);
    expect(byMatch.code, byMatch.output).toBe(0);
    const anyOne = wait('got', '{ }', 'message.value.n == item').replace(', match: { }', '');
    const inOrder = await run([...sends, each([anyOne])]);
    expect(inOrder.code, inOrder.output).toBe(0);
  });

  inFullRun('rounds at the same time do not take each other’s', { timeout }, async () => {
    const steps = [
      send('{ kind: order, n: "{{item}}" }'),
      wait('got', '{ value: { n: "{{item}}" } }', 'message.value.n == item'),
    ];
    const ended = await run([each(steps, 'max_concurrent: 3, ')]);
    expect(ended.code, ended.output).toBe(0);
  });

  test('a branch that waits sees what another one sends meanwhile', { timeout }, async () => {
    const branches = `{ id: par, action: parallel, config: { steps: [ ${wait('got', '{ value: { n: 9 } }')}, ${send('{ n: 9 }')} ] } }`;
    expect((await run([branches])).code).toBe(0);
  });

  inFullRun('a flow that only waits finds what its caller caused before the call', { timeout }, async () => {
    const lib = `name: waits\nenv: { n: 0, TOPIC: TOPIC_HERE }\nsteps: [ ${wait('got', '{ value: { n: "{{n}}" } }')} ]\n`;
    const call = '{ id: call, action: run_flow, config: { flow: waits.yaml, input: { n: 7 } } }';
    const ended = await run([send('{ kind: order, n: 7 }'), call], { 'waits.yaml': lib });
    expect(ended.code, ended.output).toBe(0);
  });

  test('a missing event turns its round red, and names it', { timeout }, async () => {
    const steps = [send('{ kind: order, n: 1 }'), wait('got', '{ value: { n: "{{item}}" } }').replace('10s', '500ms')];
    const ended = await run([each(steps)]);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toMatch(/✓ \[0\] got/);
    expect(ended.stdout).toMatch(/✗ \[1\] got/);
    expect(ended.stdout).toContain("--only 'each[1]>got'");
  });

  inFullRun('an interruption in a loop undoes what its rounds did', { timeout }, async () => {
    const name = workspace.write(
      'interrupted.yaml',
      `name: x
steps:
  - id: each
    action: for_each
    config:
      items: [1, 2, 3]
      steps:
        - { id: make, action: log, config: { message: "made {{item}}" }, cleanup: { action: log, config: { message: "undone {{item}}" } } }
        - { id: pause, action: delay, config: { duration: "{{item == 2 ? '1h' : '10ms'}}" } }
`,
    );
    const running = startCli(['run', name], { cwd: workspace.path });
    await vi.waitFor(() => expect(running.stdout()).toContain('made 2'), { timeout: 10_000 });
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code, ended.output).toBe(143);
    expect(ended.stdout).toMatch(/undone 2.*undone 1/s);
    expect(ended.stdout).not.toContain('made 3');
  });
});
