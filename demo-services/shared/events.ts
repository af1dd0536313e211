/** The topics and the field that names the thing an event is about, by which a second delivery is known. */
export const topics = {
  'user.created': 'user_id',
  'user.login': 'user_id',
  'product.created': 'product_id',
  'product.inventory.changed': 'product_id',
  'order.placed': 'order_id',
} as const;

export type Topic = keyof typeof topics;
export type Event = Record<string, unknown>;

/** Reads a message's value as an event of `topic`; undefined when it is none. */
export function parseEvent(topic: Topic, value: Buffer | null): { id: string; event: Event } | undefined {
  const event = parseObject(value?.toString('utf8') ?? '');
  const id = event?.[topics[topic]];
  return event !== undefined && typeof id === 'string' && id !== '' ? { id, event } : undefined;
}

function parseObject(text: string): Event | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Event) : undefined;
  } catch {
    return undefined;
  }
}
