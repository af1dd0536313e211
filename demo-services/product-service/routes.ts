import type { FastifyInstance } from 'fastify';
import { inTransaction } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { readTrace } from '../shared/trace.ts';
import { isUuid } from '../shared/uuid.ts';
import { findProduct, insertProduct, listProducts, lockProduct, type NewProduct, setInventory } from './products.ts';

const inventory = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const productBody = {
  type: 'object',
  required: ['name', 'price', 'inventory'],
  properties: {
    name: { type: 'string', pattern: '\\S' },
    description: { type: 'string' },
    price: { type: 'number', exclusiveMinimum: 0 },
    inventory,
  },
};
const inventoryBody = { type: 'object', required: ['inventory'], properties: { inventory } };
const lockNotAvailable = '55P03';

export function addRoutes(app: FastifyInstance, { database, outbox }: Parts): void {
  app.post<{ Body: NewProduct }>('/api/v1/products', { schema: { body: productBody } }, async (request, reply) => {
    const { product, event } = await inTransaction(database, async (tx) => {
      const product = await insertProduct(tx, request.body);
      const { id: product_id, name, price, inventory } = product;
      const created = { product_id, name, price, inventory };
      return { product, event: await outbox.add(tx, 'product.created', created, readTrace(request.headers)) };
    });
    await outbox.publish(event);
    return reply.code(201).send(product);
  });

  app.get<{ Params: { id: string } }>('/api/v1/products/:id', async (request) => {
    const { id } = request.params;
    const product = isUuid(id) ? await findProduct(database, id) : undefined;
    if (product === undefined) throw new HttpProblem(404, 'product not found');
    return product;
  });

  app.get('/api/v1/products', async () => ({ products: await listProducts(database) }));

  app.put<{ Params: { id: string }; Body: { inventory: number } }>(
    '/api/v1/products/:id/inventory',
    { schema: { body: inventoryBody } },
    async (request) => {
      const { id } = request.params;
      const { product, event } = await inTransaction(database, async (tx) => {
        const old = isUuid(id) ? await lockProduct(tx, id).catch(refuseHeldProduct) : undefined;
        if (old === undefined) throw new HttpProblem(404, 'product not found');
        const product = await setInventory(tx, id, request.body.inventory);
        const counts = { old_inventory: old['inventory'], new_inventory: product['inventory'] };
        const changed = { product_id: product['id'], ...counts };
        return {
          product,
          event: await outbox.add(tx, 'product.inventory.changed', changed, readTrace(request.headers)),
        };
      });
      await outbox.publish(event);
      return product;
    },
  );
}

function refuseHeldProduct(error: unknown): never {
  const isHeld = error instanceof Error && 'code' in error && error.code === lockNotAvailable;
  throw isHeld ? new HttpProblem(409, 'another update holds the product; try again') : error;
}
