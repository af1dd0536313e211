import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProduct, createUser, type Json, readNotifications, send } from '../support/stack/json-client.ts';
import { describeWithStack } from '../support/stack/stack.ts';
import { type TopicWatch, watchTopics } from '../support/stack/topic-watch.ts';

const topics = ['user.created', 'user.login', 'product.created', 'product.inventory.changed', 'order.placed'];
const patience = { timeout: 15_000, interval: 50 };

describeWithStack('events', ({ urls, kafkaBrokers }) => {
  let watch: TopicWatch;
  const countNotifications = async (userId: unknown): Promise<number> =>
    (await readNotifications(urls.notification, userId)).length;
  const readInventory = async (id: unknown): Promise<unknown> =>
    (await send('GET', `${urls.product}/api/v1/products/${id}`)).body['inventory'];

  beforeAll(async () => {
    watch = await watchTopics(kafkaBrokers, topics);
  });
  afterAll(() => watch.close());

  test('users and products are told of, without keys', async () => {
    const user = await createUser(urls.user, 'Grace');
    const product = await createProduct(urls.product);
    const { id: user_id, email } = user;
    const { id: product_id, name, price } = product;
    await send('POST', `${urls.user}/api/v1/auth/login`, { body: { email } });
    await send('PUT', `${urls.product}/api/v1/products/${product_id}/inventory`, { body: { inventory: 7 } });
    const seen = (topic: string, fields: Json): Json[] =>
      watch.find(topic, fields).map(({ key, value }) => ({ key, value }));
    const one = (value: Json): Json[] => [{ key: undefined, value }];
    await expect
      .poll(() => seen('user.created', { user_id }), patience)
      .toEqual(one({ event_type: 'user.created', user_id, email, name: 'Grace' }));
    await expect
      .poll(() => seen('user.login', { user_id }), patience)
      .toEqual(one({ event_type: 'user.login', user_id, email }));
    await expect
      .poll(() => seen('product.created', { product_id }), patience)
      .toEqual(one({ event_type: 'product.created', product_id, name, price, inventory: 100 }));
    const counts = { old_inventory: 100, new_inventory: 7 };
    await expect
      .poll(() => seen('product.inventory.changed', { product_id }), patience)
      .toEqual(one({ event_type: 'product.inventory.changed', product_id, ...counts }));
  });

  test('an order is told of, lowers the inventory and makes notifications, newest first', async () => {
    const user = await createUser(urls.user, 'Grace');
    const product = await createProduct(urls.product);
    await expect.poll(() => countNotifications(user['id']), patience).toBe(1);
    const items = [{ product_id: product['id'], quantity: 2 }];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const request = { body: { user_id: user['id'], items }, headers: { traceparent } };
    const order_id = (await send('POST', `${urls.order}/api/v1/orders`, request)).body['id'];
    await expect.poll(() => watch.find('order.placed', { order_id }), patience).toHaveLength(1);
    expect(watch.find('order.placed', { order_id })[0]).toEqual({
      topic: 'order.placed',
      key: undefined,
      value: {
        event_type: 'order.placed',
        order_id,
        user_id: user['id'],
        items: [{ product_id: product['id'], quantity: 2, price: 59.98 }],
        total: 59.98,
      },
      headers: { traceparent },
    });
    await expect.poll(() => readInventory(product['id']), patience).toBe(98);
    await expect.poll(() => countNotifications(user['id']), patience).toBe(2);
    const notifications = await readNotifications(urls.notification, user['id']);
    const common = { id: expect.any(String), user_id: user['id'], read: false, created_at: expect.any(String) };
    expect(notifications).toEqual([
      {
        ...common,
        type: 'order_placed',
        message: `Your order ${order_id} for 59.98 has been placed`,
        data: expect.objectContaining({ order_id, total: 59.98 }),
      },
      { ...common, type: 'welcome', message: 'Welcome, Grace!', data: expect.objectContaining({ name: 'Grace' }) },
    ]);
    const unread = await send('GET', `${urls.notification}/api/v1/notifications/${user['id']}/unread`);
    expect(unread).toEqual({ status: 200, body: { notifications, count: 2 } });
  });

  test('an event that is delivered twice is handled once, and what is no event is passed over', async () => {
    const product = await createProduct(urls.product);
    const user_id = randomUUID();
    const items = [{ product_id: product['id'], quantity: 5, price: 1 }];
    const event = { event_type: 'order.placed', order_id: randomUUID(), user_id, items, total: 1 };
    await watch.publish('order.placed', 'no JSON');
    await watch.publish('order.placed', { event_type: 'order.placed' });
    await watch.publish('order.placed', event);
    await watch.publish('order.placed', event);
    // a later event of the same partition shows that those before it have been handled
    const last = { ...event, order_id: randomUUID(), items: [{ ...items[0], quantity: 1 }] };
    await watch.publish('order.placed', last);
    await expect.poll(() => readInventory(product['id']), patience).toBe(94);
    await expect.poll(() => countNotifications(user_id), patience).toBe(2);
  });

  test('a user without notifications has none', async () => {
    const answer = await send('GET', `${urls.notification}/api/v1/notifications/${randomUUID()}`);
    expect(answer).toEqual({ status: 200, body: { notifications: [], count: 0 } });
  });

  test('at most 50 notifications are listed', async () => {
    const user_id = randomUUID();
    const other = randomUUID();
    const describeOrder = (userId: string): Json => ({ order_id: randomUUID(), user_id: userId, items: [], total: 1 });
    for (const order of Array.from({ length: 51 }, () => describeOrder(user_id)))
      await watch.publish('order.placed', order);
    await watch.publish('order.placed', describeOrder(other));
    await expect.poll(() => countNotifications(other), patience).toBe(1);
    expect(await countNotifications(user_id)).toBe(50);
  });
});
