import { resolve } from 'node:path';
import { loadPostgresClient } from '../drivers/postgres/postgres-client.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError, type ActionOutcome } from '../model/action/outcome.ts';
import type { Stop } from '../stop/stop.ts';
import { countOf } from '../util/count.ts';
import { describeFileTrouble } from '../util/file-trouble.ts';
import { readText } from '../util/read-text.ts';
import { changesSomething, checkDatabaseSettings, mayHideChanges } from './database/check.ts';
import type { Answer, Database, Job } from './database/database.ts';
import { type DatabaseSettings, databaseSettings } from './database/database-settings.ts';
import { describeQuery } from './database/exchange.ts';
import { takeTurn } from './database/link-gate.ts';
import { addNearTables } from './database/near-tables.ts';
import { openDatabase } from './database/open-database.ts';
import { runAsOwn } from './database/own-changes.ts';
import { foreseeRows } from './database/reading.ts';
import { BindMistake, type BoundQuery, bindQuery, type Params } from './database/sql/bind.ts';
import { isPastedName } from './database/sql/name-place.ts';
import { placeInFile } from './database/sql/query-place.ts';
import { chooseComment } from './database/sql/sql-comment.ts';
import { chooseTimeout, runWithin } from './settings/deadline.ts';
import { roundMs } from './settings/numbers.ts';

/** Runs SQL with bound parameters; of several statements the rows are the last one's, the changed rows those of all. */
export const databaseQuery: ActionDefinition<DatabaseSettings> = {
  name: 'database_query',
  summary: 'Runs SQL on Postgres, MySQL or MariaDB and gives its rows',
  settings: {
    schema: databaseSettings,
    aliases: { connection_string: 'connection' },
    connection: { setting: 'connection', gives: ['connection'] },
    defaults: { group: 'database' },
    files: { paths: ['query.file'], templates: ['query'] },
    languages: { query: { name: 'SQL', bind: explainBinding, isName: isPastedName } },
    check: checkDatabaseSettings,
  },
  result: {
    keys: {
      rows: 'array',
      row_count: 'number',
      first_row: 'map?',
      rows_affected: 'number',
      columns: 'array',
      duration_ms: 'number',
    },
    keysOf: (authored) => (mayHideChanges(authored) ? { rows_affected: 'number?' } : {}),
    items: { noun: 'row', list: 'rows', first: 'first_row', number: 'row_count' },
    example: 'row_count == 1',
    exampleError: '{kind: sql, code: "23505"}',
  },
  judges: changesSomething,
  traits: {
    isLook: (authored) => !changesSomething(authored),
    creates: changesSomething,
    ownsDeadline: true,
    foresee: foreseeRows,
  },
  preparation: { load: loadPostgresClient },
  async run(settings, io) {
    const { max_rows: maxRows = Number.POSITIVE_INFINITY } = settings;
    const timeout = chooseTimeout(settings.timeout, io);
    const database = await openDatabase(settings.connection, io);
    const query = typeof settings.query === 'string' ? settings.query : readQueryFile(settings.query.file, io);
    const bound = bind(query, settings.params as Params | undefined, { database, io });
    const comment = chooseComment(database.about, { query, bound }, io.step.trace);
    const onTwinKey = (column: string, key: string): void =>
      io.report.note(`\`${key}\` occurs twice as a key in a map of \`${column}\`: the last one counts`);
    const job: Job = { query, bound, comment, texts: new Map(), maxRows, onTwinKey };
    let received: { answer: Answer; summary: string } | undefined;
    io.report.exchange(() => describeQuery(database, job, received));
    const startedAt = io.clock.monotonic();
    let waitedMs = 0;
    const onTurn = (ms: number): void => {
      waitedMs = ms;
    };
    const runInTurn = (stop: Stop) =>
      takeTurn(database, io, { stop, timeoutMs: timeout, onTurn, work: () => run(stop) });
    const run = async (stop: Stop) => {
      try {
        return await database.run(job, stop);
      } catch (error) {
        if (!(error instanceof ActionError)) throw database.describeFailure(error, timeout);
        const told = await addNearTables(error, database, { stop, clock: io.clock });
        throw settings.query === query ? placeInFile(told, query, io.step.locate(['query'])) : told;
      }
    };
    const answer = await runAsOwn(settings, io, () => runWithin(timeout, io, runInTurn));
    io.report.measure?.value('db_query_duration', io.clock.monotonic() - startedAt - waitedMs);
    const { rows, columns } = answer;
    const summary = summarize(answer);
    received = { answer, summary };
    reportOddities(answer, maxRows, io);
    const result = {
      rows,
      row_count: rows.length,
      first_row: rows[0] ?? null,
      rows_affected: answer.changed ?? null,
      columns,
      duration_ms: roundMs(io.clock.monotonic() - startedAt - waitedMs),
    };
    return { result, summary, asides: { ...explainLast(bound), ...explainUncounted(answer) }, itemKeys: columns };
  },
};

