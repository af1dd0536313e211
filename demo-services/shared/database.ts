import pg from 'pg';
import type { Logger } from 'pino';

export type Row = Record<string, unknown>;

/** A place to run queries: the pool, or the connection of a transaction. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
}

export type Database = pg.Pool;

// the same number for every service, so that their first starts do not collide in the catalogue
const setupLock = 7_265_001;

/** Opens a pool whose queries find the tables of `schema`; counts and prices arrive as numbers. */
export function openDatabase(url: string, schema: string, log: Logger): Database {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${schema}`,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 10_000,
    types: { getTypeParser: chooseParser as typeof pg.types.getTypeParser },
  });
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection broke'));
  return pool;
}

/** Creates schema and tables where they are missing; safe beside other services that do the same. */
export async function prepareSchema(database: Database, schema: string, tables: string): Promise<void> {
  await inTransaction(database, async (connection) => {
    await connection.query('SELECT pg_advisory_xact_lock($1)', [setupLock]);
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await connection.query(tables);
  });
}

/** Runs `work` in a transaction: committed when it resolves (or, for a planted fault, `abandon`ed), rolled back when it throws. */
export async function inTransaction<T>(
  database: Database,
  work: (connection: Queryable) => Promise<T>,
  { abandon = false } = {},
): Promise<T> {
  const connection = await database.connect();
  let isBroken = false;
  try {
    await connection.query('BEGIN');
    const result = await work(connection);
    await connection.query(abandon ? 'ROLLBACK' : 'COMMIT');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    connection.release(isBroken);
  }
}

function chooseParser(oid: number, format?: 'text' | 'binary'): unknown {
  const isNumber = oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC;
  return isNumber ? Number : pg.types.getTypeParser(oid, format);
}
