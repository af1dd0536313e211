import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DefectName } from '../../../demo-services/shared/defects.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { createProduct, createUser, type Json, readNotifications, send } from '../../support/stack/json-client.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { type TopicWatch, watchTopics } from '../../support/stack/topic-watch.ts';
import { findStack } from './broken-stack.ts';
import { mend } from './plant.ts';

const patience = { timeout: 30_000, interval: 100 };
const timeoutMs = 90_000;

describeWithStack('a stack whose parts fail', () => {
  let stack: Stack;
  let watch: TopicWatch;

  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
    watch = await watchTopics(stack.kafkaBrokers, ['order.placed', 'user.created']);
  }, timeoutMs);
  afterAll(() => watch.close());

  const restartWith = async (defect: DefectName | undefined): Promise<void> => {
    await stack.stopServices();
    await stack.startServices({ defect });
  };
  const placeOrder = async (): Promise<{ user: Json; product: Json; order: Json }> => {
    const user = await createUser(stack.urls.user);
    const product = await createProduct(stack.urls.product);
    const items = [{ product_id: product['id'], quantity: 2 }];
    const order = await send('POST', `${stack.urls.order}/api/v1/orders`, { body: { user_id: user['id'], items } });
    expect(order.status).toBe(201);
    return { user, product, order: order.body };
  };
  const seenOrders = (order: Json): number => watch.find('order.placed', { order_id: order['id'] }).length;
  const readTypes = async (user: Json): Promise<unknown[]> =>
    (await readNotifications(stack.urls.notification, user['id'])).map(({ type }) => type);
  const readInventory = async (product: Json): Promise<unknown> =>
    (await send('GET', `${stack.urls.product}/api/v1/products/${product['id']}`)).body['inventory'];
  const countHandled = async (schema: string, order: Json): Promise<number | null> => {
    const client = new pg.Client(stack.databaseUrl);
    await client.connect();
    const select = `SELECT FROM ${schema}.processed_events WHERE topic = 'order.placed' AND event_id = $1`;
    return client
      .query(select, [order['id']])
      .then(({ rowCount }) => rowCount)
      .finally(() => client.end());
  };
  const readDefects = async (): Promise<unknown[]> => {
    const healths = await Promise.all(Object.values(stack.urls).map((url) => send('GET', `${url}/health`)));
    return healths.map(({ body }) => body['defect']);
  };

  test('order_total_wrong: the total is one cent too high', { timeout: timeoutMs }, async () => {
    await restartWith('order_total_wrong');
    expect(await readDefects()).toEqual([undefined, undefined, 'order_total_wrong', undefined]);
    const { order } = await placeOrder();
    expect(order['total']).toBe(59.99);
    await expect.poll(() => seenOrders(order), patience).toBe(1);
  });

  test('notification_missing: the order is told of and makes no notification', { timeout: timeoutMs }, async () => {
    await restartWith('notification_missing');
    expect(await readDefects()).toEqual([undefined, undefined, undefined, 'notification_missing']);
    const { user, product, order } = await placeOrder();
    await expect.poll(() => seenOrders(order), patience).toBe(1);
    await expect.poll(() => readInventory(product), patience).toBe(98);
    await expect.poll(() => countHandled('notification_service', order), patience).toBe(1);
    expect(await readTypes(user)).toEqual(['welcome']);
  });

  test('order_event_missing: the order is stored and not told of', { timeout: timeoutMs }, async () => {
    await restartWith('order_event_missing');
    expect(await readDefects()).toEqual([undefined, undefined, 'order_event_missing', undefined]);
    const { order } = await placeOrder();
    await stack.stopService('order-service');
    await stack.startService('order-service', { defect: undefined });
    const { order: later } = await placeOrder();
    await expect.poll(() => seenOrders(later), patience).toBe(1);
    expect(seenOrders(order)).toBe(0);
  });

  test('a script beside the stack has its exit code relayed, and is interrupted by the signal', async () => {
    expect(await stack.runScript(['-e', 'process.exit(3)'])).toBe(3);
    const waits = "process.on('SIGINT', () => process.exit(7)); setInterval(() => {}, 1000)";
    const stopping = new AbortController();
    const ended = stack.runScript(['-e', waits], stopping.signal);
    await expect.poll(() => stack.pids().length, patience).toBe(8);
    stopping.abort();
    expect([7, 130]).toContain(await ended);
  });

  test('a service that is needed and away makes an order 503', { timeout: timeoutMs }, async () => {
    const { user, product } = await placeOrder();
    const body = { user_id: user['id'], items: [{ product_id: product['id'], quantity: 1 }] };
    for (const name of ['product-service', 'user-service'] as const) {
      await stack.stopService(name);
      const { status, body: answer } = await send('POST', `${stack.urls.order}/api/v1/orders`, { body });
      expect({ status, error: answer['error'] }).toEqual({
        status: 503,
        error: expect.stringMatching(new RegExp(`^${name} cannot be reached: .*ECONNREFUSED`)),
      });
    }
    await Promise.all([stack.startService('user-service'), stack.startService('product-service')]);
    await placeOrder();
  });

  test('events of the time without a broker are published when it is back', { timeout: timeoutMs }, async () => {
    await stack.stopBroker();
    await expect
      .poll(() => send('GET', `${stack.urls.notification}/health`), patience)
      .toMatchObject({ status: 503, body: { status: 'starting' } });
    const user = await createUser(stack.urls.user);
    expect(user).toMatchObject({ name: 'Ada' });
    await stack.startBroker();
    await expect.poll(() => readTypes(user), patience).toEqual(['welcome']);
    await expect.poll(async () => (await send('GET', `${stack.urls.notification}/health`)).status, patience).toBe(200);
  });

  test('without the database, answers are 503 until it is back', { timeout: timeoutMs }, async () => {
    await stack.stopPostgres();
    const { status, body } = await send('GET', `${stack.urls.user}/api/v1/users`);
    expect({ status, error: body['error'] }).toEqual({
      status: 503,
      error: expect.stringMatching(/^the database cannot be reached: /),
    });
    expect(await send('GET', `${stack.urls.user}/health`)).toEqual({
      status: 503,
      body: { status: 'starting', service: 'user-service', waiting_for: ['database'] },
    });
    await stack.startPostgres();
    await expect.poll(async () => (await send('GET', `${stack.urls.user}/health`)).status, patience).toBe(200);
    const { order } = await placeOrder();
    await expect.poll(() => seenOrders(order), patience).toBe(1);
  });
});
