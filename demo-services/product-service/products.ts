import { createdColumn, idColumn, updatedColumn } from '../shared/columns.ts';
import type { Queryable, Row } from '../shared/database.ts';

export const tables = `
  CREATE TABLE IF NOT EXISTS products (
    ${idColumn}, name text NOT NULL, description text NOT NULL DEFAULT '', price numeric NOT NULL CHECK (price > 0),
    inventory bigint NOT NULL CHECK (inventory >= 0), ${createdColumn}, ${updatedColumn}
  );`;

export interface NewProduct {
  name: string;
  description?: string;
  price: number;
  inventory: number;
}

export async function insertProduct(db: Queryable, product: NewProduct): Promise<Row> {
  const insert = 'INSERT INTO products (name, description, price, inventory) VALUES ($1, $2, $3, $4) RETURNING *';
  const values = [product.name, product.description ?? '', product.price, product.inventory];
  return (await db.query(insert, values)).rows[0] ?? {};
}

export async function findProduct(db: Queryable, id: string): Promise<Row | undefined> {
  return (await db.query('SELECT * FROM products WHERE id = $1', [id])).rows[0];
}

export async function listProducts(db: Queryable): Promise<Row[]> {
  return (await db.query('SELECT * FROM products ORDER BY created_at, id')).rows;
}

/** Locks a product for an update, without waiting: PostgreSQL's error 55P03 when another one holds it. */
export async function lockProduct(db: Queryable, id: string): Promise<Row | undefined> {
  return (await db.query('SELECT * FROM products WHERE id = $1 FOR UPDATE NOWAIT', [id])).rows[0];
}

export async function setInventory(db: Queryable, id: string, inventory: number): Promise<Row> {
  const update = 'UPDATE products SET inventory = $2, updated_at = now() WHERE id = $1 RETURNING *';
  return (await db.query(update, [id, inventory])).rows[0] ?? {};
}

/** Sets the inventory, and updated_at to what it was before. */
export async function setInventoryQuietly(db: Queryable, id: string, inventory: number): Promise<Row> {
  const update = 'UPDATE products SET inventory = $2 WHERE id = $1 RETURNING *';
  return (await db.query(update, [id, inventory])).rows[0] ?? {};
}

/** Sets the inventory of the newest 20 products. */
export async function setInventoryOfNewest(db: Queryable, inventory: number): Promise<void> {
  const newest = 'SELECT id FROM products ORDER BY created_at DESC LIMIT 20';
  await db.query(`UPDATE products SET inventory = $1 WHERE id IN (${newest})`, [inventory]);
}

/** Takes `quantity` from the inventory, as far as it reaches. */
export async function takeFromInventory(db: Queryable, id: string, quantity: number): Promise<void> {
  const update = `UPDATE products SET inventory = greatest(inventory - $2::bigint, 0), updated_at = now() WHERE id = $1`;
  await db.query(update, [id, quantity]);
}
