import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { calmKafkajs } from '../../../demo-services/shared/calm-kafkajs.ts';
import type { Json } from './json-client.ts';

export interface SeenEvent {
  topic: string;
  key: string | undefined;
  value: Json;
  headers: Record<string, string>;
}

export interface TopicWatch {
  /** All events seen so far on a topic whose fields equal the given ones. */
  find(topic: string, fields: Json): SeenEvent[];
  publish(topic: string, value: Json | string): Promise<void>;
  close(): Promise<void>;
}

/** Reads whole topics with a group of its own, and can write to them. */
export async function watchTopics(brokers: string, topics: string[]): Promise<TopicWatch> {
  calmKafkajs();
  const kafka = new Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 300 });
  const seen: SeenEvent[] = [];
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      const value = parse(String(message.value));
      seen.push({ topic, key: message.key?.toString(), value, headers: Object.fromEntries(headers) });
    },
  });
  return {
    find: (topic, fields) =>
      seen.filter((event) => {
        return event.topic === topic && Object.entries(fields).every(([name, value]) => event.value[name] === value);
      }),
    async publish(topic, value) {
      await producer.send({ topic, messages: [{ value: typeof value === 'string' ? value : JSON.stringify(value) }] });
    },
    async close() {
      await Promise.all([consumer.disconnect(), producer.disconnect()]);
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
