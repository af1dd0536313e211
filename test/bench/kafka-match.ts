import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectOtherClient, nameTopic, type OtherClient } from '../support/servers/kafka.ts';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { findBare, TESTMESH } from './processes.ts';
import { readResults } from './results.ts';
import { quantile, spread } from './statistics.ts';

const OLDER = 100_000;
const BATCH = 5000;
const MESSAGES = 40;
/** Between two messages, so that each is waited for. */
const GAP_MS = 60;
const LONGEST_MS = 60_000;

/** How soon a message is matched among many older look-alikes, against the client alone that reads from the topic's end. */
export const kafkaMatch: Figure = {
  name: 'kafka',
  needsStack: true,
  async measure({ folder, kafkaBrokers }: BenchPlace): Promise<readonly Reading[]> {
    const other = await connectOtherClient(kafkaBrokers);
    try {
      const topic = nameTopic('bench-match');
      await other.createTopic(topic, 1);
      await fill(other, topic);
      const sent = { other, topic };
      const bare = await follow([findBare('kafka'), kafkaBrokers, topic, String(MESSAGES)], 'ready', sent, folder);
      const groups = await other.listGroups();
      writeFileSync(join(folder, 'match.yaml'), describeFlow(kafkaBrokers, topic));
      const ours = await follow(
        [TESTMESH, 'run', 'match.yaml', '--reporter', 'ndjson'],
        '"step_started"',
        sent,
        folder,
      );
      const left = (await other.listGroups()).filter((group) => !groups.includes(group));
      return describeReadings(JSON.parse(bare.split('\n')[1] ?? '') as number[], ours, left);
    } finally {
      await other.close();
    }
  },
};

function describeReadings(bare: readonly number[], lines: string, groups: readonly string[]): readonly Reading[] {
  const results = [...readResults(lines).values()];
  const lags = results.map((result) => Number(result['lag_ms']));
  const seen = Math.max(...results.map((result) => Number(result['seen'])));
  if (lags.length !== MESSAGES) throw new Error(`expected ${MESSAGES} matches, got ${lags.length}`);
  return [
    {
      figure: 'Kafka match, lag p95',
      value: quantile(lags, 0.95),
      limit: quantile(bare, 0.95) + 5,
      unit: 'ms',
      detail: `${spread(lags)} ms, the client alone ${spread(bare)} ms, p95 ${quantile(bare, 0.95)} ms`,
    },
    {
      figure: `Kafka messages seen of ${OLDER + MESSAGES}`,
      value: seen,
      limit: 99,
      unit: '',
      detail: `${MESSAGES} of them sent meanwhile`,
    },
    { figure: 'consumer groups left', value: groups.length, limit: 0, unit: '', detail: groups.join(', ') },
  ];
}

/** Runs a program and, once it tells that it is ready, sends it the messages one by one; gives what it printed. */
async function follow(
  words: readonly string[],
  readyWord: string,
  { other, topic }: { other: OtherClient; topic: string },
  cwd: string,
): Promise<string> {
  const child = spawn(process.execPath, words, { cwd, timeout: LONGEST_MS });
  let text = '';
  let sending: Promise<void> | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes(readyWord)) sending ??= sendAll(other, topic);
  });
  child.stderr.pipe(process.stderr);
  const [code] = await once(child, 'close');
  await sending;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${text}`);
  return text;
}

async function sendAll(other: OtherClient, topic: string): Promise<void> {
  for (let index = 1; index <= MESSAGES; index++) {
    await sleep(GAP_MS);
    await other.send(topic, [{ key: `order-${index}`, value: describeEvent(index) }]);
  }
}

async function fill(other: OtherClient, topic: string): Promise<void> {
  for (let start = 0; start < OLDER; start += BATCH) {
    const messages = Array.from({ length: BATCH }, (_, index) => ({
      key: `order-${(index % MESSAGES) + 1}`,
      value: describeEvent((index % MESSAGES) + 1),
    }));
    await other.send(topic, messages);
  }
}

function describeEvent(index: number): string {
  return JSON.stringify({ type: 'order.created', order: { id: index, total: 59.98 } });
}

function describeFlow(brokers: string, topic: string): string {
  const steps = Array.from({ length: MESSAGES }, (_, index) => describeWait(brokers, topic, index + 1));
  return `name: match\nsteps:\n${steps.join('')}`;
}

function describeWait(brokers: string, topic: string, index: number): string {
  return `  - id: wait_${index}
    action: kafka_consumer
    config:
      brokers: "${brokers}"
      topic: ${topic}
      timeout: 20s
      match: { key: order-${index}, value: { order: { id: ${index} } } }
`;
}
