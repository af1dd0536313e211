import type { EventEmitter } from 'node:events';
import { type LinkKeeper, LinkPool } from '../link-pool.ts';
import { type Stopper, WorkStopped } from '../stopper.ts';
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

/** Connections to one server, kept open between steps; whoever gets one finds a session that is as good as new. */
export interface MysqlPool {
  /**
   * Gives the work a session for itself, which ends with it. A transaction that it leaves open is rolled back.
   * @throws WorkStopped when `stop` ended it, else the server's or the network's error
   */
  use<T>(stop: Stopper, work: (session: MysqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One connection while it is somebody's. */
export interface MysqlSession {
  run(statement: MysqlStatement): Promise<MysqlResult>;
  isInTransaction(): boolean;
}

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
export function createMysqlPool(way: MysqlWay, now: () => number): MysqlPool {
  const keeper: LinkKeeper<MysqlLink> = {
    open: (stop) => openMysqlLink(way, stop),
    isAlive: (link) => !link.isBroken && !link.isMoved,
    renew: renewMysqlLink,
    check: pingMysqlLink,
    isCrowded: (error) => isNumbered(error) && TOO_MANY_CONNECTIONS.has(error.errno),
    close: closeMysqlLink,
  };
  const pool = new LinkPool(keeper, now);
  const createSession = (link: MysqlLink, stop: Stopper): MysqlSession => {
    const halt = () => {
      link.isBroken = true;
      const killed = killQuery(way, link).catch(() => undefined);
      pool.track(killed.then(() => link.connection.destroy()));
    };
    return {
      run: (statement) => runStatement(link, statement, { stop, halt }),
      isInTransaction: () => (link.status & IN_TRANSACTION) !== 0,
    };
  };
  return {
    use: (stop, work) =>
      pool.use(stop, async (link) => {
        const session = createSession(link, stop);
        const result = await work(session);
        if (session.isInTransaction()) await session.run(ROLLBACK).catch((error: unknown) => loseLink(link, error));
        return result;
      }),
    close: () => pool.close(),
  };
}

/** A connection that is lost takes its transaction with it. @throws WorkStopped */
function loseLink(link: MysqlLink, error: unknown): void {
  if (error instanceof WorkStopped) throw error;
  link.isBroken = true;
}

interface Halting {
  readonly stop: Stopper;
  halt(): void;
}

async function runStatement(link: MysqlLink, statement: MysqlStatement, halting: Halting): Promise<MysqlResult> {
  const { connection } = link;
  const sql = statement.text;
  if (MOVES.test(sql)) link.isMoved = true;
  const values = await writeParameters(statement.parameters);
  if (statement.isPrepared) {
    try {
      return await collect(link, () => connection.execute({ sql, values }), { ...halting, ...statement });
    } catch (error) {
      const isRunnable = isNumbered(error) && error.errno === NOT_PREPARABLE && values.length === 0;
      if (!isRunnable) throw error;
    }
  }
  return collect(link, () => connection.query({ sql }), { ...halting, ...statement });
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
  { stop, halt, maxRows }: Halting & { readonly maxRows: number },
): Promise<MysqlResult> {
  return new Promise((resolve, reject) => {
    if (stop.reason !== undefined) {
      reject(new WorkStopped(stop.reason, 'connecting'));
      return;
    }
    const { connection } = link;
    let fields: readonly MysqlField[] = [];
    let rows: (readonly MysqlCell[])[] = [];
    let affectedRows = 0;
    let isCut = false;
    const settle = (done: () => void) => {
      stop.call = undefined;
      connection.off('error', fail);
      done();
    };
    // A connection that breaks tells it of itself, not of its command.
    const fail = (error: unknown) => settle(() => reject(error));
    stop.call = (reason) =>
      settle(() => {
        halt();
        reject(new WorkStopped(reason, 'running'));
      });
    connection.on('error', fail);
    const command = start();
    command.on('error', fail);
    command.on('fields', (columns: readonly ColumnDefinition[] | undefined) => {
      if (!columns) return;
      fields = columns.map(describeField);
      rows = [];
      isCut = false;
    });
    command.on('result', (row: readonly MysqlCell[] | { affectedRows: number; serverStatus: number }) => {
      if ('serverStatus' in row) {
        affectedRows += row.affectedRows;
        link.status = row.serverStatus;
      } else if (rows.length < maxRows) rows.push(row);
      else isCut = true;
    });
    command.on('end', () => settle(() => resolve({ fields, rows, affectedRows, isCut })));
  });
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
