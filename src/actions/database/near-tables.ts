import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { runWithin } from '../settings/deadline.ts';
import type { Database, Row } from './database.ts';

/** The error is there already: nobody waits long for what may be meant. */
const LONGEST_LOOK_MS = 1000;
const MOST_NAMED = 3;
const NO_SUCH_TABLE: ReadonlySet<string> = new Set(['42P01', '42S02']);

const POSTGRES_TABLES = `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table"
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2 LIMIT 5000`;
const MYSQL_TABLES = `
  SELECT table_schema AS \`schema\`, table_name AS \`table\` FROM information_schema.tables
  WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
  ORDER BY 1, 2 LIMIT 5000`;

/** The error of a table that is not there with those that may be meant, where the database tells them soon; else as it is. */
export async function addNearTables(
  error: ActionError,
  database: Pick<Database, 'dialect' | 'look'>,
  io: Pick<ActionIo, 'stop' | 'clock'>,
): Promise<ActionError> {
  const { problem, details, data, cause } = error;
  // Of an alias that no FROM has, Postgres says the same code.
  const isMissing = NO_SUCH_TABLE.has(problem.code ?? '') && !/\bFROM-/.test(problem.message);
  const name = isMissing ? /["']([^"']+)["']/.exec(problem.message)?.[1] : undefined;
  if (name === undefined) return error;
  const text = database.dialect === 'mysql' ? MYSQL_TABLES : POSTGRES_TABLES;
  const rows = await runWithin(LONGEST_LOOK_MS, io, (stop) => database.look(stop, (select) => select(text))).catch(
    (): readonly Row[] => [],
  );
  const near = findNear(
    name,
    rows.map((row) => ({ schema: String(row['schema']), table: String(row['table']) })),
  );
  if (near.length === 0) return error;
  const names = near.map((one) => writeName(one, database.dialect));
  const hints = [`there is ${listNames(names, MOST_NAMED)}`, ...(problem.hints ?? [])];
  return new ActionError({ ...problem, hints }, { details, data, cause });
}

interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** Those that are called alike in any schema, else like the nearest. */
function findNear(name: string, tables: readonly TableName[]): readonly TableName[] {
  const [table = '', schema] = name.split('.').toReversed();
  const listNamed = (wanted: string): readonly TableName[] =>
    tables.filter((one) => one.table.toLowerCase() === wanted.toLowerCase());
  const namesakes = listNamed(table);
  if (namesakes.length > 0) return namesakes;
  const within = tables.filter((one) => one.schema === schema).map((one) => one.table);
  const here = findNearest(table, within);
  if (here !== undefined) return listNamed(here).filter((one) => one.schema === schema);
  const nearest = findNearest(
    table,
    tables.map((one) => one.table),
  );
  return nearest === undefined ? [] : listNamed(nearest);
}

/** As a query has it. */
function writeName({ schema, table }: TableName, dialect: Database['dialect']): string {
  const isPlain = (name: string): boolean => dialect === 'mysql' || /^[a-z_][a-z0-9_$]*$/.test(name);
  return [schema, table].map((name) => (isPlain(name) ? name : `"${name.replaceAll('"', '""')}"`)).join('.');
}
