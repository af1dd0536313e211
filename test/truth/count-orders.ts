import { randomUUID } from 'node:crypto';
import { type EachMessagePayload, Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { calmKafkajs } from '../../demo-services/shared/calm-kafkajs.ts';
import type { Stack } from '../../demo-services/stack/stack.ts';

const TOPIC = 'order.placed';

/** The orders of one user, counted without testmesh. */
export interface OrderCounts {
  /** Ids in the table. */
  readonly rows: ReadonlySet<string>;
  /** How many events each id has. */
  readonly events: ReadonlyMap<string, number>;
}

/** Where each partition of the topic ends. */
export type TopicEnds = ReadonlyMap<number, bigint>;

export async function findTopicEnds(brokers: string): Promise<TopicEnds> {
  const admin = connect(brokers).admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(TOPIC);
    return new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]));
  } finally {
    await admin.disconnect();
  }
}

/** Asks the table, and reads the topic from where it ended with another client. */
export async function countOrders(
  { databaseUrl, kafkaBrokers }: Pick<Stack, 'databaseUrl' | 'kafkaBrokers'>,
  { email, ends }: { email: string; ends: TopicEnds },
): Promise<OrderCounts> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const users = await client.query('SELECT id FROM user_service.users WHERE email = $1', [email]);
    const userId = String(users.rows[0]?.id);
    const orders = await client.query('SELECT id FROM order_service.orders WHERE user_id = $1', [userId]);
    const rows = new Set(orders.rows.map(({ id }) => String(id)));
    return { rows, events: await countEvents(kafkaBrokers, { userId, ends }) };
  } finally {
    await client.end();
  }
}

async function countEvents(
  brokers: string,
  { userId, ends }: { userId: string; ends: TopicEnds },
): Promise<ReadonlyMap<string, number>> {
  const now = await findTopicEnds(brokers);
  const left = new Map([...now].filter(([partition, end]) => end > (ends.get(partition) ?? 0n)));
  const counts = new Map<string, number>();
  if (left.size === 0) return counts;
  const kafka = connect(brokers);
  const consumer = kafka.consumer({ groupId: `count-${randomUUID()}`, maxWaitTimeInMs: 300 });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ partition, message }: EachMessagePayload): Promise<void> => {
        const offset = BigInt(message.offset);
        const end = now.get(partition) ?? 0n;
        if (offset >= (ends.get(partition) ?? 0n) && offset < end) note(counts, userId, message.value);
        if (offset + 1n >= end) left.delete(partition);
        if (left.size === 0) resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return counts;
}

function note(counts: Map<string, number>, userId: string, value: Buffer | null): void {
  const event = JSON.parse(String(value)) as { user_id?: string; order_id?: string };
  if (event.user_id !== userId || event.order_id === undefined) return;
  counts.set(event.order_id, (counts.get(event.order_id) ?? 0) + 1);
}

function connect(brokers: string): Kafka {
  calmKafkajs();
  return new Kafka({ clientId: 'count', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
}
