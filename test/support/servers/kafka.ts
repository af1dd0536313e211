import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, logLevel, Partitioners } from 'kafkajs';
import { safeParse } from 'zod/v4/core';
import { calmKafkajs } from '../../../demo-services/shared/calm-kafkajs.ts';
import type { Value } from '../../../src/expr/index.ts';
import type { ActionDefinition } from '../../../src/model/action/definition.ts';
import type { ActionOutcome } from '../../../src/model/action/outcome.ts';
import type { Stop } from '../../../src/stop/stop.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from '../fake-io.ts';
import { checkResult } from '../result-kinds.ts';

export interface StepChoices {
  readonly timeoutMs?: number;
  readonly stop?: Stop;
  readonly isReplay?: boolean;
  readonly isConditional?: boolean;
  readonly isCounted?: boolean;
  readonly isErrorExpected?: boolean;
}

/** One flow for Kafka steps: they share resources, and what they remember is kept. */
export interface KafkaFlow {
  readonly memory: Map<string, Value>;
  readonly io: FakeIo;
  prepare(address: string, config: object, choices?: StepChoices): Promise<void>;
  run(address: string, config: object, choices?: StepChoices): Promise<ActionOutcome>;
  /** Does what was registered to happen right before a step. */
  reach(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes a flow whose steps are all of one action. */
export function createKafkaFlow<C>(action: ActionDefinition<C>, options: FakeIoOptions = {}): KafkaFlow {
  const io = createFakeIo(options);
  const memory = new Map<string, Value>();
  const hooks = new Map<string, () => Promise<void>>();
  const at = (
    address: string,
    { timeoutMs, stop = io.stop, isReplay = false, isCounted, isErrorExpected }: StepChoices = {},
  ) => ({
    ...io,
    stop,
    step: {
      id: address,
      address,
      timeoutMs: timeoutMs ?? io.step.timeoutMs,
      attempt: 1,
      locate: io.step.locate,
      isCounted,
      isErrorExpected,
      trace: io.step.trace,
    },
    memory: {
      isReplay,
      remember: (key: string, value: Value) => void memory.set(`${address}/${key}`, value),
      recall: (key: string) => memory.get(`${address}/${key}`),
    },
  });
  return {
    memory,
    io,
    async prepare(address, config, choices) {
      const beforeStep = (id: string, call: () => Promise<void>) => void hooks.set(id, call);
      const prepareIo = { ...at(address, choices), isConditional: choices?.isConditional ?? false, beforeStep };
      await action.preparation?.prepare?.(check(action, config), prepareIo);
    },
    async run(address, config, choices) {
      const outcome = await action.run(check(action, config), at(address, choices));
      checkResult(action, config, outcome.result);
      return outcome;
    },
    reach: async (id) => hooks.get(id)?.(),
    close: async () => void (await io.close()),
  };
}

/** Settings as an action gets them. @throws when its schema does not accept them */
function check<C>(action: ActionDefinition<C>, config: object): C {
  const checked = safeParse(action.settings.schema, config);
  if (!checked.success) throw new Error(checked.error.issues.map((issue) => issue.message).join('\n'));
  return checked.data;
}

export interface OtherClient {
  send(topic: string, messages: readonly OtherMessage[]): Promise<void>;
  createTopic(topic: string, partitions: number, more?: TopicOptions): Promise<void>;
  /** Adds partitions until the topic has `count`. */
  addPartitions(topic: string, count: number): Promise<void>;
  /** Reads a topic from its beginning until it has `count` messages. */
  read(topic: string, count: number): Promise<readonly OtherMessage[]>;
  listGroups(): Promise<readonly string[]>;
  listTopics(): Promise<readonly string[]>;
  /** Writes in a transaction that stays open. */
  begin(topic: string, values: readonly string[]): Promise<OpenTransaction>;
  /** Writes in one transaction, which is committed or not. */
  transact(topic: string, values: readonly string[], end: 'commit' | 'abort'): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** Deletes the messages of partition 0 before an offset. */
  truncate(topic: string, offset: number): Promise<void>;
  close(): Promise<void>;
}

interface TopicOptions {
  /** Settings of the topic. */
  readonly config?: Readonly<Record<string, string>>;
  /** The brokers of each partition, its leader first. */
  readonly replicas?: readonly (readonly number[])[];
}

interface OpenTransaction {
  commit(): Promise<void>;
  abort(): Promise<void>;
}

interface OtherMessage {
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Record<string, string | Buffer | (string | Buffer)[] | undefined>;
  readonly partition?: number;
  readonly timestamp?: string;
}

/** A client that has nothing to do with ours: what it writes we read, what we write it reads. */
export async function connectOtherClient(brokers: string): Promise<OtherClient> {
  calmKafkajs();
  const kafka = new Kafka({ clientId: 'other', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  return {
    send: async (topic, messages) =>
      void (await producer.send({ topic, messages: messages.map((one) => ({ ...one })) })),
    createTopic: async (topic, numPartitions, { config = {}, replicas } = {}) => {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      const replicaAssignment = replicas?.map((nodes, partition) => ({ partition, replicas: [...nodes] }));
      const wanted = replicaAssignment ? { replicaAssignment } : { numPartitions };
      await admin.createTopics({ topics: [{ topic, configEntries, ...wanted }], waitForLeaders: false });
      await waitForTopic(admin, topic);
    },
    addPartitions: async (topic, count) => void (await admin.createPartitions({ topicPartitions: [{ topic, count }] })),
    deleteTopic: (topic) => admin.deleteTopics({ topics: [topic] }),
    truncate: (topic, offset) =>
      admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] }),
    read: (topic, count) => readTopic(kafka, topic, count),
    listGroups: async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId),
    listTopics: () => admin.listTopics(),
    begin: (topic, values) => begin(kafka, topic, values),
    transact: async (topic, values, end) => (await begin(kafka, topic, values))[end](),
    close: async () => void (await Promise.all([producer.disconnect(), admin.disconnect()])),
  };
}

/** The library's own wait gives up when the broker does not know the topic yet. */
async function waitForTopic(admin: Admin, topic: string): Promise<void> {
  for (let looks = 0; looks < 200; looks++) {
    const found = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    if (found?.topics[0]?.partitions.every(({ leader }) => leader >= 0)) return;
    await sleep(20);
  }
  throw new Error(`the broker did not make \`${topic}\``);
}

async function begin(kafka: Kafka, topic: string, values: readonly string[]): Promise<OpenTransaction> {
  const createPartitioner = Partitioners.DefaultPartitioner;
  const producer = kafka.producer({
    createPartitioner,
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: values.map((value) => ({ value })) });
  const end = async (how: 'commit' | 'abort') => {
    await transaction[how]();
    await producer.disconnect();
  };
  return { commit: () => end('commit'), abort: () => end('abort') };
}

async function readTopic(kafka: Kafka, topic: string, count: number): Promise<readonly OtherMessage[]> {
  const consumer = kafka.consumer({ groupId: `other-${topic}`, maxWaitTimeInMs: 200 });
  const found: OtherMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({
      message,
      partition,
    }: {
      message: { key: Buffer | null; value: Buffer | null; headers?: object };
      partition: number;
    }) => {
      found.push({ key: message.key, value: message.value, headers: { ...message.headers }, partition });
      if (found.length === count) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return found;
}

let lastTopic = 0;

/** A topic that no other test uses. */
export function nameTopic(what: string): string {
  return `${what}.${process.pid}.${performance.now().toString(36).replace('.', '')}.${++lastTopic}`;
}
