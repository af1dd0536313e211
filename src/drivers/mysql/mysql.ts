import type { EventEmitter } from 'node:events';
import type { LinkKeeper } from '../link-pool.ts';
import { KeptRows } from '../result-size.ts';
import {
  createSqlPool,
  type Ending,
  orCancelled,
  type SqlPool,
  type SqlSession,
  type SqlSpeaker,
} from '../sql-pool.ts';
import {
  closeMysqlLink,
  IN_TRANSACTION,
  killQuery,
  loadMysqlClient,
  type MysqlLink,
  type MysqlWay,
  openMysqlLink,
  pingMysqlLink,
  renewMysqlLink,
} from './mysql-client.ts';

/** Connections to one MySQL or MariaDB server. */
export type MysqlPool = SqlPool<MysqlSession>;
export type MysqlSession = SqlSession<MysqlStatement, MysqlResult>;

/** A value for a `?`, with the type under which it is sent; numbers and decimals as digits. */
export type MysqlParameter =
  | null
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'uint' | 'decimal' | 'text'; readonly text: string }
  | { readonly kind: 'double'; readonly value: number };

export interface MysqlStatement {
  readonly text: string;
  readonly parameters: readonly MysqlParameter[];
  /** Whether the server is asked to prepare it: what gives rows comes with its types then. */
  readonly isPrepared: boolean;
  /** Rows behind these are read and dropped. */
  readonly maxRows: number;
  /** Takes each row as it comes, in the place of being given them all. */
  readonly onRow?: ((cells: readonly MysqlCell[], fields: readonly MysqlField[]) => void) | undefined;
}

export interface MysqlField {
  readonly name: string;
  /** The protocol's number of the type. */
  readonly type: number;
  /** Digits or bytes that are shown: 1 for TINYINT(1) and BIT(1). */
  readonly length: number;
  readonly isUnsigned: boolean;
  /** MariaDB keeps JSON as text and says so apart. */
  readonly isJson: boolean;
}

/** A cell as the library decodes it: big integers, decimals and times as text, bytes as Buffer. */
export type MysqlCell = null | string | number | Buffer | readonly number[];

/** What one statement brought; of several results (a procedure's) the last that has columns. */
export interface MysqlResult {
  readonly fields: readonly MysqlField[];
  readonly rows: readonly (readonly MysqlCell[])[];
  readonly affectedRows: number;
  /** Whether there were more rows than `maxRows`. */
  readonly isCut: boolean;
}

const UNSIGNED = 32;
/** ER_UNSUPPORTED_PS: the statement can be run, but not prepared. */
const NOT_PREPARABLE = 1295;

