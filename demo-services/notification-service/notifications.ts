import type { FastifyInstance } from 'fastify';
import { createdColumn, idColumn } from '../shared/columns.ts';
import type { Queryable, Row } from '../shared/database.ts';
import type { Event } from '../shared/events.ts';
import type { EventHandler, Parts } from '../shared/service.ts';

export const tables = `
  CREATE TABLE IF NOT EXISTS notifications (
    ${idColumn}, user_id text NOT NULL, type text NOT NULL, message text NOT NULL, data jsonb NOT NULL DEFAULT '{}',
    read bool NOT NULL DEFAULT false, ${createdColumn}
  );
  CREATE INDEX IF NOT EXISTS notifications_of_user ON notifications (user_id, created_at DESC);`;

export const greetUser: EventHandler = async (event, connection) => {
  await insertNotification(connection, { type: 'welcome', message: `Welcome, ${event['name']}!`, event });
};

export const tellOfOrder: EventHandler = async (event, connection, { hasDefect }) => {
  if (hasDefect('notification_missing')) return;
  const message = `Your order ${event['order_id']} for ${event['total']} has been placed`;
  await insertNotification(connection, { type: 'order_placed', message, event });
};

export function addRoutes(app: FastifyInstance, { database }: Parts): void {
  for (const { path, isRead } of [
    { path: '/api/v1/notifications/:user_id', isRead: undefined },
    { path: '/api/v1/notifications/:user_id/unread', isRead: false },
  ]) {
    app.get<{ Params: { user_id: string } }>(path, async (request) => {
      const notifications = await listNotifications(database, request.params.user_id, isRead);
      return { notifications, count: notifications.length };
    });
  }
}

async function insertNotification(
  db: Queryable,
  { type, message, event }: { type: string; message: string; event: Event },
): Promise<void> {
  const insert = 'INSERT INTO notifications (user_id, type, message, data) VALUES ($1, $2, $3, $4)';
  await db.query(insert, [String(event['user_id']), type, message, JSON.stringify(event)]);
}

async function listNotifications(db: Queryable, userId: string, isRead: boolean | undefined): Promise<Row[]> {
  const select = `SELECT * FROM notifications WHERE user_id = $1 AND ($2::bool IS NULL OR read = $2)
    ORDER BY created_at DESC, id LIMIT 50`;
  return (await db.query(select, [userId, isRead ?? null])).rows;
}
