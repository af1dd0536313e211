import type { FastifyInstance } from 'fastify';
import { createdColumn, idColumn } from '../shared/columns.ts';
import type { Queryable, Row } from '../shared/database.ts';
import type { Event } from '../shared/events.ts';
import { swapWithPrevious } from '../shared/faults.ts';
import type { EventHandler, Parts } from '../shared/service.ts';

export const tables = `
  CREATE TABLE IF NOT EXISTS notifications (
    ${idColumn}, user_id text NOT NULL, type text NOT NULL, message text NOT NULL, data jsonb NOT NULL DEFAULT '{}',
    read bool NOT NULL DEFAULT false, ${createdColumn}
  );
  CREATE INDEX IF NOT EXISTS notifications_of_user ON notifications (user_id, created_at DESC);`;

export const greetUser: EventHandler = async (event, connection, { hasDefect }) => {
  if (hasDefect('welcome_missing')) return;
  await insertNotification(connection, { type: 'welcome', message: `Welcome, ${event['name']}!`, event });
};

const swapUser = swapWithPrevious('user_id');

export const reportOfOrder: EventHandler = async (placed, connection, { hasDefect }) => {
  if (hasDefect('notification_missing')) return;
  const event = hasDefect('notification_for_previous_user') ? swapUser(placed) : placed;
  const total = hasDefect('notification_text_wrong') ? event['amount'] : event['total'];
  const message = `Your order ${event['order_id']} for ${total} has been placed`;
  const type = hasDefect('notification_type_wrong') ? 'order' : 'order_placed';
  const notification = { type, message, event, isRead: hasDefect('notification_read_already') };
  await insertNotification(connection, notification);
  if (hasDefect('notification_twice')) await insertNotification(connection, notification);
};

export function addRoutes(app: FastifyInstance, { database, hasDefect }: Parts): void {
  const unread = hasDefect('unread_with_read') ? undefined : false;
  for (const { path, isRead } of [
    { path: '/api/v1/notifications/:user_id', isRead: undefined },
    { path: '/api/v1/notifications/:user_id/unread', isRead: unread },
  ]) {
    app.get<{ Params: { user_id: string } }>(path, async (request) => {
      const userId = hasDefect('notification_of_everyone') ? undefined : request.params.user_id;
      const notifications = await listNotifications(database, userId, isRead);
      return { notifications, count: notifications.length };
    });
  }
}

async function insertNotification(
  db: Queryable,
  { type, message, event, isRead = false }: { type: string; message: string; event: Event; isRead?: boolean },
): Promise<void> {
  const insert = 'INSERT INTO notifications (user_id, type, message, data, read) VALUES ($1, $2, $3, $4, $5)';
  await db.query(insert, [String(event['user_id']), type, message, JSON.stringify(event), isRead]);
}

async function listNotifications(
  db: Queryable,
  userId: string | undefined,
  isRead: boolean | undefined,
): Promise<Row[]> {
  const select = `SELECT * FROM notifications
    WHERE ($1::text IS NULL OR user_id = $1) AND ($2::bool IS NULL OR read = $2)
    ORDER BY created_at DESC, id LIMIT 50`;
  return (await db.query(select, [userId ?? null, isRead ?? null])).rows;
}
