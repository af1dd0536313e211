import {
  createMysqlPool,
  type MysqlCell,
  type MysqlField,
  type MysqlPool,
  type MysqlResult,
  type MysqlSession,
} from '../../drivers/mysql/mysql.ts';
import { type MysqlAddress, nameMysqlDatabase } from '../../drivers/mysql/mysql-address.ts';
import { describeMysqlFailure, describeMysqlTimeout, isMysqlServerError } from '../../drivers/mysql/mysql-errors.ts';
import { namePeer } from '../../drivers/peer.ts';
import { setKey, type Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { ChangeCount } from './change-count.ts';
import { connectDatabase, type DatabaseIo, type DatabaseKind } from './connect-database.ts';
import type { Answer, Database, Job, OnTwinKey, Row } from './database.ts';
import { readMysqlComplaint } from './mysql-complaint.ts';
import { PassedOver } from './passed-over.ts';
import type { BoundStatement } from './sql/bind.ts';
import { addComment } from './sql/sql-comment.ts';
import { describeSqlError } from './sql/sql-error.ts';
import { chooseMysqlParameter, writeMysqlLiteral } from './values/mysql-parameter.ts';
import { readMysqlCell } from './values/mysql-value.ts';

/** Statements that give rows: prepared, their columns come in full, where plain text would round a FLOAT. */
const GIVES_ROWS = new Set('SELECT WITH VALUES TABLE SHOW DESCRIBE DESC EXPLAIN CALL INSERT DELETE REPLACE'.split(' '));
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'LOAD']);

const MYSQL: DatabaseKind<MysqlAddress, MysqlPool> = {
  dialect: 'mysql',
  nameOf: nameMysqlDatabase,
  peerOf: (address) => address.socket ?? namePeer(address),
  socketOf: ({ socket }) => socket,
  createPool: (address, tls, { now, mostIdle }) => createMysqlPool({ address, tls }, now, mostIdle),
  describeFailure: describeMysqlFailure,
  describeTimeout: describeMysqlTimeout,
  readServerError: (error) =>
    isMysqlServerError(error) ? { code: error.sqlState, message: error.message } : undefined,
};

/** Opens a database of MySQL or MariaDB; nothing is contacted before its first query. */
export async function openMysqlDatabase(address: MysqlAddress, io: DatabaseIo): Promise<Database> {
  const { pool, ...connected } = await connectDatabase(MYSQL, address, io);
  return {
    ...connected,
    run: (job, stop) => pool.use(stop, (session) => runAll(job, session)),
    look: (stop, work) =>
      pool.use(stop, async (session) => {
        const run = (text: string, texts: readonly string[] = [], isPrepared = false) => {
          const parameters = texts.map((value) => ({ kind: 'text', text: value }) as const);
          return session.run({ text, parameters, isPrepared, maxRows: Number.POSITIVE_INFINITY });
        };
        await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
        return work(async (text, parameters) => readRows(await run(text, parameters, true)));
      }),
    writeLiterals: ({ values }) => values.map((value) => writeMysqlLiteral(chooseMysqlParameter(value) ?? null)),
  };
}

async function runAll(job: Job, session: MysqlSession): Promise<Answer> {
  const { statements } = job.bound;
  const changes = new ChangeCount('mysql');
  const passed = new PassedOver();
  let last: MysqlResult = { fields: [], rows: [], affectedRows: 0, isCut: false };
  for (const statement of statements) {
    last = await runOne(statement, job, session);
    changes.add(statement, last.affectedRows, session.isInTransaction());
    passed.add(statement, last.rows.length);
  }
  const lastStatement = statements.at(-1);
  return {
    columns: last.fields.map((field) => field.name),
    rows: readRows(last, job.onTwinKey),
    changed: changes.value,
    uncounted: undefined,
    passedOver: passed.describe(),
    isCut: last.isCut,
    isTransactionOpen: session.isInTransaction(),
    done: lastStatement ? nameStatement(lastStatement) : '',
    isChange: CHANGES.has(lastStatement?.verb ?? ''),
  };
}

async function runOne(statement: BoundStatement, job: Job, session: MysqlSession): Promise<MysqlResult> {
  const { values, verb } = statement;
  const text = addComment(statement, job.comment);
  const parameters = values.map(toParameter);
  const isPrepared = parameters.length > 0 || GIVES_ROWS.has(verb);
  const { maxRows, onRow } = job;
  const take = onRow && ((cells: readonly MysqlCell[], fields: readonly MysqlField[]) => onRow(readRow(cells, fields)));
  try {
    return await session.run({ text, parameters, isPrepared, maxRows, onRow: take });
  } catch (error) {
    if (!isMysqlServerError(error) || error.sqlState.startsWith('08') || error.sqlState.startsWith('70100'))
      throw error;
    const isOneOfMany = job.bound.statements.length > 1;
    throw describeSqlError(readMysqlComplaint(error, statement, job.comment), {
      query: job.query,
      statement,
      isOneOfMany,
    });
  }
}

function toParameter(value: Value) {
  const parameter = chooseMysqlParameter(value);
  if (parameter !== undefined) return parameter;
  const message = `\`params\`: MySQL cannot hold ${String(value)}`;
  throw new ActionError({
    kind: 'authoring',
    code: 'TM322',
    message,
    hints: ['bind nil for a value that is missing'],
  });
}

function readRows({ fields, rows }: MysqlResult, onTwinKey?: OnTwinKey): readonly Row[] {
  return rows.map((cells) => readRow(cells, fields, onTwinKey));
}

function readRow(cells: readonly MysqlCell[], fields: readonly MysqlField[], onTwinKey?: OnTwinKey): Row {
  const row: Record<string, Value> = {};
  for (const [at, field] of fields.entries())
    setKey(row, field.name, readMysqlCell(cells[at] ?? null, field, onTwinKey));
  return row;
}

/** `create table`, `begin`. */
function nameStatement({ text, verb }: BoundStatement): string {
  const isLong = ['CREATE', 'DROP', 'ALTER', 'START', 'LOCK'].includes(verb);
  return (isLong ? text.split(/\s+/).slice(0, 2).join(' ') : verb).toLowerCase();
}
