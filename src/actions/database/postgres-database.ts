import { namePeer } from '../../drivers/peer.ts';
import { createPostgresPool, type PostgresPool, type PostgresSession } from '../../drivers/postgres/postgres.ts';
import { nameDatabase, type PostgresAddress } from '../../drivers/postgres/postgres-address.ts';
import {
  describePostgresFailure,
  describePostgresTimeout,
  isServerError,
  type ServerError,
} from '../../drivers/postgres/postgres-errors.ts';
import type { StatementResult } from '../../drivers/postgres/postgres-statement.ts';
import type { Value } from '../../expr/index.ts';
import { ChangeCount } from './change-count.ts';
import { connectDatabase, type DatabaseIo, type DatabaseKind } from './connect-database.ts';
import type { Answer, Database, Job } from './database.ts';
import { PassedOver } from './passed-over.ts';
import type { BoundStatement } from './sql/bind.ts';
import { addComment, removeComment } from './sql/sql-comment.ts';
import { decapitalize, describeSqlError, type SqlComplaint } from './sql/sql-error.ts';
import { changesWithin, RUNS_CODE } from './sql/with-changes.ts';
import type { CatalogTypes } from './values/column-types.ts';
import { dependsOnType, writeLiteral, writeParameter } from './values/parameter-text.ts';
import { countChanged, readRows } from './values/rows.ts';

const POSTGRES: DatabaseKind<PostgresAddress, PostgresPool> = {
  dialect: 'postgres',
  nameOf: nameDatabase,
  peerOf: namePeer,
  socketOf: ({ host }) => (host.startsWith('/') ? host : undefined),
  createPool: (address, tls, how) => createPostgresPool({ address, tls, ...how }),
  describeFailure: describePostgresFailure,
  describeTimeout: describePostgresTimeout,
  readServerError: (error) => (isServerError(error) ? { code: error.code, message: error.message } : undefined),
};

/** What these begin is over when they are. */
const CLOSED: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'WITH',
  'VALUES',
  'TABLE',
]);

const CHANGES = /^(INSERT|UPDATE|DELETE|MERGE)\b/;
const UNKNOWN =
  'a statement within WITH changes rows, and Postgres does not say how many: count what it gives back (`RETURNING`)';

/** Opens a database of Postgres; nothing is contacted before its first query. */
export async function openPostgresDatabase(address: PostgresAddress, io: DatabaseIo): Promise<Database> {
  const { pool, ...connected } = await connectDatabase(POSTGRES, address, io);
  const catalog: CatalogTypes = new Map();
  return {
    ...connected,
    run: (job, stop) => pool.use(stop, (session) => runAll(job, session, catalog)),
    look: (stop, work) =>
      pool.use(stop, async (session) => {
        const run = (text: string, parameters: readonly string[] = []) =>
          session.run({ text, parameters, maxRows: Number.POSITIVE_INFINITY });
        await run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return work(async (text, parameters) => readRows(await run(text, parameters), session, catalog));
      }),
    writeLiterals: ({ values }, texts) => (texts ?? values.map((value) => writeParameter(value))).map(writeLiteral),
  };
}

async function runAll(job: Job, session: PostgresSession, catalog: CatalogTypes): Promise<Answer> {
  const changes = new ChangeCount('postgres');
  const passed = new PassedOver();
  let beside: string | undefined;
  let code: string | undefined;
  let last: StatementResult = { tag: '', fields: [], rows: [], isCut: false };
  for (const statement of job.bound.statements) {
    last = await runOne(statement, job, session);
    const isWithin = changesWithin(statement, 'postgres');
    const isOutside = CHANGES.test(last.tag);
    if (isWithin && isOutside) beside = describeBeside(last.tag);
    const isCode = RUNS_CODE.test(last.tag);
    if (isCode) code = describeCode(last.tag);
    const isUnknown = isCode || (isWithin && last.tag.startsWith('SELECT'));
    changes.add(statement, isUnknown ? undefined : countChanged(last.tag), session.isInTransaction());
    passed.add(statement, last.rows.length);
  }
  return {
    columns: last.fields.map((field) => field.name),
    isTransactionOpen: session.isInTransaction(),
    rows: await readRows(last, session, catalog, job.onTwinKey),
    changed: changes.value,
    uncounted: changes.value === undefined ? (code ?? UNKNOWN) : beside,
    passedOver: passed.describe(),
    isCut: last.isCut,
    done: last.tag.toLowerCase(),
    isChange: CHANGES.test(last.tag),
  };
}

function describeCode(tag: string): string {
  return `what ${tag} runs may change rows, and Postgres does not say how many: count them with a SELECT`;
}

function describeBeside(tag: string): string {
  return `of a statement with WITH the rows of its ${tag.split(' ')[0]} count: how many a statement within WITH changes, Postgres does not say`;
}

async function runOne(statement: BoundStatement, job: Job, session: PostgresSession): Promise<StatementResult> {
  const { values } = statement;
  const text = addComment(statement, job.comment);
  const parameters = values.some(dependsOnType)
    ? (types: readonly number[]) => {
        const written = values.map((value, at) => writeParameter(value, types[at]));
        job.texts.set(statement, written);
        return written;
      }
    : values.map((value) => writeParameter(value));
  try {
    const isAlone = job.bound.statements.length === 1 && CLOSED.has(statement.verb);
    return await session.run({ text, parameters, maxRows: job.maxRows, isAlone });
  } catch (error) {
    if (!isServerError(error) || error.code.startsWith('57P') || error.code.startsWith('08')) throw error;
    const isOneOfMany = job.bound.statements.length > 1;
    throw describeSqlError(readComplaint(error, statement, job.comment), { query: job.query, statement, isOneOfMany });
  }
}

function readComplaint(error: ServerError, statement: BoundStatement, comment: string): SqlComplaint {
  const hints = [error.detail, error.hint].filter((text) => text !== undefined).map(decapitalize);
  if (error.code === '22P02' && /json/.test(error.message))
    hints.push('a list is bound as an array: write `$1::jsonb` to bind it as JSON');
  const quoted = error.code === '42703' ? /"[^"]+"/.exec(error.message)?.[0] : undefined;
  if (quoted !== undefined && statement.text.includes(quoted))
    hints.push("in double quotes stands the name of a column: a text stands in single quotes, as in `'text'`");
  const data: Record<string, Value> = {};
  for (const key of ['detail', 'hint', 'schema', 'table', 'column', 'constraint', 'where'] as const) {
    if (error[key] !== undefined) data[key] = error[key];
  }
  const position = Number(error.position);
  // Postgres counts characters, JavaScript UTF-16 units.
  const isKnown = Number.isInteger(position) && position >= 1;
  const offset = isKnown ? [...statement.text].slice(0, position - 1).join('').length : undefined;
  return { code: error.code, message: removeComment(error.message, comment), hints, data, offset, cause: error };
}
