import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { ActionError } from '../../../src/model/action/outcome.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { isFullRun } from '../../support/sample.ts';
import { startTcpServer } from '../../support/servers/http-server.ts';
import { useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { expectNoPieces } from './pasted-secrets.ts';

const EXPECTED =
  '`connection`: expected a URL that begins with `postgres://`, `postgresql://`, `mysql://` or `mariadb://`';

const ONE_CELL: [string, string, RegExp] = ['one cell', "SELECT repeat('z', 600000000)", /\(in one row\)$/];

let io: FakeIo;
beforeEach(() => {
  io = createFakeIo();
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
});

function run(settings: Record<string, unknown>) {
  return runAction(databaseQuery, settings, io);
}

async function fail(settings: Record<string, unknown>): Promise<ActionError> {
  const error = await run(settings).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ActionError)) throw new Error(`expected an ActionError, got ${String(error)}`);
  expect(
    JSON.stringify([error.problem, error.details, error.data, io.describeExchange(), io.takeExchange()]),
  ).not.toContain('secret');
  return error;
}

describe('a database that is not there', () => {
  it('refuses', async () => {
    const port = await findFreePort();
    const { problem, data } = await fail({ connection: `postgres://u:secret@127.0.0.1:${port}/d`, query: 'SELECT 1' });
    const message = `nothing listens at 127.0.0.1:${port} (connection refused)`;
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED', message });
    expect(data).toEqual({ peer: `127.0.0.1:${port}`, host: '127.0.0.1', port, database: 'd' });
  });

  it('accepts and never answers', async () => {
    const peer = await startTcpServer();
    const startedAt = performance.now();
    const { problem } = await fail({
      connection: `postgres://u:secret@${peer.peer}/d`,
      query: 'SELECT 1',
      timeout: '100ms',
    });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await peer.close();
    const message = `${peer.peer} accepted the connection but did not answer within 100 ms`;
    expect(problem).toMatchObject({ kind: 'timeout', message });
  });

  it('closes at once', async () => {
    const peer = await startTcpServer((socket) => socket.end());
    const { problem } = await fail({ connection: `postgres://u:secret@${peer.peer}/d`, query: 'SELECT 1' });
    await peer.close();
    expect(problem).toMatchObject({ kind: 'connection', message: expect.stringContaining(`${peer.peer}`) });
  });

  it.each([
    ['oracle://u:secret@h/d', `${EXPECTED}, got \`oracle://\``],
    ['orders', `${EXPECTED}, got the name \`orders\``],
    ['u:secret@h/d', `${EXPECTED}, got a text without a scheme`],
  ])('%s', async (connection, message) => {
    expect((await fail({ connection, query: 'SELECT 1' })).problem).toMatchObject({ kind: 'authoring', message });
    expect(databaseQuery.settings.check?.({ connection })).toMatchObject([{ path: ['connection'], message }]);
  });
});

const workspace = useWorkspace();

