import { type Consumer, Kafka, type KafkaMessage, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { calmKafkajs } from './calm-kafkajs.ts';
import type { Topic } from './events.ts';
import type { Send } from './outbox.ts';
import type { Readiness } from './readiness.ts';

/** Names the client and bounds its own retries: the services have loops of their own. */
export function openKafka(clientId: string, brokers: string[], log: Logger): Kafka {
  calmKafkajs();
  return new Kafka({
    clientId,
    brokers,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, error } }) =>
        log.debug({ namespace, error }, message),
  });
}

/** Creates topics that are missing and resolves when each has a leader. */
export async function prepareTopics(kafka: Kafka, topics: Topic[]): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const wanted = topics.map((topic) => ({ topic, numPartitions: -1, replicationFactor: -1 }));
    await admin.createTopics({ topics: wanted, waitForLeaders: true });
    const metadata = await admin.fetchTopicMetadata({ topics });
    const leaderless = metadata.topics.filter(({ partitions }) => !partitions.every(({ leader }) => leader >= 0));
    if (leaderless.length > 0) throw new Error(`no leader for ${leaderless.map(({ name }) => name).join(', ')}`);
  } finally {
    await admin.disconnect();
  }
}

export function createProducer(kafka: Kafka): Producer {
  return kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
}

/** Sends JSON text without a key, with the trace as headers. */
export function sendWith(producer: Producer): Send {
  return async (topic, payload, headers) => {
    await producer.send({ topic, messages: [{ value: payload, headers }], timeout: 5_000 });
  };
}

/** A consumer in the group of its service; `readiness` waits for partitions of each topic, also after a lost connection. */
export function createConsumer(
  kafka: Kafka,
  { group, topics, readiness }: { group: string; topics: Topic[]; readiness: Readiness },
): Consumer {
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    // how long a stop waits for the poll under way
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    retry: { retries: 5, initialRetryTime: 200, maxRetryTime: 1_000, restartOnFailure: async () => true },
  });
  const describe = (topic: Topic): string => `partitions of ${topic}`;
  const expectAll = (): void => topics.forEach((topic) => void readiness.expect(describe(topic)));
  consumer.on('consumer.group_join', ({ payload }) => {
    for (const topic of topics) {
      const isAssigned = (payload.memberAssignment[topic] ?? []).length > 0;
      if (isAssigned) readiness.fulfil(describe(topic));
      else readiness.expect(describe(topic));
    }
  });
  consumer.on('consumer.rebalancing', expectAll);
  consumer.on('consumer.crash', expectAll);
  expectAll();
  return consumer;
}

/** Subscribes and hands every message to `handle`; a rejection has the message delivered again. */
export async function runConsumer(
  consumer: Consumer,
  topics: Topic[],
  handle: (topic: Topic, message: KafkaMessage) => Promise<void>,
): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ topic, message }) => handle(topic as Topic, message) });
}
