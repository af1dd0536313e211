import type { FastifyInstance } from 'fastify';
import { inTransaction } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { readTrace } from '../shared/trace.ts';
import { isUuid } from '../shared/uuid.ts';
import { findOrder, insertOrder, listOrders } from './orders.ts';
import { priceItems, verifyUser, type WantedItem } from './verify.ts';

const text = { type: 'string', pattern: '\\S' };
const orderBody = {
  type: 'object',
  required: ['user_id', 'items'],
  properties: {
    user_id: text,
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['product_id', 'quantity'],
        properties: { product_id: text, quantity: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
      },
    },
  },
};

export function addRoutes(app: FastifyInstance, parts: Parts): void {
  const { database } = parts;
  app.post<{ Body: { user_id: string; items: WantedItem[] } }>(
    '/api/v1/orders',
    { schema: { body: orderBody } },
    async (request, reply) => reply.code(201).send(await placeOrder(parts, request)),
  );

  app.get<{ Params: { id: string } }>('/api/v1/orders/:id', async (request) => {
    const { id } = request.params;
    const order = isUuid(id) ? await findOrder(database, id) : undefined;
    if (order === undefined) throw new HttpProblem(404, 'order not found');
    return order;
  });

  app.get<{ Querystring: { user_id?: string } }>('/api/v1/orders', async (request) => ({
    orders: await listOrders(database, request.query.user_id),
  }));
}

async function placeOrder(
  { settings, database, outbox, hasDefect }: Parts,
  request: { body: { user_id: string; items: WantedItem[] }; headers: Record<string, unknown> },
): Promise<unknown> {
  const { user_id: userId, items: wanted } = request.body;
  const trace = readTrace(request.headers);
  await verifyUser(settings, userId, trace);
  const items = await priceItems(settings, wanted, trace);
  const surplus = hasDefect('order_total_wrong') ? 0.01 : 0;
  const { order, event } = await inTransaction(database, async (tx) => {
    const order = await insertOrder(tx, { userId, items, surplus });
    if (hasDefect('order_event_missing')) return { order, event: undefined };
    return { order, event: await outbox.add(tx, 'order.placed', describeOrder(order), trace) };
  });
  if (event !== undefined) await outbox.publish(event);
  return order;
}

function describeOrder(order: Record<string, unknown>): Record<string, unknown> {
  const items = order['items'] as Record<string, unknown>[];
  return {
    order_id: order['id'],
    user_id: order['user_id'],
    items: items.map(({ product_id, quantity, price }) => ({ product_id, quantity, price })),
    total: order['total'],
  };
}
