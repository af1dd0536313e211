import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import pg from 'pg';
import type { Stack } from '../../demo-services/stack/stack.ts';

const consumers = {
  'product-service': ['order.placed'],
  'notification-service': ['user.created', 'order.placed'],
} as const;
const batchSize = 1_000;

/**
 * Fills topics and tables with what earlier runs of the examples would have left: `count` messages in each topic and
 * `count` rows in each table, alike in all but their ids. The services have handled them already, as it were.
 */
export async function addLookAlikes(stack: Stack, count: number): Promise<void> {
  const names = Object.keys(consumers) as (keyof typeof consumers)[];
  await Promise.all(names.map((name) => stack.stopService(name)));
  await Promise.all([addRows(stack.databaseUrl, count), addMessages(stack.kafkaBrokers, count)]);
  await Promise.all(names.map((name) => stack.startService(name)));
}

async function addMessages(brokers: string, count: number): Promise<void> {
  const kafka = new Kafka({ clientId: 'look-alikes', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  try {
    for (const [topic, makeValue] of Object.entries(values)) {
      for (let sent = 0; sent < count; sent += batchSize) {
        const messages = Array.from({ length: Math.min(batchSize, count - sent) }, () => ({
          value: JSON.stringify({ event_type: topic, ...makeValue() }),
        }));
        await producer.send({ topic, messages });
      }
    }
    for (const [groupId, topics] of Object.entries(consumers)) {
      for (const topic of topics) {
        const ends = await admin.fetchTopicOffsets(topic);
        const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
        await admin.setOffsets({ groupId, topic, partitions });
      }
    }
  } finally {
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  }
}

const values: Record<string, () => object> = {
  'user.created': () => ({ user_id: randomUUID(), email: `Zoe.${randomUUID()}@Example.com`, name: 'Zoë Žižková 🦊' }),
  'user.login': () => ({ user_id: randomUUID(), email: `Zoe.${randomUUID()}@Example.com` }),
  'product.created': () => ({ product_id: randomUUID(), name: `Teapot ${randomUUID()}`, price: 29.99, inventory: 7 }),
  'product.inventory.changed': () => ({ product_id: randomUUID(), old_inventory: 7, new_inventory: 42 }),
  'order.placed': () => ({
    order_id: randomUUID(),
    user_id: randomUUID(),
    items: [{ product_id: randomUUID(), quantity: 2, price: 99.9 }],
    total: 99.9,
  }),
};

const statements = [
  `INSERT INTO user_service.users (email, name, created_at)
   SELECT 'Zoe.' || gen_random_uuid() || '@Example.com', 'Zoë Žižková 🦊', now() - n * interval '1 minute'
   FROM generate_series(1, $1::int) AS n`,
  `INSERT INTO product_service.products (name, description, price, inventory, created_at)
   SELECT 'Teapot ' || gen_random_uuid(), 'short and stout', 29.99, 7, now() - n * interval '1 minute'
   FROM generate_series(1, $1::int) AS n`,
  `WITH orders AS (
     INSERT INTO order_service.orders (user_id, total, created_at)
     SELECT gen_random_uuid()::text, 59.98, now() - n * interval '1 minute' FROM generate_series(1, $1::int) AS n
     RETURNING id
   )
   INSERT INTO order_service.order_items (order_id, product_id, quantity, price)
   SELECT id, gen_random_uuid()::text, 2, 59.98 FROM orders`,
  `INSERT INTO notification_service.notifications (user_id, type, message, created_at)
   SELECT gen_random_uuid()::text, 'welcome', 'Welcome, Maria Mitchell!', now() - n * interval '1 minute'
   FROM generate_series(1, $1::int) AS n`,
];

async function addRows(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement, [count]);
  } finally {
    await client.end();
  }
}
