import { ActionError } from '../../model/action/outcome.ts';
import type { Select } from '../database/database.ts';
import type { SqlDialect } from '../database/sql/sql-token.ts';

/** A table as its database knows it, in SQL. */
export interface WatchedTable {
  /** As it was given. */
  readonly name: string;
  readonly from: string;
  /** The primary key of a row, as the JSON text of a map; undefined of a table without one. */
  readonly key: string | undefined;
  /** A row, as the JSON text of a map. */
  readonly row: string;
}

/** Looks a table up by its name, `schema.table` or `table`. @throws ActionError when it is not there */
export async function findTable(name: string, dialect: SqlDialect, select: Select): Promise<WatchedTable> {
  const found = await (dialect === 'mysql' ? findMysqlTable(name, select) : findPostgresTable(name, select));
  if (found) return { name, ...found };
  const hints = ['`tables` names each as `schema.table`; has the service created its tables yet?'];
  throw new ActionError({ kind: 'sql', message: `the table \`${name}\` does not exist`, hints });
}

type Found = Omit<WatchedTable, 'name'> | undefined;

/** The alias of the table in `from`: none that a column is likely to have. */
const ROW = 'testmesh_row';

const POSTGRES_TABLE = `
  SELECT c.oid::regclass::text AS name, (
    SELECT string_agg('${ROW}.' || quote_ident(a.attname), ', ' ORDER BY k.place)
    FROM pg_catalog.pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place), pg_catalog.pg_attribute a
    WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number
  ) AS key
  FROM pg_catalog.pg_class c WHERE c.oid = COALESCE(to_regclass($1::text), to_regclass($2::text))`;

async function findPostgresTable(name: string, select: Select): Promise<Found> {
  // A name with capitals is meant as it stands where there is none in small letters.
  const asItStands = name.split('.').map((part) => `"${part.replaceAll('"', '""')}"`);
  const [found] = await select(POSTGRES_TABLE, [name, asItStands.join('.')]);
  if (!found) return undefined;
  const key = found['key'];
  return {
    from: `${found['name']} AS ${ROW}`,
    key: key === null ? undefined : `row_to_json((SELECT k FROM (SELECT ${key}) AS k))::text`,
    row: `row_to_json(${ROW}.*)::text`,
  };
}

const MYSQL_COLUMNS = `
  SELECT table_schema AS \`schema\`, column_name AS name, data_type AS type, column_key = 'PRI' AS is_key
  FROM information_schema.columns WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ?
  ORDER BY ordinal_position`;

async function findMysqlTable(name: string, select: Select): Promise<Found> {
  const [table = '', schema = ''] = name.replaceAll('`', '').split('.').toReversed();
  const columns = (await select(MYSQL_COLUMNS, [schema, table])).map((column) => ({
    name: String(column['name']),
    value: writeMysqlValue(quote(String(column['name'])), String(column['type']).toLowerCase()),
    isKey: Number(column['is_key']) === 1,
  }));
  if (columns.length === 0) return undefined;
  const write = (some: typeof columns) =>
    `CAST(JSON_OBJECT(${some.map((column) => `'${column.name.replaceAll(/['\\]/g, '\\$&')}', ${column.value}`).join(', ')}) AS CHAR)`;
  const keys = columns.filter(({ isKey }) => isKey);
  return {
    from: schema === '' ? quote(table) : `${quote(schema)}.${quote(table)}`,
    key: keys.length === 0 ? undefined : write(keys),
    row: write(columns),
  };
}

/** A column as JSON can hold it whole: bytes are no text, and a FLOAT is rounded where it becomes one. */
function writeMysqlValue(column: string, type: string): string {
  if (type === 'float') return `${column} + 0e0`;
  if (type === 'bit') return `HEX(${column} + 0)`;
  return /binary|blob|geometry|point|linestring|polygon/.test(type) ? `HEX(${column})` : column;
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
