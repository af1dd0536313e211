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
import { readTlsFiles } from '../../drivers/tls.ts';
import type { Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { SqlDatabase } from '../../model/exchange.ts';
import { StopError } from '../../stop/stop-error.ts';
import { digestOf, openShared } from '../settings/open-shared.ts';
import { ChangeCount } from './change-count.ts';
import type { Answer, Database, Job } from './database.ts';
import type { BoundStatement } from './sql/bind.ts';
import { decapitalize, describeSqlError, type SqlComplaint } from './sql/sql-error.ts';
import type { CatalogTypes } from './values/column-types.ts';
import { dependsOnType, writeLiteral, writeParameter } from './values/parameter-text.ts';
import { countChanged, readRows } from './values/rows.ts';

/** Opens a database of Postgres; nothing is contacted before its first query. */
export async function openPostgresDatabase(address: PostgresAddress, io: ActionIo): Promise<Database> {
  const pool = await openPool(address, io);
  const catalog: CatalogTypes = new Map();
  return {
    dialect: 'postgres',
    about: describeAddress(address),
    peer: namePeer(address),
    splits: new Map(),
    run: (job, stop) => pool.use(stop, (session) => runAll(job, session, catalog)),
    describeFailure: (error, timeoutMs) => describeFailure(error, address, timeoutMs),
    writeLiterals: ({ values }, texts) => (texts ?? values.map((value) => writeParameter(value))).map(writeLiteral),
  };
}

function describeAddress(address: PostgresAddress): SqlDatabase {
  const { host, port, database, user, password, tls, tlsFiles } = address;
  return {
    dialect: 'postgres',
    name: nameDatabase(address),
    ...{ host, port, socket: host.startsWith('/') ? host : undefined },
    ...{ database, user, hasPassword: password !== '', tls, ca: tlsFiles.ca },
  };
}

async function openPool(address: PostgresAddress, io: ActionIo): Promise<PostgresPool> {
  const { clock, facts } = io;
  const now = () => clock.monotonic();
  const tls = await readTlsFiles(address, facts.directory).catch((error: unknown) => {
    throw describeFailure(error, address, 0);
  });
  const key = `postgres:${digestOf([{ ...address, ignored: [] }, tls])}`;
  const create = () => createPostgresPool({ address, tls, now });
  return openShared(io, { key, name: `database ${nameDatabase(address)}`, create });
}

async function runAll(job: Job, session: PostgresSession, catalog: CatalogTypes): Promise<Answer> {
  const changes = new ChangeCount('postgres');
  let last: StatementResult = { tag: '', fields: [], rows: [], isCut: false };
  for (const statement of job.bound.statements) {
    last = await runOne(statement, job, session);
    changes.add(statement, countChanged(last.tag), session.isInTransaction());
  }
  return {
    columns: last.fields.map((field) => field.name),
    isTransactionOpen: session.isInTransaction(),
    rows: await readRows(last, session, catalog),
    changed: changes.value,
    isCut: last.isCut,
    done: last.tag.toLowerCase(),
    isChange: /^(INSERT|UPDATE|DELETE|MERGE)\b/.test(last.tag),
  };
}

async function runOne(statement: BoundStatement, job: Job, session: PostgresSession): Promise<StatementResult> {
  const { text, values } = statement;
  const parameters = values.some(dependsOnType)
    ? (types: readonly number[]) => {
        const written = values.map((value, at) => writeParameter(value, types[at]));
        job.texts.set(statement, written);
        return written;
      }
    : values.map((value) => writeParameter(value));
  try {
    return await session.run({ text, parameters, maxRows: job.maxRows });
  } catch (error) {
    if (!isServerError(error) || error.code.startsWith('57P') || error.code.startsWith('08')) throw error;
    const isOneOfMany = job.bound.statements.length > 1;
    throw describeSqlError(readComplaint(error, statement), { query: job.query, statement, isOneOfMany });
  }
}

function readComplaint(error: ServerError, statement: BoundStatement): SqlComplaint {
  const hints = [error.detail, error.hint].filter((text) => text !== undefined).map(decapitalize);
  if (error.code === '22P02' && /json/.test(error.message))
    hints.push('a list is bound as an array: write `$1::jsonb` to bind it as JSON');
  const data: Record<string, Value> = {};
  for (const key of ['detail', 'hint', 'schema', 'table', 'column', 'constraint', 'where'] as const) {
    if (error[key] !== undefined) data[key] = error[key];
  }
  const position = Number(error.position);
  // Postgres counts characters, JavaScript UTF-16 units.
  const isKnown = Number.isInteger(position) && position >= 1;
  const offset = isKnown ? [...statement.text].slice(0, position - 1).join('').length : undefined;
  return { code: error.code, message: error.message, hints, data, offset, cause: error };
}

function describeFailure(error: unknown, address: PostgresAddress, timeoutMs: number): unknown {
  const { host, port, database } = address;
  const peer = namePeer(address);
  const more = { data: { peer, host, port, database }, cause: error };
  if (error instanceof StopError) {
    if (error.kind !== 'deadline')
      return new ActionError({ kind: 'stopped', message: `stopped before ${peer} answered` }, more);
    return new ActionError(describePostgresTimeout(error.stage, address, timeoutMs), more);
  }
  const described = describePostgresFailure(error, address);
  if (described) return new ActionError(described, more);
  if (!isServerError(error)) return error;
  return new ActionError({ kind: 'sql', code: error.code, message: error.message, hints: [] }, more);
}
