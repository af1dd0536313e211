import { expect, test } from 'vitest';
import { createProduct, createUser, type Json, send } from '../support/stack/json-client.ts';
import { describeWithStack } from '../support/stack/stack.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';

describeWithStack('order-service', ({ urls }) => {
  const orders = `${urls.order}/api/v1/orders`;
  const placeOrder = async (userId: unknown, items: Json[]): Promise<{ status: number; body: Json }> =>
    send('POST', orders, { body: { user_id: userId, items } });

  test('places an order, finds it and lists it for its user', async () => {
    const user = await createUser(urls.user);
    const product = await createProduct(urls.product, { price: 29.99 });
    const placed = await placeOrder(user['id'], [{ product_id: product['id'], quantity: 2 }]);
    const times = { created_at: expect.any(String), updated_at: expect.any(String) };
    const item = { id: expect.any(String), order_id: placed.body['id'], product_id: product['id'], quantity: 2 };
    expect(placed).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        user_id: user['id'],
        items: [{ ...item, price: 59.98, created_at: expect.any(String) }],
        total: 59.98,
        status: 'pending',
        ...times,
      },
    });
    expect(await send('GET', `${orders}/${placed.body['id']}`)).toEqual({ status: 200, body: placed.body });
    const list = await send('GET', `${orders}?user_id=${user['id']}`);
    expect(list).toEqual({ status: 200, body: { orders: [placed.body] } });
    const all = await send('GET', orders);
    expect(all.body['orders']).toEqual(expect.arrayContaining([placed.body]));
  });

  test('sums without the drift of binary fractions', async () => {
    const user = await createUser(urls.user);
    const [first, second] = await Promise.all([0.1, 0.2].map((price) => createProduct(urls.product, { price })));
    const items = [
      { product_id: first?.['id'], quantity: 1 },
      { product_id: second?.['id'], quantity: 1 },
      { product_id: first?.['id'], quantity: 3 },
    ];
    const { body } = await placeOrder(user['id'], items);
    expect((body['items'] as Json[]).map((item) => item['price'])).toEqual([0.1, 0.2, 0.3]);
    expect(body['total']).toBe(0.6);
  });

  test.each([
    { body: { items: [{ product_id: 'p', quantity: 1 }] }, error: '`user_id` is required' },
    { body: { user_id: 'u' }, error: '`items` is required' },
    { body: { user_id: 'u', items: [] }, error: '`items` must NOT have fewer than 1 items' },
    { body: { user_id: 'u', items: [{ quantity: 1 }] }, error: '`items.0.product_id` is required' },
    { body: { user_id: 'u', items: [{ product_id: 'p' }] }, error: '`items.0.quantity` is required' },
    { body: { user_id: 'u', items: [{ product_id: 'p', quantity: 0 }] }, error: '`items.0.quantity` must be >= 1' },
  ])('answers 400 to $body', async ({ body, error }) => {
    expect(await send('POST', orders, { body })).toEqual({ status: 400, body: { error } });
  });

  test.each([
    { userId: unknownId, reason: 'user not found' },
    { userId: '42', reason: 'the user id must be a UUID' },
    { userId: '../products', reason: 'the user id must be a UUID' },
  ])('refuses user $userId', async ({ userId, reason }) => {
    const answer = await placeOrder(userId, [{ product_id: unknownId, quantity: 1 }]);
    expect(answer).toEqual({ status: 400, body: { error: `user verification failed: ${reason}` } });
  });

  test('refuses a product that is not there', async () => {
    const user = await createUser(urls.user);
    const answer = await placeOrder(user['id'], [{ product_id: unknownId, quantity: 1 }]);
    const error = `product ${unknownId} verification failed: product not found`;
    expect(answer).toEqual({ status: 400, body: { error } });
  });

  test('refuses more than there is, also when two items want it together', async () => {
    const user = await createUser(urls.user);
    const product = await createProduct(urls.product, { inventory: 3 });
    const items = [1, 3].map((quantity) => ({ product_id: product['id'], quantity }));
    const error = `insufficient inventory for product ${product['id']}: 3 there, 4 wanted`;
    expect(await placeOrder(user['id'], items)).toEqual({ status: 400, body: { error } });
    const stored = await send('GET', `${orders}?user_id=${user['id']}`);
    expect(stored.body).toEqual({ orders: [] });
  });

  test.each([unknownId, '42'])('does not find order %s', async (id) => {
    expect(await send('GET', `${orders}/${id}`)).toEqual({ status: 404, body: { error: 'order not found' } });
  });
});
