import type { EventHandler } from '../shared/service.ts';
import { isUuid } from '../shared/uuid.ts';
import { takeFromInventory } from './products.ts';

interface Item {
  product_id: string;
  quantity: number;
}

/** Lowers the inventory of each product of a placed order. */
export const lowerInventories: EventHandler = async (event, connection, { log, hasDefect }) => {
  if (hasDefect('inventory_not_lowered')) return;
  const items: unknown[] = Array.isArray(event['items']) ? event['items'] : [];
  const usable = items.filter(isItem);
  if (usable.length < items.length) log.warn({ order: event['order_id'] }, 'skipped items that cannot be read');
  // in one order everywhere, so that two events cannot wait for each other's rows
  const sorted = usable.toSorted((a, b) => (a.product_id < b.product_id ? -1 : 1));
  const taken = hasDefect('inventory_of_first_item') ? usable.slice(0, 1) : sorted;
  for (const { product_id, quantity } of taken) {
    const lowered = hasDefect('inventory_lowered_by_one') ? 1 : quantity;
    await takeFromInventory(connection, product_id, hasDefect('inventory_lowered_twice') ? 2 * lowered : lowered);
  }
};

function isItem(value: unknown): value is Item {
  if (typeof value !== 'object' || value === null || !('product_id' in value) || !('quantity' in value)) return false;
  const { product_id, quantity } = value;
  return typeof product_id === 'string' && isUuid(product_id) && Number.isSafeInteger(quantity) && Number(quantity) > 0;
}
