import { type Faults, inEvent, onRoute, onTopic, rename, swapWithPrevious, withStatus } from '../shared/faults.ts';

const twoHoursMs = 2 * 60 * 60 * 1_000;
const shift = (time: unknown): string => new Date(Date.parse(String(time)) + twoHoursMs).toISOString();

/** What planted faults do to what this service says. */
export const faults: Faults = {
  answers: {
    user_status_200: withStatus(201, 200),
    user_taken_is_500: withStatus(409, 500, { error: 'internal error' }),
    user_unknown_is_empty: withStatus(404, 200, {}),
    login_unknown_is_404: (answer) => (answer.route.endsWith('/login') ? withStatus(401, 404)(answer) : answer),
    login_verifies_anything: onRoute('GET /api/v1/auth/verify', (body) => ({ ...body, valid: true })),
    user_health_degraded: onRoute('GET /health', (body) => ({ ...body, status: 'degraded' })),
    user_password_in_body: onRoute('POST /api/v1/users', (body) => ({
      ...body,
      password_hash: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    })),
    user_created_at_shifted: (answer) => {
      const { created_at } = answer.body;
      return created_at === undefined ? answer : { ...answer, body: { ...answer.body, created_at: shift(created_at) } };
    },
  },
  events: {
    user_event_missing: onTopic('user.created', () => []),
    user_event_twice: onTopic('user.created', (sent) => [sent, sent]),
    user_event_of_previous: inEvent('user.created', swapWithPrevious('user_id')),
    user_event_wrong_topic: onTopic('user.created', (sent) => [{ ...sent, topic: 'user.login' }]),
    user_event_field_renamed: inEvent('user.created', rename('email', 'mail')),
    login_event_missing: onTopic('user.login', () => []),
  },
};
