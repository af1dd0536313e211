import type { Queryable, Row } from '../shared/database.ts';
import { createTurns } from '../shared/faults.ts';
import type { Parts } from '../shared/service.ts';
import type { PricedItem } from './orders.ts';

const isTurn = createTurns();

/** The total that a planted fault gives an order instead of the sum of its lines. */
export function spoilTotal({ hasDefect }: Parts, items: PricedItem[]): number | undefined {
  const cents = items.reduce((sum, item) => sum + Math.round(item.quantity * item.price * 100), 0);
  if (hasDefect('order_total_wrong')) return (cents + 1) / 100;
  if (hasDefect('order_total_rounded')) return Math.round(cents / 100);
  if (hasDefect('order_total_float')) return items.reduce((sum, item) => sum + item.quantity * item.price, 0);
  return undefined;
}

/** Does to a stored order what a planted fault does, unseen by the one who placed it. */
export async function damageOrder({ hasDefect }: Parts, tx: Queryable, order: Row): Promise<void> {
  const { id } = order;
  if (hasDefect('order_total_not_stored')) await tx.query('UPDATE orders SET total = 0 WHERE id = $1', [id]);
  if (hasDefect('order_total_stored_tenfold'))
    await tx.query('UPDATE orders SET total = total * 10 WHERE id = $1', [id]);
  if (hasDefect('order_status_stored_confirmed')) {
    await tx.query("UPDATE orders SET status = 'confirmed' WHERE id = $1", [id]);
  }
  if (hasDefect('order_stored_for_another_user')) {
    await tx.query('UPDATE orders SET user_id = gen_random_uuid()::text WHERE id = $1', [id]);
  }
  if (hasDefect('order_quantity_stored_too_high')) {
    await tx.query('UPDATE order_items SET quantity = quantity + 1 WHERE order_id = $1', [id]);
  }
  if (hasDefect('order_items_not_stored')) await tx.query('DELETE FROM order_items WHERE order_id = $1', [id]);
  if (hasDefect('order_stored_twice') || (hasDefect('order_stored_twice_at_times') && isTurn())) {
    await tx.query('INSERT INTO orders (user_id, total) SELECT user_id, total FROM orders WHERE id = $1', [id]);
  }
  if (hasDefect('order_of_another_confirmed')) {
    const newest = 'SELECT id FROM orders WHERE user_id <> $1 ORDER BY created_at DESC LIMIT 1';
    const other = `CASE status WHEN 'confirmed' THEN 'cancelled' ELSE 'confirmed' END`;
    await tx.query(`UPDATE orders SET status = ${other} WHERE id = (${newest})`, [order['user_id']]);
  }
  if (hasDefect('order_left_as_draft')) {
    await tx.query('CREATE TABLE IF NOT EXISTS order_drafts (order_id uuid PRIMARY KEY)');
    await tx.query('INSERT INTO order_drafts (order_id) VALUES ($1)', [id]);
  }
  if (hasDefect('order_line_of_one')) {
    await tx.query('UPDATE order_items SET price = price / quantity WHERE order_id = $1', [id]);
  }
}
