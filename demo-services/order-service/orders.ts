import { createdColumn, idColumn, updatedColumn } from '../shared/columns.ts';
import type { Queryable, Row } from '../shared/database.ts';

export const tables = `
  CREATE TABLE IF NOT EXISTS orders (
    ${idColumn}, user_id text NOT NULL, total numeric NOT NULL, status text NOT NULL DEFAULT 'pending',
    ${createdColumn}, ${updatedColumn}
  );
  CREATE TABLE IF NOT EXISTS order_items (
    ${idColumn}, order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE, product_id text NOT NULL,
    quantity bigint NOT NULL, price numeric NOT NULL, ${createdColumn}
  );
  CREATE INDEX IF NOT EXISTS orders_of_user ON orders (user_id);
  CREATE INDEX IF NOT EXISTS items_of_order ON order_items (order_id);`;

export interface PricedItem {
  product_id: string;
  quantity: number;
  /** The price of one. */
  price: number;
}

// sums are PostgreSQL's numeric, which is exact: a price arrives as the shortest decimal of its double
const lines =
  'unnest($2::text[], $3::bigint[], $4::numeric[]) WITH ORDINALITY AS line (product_id, quantity, price, place)';

/** Stores an order and its items; a planted fault has a `total` that is not their sum. */
export async function insertOrder(
  db: Queryable,
  { userId, items, total }: { userId: string; items: PricedItem[]; total?: number | undefined },
): Promise<Row> {
  const columns = [
    items.map((item) => item.product_id),
    items.map((item) => item.quantity),
    items.map((item) => item.price),
  ];
  const insert = `INSERT INTO orders (user_id, total)
    SELECT $1, coalesce($5::numeric, sum(line.quantity * line.price)) FROM ${lines} RETURNING *`;
  const stored = (await db.query(insert, [userId, ...columns, total ?? null])).rows[0] ?? {};
  const insertItems = `INSERT INTO order_items (order_id, product_id, quantity, price)
    SELECT $1, line.product_id, line.quantity, line.quantity * line.price FROM ${lines} ORDER BY line.place RETURNING *`;
  return { ...stored, items: (await db.query(insertItems, [stored['id'], ...columns])).rows };
}

export async function findOrder(db: Queryable, id: string): Promise<Row | undefined> {
  const { rows } = await db.query('SELECT * FROM orders WHERE id = $1', [id]);
  return (await addItems(db, rows))[0];
}

/** The orders of one user, or all of them. */
export async function listOrders(db: Queryable, userId: string | undefined): Promise<Row[]> {
  const select = 'SELECT * FROM orders WHERE $1::text IS NULL OR user_id = $1 ORDER BY created_at, id';
  return addItems(db, (await db.query(select, [userId ?? null])).rows);
}

/** The newest 20 orders of everybody. */
export async function listNewestOrders(db: Queryable): Promise<Row[]> {
  return addItems(db, (await db.query('SELECT * FROM orders ORDER BY created_at DESC LIMIT 20')).rows);
}

async function addItems(db: Queryable, orders: Row[]): Promise<Row[]> {
  const select = 'SELECT * FROM order_items WHERE order_id = ANY($1::uuid[]) ORDER BY created_at, id';
  const { rows } = await db.query(select, [orders.map((order) => order['id'])]);
  const items = new Map(orders.map((order) => [order['id'], [] as Row[]]));
  for (const row of rows) items.get(row['order_id'])?.push(row);
  return orders.map((order) => ({ ...order, items: items.get(order['id']) ?? [] }));
}
