import type { Logger } from 'pino';
import { type Database, inTransaction, type Queryable, type Row } from './database.ts';
import type { Event, Topic } from './events.ts';
import type { Sent } from './faults.ts';
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
  add(connection: Queryable, topic: Topic, event: Event, trace: Trace): Promise<Row[]>;
  /** Sends what was added; when the broker does not take it, the relay does later. */
  publish(added: Row[]): Promise<void>;
  /** Sends what earlier attempts left behind. */
  relay(): Promise<void>;
}

/** `spoil` gives what is sent for an event: itself, unless a fault is planted. */
export function createOutbox(
  database: Database,
  { send, spoil, log }: { send: Send; spoil: (sent: Sent) => Sent[]; log: Logger },
): Outbox {
  const forward = async (connection: Queryable, row: Row): Promise<void> => {
    await send(String(row['topic']), String(row['payload']), JSON.parse(String(row['headers'])) as Trace);
    await connection.query('DELETE FROM outbox WHERE id = $1', [row['id']]);
  };
  return {
    async add(connection, topic, event, trace) {
      const sent = spoil({ topic, event: { event_type: topic, ...event }, trace });
      const rows: Row[] = [];
      for (const one of sent) rows.push(await insert(connection, one));
      return rows;
    },
    async publish(added) {
      for (const row of added.filter(isDue)) {
        await forward(database, row).catch((error: unknown) =>
          log.warn({ topic: row['topic'], reason: String(error) }, 'event kept for later'),
        );
      }
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

async function insert(connection: Queryable, { topic, event, trace, delaySeconds = 0 }: Sent): Promise<Row> {
  const statement = `INSERT INTO outbox (topic, payload, headers, created_at)
    VALUES ($1, $2, $3, now() + $4::int * interval '1 second') RETURNING *, $4::int = 0 AS is_due`;
  const values = [topic, JSON.stringify(event), JSON.stringify(trace), delaySeconds];
  return (await connection.query(statement, values)).rows[0] ?? {};
}

function isDue(row: Row): boolean {
  return row['is_due'] === true;
}
