import pg from 'pg';
import { expect, test } from 'vitest';
import { createProduct, send } from '../support/stack/json-client.ts';
import { describeWithStack } from '../support/stack/stack.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';

describeWithStack('product-service', ({ urls, databaseUrl }) => {
  const products = `${urls.product}/api/v1/products`;

  test('creates a product, finds it and lists it', async () => {
    const body = { name: 'Lamp', description: 'bright', price: 0.1, inventory: 0 };
    const created = await send('POST', products, { body });
    const times = { created_at: expect.any(String), updated_at: expect.any(String) };
    expect(created).toEqual({ status: 201, body: { id: expect.any(String), ...body, ...times } });
    expect(await send('GET', `${products}/${created.body['id']}`)).toEqual({ status: 200, body: created.body });
    const list = await send('GET', products);
    expect(list).toEqual({ status: 200, body: { products: expect.arrayContaining([created.body]) } });
  });

  test('needs no description', async () => {
    expect(await createProduct(urls.product)).toMatchObject({ description: '' });
  });

  test.each([
    { change: { name: undefined }, error: '`name` is required' },
    { change: { price: undefined }, error: '`price` is required' },
    { change: { inventory: undefined }, error: '`inventory` is required' },
    { change: { price: 0 }, error: '`price` must be > 0' },
    { change: { price: '5' }, error: '`price` must be number' },
    { change: { inventory: -1 }, error: '`inventory` must be >= 0' },
    { change: { inventory: 1.5 }, error: '`inventory` must be integer' },
    { change: { inventory: 1e300 }, error: '`inventory` must be <= 9007199254740991' },
  ])('answers 400 to a product with $change', async ({ change, error }) => {
    const body = { name: 'Lamp', price: 1, inventory: 1, ...change };
    expect(await send('POST', products, { body })).toEqual({ status: 400, body: { error } });
  });

  test.each([unknownId, '42'])('does not find product %s', async (id) => {
    const answer = { status: 404, body: { error: 'product not found' } };
    expect(await send('GET', `${products}/${id}`)).toEqual(answer);
    expect(await send('PUT', `${products}/${id}/inventory`, { body: { inventory: 1 } })).toEqual(answer);
  });

  test('sets the inventory', async () => {
    const product = await createProduct(urls.product);
    const changed = await send('PUT', `${products}/${product['id']}/inventory`, { body: { inventory: 7 } });
    expect(changed).toEqual({ status: 200, body: { ...product, inventory: 7, updated_at: expect.any(String) } });
    expect(changed.body['updated_at']).not.toBe(product['updated_at']);
  });

  test.each([
    { body: {}, error: '`inventory` is required' },
    { body: { inventory: -1 }, error: '`inventory` must be >= 0' },
  ])('answers 400 to the inventory $body', async ({ body, error }) => {
    const product = await createProduct(urls.product);
    const answer = await send('PUT', `${products}/${product['id']}/inventory`, { body });
    expect(answer).toEqual({ status: 400, body: { error } });
  });

  test('answers 409 while another update holds the product', async () => {
    const product = await createProduct(urls.product);
    const holder = new pg.Client(databaseUrl);
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM product_service.products WHERE id = $1 FOR UPDATE', [product['id']]);
      const answer = await send('PUT', `${products}/${product['id']}/inventory`, { body: { inventory: 1 } });
      expect(answer).toEqual({ status: 409, body: { error: 'another update holds the product; try again' } });
    } finally {
      await holder.end();
    }
  });

  test('stores prices as numeric', async () => {
    const product = await createProduct(urls.product, { price: 19.9 });
    const client = new pg.Client(databaseUrl);
    await client.connect();
    try {
      const select = 'SELECT price::text, pg_typeof(price)::text AS type FROM product_service.products WHERE id = $1';
      const { rows } = await client.query(select, [product['id']]);
      expect(rows).toEqual([{ price: '19.9', type: 'numeric' }]);
    } finally {
      await client.end();
    }
  });
});
