import { type Faults, inEvent, onTopic, rename } from '../shared/faults.ts';

/** What planted faults do to what this service says. */
export const faults: Faults = {
  answers: {
    product_price_text: (answer) => {
      const { price } = answer.body;
      return typeof price === 'number' ? { ...answer, body: { ...answer.body, price: price.toFixed(2) } } : answer;
    },
    product_created_at_without_zone: (answer) => {
      const { created_at } = answer.body;
      if (typeof created_at !== 'string') return answer;
      return { ...answer, body: { ...answer.body, created_at: created_at.replace(/Z$/, '') } };
    },
    product_content_type_wrong: (answer) => ({ ...answer, contentType: 'text/plain; charset=utf-8' }),
  },
  events: {
    product_event_missing: onTopic('product.created', () => []),
    product_event_price_in_cents: inEvent('product.created', (event) => ({
      ...event,
      price: Math.round(Number(event['price']) * 100),
    })),
    product_event_field_renamed: inEvent('product.created', rename('product_id', 'productId')),
    inventory_event_type_wrong: inEvent('product.inventory.changed', (event) => ({
      ...event,
      event_type: 'product.updated',
    })),
    inventory_event_swapped: inEvent('product.inventory.changed', (event) => ({
      ...event,
      old_inventory: event['new_inventory'],
      new_inventory: event['old_inventory'],
    })),
  },
};
