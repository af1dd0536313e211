import type { FastifyInstance } from 'fastify';
import { inTransaction, type Queryable, type Row } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { readTrace, type Trace } from '../shared/trace.ts';
import { isUuid } from '../shared/uuid.ts';
import * as products from './products.ts';

const text = { type: 'string' };
const price = { type: 'number', exclusiveMinimum: 0 };
const inventory = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const productBody = {
  type: 'object',
  required: ['name', 'price', 'inventory'],
  properties: { name: { ...text, pattern: '\\S' }, description: text, price, inventory },
};
const lockNotAvailable = '55P03';

export function addRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, hasDefect } = parts;
  const wanted = hasDefect('inventory_negative_accepted') ? { type: 'integer' } : inventory;
  const inventoryBody = { type: 'object', required: ['inventory'], properties: { inventory: wanted } };
  const cache = new Map<string, Row>();

  app.post<{ Body: products.NewProduct }>(
    '/api/v1/products',
    { schema: { body: productBody } },
    async (request, reply) =>
      reply.code(201).send(await createProduct(parts, request.body, readTrace(request.headers))),
  );

  app.get<{ Params: { id: string } }>('/api/v1/products/:id', async (request) => {
    const { id } = request.params;
    const cached = hasDefect('product_read_stale') ? cache.get(id) : undefined;
    const product = cached ?? (isUuid(id) ? await products.findProduct(database, id) : undefined);
    if (product === undefined) throw new HttpProblem(404, 'product not found');
    if (hasDefect('product_read_stale')) cache.set(id, product);
    return product;
  });

  app.get('/api/v1/products', async () => ({ products: await products.listProducts(database) }));

  app.put<{ Params: { id: string }; Body: { inventory: number } }>(
    '/api/v1/products/:id/inventory',
    { schema: { body: inventoryBody } },
    async (request) => changeInventory(parts, { ...request.params, ...request.body }, readTrace(request.headers)),
  );
}

async function createProduct(
  { database, outbox, hasDefect }: Parts,
  given: products.NewProduct,
  trace: Trace,
): Promise<Row> {
  const price = hasDefect('product_price_rounded') ? Math.round(given.price) : given.price;
  const description = hasDefect('product_description_lost') ? '' : (given.description ?? '');
  const { product, events } = await inTransaction(database, async (tx) => {
    const product = await products.insertProduct(tx, { ...given, price, description });
    const { id: product_id, name, inventory } = product;
    const created = { product_id, name, price: product['price'], inventory };
    return { product, events: await outbox.add(tx, 'product.created', created, trace) };
  });
  await outbox.publish(events);
  return product;
}

interface InventoryChange {
  id: string;
  inventory: number;
}

async function changeInventory(parts: Parts, change: InventoryChange, trace: Trace): Promise<Row> {
  const { database, outbox } = parts;
  const { product, events } = await inTransaction(database, async (tx) => {
    const old = isUuid(change.id) ? await products.lockProduct(tx, change.id).catch(refuseHeldProduct) : undefined;
    if (old === undefined) throw new HttpProblem(404, 'product not found');
    const product = await storeInventory(parts, tx, { ...change, old: Number(old['inventory']) });
    const counts = { old_inventory: old['inventory'], new_inventory: product['inventory'] };
    const changed = { product_id: product['id'], ...counts };
    return { product, events: await outbox.add(tx, 'product.inventory.changed', changed, trace) };
  });
  await outbox.publish(events);
  return product;
}

async function storeInventory(
  { hasDefect }: Parts,
  tx: Queryable,
  { id, inventory: wanted, old }: InventoryChange & { old: number },
): Promise<Row> {
  const inventory = Math.max(0, hasDefect('inventory_added') ? old + wanted : wanted);
  if (hasDefect('inventory_of_all')) await products.setInventoryOfNewest(tx, inventory);
  if (hasDefect('inventory_updated_at_kept')) return products.setInventoryQuietly(tx, id, inventory);
  return products.setInventory(tx, id, inventory);
}

function refuseHeldProduct(error: unknown): never {
  const isHeld = error instanceof Error && 'code' in error && error.code === lockNotAvailable;
  throw isHeld ? new HttpProblem(409, 'another update holds the product; try again') : error;
}
