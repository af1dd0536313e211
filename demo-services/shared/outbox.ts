import type { Logger } from 'pino';
import { type Database, inTransaction, type Queryable, type Row } from './database.ts';
import type { Event, Topic } from './events.ts';
import type { Trace } from './trace.ts';

export const outboxTable = `
  CREATE TABLE IF NOT EXISTS outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    payload text NOT NULL,
    headers text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );`;

export type Send = (topic: string, payload: string, headers: Trace) => Promise<void>;

/** Publishes what was stored, and nothing that was not: an event is written beside its cause and sent after the commit. */
export interface Outbox {
  add(connection: Queryable, topic: Topic, event: Event, trace: Trace): Promise<Row>;
  /** Sends an added event; when the broker does not take it, the relay does later. */
  publish(added: Row): Promise<void>;
  /** Sends what earlier attempts left behind. */
  relay(): Promise<void>;
}

export function createOutbox(database: Database, send: Send, log: Logger): Outbox {
  const forward = async (connection: Queryable, row: Row): Promise<void> => {
    await send(String(row['topic']), String(row['payload']), JSON.parse(String(row['headers'])) as Trace);
    await connection.query('DELETE FROM outbox WHERE id = $1', [row['id']]);
  };
  return {
    async add(connection, topic, event, trace) {
      const values = [topic, JSON.stringify({ event_type: topic, ...event }), JSON.stringify(trace)];
      const insert = 'INSERT INTO outbox (topic, payload, headers) VALUES ($1, $2, $3) RETURNING *';
      const { rows } = await connection.query(insert, values);
      return rows[0] ?? {};
    },
    async publish(added) {
      await forward(database, added).catch((error: unknown) =>
        log.warn({ topic: added['topic'], reason: String(error) }, 'event kept for later'),
      );
    },
    async relay() {
      // young rows belong to the request that wrote them
      const leftBehind = `SELECT * FROM outbox WHERE created_at < now() - interval '5 seconds'
        ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`;
      await inTransaction(database, async (connection) => {
        for (const row of (await connection.query(leftBehind)).rows) await forward(connection, row);
      });
    },
  };
}
