import type { Value } from '../../expr/index.ts';
import { groupBy } from '../../util/group-by.ts';
import type { Row, Select } from '../database/database.ts';
import type { SqlDialect } from '../database/sql/sql-token.ts';

/** A table as its database knows it. */
export interface WatchedTable extends TableSql {
  /** As it was given, else `schema.table`. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  /** Where its schema stands among those that a name without one means, from 0; undefined when it is none of them. */
  readonly pathPlace: number | undefined;
  /** Whether it is made of other tables. */
  readonly isView: boolean;
  /** Whether this user may read it. */
  readonly isReadable: boolean;
}

/** How a table is read, in SQL. */
interface TableSql {
  readonly from: string;
  /** The primary key of a row, as the JSON text of a map; undefined of a table without one. */
  readonly key: string | undefined;
  /** A row, as the JSON text of a map. */
  readonly row: string;
}

/** All tables but those of the database itself, by schema and name. */
export function listTables(dialect: SqlDialect, select: Select): Promise<readonly WatchedTable[]> {
  return dialect === 'mysql' ? listMysqlTables(select) : listPostgresTables(select);
}

/** The alias of the table in `from`: none that a column is likely to have. */
const ROW = 'testmesh_row';

const POSTGRES_TABLES = `
  SELECT n.nspname::text AS schema, c.relname::text AS name, c.oid::regclass::text AS written,
    c.relkind NOT IN ('r', 'p') AS is_view, has_table_privilege(c.oid, 'SELECT') AS is_readable,
    array_position(current_schemas(false), n.nspname) AS place, (
    SELECT string_agg('${ROW}.' || quote_ident(a.attname), ', ' ORDER BY k.place)
    FROM pg_catalog.pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place), pg_catalog.pg_attribute a
    WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number
  ) AS key
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2`;

async function listPostgresTables(select: Select): Promise<readonly WatchedTable[]> {
  return (await select(POSTGRES_TABLES)).map(({ schema, name, written, is_view, is_readable, place, key }) => ({
    ...nameTable(schema, name),
    pathPlace: place === null ? undefined : Number(place),
    isView: is_view === true,
    isReadable: is_readable === true,
    from: `${written} AS ${ROW}`,
    key: key === null ? undefined : `row_to_json((SELECT k FROM (SELECT ${key}) AS k))::text`,
    row: `row_to_json(${ROW}.*)::text`,
  }));
}

const MYSQL_COLUMNS = `
  SELECT c.table_schema AS \`schema\`, c.table_name AS \`table\`, c.column_name AS name, c.data_type AS type,
    c.column_key = 'PRI' AS is_key, t.table_type <> 'BASE TABLE' AS is_view, c.table_schema = DATABASE() AS is_here
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
  WHERE c.table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
  ORDER BY c.table_schema, c.table_name, c.ordinal_position`;

async function listMysqlTables(select: Select): Promise<readonly WatchedTable[]> {
  const tables = groupBy(await select(MYSQL_COLUMNS), ({ schema, table }) => `${schema}\0${table}`);
  return [...tables.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const place = {
      ...nameTable(first['schema'], first['table']),
      pathPlace: Number(first['is_here']) === 1 ? 0 : undefined,
      isView: Number(first['is_view']) === 1,
      isReadable: true,
    };
    return [{ ...place, ...writeMysqlTable(place, rows) }];
  });
}

function writeMysqlTable({ schema, table }: { schema: string; table: string }, rows: readonly Row[]): TableSql {
  const columns = rows.map((column) => ({
    name: String(column['name']),
    value: writeMysqlValue(quote(String(column['name'])), String(column['type']).toLowerCase()),
    isKey: Number(column['is_key']) === 1,
  }));
  const write = (some: typeof columns) =>
    `CAST(JSON_OBJECT(${some.map((column) => `'${column.name.replaceAll(/['\\]/g, '\\$&')}', ${column.value}`).join(', ')}) AS CHAR)`;
  const keys = columns.filter(({ isKey }) => isKey);
  return {
    from: `${quote(schema)}.${quote(table)}`,
    key: keys.length === 0 ? undefined : write(keys),
    row: write(columns),
  };
}

function nameTable(schema: Value | undefined, table: Value | undefined) {
  return { name: `${schema}.${table}`, schema: String(schema), table: String(table) };
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
