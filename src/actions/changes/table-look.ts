import type { Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Stop } from '../../stop/stop.ts';
import type { Database, Row, Select } from '../database/database.ts';
import type { SqlDialect } from '../database/sql/sql-token.ts';
import { findTable } from './find-table.ts';
import { lookAgain } from './look-again.ts';
import { listTables, type WatchedTable } from './watched-table.ts';

/** How many characters of a table's rows are kept as they are; longer rows by their checksum. */
const KEPT_TEXT = 8_000_000;
const LONGEST_ROW = 4000;
/** Of those that stand as a checksum so many are read when they are new, and those that are no longer. */
const MOST_WHOLE = 200;
const LONGEST_WHOLE = 100_000;

/** What a table held at one time. */
export interface TableLook {
  readonly table: WatchedTable;
  readonly count: number;
  /** By primary key, or by the row itself where there is none; undefined when there are too many rows. */
  readonly rows: ReadonlyMap<string, SeenRow> | undefined;
  /** Of all rows, by the database; undefined where they are only counted. */
  readonly checksum: string | undefined;
  /** Rows that are longer stand as their checksum. */
  readonly longest: number;
  /** Of rows that stand as a checksum and were not so at the look before, what they are, by the same key. */
  readonly whole?: ReadonlyMap<string, string> | undefined;
}

export interface SeenRow {
  /** JSON, or a checksum. */
  readonly content: string;
  /** More than 1 only where nothing tells equal rows apart. */
  readonly times: number;
}

export interface TableLooks {
  readonly tables: readonly string[];
  readonly maxRows: number;
  /** The looks at the same tables before: rows are written as they were then. */
  readonly before?: readonly TableLook[] | undefined;
}

/** Reads all tables in one snapshot. @throws what the database says, ActionError for a table that is not there */
export function lookAtTables(database: Database, stop: Stop, looks: TableLooks): Promise<readonly TableLook[]> {
  return lookAgain((isAgain) => database.look(stop, (select) => lookAtNamed(looks, { database, select, isAgain })));
}

/** A table that is gone since the look before has no rows any more. */
async function lookAtNamed(
  { tables, maxRows, before: all }: TableLooks,
  {
    database: { dialect },
    select,
    isAgain,
  }: { readonly database: Database; readonly select: Select; readonly isAgain: boolean },
): Promise<readonly TableLook[]> {
  const known = all && !isAgain ? undefined : await listTables(dialect, select);
  const found: TableLook[] = [];
  for (const [at, name] of tables.entries()) {
    const before = all?.[at];
    const table = before?.table ?? findTable(name, known ?? [], dialect);
    const isThere = known?.some((one) => one.schema === table.schema && one.table === table.table) ?? true;
    found.push(isThere ? await lookAtTable(table, { select, dialect, maxRows, before }) : lookAtGone(table, before));
  }
  return found;
}

/** What is to be seen of a table that is not there. */
export function lookAtGone(table: WatchedTable, before?: Pick<TableLook, 'longest'>): TableLook {
  return { table, count: 0, rows: new Map(), checksum: '0', longest: before?.longest ?? LONGEST_ROW };
}

export interface LookOptions {
  readonly select: Select;
  readonly dialect: SqlDialect;
  readonly maxRows: number;
  /** The look before: what did not change is not read again. */
  readonly before?: TableLook | undefined;
}

/** Reads one table. @throws what the database says */
export async function lookAtTable(table: WatchedTable, options: LookOptions): Promise<TableLook> {
  const { select, dialect, maxRows, before } = options;
  const [counted] = await select(`SELECT count(*) AS n FROM ${table.from}`);
  const count = Number(String(counted?.['n']));
  const longest = before?.longest ?? Math.min(LONGEST_ROW, Math.floor(KEPT_TEXT / Math.max(1, count)));
  const isTooMany = count > maxRows || (before !== undefined && before.rows === undefined);
  if (isTooMany) return { table, count, rows: undefined, checksum: undefined, longest };
  const [summed] = await select(`SELECT ${writeChecksum(table, dialect)} AS sum FROM ${table.from}`);
  const checksum = String(summed?.['sum']);
  if (before?.checksum === checksum && before.count === count) return before;
  const content = `CASE WHEN length(${table.row}) <= ${longest} THEN ${table.row} ELSE md5(${table.row}) END`;
  const found = await select(`SELECT ${table.key ?? 'NULL'} AS k, ${content} AS r FROM ${table.from}`);
  const rows = gather(found, table);
  const ids = before?.rows ? listNewChecksums(before.rows, rows) : [];
  const whole =
    ids.length === 0 ? undefined : await readWhole(table, ids, { select, dialect, id: table.key ?? content });
  return { table, count, rows, checksum, longest, whole };
}

/** The rows that are not as they were, and of which only the checksum is known. */
function listNewChecksums(before: ReadonlyMap<string, SeenRow>, rows: ReadonlyMap<string, SeenRow>): readonly string[] {
  const isNew = ([id, { content }]: [string, SeenRow]) =>
    !content.startsWith('{') && before.get(id)?.content !== content;
  return [...rows]
    .filter(isNew)
    .slice(0, MOST_WHOLE)
    .map(([id]) => id);
}

async function readWhole(
  { row, from }: WatchedTable,
  ids: readonly string[],
  { select, dialect, id }: { readonly select: Select; readonly dialect: SqlDialect; readonly id: string },
): Promise<ReadonlyMap<string, string>> {
  const places = ids.map((_, at) => (dialect === 'mysql' ? '?' : `$${at + 1}`)).join(', ');
  const isShort = `length(${row}) <= ${LONGEST_WHOLE}`;
  const rows = await select(
    `SELECT ${id} AS k, ${row} AS r FROM ${from} WHERE ${id} IN (${places}) AND ${isShort}`,
    ids,
  );
  return new Map(rows.map(({ k, r }) => [String(k), String(r)]));
}

/** Of each row 60 bits of its MD5, added up, so that equal rows count too. */
function writeChecksum({ row }: WatchedTable, dialect: SqlDialect): string {
  return dialect === 'mysql'
    ? `CAST(COALESCE(SUM(CAST(CONV(LEFT(MD5(${row}), 15), 16, 10) AS UNSIGNED)), 0) AS CHAR)`
    : `COALESCE(SUM(('x' || substr(md5(${row}), 1, 15))::bit(60)::bigint), 0)::text`;
}

function gather(rows: readonly Row[], table: WatchedTable): ReadonlyMap<string, SeenRow> {
  const seen = new Map<string, SeenRow>();
  for (const { k, r } of rows) {
    const content = readText(r, table);
    const key = table.key === undefined ? content : readText(k, table);
    seen.set(key, { content, times: (seen.get(key)?.times ?? 0) + 1 });
  }
  return seen;
}

/** @throws ActionError of a row that the database cannot write as a text: whether it changed would not be seen */
function readText(value: Value | undefined, { name }: WatchedTable): string {
  if (typeof value === 'string') return value;
  const hints = ['it may be larger than the server sends in one piece (`max_allowed_packet`)'];
  throw new ActionError({ kind: 'sql', message: `a row of \`${name}\` cannot be read as text`, hints });
}
