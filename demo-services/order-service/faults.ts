import type { Row } from '../shared/database.ts';
import type { Event } from '../shared/events.ts';
import { atTimes, type Faults, inEvent, onRoute, onTopic, swapWithPrevious, withStatus } from '../shared/faults.ts';

const placing = 'POST /api/v1/orders';

/** What planted faults do to what this service says. */
export const faults: Faults = {
  answers: {
    order_total_text: (answer) => {
      const { total } = answer.body;
      return typeof total === 'number' ? { ...answer, body: { ...answer.body, total: String(total) } } : answer;
    },
    order_status_wrong: onRoute(placing, (body) => ({ ...body, status: 'confirmed' })),
    order_unknown_is_empty: withStatus(404, 200, {}),
    order_refusal_is_500: withStatus(400, 500, { error: 'internal error' }),
    order_error_tells_password: (answer) => {
      const { error } = answer.body;
      if (error === undefined) return answer;
      return { ...answer, body: { error: `${error} (postgresql://root:admin@localhost:5432/postgres)` } };
    },
  },
  events: {
    order_event_missing: onTopic('order.placed', () => []),
    order_event_lost_at_times: onTopic(
      'order.placed',
      atTimes(() => []),
    ),
    order_event_twice_at_times: onTopic(
      'order.placed',
      atTimes((sent) => [sent, sent]),
    ),
    order_event_twice: onTopic('order.placed', (sent) => [sent, sent]),
    order_event_on_another_topic: onTopic('order.placed', (sent) => [sent, { ...sent, topic: 'user.login' }]),
    order_event_late: onTopic('order.placed', (sent) => [{ ...sent, delaySeconds: 20 }]),
    order_event_of_previous: inEvent('order.placed', swapWithPrevious('order_id')),
    order_event_for_another_user: inEvent('order.placed', swapWithPrevious('user_id')),
    order_event_without_items: inEvent('order.placed', (event) => ({ ...event, items: [] })),
    order_event_total_in_cents: inEvent('order.placed', (event) => ({
      ...event,
      total: Math.round(Number(event['total']) * 100),
    })),
    order_event_price_of_one: inItems((item) => ({ ...item, price: Number(item['price']) / Number(item['quantity']) })),
    order_event_quantity_text: inItems((item) => ({ ...item, quantity: String(item['quantity']) })),
    order_event_type_wrong: inEvent('order.placed', (event) => ({ ...event, event_type: 'order.created' })),
    order_event_trace_dropped: onTopic('order.placed', (sent) => [{ ...sent, trace: {} }]),
  },
};

function inItems(change: (item: Row) => Row): ReturnType<typeof inEvent> {
  return inEvent('order.placed', (event: Event) => ({ ...event, items: (event['items'] as Row[]).map(change) }));
}