const OF_ROWS = ['rows', 'row_count', 'first_row', 'columns'];

/** What is to be known of the rows of several statements. */
function explainLast({ statements: { length } }: BoundQuery): ActionOutcome['asides'] {
  if (length < 2) return {};
  const text = `of ${length} statements the rows are those of the last one: ask in a step of its own for others`;
  return Object.fromEntries(OF_ROWS.map((key) => [key, () => text]));
}

/** What is to be known of the rows that were changed. */
function explainUncounted({ uncounted }: Answer): ActionOutcome['asides'] {
  return uncounted === undefined ? {} : { rows_affected: () => uncounted };
}

function explainBinding(name: string): string {
  return `bind it: write \`:${name}\` in its place, without quotes, and \`params: {${name}: "{{${name}}}"}\``;
}

function readQueryFile(file: string, io: ActionIo): string {
  try {
    return readText(resolve(io.facts.directory, file));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? 'does not exist' : `cannot be read: ${describeFileTrouble(error)}`;
    const hints = ['the path is relative to the flow file'];
    throw new ActionError({ kind: 'authoring', message: `the file \`${file}\` of \`query\` ${reason}`, hints });
  }
}

function bind(
  query: string,
  params: Params | undefined,
  { database, io }: { database: Database; io: ActionIo },
): BoundQuery {
  const { dialect } = database;
  try {
    const bound = bindQuery(query, params, { dialect });
    for (const text of [...bound.nullTests, ...bound.emptyTests]) io.report.note(text);
    for (const name of bound.unused) io.report.note(`\`query\` does not use \`${name}\` of \`params\``);
    return bound;
  } catch (error) {
    if (!(error instanceof BindMistake)) throw error;
    throw new ActionError({ kind: 'authoring', code: 'TM322', message: error.message, hints: error.help });
  }
}

function reportOddities(
  { columns, changed, uncounted, isCut, isTransactionOpen, passedOver }: Answer,
  maxRows: number,
  io: ActionIo,
): void {
  if (uncounted !== undefined)
    io.report.note(
      changed === undefined ? `\`rows_affected\` is nil: ${uncounted}` : `\`rows_affected\`: ${uncounted}`,
    );
  if (passedOver !== undefined) io.report.note(passedOver);
  if (isCut) io.report.note(`only the first ${countOf(maxRows, 'row')} (\`max_rows\`): there are more`);
  const repeated = new Set(columns.filter((name, index) => columns.indexOf(name) !== index));
  for (const name of repeated)
    io.report.note(
      `the column \`${name}\` occurs more than once: the last one counts, so rename the others with \`AS\``,
    );
  if (isTransactionOpen)
    io.report.note('the transaction was left open and rolled back, since a session lasts one step');
}

function summarize({ rows, columns, changed, done, isChange }: Answer): string {
  if (changed !== undefined && (changed > 0 || isChange)) return `${countOf(changed, 'row')} affected`;
  return columns.length > 0 ? countOf(rows.length, 'row') : done;
}
