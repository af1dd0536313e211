import { type Answer, type Faults, onRoute } from '../shared/faults.ts';

const listing = 'GET /api/v1/notifications/:user_id';

/** What planted faults do to what this service says. */
export const faults: Faults = {
  answers: {
    notification_data_text: onRoute(listing, (body) =>
      inList(body, (list) => list.map((one) => ({ ...one, data: JSON.stringify(one['data']) }))),
    ),
    notification_count_wrong: onRoute(listing, (body) => ({ ...body, count: Number(body['count']) + 1 })),
    notification_oldest_first: onRoute(listing, (body) => inList(body, (list) => list.toReversed())),
    notification_page_short: onRoute(listing, (body) => inList(body, (list) => list.slice(0, 10))),
  },
};

function inList(body: Answer['body'], change: (list: Answer['body'][]) => Answer['body'][]): Answer['body'] {
  const notifications = change(body['notifications'] as Answer['body'][]);
  return { ...body, notifications, count: notifications.length };
}
