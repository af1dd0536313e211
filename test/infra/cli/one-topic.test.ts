import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/model/events.ts';
import { repeats } from '../../support/sample.ts';
import { nameTopic } from '../../support/servers/kafka.ts';
import { expectNoCrash, readEvents, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of flows on one topic', 1, 0) > 0);

const timeout = 240_000;
const FLOWS = repeats('flows on one topic', 20, 3);
/** A flow that sends one event, with its number, and awaits its own: exactly one, and none more while it settles. */
const describeFlow = (number: number, { brokers, topic, run }: Place): string => `
name: flow ${number}
env: { OWN: "{{UUID}}" }
steps:
  - id: send
    action: kafka_producer
    config: { brokers: "${brokers}", topic: ${topic}, key: "one key", value: { run: ${run}, flow: ${number}, own: "{{OWN}}" } }
  - id: own
    action: kafka_consumer
    config:
      brokers: "${brokers}"
      topic: ${topic}
      timeout: 30s
      match: { value: { run: ${run}, flow: ${number}, own: "{{OWN}}" } }
      exactly: true
      settle: 500ms
    assert:
      - count == 1
      - message.value.flow == ${number}
      - message.offset == send.offset
      - message.partition == send.partition
`;

interface Place {
  readonly brokers: string;
  readonly topic: string;
  readonly run: string;
}

describeWithStack('many flows on one topic', ({ kafkaBrokers: brokers }) => {
  const workspace = useWorkspace();
  const numbers = Array.from({ length: FLOWS }, (_, index) => index + 1);
  const write = (folder: string, place: Place): string[] =>
    numbers.map((number) => workspace.write(`${folder}/flow-${number}.yaml`, describeFlow(number, place)));
  /** What the flows' waits got: flow → the number in its event. */
  const readOwn = (events: readonly RunEvent[]): unknown[] =>
    events.flatMap((event) =>
      event.type === 'step_finished' && event.step.address === 'own' ? [readNumber(event.output.result)] : [],
    );

  test(`${FLOWS} in one process, all at the same time, each see exactly their own event`, { timeout }, async () => {
    const topic = nameTopic('together');
    write('together', { brokers, topic, run: 'together' });
    const words = [
      'run',
      'together',
      '-j',
      String(FLOWS),
      '--reporter',
      'tree',
      '--reporter',
      'ndjson=together.ndjson',
    ];
    const ended = await runCli(words, { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(0);
    const events = readEvents(workspace.read('together.ndjson'));
    expect(readOwn(events).sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
    const started = events.findLastIndex(({ type }) => type === 'flow_started');
    expect(started).toBeLessThan(events.findIndex(({ type }) => type === 'flow_finished'));
  });

  test(`${FLOWS} processes at the same time each see exactly their own event`, {
    timeout,
  }, async () => {
    const topic = nameTopic('apart');
    const files = write('apart', { brokers, topic, run: 'apart' });
    const ends = await Promise.all(
      files.map((file) => runCli(['run', file, '--reporter', 'ndjson'], { cwd: workspace.path })),
    );
    for (const ended of ends) {
      expect(ended.code, ended.output).toBe(0);
      expectNoCrash({ output: ended.stderr });
    }
    const own = ends.flatMap(({ stdout }) => readOwn(readEvents(stdout)));
    expect(own.sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
  });

  inFullRun('an event that comes twice is seen by its own flow alone', { timeout }, async () => {
    const topic = nameTopic('twice');
    const files = write('twice', { brokers, topic, run: 'twice' });
    const twice = describeFlow(FLOWS, { brokers, topic, run: 'twice' }).replace(
      '  - id: own',
      `  - { id: again, action: kafka_producer, config: { brokers: "${brokers}", topic: ${topic}, value: { run: twice, flow: ${FLOWS}, own: "{{OWN}}" } } }\n  - id: own`,
    );
    workspace.write(files.at(-1) ?? '', twice);
    const words = ['run', 'twice', '-j', String(FLOWS), '--reporter', 'ndjson'];
    const ended = await runCli(words, { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(1);
    const finished = readEvents(ended.stdout).filter((event) => event.type === 'flow_finished');
    expect(
      finished.filter(({ outcome }) => outcome !== 'passed').map(({ about, outcome }) => [about.id, outcome]),
    ).toEqual([[`flow-${FLOWS}`, 'failed']]);
  });
});

function readNumber(result: unknown): unknown {
  const { message } = result as { message: { value: { flow: unknown } } };
  return message.value.flow;
}