describeWithStack('database_query', (stack) => {
  const table = `tm_query_${Math.random().toString(36).slice(2)}`;
  const query = (sql: string, more: Record<string, unknown> = {}) =>
    run({ connection: stack.databaseUrl, query: sql, ...more });
  const failing = (sql: string, more: Record<string, unknown> = {}) =>
    fail({ connection: stack.databaseUrl, query: sql, ...more });
  const countBackends = async (word: string) => {
    const sql = 'SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE :word AND pid <> pg_backend_pid()';
    return (await query(sql, { params: { word: `%${word}%` } })).result['first_row'];
  };

  afterAll(async () => {
    io = createFakeIo();
    await query(`DROP TABLE IF EXISTS ${table}`);
    await io.close();
  });

  it('makes, fills, changes and reads a table', async () => {
    const made = await query(`CREATE TABLE ${table} (id int PRIMARY KEY, name text NOT NULL)`);
    expect(made).toMatchObject({
      summary: 'create table',
      result: { rows: [], row_count: 0, first_row: null, columns: [] },
    });
    const filled = await query(`INSERT INTO ${table} VALUES ($1, $2), ($3, $4)`, { params: [1, 'a', 2, 'b'] });
    expect(filled).toMatchObject({ summary: '2 rows affected', result: { rows_affected: 2, row_count: 0 } });
    const returned = await query(`UPDATE ${table} SET name = 'c' WHERE id = ? RETURNING *`, { params: [1] });
    expect(returned).toMatchObject({
      summary: '1 row affected',
      result: { rows_affected: 1, rows: [{ id: 1, name: 'c' }] },
    });
    const read = await query(`WITH x AS (SELECT * FROM ${table}) SELECT * FROM x ORDER BY id`);
    expect(read).toMatchObject({
      summary: '2 rows',
      result: {
        rows: [
          { id: 1, name: 'c' },
          { id: 2, name: 'b' },
        ],
        row_count: 2,
        first_row: { id: 1, name: 'c' },
        rows_affected: 0,
        columns: ['id', 'name'],
      },
    });
    expect(Object.keys(read.result)).toEqual(Object.keys(databaseQuery.result.keys));
  });

  it.each([
    ['WITH d AS (DELETE FROM t WHERE id < 3 RETURNING id) SELECT count(*)::int AS n FROM d', 'UNKNOWN', '1 row'],
    ['WITH i AS (INSERT INTO t VALUES (9) RETURNING id) SELECT * FROM i', 'UNKNOWN', '1 row'],
    ['(WITH d AS (DELETE FROM t RETURNING id) SELECT id FROM d)', 'UNKNOWN', '3 rows'],
    ['WITH i AS (INSERT INTO t VALUES (9) RETURNING id) SELECT * FROM i; UPDATE t SET id = id', 'UNKNOWN', 'update 4'],
    [
      'WITH d AS (DELETE FROM t WHERE id < 3 RETURNING id) UPDATE t SET id = 4 WHERE id = 3',
      'UPDATE',
      '4 rows affected',
    ],
    ['CREATE TEMP TABLE u AS WITH d AS (DELETE FROM t RETURNING id) SELECT id FROM d', 'UNKNOWN', 'select 3'],
    ['BEGIN; WITH d AS (DELETE FROM t RETURNING id) SELECT * FROM d; ROLLBACK', undefined, '3 rows affected'],
    ["WITH x AS (SELECT 'AS (DELETE FROM t)') SELECT * FROM x", undefined, '3 rows affected'],
  ])('does not say of %s what Postgres does not say', async (sql, told, summary) => {
    const done = await query(`CREATE TEMP TABLE t (id int); INSERT INTO t VALUES (1), (2), (3); ${sql}`);
    const changed = told === 'UNKNOWN' ? null : Number.parseInt(summary, 10);
    expect(done).toMatchObject({ summary, result: { rows_affected: changed } });
    const said = done.asides?.['rows_affected']?.();
    expect(io.notes.filter((note) => note.includes(said ?? 'does not say'))).toHaveLength(told ? 1 : 0);
    const begin =
      told === 'UNKNOWN' ? 'a statement within WITH changes rows' : `of a statement with WITH the rows of its ${told}`;
    expect(said).toEqual(told && expect.stringContaining(begin));
  });

  it.each([
    ['DO $$ BEGIN DELETE FROM t; END $$', 'do', null],
    ['DO $$ BEGIN DELETE FROM t; END $$; SELECT 1 AS one', '1 row', null],
    ['BEGIN; DO $$ BEGIN DELETE FROM t; END $$; ROLLBACK', '3 rows affected', 3],
  ])('does not know how many rows %s changes', async (sql, summary, changed) => {
    const done = await query(`CREATE TEMP TABLE t (id int); INSERT INTO t VALUES (1), (2), (3); ${sql}`);
    expect(done).toMatchObject({ summary, result: { rows_affected: changed } });
    const why = 'what DO runs may change rows, and Postgres does not say how many: count them with a SELECT';
    expect(done.asides?.['rows_affected']?.()).toBe(changed === null ? why : undefined);
  });

  it('sends the trace behind the text of a statement, with parameters or without, and speaks of the text alone', async () => {
    const comment = `/*traceparent='${io.step.trace.traceparent}'*/`;
    const plain = 'SELECT current_query() AS q';
    expect((await query(plain)).result['first_row']).toEqual({ q: `${plain} ${comment}` });
    const bound = 'SELECT current_query() AS q, $1::int AS n';
    expect((await query(`${bound} -- the end`, { params: [1] })).result['first_row']).toEqual({
      q: `${bound} ${comment}`,
      n: 1,
    });
    expect(io.takeExchange()).toMatchObject({ query: `${bound} -- the end`, statements: [{ text: bound }] });
    const both = await query('SELECT 1; EXPLAIN (FORMAT TEXT) SELECT 2');
    expect(both.result['row_count']).toBe(1);
  });

  it.each([
    ['SELECT 1 +', 'syntax error at end of input (line 1, column 11 of the query)'],
    ["SELECT 'open", `unterminated quoted string at or near "'open" (line 1, column 8 of the query)`],
    ['SELECT "open', 'unterminated quoted identifier at or near ""open" (line 1, column 8 of the query)'],
    ['SELECT (1', 'syntax error at end of input (line 1, column 10 of the query)'],
  ])('says of %s what there is to say without the trace', async (sql, message) => {
    expect((await failing(sql)).problem).toMatchObject({ kind: 'sql', message });
  });

  it('runs several statements of a file in order', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tm-sql-'));
    await writeFile(
      join(directory, 'q.sql'),
      `-- two\nINSERT INTO ${table} VALUES (:id, 'x');\nINSERT INTO ${table} VALUES (:other, 'y');\nSELECT count(*) AS n FROM ${table} WHERE id IN (:id, :other);\n`,
    );
    io = createFakeIo({ directory });
    const { result } = await query('', { query: { file: 'q.sql' }, params: { id: 10, other: 11 } });
    expect(result).toMatchObject({ rows: [{ n: 2 }], rows_affected: 2 });
    const { asides } = await query('SELECT 1 AS a; SELECT 2 AS b');
    expect(asides?.['rows']?.()).toMatch(/^of 2 statements the rows are those of the last one: /);
    expect((await query('SELECT 1 AS a')).asides).toEqual({});
    const { problem } = await failing('', { query: { file: 'none.sql' } });
    expect(problem).toMatchObject({ kind: 'authoring', message: 'the file `none.sql` of `query` does not exist' });
  });

  it('takes a list in `IN (…)` item by item: none, one and several, of any type', async () => {
    const values =
      "SELECT * FROM (VALUES (1, 'a'::varchar(9), 1.50::numeric), (2, 'b', 2), (3, NULL, 3)) AS t (id, name, n)";
    const read = async (where: string, params: unknown) => {
      const { result } = await query(`SELECT id FROM (${values}) AS u WHERE ${where} ORDER BY id`, { params });
      return (result['rows'] as { id: number }[]).map(({ id }) => id);
    };
    expect(await read('id IN (:ids)', { ids: [1, 3, 9] })).toEqual([1, 3]);
    expect(await read('id NOT IN (:ids)', { ids: [1, 3, 9] })).toEqual([2]);
    expect(await read('id in ( :ids ) AND n NOT /* ! */ IN (:ns)', { ids: [1, 2], ns: [1.5] })).toEqual([2]);
    expect(await read('name IN (:names)', { names: ['a', "b','"] })).toEqual([1]);
    expect(await read('id IN ($1) AND id IN ($2)', [[1, 2], [2]])).toEqual([2]);
    expect(await read('id IN (?)', [[3]])).toEqual([3]);
    expect(await read('id IN (:ids)', { ids: [] })).toEqual([]);
    expect(await read('id NOT IN (:ids)', { ids: [] })).toEqual([1, 2, 3]);
    expect(await read('id IN (:a, :b)', { a: 1, b: 2 })).toEqual([1, 2]);
  });

  it('runs a file as it is, placeholders and all', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tm-sql-'));
    await writeFile(join(directory, 'q.sql'), 'SELECT\n  {{m}} AS n');
    io = createFakeIo({ directory });
    const plain = await failing('', { query: { file: 'q.sql' } });
    expect(plain.problem).toMatchObject({ kind: 'sql', code: '42601' });
  });

  it('shows nothing of a secret that it could not read as SQL', async () => {
    await expectNoPieces(stack.databaseUrl, workspace);
  });

  it('tells the place of a mistake', async () => {
    const error = await failing('SELECT 1;\nSELECT :long_name::text,\n  "ü", wrong\nFROM x', {
      params: { long_name: 'v' },
    });
    expect(error.problem).toMatchObject({
      kind: 'sql',
      code: '42P01',
      message: 'relation "x" does not exist (line 4, column 6 of the query)',
    });
    expect(error.details).toEqual([
      { title: 'query', lines: ['2 | SELECT :long_name::text,', '3 |   "ü", wrong', '4 | FROM x', '  |      ^'] },
    ]);
    expect(error.data).toMatchObject({ sqlstate: '42P01', query_line: 4, query_column: 6 });
    // The setting, since the file of the test has no such lines.
    expect(error.problem.location).toMatchObject({ line: 1, column: 1 });
  });

  it('tells a text from a name', async () => {
    const hints = ["in double quotes stands the name of a column: a text stands in single quotes, as in `'text'`"];
    expect((await failing('SELECT 1 WHERE 1 = "a@b.c"')).problem).toMatchObject({ code: '42703', hints });
    expect((await failing('SELECT 1 WHERE 1 = a_b')).problem).toMatchObject({ code: '42703', hints: [] });
  });

  it('names the table that may be meant', async () => {
    await query(
      `CREATE SCHEMA "near"; CREATE TABLE "near".parcels_of_near (id int); CREATE TABLE "near"."Boxes_of_near" ()`,
    );
    for (const [wrong, hint] of [
      ['parcels_of_near', 'there is `near.parcels_of_near`'],
      ['near.parcel_of_near', 'there is `near.parcels_of_near`'],
      ['boxes_of_near', 'there is `near."Boxes_of_near"`'],
    ]) {
      const { problem } = await failing(`SELECT 1 FROM ${wrong}`);
      expect(problem).toMatchObject({ code: '42P01', hints: [hint] });
    }
    await query('DROP SCHEMA "near" CASCADE');
  });

  it('gives what the server says about constraints', async () => {
    await query(`INSERT INTO ${table} VALUES (50, 'x')`);
    const error = await failing(`INSERT INTO ${table} VALUES ($1, $2)`, { params: [50, 'x'] });
    expect(error.problem).toMatchObject({ code: '23505', hints: ['key (id)=(50) already exists'] });
    expect(error.data).toMatchObject({
      sqlstate: '23505',
      table,
      constraint: `${table}_pkey`,
      detail: 'Key (id)=(50) already exists.',
    });
  });

  it('goes on after an error', async () => {
    await failing('SELECT nothing');
    expect((await query('SELECT 1 AS one')).result['rows']).toEqual([{ one: 1 }]);
  });

  it('rolls back a transaction that is left open, and says so', async () => {
    await query(`BEGIN; DELETE FROM ${table}`);
    expect(io.notes).toEqual(['the transaction was left open and rolled back, since a session lasts one step']);
    const { n } = (await query(`SELECT count(*) AS n FROM ${table}`)).result['first_row'] as { n: number };
    expect(n).toBeGreaterThan(0);
    await failing(`BEGIN; DELETE FROM ${table}; SELECT nothing`);
    expect((await query(`SELECT count(*) AS n FROM ${table}`)).result['first_row']).toEqual({ n });
  });

  it('cuts at max_rows, and says so', async () => {
    const { result } = await query('SELECT generate_series(1, 1000) AS n', { max_rows: 3 });
    expect(result).toMatchObject({ rows: [{ n: 1 }, { n: 2 }, { n: 3 }], row_count: 3 });
    expect(io.notes).toEqual(['only the first 3 rows (`max_rows`): there are more']);
  });

  // 30 MB too many in rows; a cell that is longer than a text of the engine may be takes memory, so only the full run asks for it.
  it.each<[what: string, sql: string, where: RegExp]>([
    ['rows', "SELECT repeat('z', 1000000) FROM generate_series(1, 300)", /\(after 26\d rows\)$/],
    ...(isFullRun ? [ONE_CELL] : []),
  ])('ends an answer that is too large, in %s, and the server with it', async (_, sql, where) => {
    const { problem } = await failing(sql);
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'budget', code: 'SQL_RESULT_TOO_LARGE' });
    expect(problem.message).toContain('takes more than 256 MB of memory');
    expect(problem.message).toMatch(where);
    expect((await query('SELECT 1 AS n')).result).toMatchObject({ rows: [{ n: 1 }] });
    await expect.poll(() => countBackends('repeat(')).toEqual({ n: 0 });
  });

  it('tells of columns of one name', async () => {
    expect((await query('SELECT 1 AS a, 2 AS a')).result).toMatchObject({ rows: [{ a: 2 }], columns: ['a', 'a'] });
    expect(io.notes[0]).toMatch(/^the column `a` occurs more than once/);
  });

  it('cancels on the server when the time is over', async () => {
    const word = `tm_slow_${Math.random().toString(36).slice(2)}`;
    const { problem } = await failing(`SELECT pg_sleep(30) AS ${word}`, { timeout: '1500ms' });
    expect(problem.message).toMatch(/^the query did not finish within 1.5 s at .* and was cancelled$/);
    expect(problem.kind).toBe('timeout');
    await expect.poll(() => countBackends(word)).toEqual({ n: 0 });
  });

  it('ends at once and cancels when the step is aborted', async () => {
    const word = `tm_abort_${Math.random().toString(36).slice(2)}`;
    const stop = new Stop();
    const waiting = createFakeIo({ stop });
    const settings = { connection: stack.databaseUrl, query: `SELECT pg_sleep(30) AS ${word}` };
    const running = databaseQuery.run(settings, waiting);
    await expect.poll(() => countBackends(word)).toEqual({ n: 1 });
    const reason = new StopError('interrupted', 'interrupted');
    const startedAt = performance.now();
    stop.end(reason);
    await expect(running).rejects.toMatchObject({
      data: { peer: expect.any(String) },
      cause: { kind: reason.kind, message: reason.message },
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await waiting.close();
    await expect.poll(() => countBackends(word)).toEqual({ n: 0 });
  });

  it('says that the server closed the connection while the query ran', async () => {
    const word = `tm_killed_${Math.random().toString(36).slice(2)}`;
    const other = createFakeIo();
    const settings = { connection: stack.databaseUrl, query: `SELECT pg_sleep(30) AS ${word}` };
    const running = databaseQuery.run(settings, other).then(
      () => undefined,
      (error: unknown) => error,
    );
    await expect.poll(() => countBackends(word)).toEqual({ n: 1 });
    await query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()',
      { params: [`%${word}%`] },
    );
    expect(await running).toMatchObject({
      problem: {
        outcome: 'errored',
        kind: 'connection',
        code: '57P01',
        message: expect.stringContaining('closed the connection'),
      },
    });
    await other.close();
  });

  it('opens a new connection when an idle one was closed', async () => {
    const { pid } = (await query('SELECT pg_backend_pid() AS pid')).result['first_row'] as { pid: number };
    const other = createFakeIo();
    await databaseQuery.run(
      { connection: stack.databaseUrl, query: 'SELECT pg_terminate_backend($1)', params: [pid] },
      other,
    );
    await other.close();
    await expect
      .poll(async () => {
        const settings = {
          connection: stack.databaseUrl,
          query: 'SELECT pg_backend_pid() <> $1 AS is_new',
          params: [pid],
        };
        return databaseQuery.run(settings, io).then(
          ({ result }) => result['first_row'],
          () => undefined,
        );
      })
      .toEqual({ is_new: true });
  });

  it('keeps one connection for one query after another', async () => {
    const pids = new Set<unknown>();
    for (let at = 0; at < 5; at++)
      pids.add(JSON.stringify((await query('SELECT pg_backend_pid() AS pid')).result['first_row']));
    expect(pids.size).toBe(1);
  });

  it('says that a database, a role or TLS is not there', async () => {
    const url = new URL(stack.databaseUrl);
    url.pathname = '/tm_nowhere';
    const unknown = await fail({ connection: url.href, query: 'SELECT 1' });
    expect(unknown.problem).toMatchObject({
      kind: 'connection',
      code: '3D000',
      message: `${url.host} has no database \`tm_nowhere\``,
    });
    const plain = await fail({ connection: `${stack.databaseUrl}?sslmode=require`, query: 'SELECT 1' });
    expect(plain.problem).toMatchObject({ kind: 'connection', message: `${url.host} does not speak TLS` });
    const preferred = await run({
      connection: `${stack.databaseUrl}?sslmode=prefer&schema=x`,
      query: 'SELECT 1 AS one',
    });
    expect(preferred.result['rows']).toEqual([{ one: 1 }]);
    expect(io.notes).toEqual(['the parameter `schema` of `connection` has no effect']);
  });

  it('gives a psql line that does the same, without the password', async (context) => {
    const sql = "SELECT $1::text AS a, $2::int[] AS b, $3::jsonb AS c, 'it''s $HOME' AS d";
    await query(sql, { params: ["it's \\ `x` $HOME", [1, 2], [{ k: '\\"' }]] });
    const line = io.describeExchange()?.byHand ?? '';
    expect(line).not.toContain('admin@');
    const hasPsql = await promisify(execFile)('psql', ['--version']).then(
      () => true,
      () => false,
    );
    context.skip(!hasPsql && !isFullRun, 'psql is not installed');
    const env = { ...process.env, PGPASSWORD: decodeURIComponent(new URL(stack.databaseUrl).password) };
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -At`], { env });
    expect(stdout).toContain(`it's \\ \`x\` $HOME|{1,2}|[{"k": "\\\\\\""}]|it's $HOME`);
  });
});
