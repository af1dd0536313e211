import { createMysqlPool, type MysqlPool, type MysqlResult, type MysqlSession } from '../../drivers/mysql/mysql.ts';
import { type MysqlAddress, nameMysqlDatabase } from '../../drivers/mysql/mysql-address.ts';
import { describeMysqlFailure, describeMysqlTimeout, isMysqlServerError } from '../../drivers/mysql/mysql-errors.ts';
import { namePeer } from '../../drivers/peer.ts';
import { readTlsFiles } from '../../drivers/tls.ts';
import { setKey, type Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { SqlDatabase } from '../../model/exchange.ts';
import { StopError } from '../../stop/stop-error.ts';
import { digestOf, openShared } from '../settings/open-shared.ts';
import { ChangeCount } from './change-count.ts';
import type { Answer, Database, Job, Row } from './database.ts';
import { readMysqlComplaint } from './mysql-complaint.ts';
import type { BoundStatement } from './sql/bind.ts';
import { describeSqlError } from './sql/sql-error.ts';
import { chooseMysqlParameter, writeMysqlLiteral } from './values/mysql-parameter.ts';
import { readMysqlCell } from './values/mysql-value.ts';

/** Statements that give rows: prepared, their columns come in full, where plain text would round a FLOAT. */
const GIVES_ROWS = new Set('SELECT WITH VALUES TABLE SHOW DESCRIBE DESC EXPLAIN CALL INSERT DELETE REPLACE'.split(' '));
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'LOAD']);

/** Opens a database of MySQL or MariaDB; nothing is contacted before its first query. */
export async function openMysqlDatabase(address: MysqlAddress, io: ActionIo): Promise<Database> {
  const pool = await openPool(address, io);
  return {
    dialect: 'mysql',
    about: describeAddress(address),
    peer: address.socket ?? namePeer(address),
    splits: new Map(),
    run: (job, stop) => pool.use(stop, (session) => runAll(job, session)),
    describeFailure: (error, timeoutMs) => describeFailure(error, address, timeoutMs),
    writeLiterals: ({ values }) => values.map((value) => writeMysqlLiteral(chooseMysqlParameter(value) ?? null)),
  };
}

function describeAddress(address: MysqlAddress): SqlDatabase {
  const { host, port, socket, database, user, password, tls, tlsFiles } = address;
  return {
    dialect: 'mysql',
    name: nameMysqlDatabase(address),
    ...{ host, port, socket, database, user, hasPassword: password !== '', tls, ca: tlsFiles.ca },
  };
}

async function openPool(address: MysqlAddress, io: ActionIo): Promise<MysqlPool> {
  const { clock, facts } = io;
  const now = () => clock.monotonic();
  const tls = await readTlsFiles(address, facts.directory).catch((error: unknown) => {
    throw describeFailure(error, address, 0);
  });
  const key = `mysql:${digestOf([{ ...address, ignored: [] }, tls])}`;
  const create = () => createMysqlPool({ address, tls }, now);
  return openShared(io, { key, name: `database ${nameMysqlDatabase(address)}`, create });
}

async function runAll(job: Job, session: MysqlSession): Promise<Answer> {
  const { statements } = job.bound;
  const changes = new ChangeCount('mysql');
  let last: MysqlResult = { fields: [], rows: [], affectedRows: 0, isCut: false };
  for (const statement of statements) {
    last = await runOne(statement, job, session);
    changes.add(statement, last.affectedRows, session.isInTransaction());
  }
  const lastStatement = statements.at(-1);
  return {
    columns: last.fields.map((field) => field.name),
    rows: readRows(last),
    changed: changes.value,
    isCut: last.isCut,
    isTransactionOpen: session.isInTransaction(),
    done: lastStatement ? nameStatement(lastStatement) : '',
    isChange: CHANGES.has(lastStatement?.verb ?? ''),
  };
}

async function runOne(statement: BoundStatement, job: Job, session: MysqlSession): Promise<MysqlResult> {
  const { text, values, verb } = statement;
  const parameters = values.map(toParameter);
  const isPrepared = parameters.length > 0 || GIVES_ROWS.has(verb);
  try {
    return await session.run({ text, parameters, isPrepared, maxRows: job.maxRows });
  } catch (error) {
    if (!isMysqlServerError(error) || error.sqlState.startsWith('08') || error.sqlState.startsWith('70100'))
      throw error;
    const isOneOfMany = job.bound.statements.length > 1;
    throw describeSqlError(readMysqlComplaint(error, statement), { query: job.query, statement, isOneOfMany });
  }
}

function toParameter(value: Value) {
  const parameter = chooseMysqlParameter(value);
  if (parameter !== undefined) return parameter;
  const message = `\`params\`: MySQL cannot hold ${String(value)}`;
  throw new ActionError({ kind: 'config', code: 'TM322', message, hints: ['bind nil for a value that is not there'] });
}

function readRows({ fields, rows }: MysqlResult): readonly Row[] {
  return rows.map((cells) => {
    const row: Record<string, Value> = {};
    for (const [at, field] of fields.entries()) setKey(row, field.name, readMysqlCell(cells[at] ?? null, field));
    return row;
  });
}

/** `create table`, `begin`. */
function nameStatement({ text, verb }: BoundStatement): string {
  const isLong = ['CREATE', 'DROP', 'ALTER', 'START', 'LOCK'].includes(verb);
  return (isLong ? text.split(/\s+/).slice(0, 2).join(' ') : verb).toLowerCase();
}

function describeFailure(error: unknown, address: MysqlAddress, timeoutMs: number): unknown {
  const { host, port, database } = address;
  const peer = address.socket ?? namePeer(address);
  const more = { data: { peer, host, port, database }, cause: error };
  if (error instanceof StopError) {
    if (error.kind !== 'deadline')
      return new ActionError({ kind: 'stopped', message: `stopped before ${peer} answered` }, more);
    return new ActionError(describeMysqlTimeout(error.stage, address, timeoutMs), more);
  }
  const described = describeMysqlFailure(error, address);
  if (described) return new ActionError(described, more);
  if (!isMysqlServerError(error)) return error;
  return new ActionError({ kind: 'sql', code: error.sqlState, message: error.message, hints: [] }, more);
}
