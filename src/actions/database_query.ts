import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createPostgresPool, type PostgresPool, type PostgresSession } from '../drivers/postgres.ts';
import { namePeer, type PostgresAddress, readPostgresAddress } from '../drivers/postgres-address.ts';
import { loadPostgresClient, PostgresStopped } from '../drivers/postgres-client.ts';
import { describePostgresFailure, describePostgresTimeout, isServerError } from '../drivers/postgres-errors.ts';
import type { StatementResult } from '../drivers/postgres-statement.ts';
import { type ActionDefinition, ActionError, type ActionIo } from '../model/action.ts';
import { BindMistake, type BoundQuery, type BoundStatement, bindQuery, type Params } from './database/bind.ts';
import { changesSomething, checkDatabaseSettings } from './database/check.ts';
import type { CatalogTypes } from './database/column-types.ts';
import { describeQuery, type Received } from './database/exchange.ts';
import { dependsOnType, writeParameter } from './database/parameter-text.ts';
import { countChanged, type Row, readRows } from './database/rows.ts';
import { type DatabaseSettings, databaseSettings } from './database/settings.ts';
import { describeSqlError } from './database/sql-error.ts';
import { type SqlStatement, splitStatements } from './database/sql-split.ts';
import { chooseTimeout, runWithin, TIME_IS_OVER } from './shared/deadline.ts';
import { countOf, roundMs } from './shared/numbers.ts';

/** Runs SQL with bound parameters; of several statements the rows are the last one's, the changed rows those of all. */
export const databaseQuery: ActionDefinition<DatabaseSettings> = {
  name: 'database_query',
  summary: 'Runs SQL on a Postgres database and gives its rows',
  config: databaseSettings,
  configAliases: { connection_string: 'connection' },
  files: ['query.file'],
  result: ['rows', 'row_count', 'first_row', 'rows_affected', 'columns', 'duration_ms'],
  judges: changesSomething,
  ownsDeadline: true,
  check: checkDatabaseSettings,
  preload: loadPostgresClient,
  async run(settings, io) {
    const { max_rows: maxRows = Number.POSITIVE_INFINITY } = settings;
    const timeout = chooseTimeout(settings.timeout, io);
    const { address, pool, catalog, splits } = await openDatabase(settings.connection, io);
    const query = typeof settings.query === 'string' ? settings.query : await readQuery(settings.query.file, io);
    const bound = bind(query, settings.params as Params | undefined, { splits, io });
    let received: Received | undefined;
    const texts: Job['texts'] = new Map();
    io.exchange(() => describeQuery({ address, query, bound, texts }, received));
    const startedAt = io.clock.monotonic();
    const job: Job = { query, bound, texts, maxRows, catalog, io };
    const answer = await runWithin(timeout, io, async (stop) => {
      try {
        return await pool.use(stop, (session) => runAll(job, session));
      } catch (error) {
        throw describeFailure(error, address, timeout);
      }
    });
    const summary = summarize(answer);
    received = { summary, rows: answer.rows };
    const result = {
      rows: answer.rows,
      row_count: answer.rows.length,
      first_row: answer.rows[0] ?? null,
      rows_affected: answer.changed,
      columns: answer.last.fields.map((field) => field.name),
      duration_ms: roundMs(io.clock.monotonic() - startedAt),
    };
    return { result, summary };
  },
};

interface Job {
  readonly query: string;
  readonly bound: BoundQuery;
  readonly texts: Map<BoundStatement, readonly (string | null)[]>;
  readonly maxRows: number;
  readonly catalog: CatalogTypes;
  readonly io: ActionIo;
}

interface Answer {
  readonly last: StatementResult;
  readonly rows: readonly Row[];
  /** Rows that all statements changed together. */
  readonly changed: number;
}

interface Database {
  readonly address: PostgresAddress;
  readonly pool: PostgresPool;
  readonly catalog: CatalogTypes;
  /** Statements of queries that were run before; a poll runs the same again and again. */
  readonly splits: Map<string, readonly SqlStatement[]>;
}

