import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectOtherClient, nameTopic } from '../support/servers/kafka.ts';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { run, TESTMESH } from './processes.ts';
import { least, median } from './statistics.ts';

const ROUNDS = 15;

/** How much later the first step begins when the flow waits for messages: loading the client, asking the broker for offsets. */
export const kafkaStart: Figure = {
  name: 'kafka-start',
  needsStack: true,
  async measure({ folder, kafkaBrokers }: BenchPlace): Promise<readonly Reading[]> {
    const topic = nameTopic('bench-start');
    const other = await connectOtherClient(kafkaBrokers);
    await other.createTopic(topic, 3);
    await other.close();
    writeFileSync(join(folder, 'without.yaml'), describeFlow());
    writeFileSync(join(folder, 'with.yaml'), `${describeFlow()}${describeWait(kafkaBrokers, topic)}`);
    const node: number[] = [];
    const without: number[] = [];
    const withKafka: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const times = [
        (await run([process.execPath, '-e', '0'], { cwd: folder })).wallMs,
        await timeFirstStep('without.yaml', folder),
        await timeFirstStep('with.yaml', folder),
      ] as const;
      if (round === 0) continue;
      node.push(times[0]);
      without.push(times[1]);
      withKafka.push(times[2]);
    }
    const later = Math.min(least(withKafka) - least(without), median(withKafka) - median(without));
    return [
      {
        figure: 'first step later for Kafka / node -e 0',
        value: later / least(node),
        limit: 1,
        unit: '×',
        detail: `first step after ${least(withKafka).toFixed(0)} ms, without Kafka ${least(without).toFixed(0)} ms, node -e 0 ${least(node).toFixed(0)} ms`,
      },
    ];
  },
};

/** From the start of the process to the line that tells of the first step, ms. */
async function timeFirstStep(flow: string, cwd: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [TESTMESH, 'run', flow, '--reporter', 'ndjson'], { cwd });
  let elapsedMs: number | undefined;
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('"step_started"')) elapsedMs ??= performance.now() - startedAt;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || elapsedMs === undefined) throw new Error(`${flow} ended with ${code}:\n${text}`);
  return elapsedMs;
}

function describeFlow(): string {
  return `name: start
steps:
  - { id: first, action: log, config: { message: begun } }
`;
}

function describeWait(brokers: string, topic: string): string {
  return `  - id: silence
    action: kafka_consumer
    config: { brokers: "${brokers}", topic: ${topic}, count: 0, timeout: 300ms }
`;
}
