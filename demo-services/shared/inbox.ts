import { type Database, inTransaction, type Queryable } from './database.ts';
import type { Topic } from './events.ts';

export const inboxTable = `
  CREATE TABLE IF NOT EXISTS processed_events (
    topic text NOT NULL,
    event_id text NOT NULL,
    processed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, event_id)
  );`;

/** Runs `effect` unless this event was handled before, or the service forgets that; the note of it and the effect commit together. */
export async function handleOnce(
  database: Database,
  { topic, id, forgets }: { topic: Topic; id: string; forgets: boolean },
  effect: (connection: Queryable) => Promise<void>,
): Promise<boolean> {
  return inTransaction(database, async (connection) => {
    const insert = 'INSERT INTO processed_events (topic, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';
    const { rowCount } = await connection.query(insert, [topic, id]);
    if (rowCount !== 1 && !forgets) return false;
    await effect(connection);
    return true;
  });
}