const MAX_SPLITS = 200;

function readAddress(connection: string, io: ActionIo): PostgresAddress {
  const read = readPostgresAddress(connection);
  if (!('address' in read))
    throw new ActionError({ kind: 'config', code: 'TM321', message: read.mistake, hints: read.help });
  for (const name of read.address.ignored) io.note(`the parameter \`${name}\` of \`connection\` has no effect`);
  return read.address;
}

async function readQuery(file: string, io: ActionIo): Promise<string> {
  try {
    return await readFile(resolve(io.facts.directory, file), 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing
      ? 'does not exist'
      : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const hints = ['the path is relative to the flow file'];
    throw new ActionError({ kind: 'config', message: `the file \`${file}\` of \`query\` ${reason}`, hints });
  }
}

function bind(
  query: string,
  params: Params | undefined,
  { splits, io }: Pick<Database, 'splits'> & { io: ActionIo },
): BoundQuery {
  try {
    const split = splits.get(query) ?? splitStatements(query);
    if (splits.size < MAX_SPLITS) splits.set(query, split);
    const bound = bindQuery(query, params, split);
    for (const name of bound.unused) io.note(`\`query\` does not use \`${name}\` of \`params\``);
    return bound;
  } catch (error) {
    if (!(error instanceof BindMistake)) throw error;
    throw new ActionError({ kind: 'config', code: 'TM322', message: error.message, hints: error.help });
  }
}

function openDatabase(connection: string, io: ActionIo): Promise<Database> {
  return io.resources.open<Database>(`postgres:${connection}`, async () => {
    const address = readAddress(connection, io);
    const pool = createPostgresPool(address, io.facts.directory);
    return { value: { address, pool, catalog: new Map(), splits: new Map() }, close: () => pool.close() };
  });
}

async function runAll(job: Job, session: PostgresSession): Promise<Answer> {
  const { statements } = job.bound;
  let changed = 0;
  let last: StatementResult = { tag: '', fields: [], rows: [], isCut: false };
  for (const statement of statements) {
    last = await runOne(statement, job, session);
    changed += countChanged(last.tag);
  }
  if (last.isCut) job.io.note(`only the first ${countOf(job.maxRows, 'row')} (\`max_rows\`): there are more`);
  tellRepeatedColumns(last, job.io);
  if (session.isInTransaction()) job.io.note('the transaction was left open: rolled back');
  return { last, rows: await readRows(last, session, job.catalog), changed };
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
    throw describeSqlError(error, job.query, statement, job.bound.statements.length > 1);
  }
}

function describeFailure(error: unknown, address: PostgresAddress, timeoutMs: number): unknown {
  if (error instanceof ActionError) return error;
  const { host, port, database } = address;
  const peer = namePeer(address);
  const more = { data: { peer, host, port, database }, cause: error };
  if (error instanceof PostgresStopped) {
    if (error.reason !== TIME_IS_OVER)
      return new ActionError({ kind: 'stopped', message: `stopped before ${peer} answered` }, more);
    return new ActionError(describePostgresTimeout(error.stage, address, timeoutMs), more);
  }
  const described = describePostgresFailure(error, address);
  if (described) return new ActionError(described, more);
  if (!isServerError(error)) return error;
  return new ActionError({ kind: 'sql', code: error.code, message: error.message, hints: [] }, more);
}

function tellRepeatedColumns(result: StatementResult, io: ActionIo): void {
  const names = result.fields.map((field) => field.name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const name of repeated)
    io.note(`the column \`${name}\` comes more than once: the last one counts, name the others with \`AS\``);
}

function summarize({ last, rows, changed }: Answer): string {
  if (changed > 0 || /^(INSERT|UPDATE|DELETE|MERGE)\b/.test(last.tag)) return `${countOf(changed, 'row')} affected`;
  return last.fields.length > 0 ? countOf(rows.length, 'row') : last.tag.toLowerCase();
}
