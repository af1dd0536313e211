import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { inTransaction, type Queryable, type Row } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { readTrace, type Trace } from '../shared/trace.ts';
import { isUuid } from '../shared/uuid.ts';
import { damageOrder, spoilTotal } from './damage.ts';
import { findOrder, insertOrder, listNewestOrders, listOrders } from './orders.ts';
import { priceItems, verifyUser, type WantedItem } from './verify.ts';

const slowMs = 1_000;

interface WantedOrder {
  user_id: string;
  items: WantedItem[];
}

const text = { type: 'string', pattern: '\\S' };
const quantity = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
const describeBody = (quantity: object): object => ({
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
        properties: { product_id: text, quantity },
      },
    },
  },
});

export function addRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, hasDefect } = parts;
  const body = describeBody(hasDefect('order_quantity_unchecked') ? { type: 'integer' } : quantity);
  app.post<{ Body: WantedOrder }>('/api/v1/orders', { schema: { body } }, async (request, reply) =>
    reply.code(201).send(await placeOrder(parts, request.body, readTrace(request.headers))),
  );

  app.get<{ Params: { id: string } }>('/api/v1/orders/:id', async (request) => {
    const { id } = request.params;
    const order = isUuid(id) ? await findOrder(database, id) : undefined;
    if (order === undefined) throw new HttpProblem(404, 'order not found');
    return order;
  });

  app.get<{ Querystring: { user_id?: string } }>('/api/v1/orders', async (request) => {
    if (hasDefect('order_list_of_everyone')) return { orders: await listNewestOrders(database) };
    return { orders: await listOrders(database, request.query.user_id) };
  });
}

async function placeOrder(parts: Parts, { user_id: userId, items: wanted }: WantedOrder, trace: Trace): Promise<Row> {
  const { settings, database, outbox, hasDefect } = parts;
  if (hasDefect('order_event_too_early')) {
    const unchecked = { order_id: randomUUID(), user_id: userId, items: [], total: null };
    await outbox.publish(await outbox.add(database, 'order.placed', unchecked, trace));
  }
  if (!hasDefect('order_user_unverified')) await verifyUser(parts, userId, trace);
  const taken = hasDefect('order_item_dropped') ? wanted.slice(0, 1) : wanted;
  const items = await priceItems(settings, taken, { trace, isStockChecked: !hasDefect('order_stock_unchecked') });
  const place = async (tx: Queryable): Promise<{ order: Row; events: Row[] }> => {
    const order = await insertOrder(tx, { userId, items, total: spoilTotal(parts, items) });
    await damageOrder(parts, tx, order);
    return { order, events: await outbox.add(tx, 'order.placed', describeOrder(order), trace) };
  };
  const placeAndAnnounce = async (): Promise<Row> => {
    const { order, events } = await inTransaction(database, place, { abandon: hasDefect('order_not_committed') });
    await outbox.publish(events);
    return order;
  };
  const beganMs = performance.now();
  const order = await placeAndAnnounce();
  const isSlow = performance.now() - beganMs > slowMs;
  return hasDefect('order_retried_when_slow') && isSlow ? placeAndAnnounce() : order;
}

function describeOrder(order: Row): Row {
  const items = order['items'] as Row[];
  return {
    order_id: order['id'],
    user_id: order['user_id'],
    items: items.map(({ product_id, quantity, price }) => ({ product_id, quantity, price })),
    total: order['total'],
  };
}