/** Another database or role: a reset leaves them, so a session that may have changed one is not used again. */
const MOVES = /\buse\s+[`"\w]|\bdrop\s+(database|schema)\b|\bset\s+(default\s+)?role\b/i;
const TOO_MANY_CONNECTIONS = new Set([1040, 1203, 1226]);
const ROLLBACK: MysqlStatement = { text: 'ROLLBACK', parameters: [], isPrepared: false, maxRows: 0 };

/** Makes a pool; nothing is contacted before its first use. `now` gives ms that never go back. */
export function createMysqlPool(way: MysqlWay, now: () => number, mostIdle?: number): MysqlPool {
  const keeper: LinkKeeper<MysqlLink> = {
    open: (stop) => openMysqlLink(way, stop),
    isAlive: (link) => !link.isBroken && !link.isMoved,
    renew: renewMysqlLink,
    check: pingMysqlLink,
    isCrowded: (error) => isNumbered(error) && TOO_MANY_CONNECTIONS.has(error.errno),
    close: closeMysqlLink,
  };
  const speaker: SqlSpeaker<MysqlLink, MysqlStatement, MysqlResult> = {
    rollback: ROLLBACK,
    run: runStatement,
    isInTransaction: (link) => (link.status & IN_TRANSACTION) !== 0,
    async cancel(link) {
      await killQuery(way, link).catch(() => undefined);
      link.connection.destroy();
    },
  };
  return createSqlPool(keeper, speaker, now, mostIdle);
}

async function runStatement(link: MysqlLink, statement: MysqlStatement, ending: Ending): Promise<MysqlResult> {
  const { connection } = link;
  const sql = statement.text;
  if (MOVES.test(sql)) link.isMoved = true;
  const values = await writeParameters(statement.parameters);
  if (statement.isPrepared) {
    try {
      return await collect(link, () => connection.execute({ sql, values }), { ...ending, ...statement });
    } catch (error) {
      const isRunnable = isNumbered(error) && error.errno === NOT_PREPARABLE && values.length === 0;
      if (!isRunnable) throw error;
    }
  }
  return collect(link, () => connection.query({ sql }), { ...ending, ...statement });
}

async function writeParameters(parameters: readonly MysqlParameter[]) {
  const { TypedParameter } = await loadMysqlClient();
  return parameters.map((parameter) => {
    if (parameter === null) return null;
    switch (parameter.kind) {
      case 'bool':
        return TypedParameter.TINY(parameter.value);
      case 'int':
        return TypedParameter.LONGLONG(parameter.text);
      case 'uint':
        return TypedParameter.LONGLONG.unsigned(parameter.text);
      case 'decimal':
        return TypedParameter.NEWDECIMAL(parameter.text);
      case 'double':
        return TypedParameter.DOUBLE(parameter.value);
      case 'text':
        return parameter.text;
      default:
        return parameter satisfies never;
    }
  });
}

/** Follows a command to its end, or to the stop. */
function collect(
  link: MysqlLink,
  start: () => EventEmitter,
  ending: Ending & Pick<MysqlStatement, 'maxRows' | 'onRow'>,
): Promise<MysqlResult> {
  return orCancelled(ending, (resolve, reject) => {
    const { connection } = link;
    let fields: readonly MysqlField[] = [];
    let kept = new KeptRows<readonly MysqlCell[]>(ending.maxRows);
    let affectedRows = 0;
    let isGivenUp = false;
    const take = (row: readonly MysqlCell[]): void => {
      // The server has sent more before it hears that this is over.
      if (isGivenUp) return;
      const error = ending.onRow ? handOn(row, fields, ending.onRow) : kept.add(row);
      if (error === undefined) return;
      isGivenUp = true;
      ending.cancel();
      reject(error);
    };
    // A connection that breaks says so itself, not through its command.
    connection.on('error', reject);
    const command = start();
    command.on('error', reject);
    command.on('fields', (columns: readonly ColumnDefinition[] | undefined) => {
      if (!columns) return;
      fields = columns.map(describeField);
      kept = new KeptRows(ending.maxRows);
    });
    command.on('result', (row: readonly MysqlCell[] | { affectedRows: number; serverStatus: number }) => {
      link.heard();
      if ('serverStatus' in row) {
        affectedRows += row.affectedRows;
        link.status = row.serverStatus;
      } else take(row);
    });
    command.on('end', () => resolve({ fields, rows: kept.rows, affectedRows, isCut: kept.isCut }));
    return () => connection.off('error', reject);
  });
}

/** Gives what is thrown. */
function handOn(
  row: readonly MysqlCell[],
  fields: readonly MysqlField[],
  onRow: NonNullable<MysqlStatement['onRow']>,
): unknown {
  try {
    onRow(row, fields);
    return undefined;
  } catch (error) {
    return error;
  }
}

interface ColumnDefinition {
  readonly name: string;
  readonly columnType: number;
  readonly columnLength: number;
  readonly flags: number;
  readonly extendedFormat?: string;
}

function describeField({ name, columnType, columnLength, flags, extendedFormat }: ColumnDefinition): MysqlField {
  return {
    name,
    type: columnType,
    length: columnLength,
    isUnsigned: (flags & UNSIGNED) !== 0,
    isJson: extendedFormat === 'json',
  };
}

function isNumbered(error: unknown): error is { errno: number } {
  return typeof error === 'object' && error !== null && 'errno' in error;
}
