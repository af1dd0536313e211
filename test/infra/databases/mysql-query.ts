import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { stringifyJson } from '../../../src/expr/index.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { repeats } from '../../support/sample.ts';
import { startTcpServer } from '../../support/servers/http-server.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';
import { useWorkspace } from '../../support/stack/cli.ts';
import { MARIADB_PROGRAMS, useMariadb } from './mariadb.ts';
import { expectNoPieces } from './pasted-secrets.ts';

const inFullRun = it.runIf(repeats('further tests of queries of MariaDB', 1, 0) > 0);

let io: FakeIo;
beforeEach(() => {
  io = createFakeIo();
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
});

async function fail(settings: Record<string, unknown>) {
  const error = await failAction(databaseQuery, settings, io);
  expect(
    JSON.stringify([error.problem, error.details, error.data, io.describeExchange(), io.takeExchange()]),
  ).not.toContain('secret');
  return error;
}

describe('a MySQL server that is not there', () => {
  it('refuses', async () => {
    const port = await findFreePort();
    const { problem, data } = await fail({ connection: `mysql://u:secret@127.0.0.1:${port}/d`, query: 'SELECT 1' });
    const message = `nothing listens at 127.0.0.1:${port} (connection refused)`;
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED', message });
    expect(data).toEqual({ peer: `127.0.0.1:${port}`, host: '127.0.0.1', port, database: 'd' });
  });

  it('accepts and never answers', async () => {
    const peer = await startTcpServer();
    const startedAt = performance.now();
    const { problem } = await fail({
      connection: `mysql://u:secret@${peer.peer}/d`,
      query: 'SELECT 1',
      timeout: '1s',
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await peer.close();
    const message = `${peer.peer} accepted the connection but did not answer within 1 s`;
    expect(problem).toMatchObject({ kind: 'timeout', message });
  });

  it('closes at once', async () => {
    const peer = await startTcpServer((socket) => socket.end());
    const { problem } = await fail({ connection: `mysql://u:secret@${peer.peer}/d`, query: 'SELECT 1' });
    await peer.close();
    expect(problem).toMatchObject({ kind: 'connection', message: expect.stringContaining(peer.peer) });
  });
});

const workspace = useWorkspace();

describeWithPrograms('database_query on MariaDB', MARIADB_PROGRAMS, () => {
  let server: OwnServer;
  let root: string;

  beforeAll(async () => {
    server = await useMariadb();
    root = `mysql://root@127.0.0.1:${server.port}/shop`;
    const own = createFakeIo();
    await runAction(
      databaseQuery,
      {
        connection: root.replace('/shop', ''),
        query: `CREATE DATABASE shop; CREATE USER ada@'%' IDENTIFIED BY 'sec/ret'; GRANT ALL ON shop.* TO ada@'%';
          CREATE ROLE clerk; CREATE USER tls@'%' IDENTIFIED BY 'secret' REQUIRE SSL; GRANT ALL ON shop.* TO tls@'%';
          CREATE TABLE shop.orders (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL, total DECIMAL(10,2));
          CREATE TABLE shop.lines (order_id INT, CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders (id))`,
      },
      own,
    );
    await own.close();
  });

  const query = (sql: string, more: Record<string, unknown> = {}) =>
    runAction(databaseQuery, { connection: root, query: sql, ...more }, io);
  const failing = (sql: string, more: Record<string, unknown> = {}) => fail({ connection: root, query: sql, ...more });
  const countRunning = async (word: string) => {
    const sql =
      'SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE :word AND id <> CONNECTION_ID()';
    return (await query(sql, { params: { word: `%${word}%` } })).result['first_row'];
  };

  it('fills, changes and reads a table', async () => {
    const filled = await query('INSERT INTO orders VALUES ($1, $2, $3), ($4, $5, $6)', {
      params: [1, 'a', 9.5, 2, 'b', 10],
    });
    expect(filled).toMatchObject({
      summary: '2 rows affected',
      result: { rows_affected: 2, row_count: 0, columns: [] },
    });
    const same = await query("UPDATE orders SET name = 'a' WHERE id = ?", { params: [1] });
    expect(same).toMatchObject({ summary: '1 row affected', result: { rows_affected: 1 } });
    const read = await query(
      'WITH x AS (SELECT * FROM orders) SELECT id, total FROM x WHERE id IN (:ids) ORDER BY id LIMIT :n',
      {
        params: { ids: [1, 2, 3], n: 5 },
      },
    );
    expect(read).toMatchObject({
      summary: '2 rows',
      result: { row_count: 2, rows_affected: 0, columns: ['id', 'total'] },
    });
    // Digit for digit, as the column has them.
    expect(stringifyJson(read.result['rows'] ?? null)).toBe('[{"id":1,"total":9.50},{"id":2,"total":10.00}]');
    expect(stringifyJson(read.result['first_row'] ?? null)).toBe('{"id":1,"total":9.50}');
    expect(Object.keys(read.result)).toEqual(Object.keys(databaseQuery.result.keys));
    expect(io.describeExchange()).toMatchObject({
      sentBody: '?1 = 1\n?2 = 2\n?3 = 3\n?4 = 5',
      receivedBody: 'id | total\n---+------\n1  | 9.50\n2  | 10.00',
    });
  });

  it('finds nothing in an empty list, and everything outside of it', async () => {
    expect((await query('SELECT 1 AS a FROM DUAL WHERE 1 IN (?)', { params: [[]] })).result['rows']).toEqual([]);
    expect((await query('SELECT 1 AS a FROM DUAL WHERE 1 NOT IN (?)', { params: [[]] })).result['rows']).toEqual([
      { a: 1 },
    ]);
  });

  it('runs several statements in order, procedures with bodies too', async () => {
    const sql = `
      # it's a comment; :x
      CREATE OR REPLACE PROCEDURE twice(IN n INT)
      BEGIN
        IF n > 1 THEN SELECT 'many' AS word; END IF;
        SELECT n * 2 AS doubled;
      END;
      CREATE OR REPLACE TRIGGER no_x BEFORE INSERT ON orders FOR EACH ROW
        BEGIN IF NEW.name = 'x' THEN SET NEW.name = 'y'; END IF; END;
      INSERT INTO orders VALUES (20, 'x', 1) -- ; :y
      ;
      CALL twice(:n);`;
    expect((await query(sql, { params: { n: 4 } })).result).toMatchObject({ rows: [{ doubled: 8 }] });
    expect((await query('SELECT name FROM orders WHERE id = 20')).result['first_row']).toEqual({ name: 'y' });
  });

  it('leaves what is quoted, named and commented alone', async () => {
    const sql = 'SELECT ":a \\" ?" AS `x:b`, \'it\\\'s ?\' AS c, /* :d ? */ @v := :e AS `?`, 5--1 AS f -- :g';
    const { result } = await query(sql, { params: { e: 7 } });
    expect(result['rows']).toEqual([{ 'x:b': ':a " ?', c: "it's ?", '?': 7, f: 6 }]);
  });

  inFullRun('shows nothing of a secret that it could not read as SQL', async () => {
    await expectNoPieces(root, workspace);
  });

  it('tells the place of a mistake', async () => {
    const error = await failing('SELECT 1;\nSELECT :long_name,\n  `ü` FORM\nx', { params: { long_name: 'v' } });
    expect(error.problem).toMatchObject({ kind: 'sql', code: '42000' });
    expect(error.problem.message).toMatch(/^syntax error near 'x' at line 3 \(line 4, column 1 of the query\)$/);
    expect(error.details[0]?.lines.at(-1)).toBe('  | ^');
    expect(error.data).toMatchObject({ sqlstate: '42000', errno: 1064, query_line: 4, query_column: 1 });
  });

  it('sends the trace behind the text of a statement, prepared or not, and speaks of the text alone', async () => {
    const own = 'SELECT info FROM information_schema.processlist WHERE id = CONNECTION_ID()';
    const sent = `${own} /*traceparent='${io.step.trace.traceparent}'*/`;
    expect((await query(own)).result['first_row']).toEqual({ info: sent });
    expect(io.takeExchange()).toMatchObject({ query: own, statements: [{ text: own }] });
    const { problem, data } = await failing('SELECT 1 +');
    expect(problem.message).toBe("syntax error near '' at line 1 (line 1, column 11 of the query)");
    expect(data).toMatchObject({ query_line: 1, query_column: 11 });
    expect((await failing(`SELECT 1 FORM ${'x'.repeat(50)}`)).problem.message).not.toContain('/*');
    expect((await failing("SELECT 'open")).problem.message).not.toContain('/*');
  });

  it.each([
    [
      "INSERT INTO orders VALUES (1, 'x', 1)",
      '23000',
      { errno: 1062, error_name: 'ER_DUP_ENTRY', constraint: 'PRIMARY' },
    ],
    ['INSERT INTO orders (id) VALUES (90)', 'HY000', { errno: 1364, column: 'name' }],
    ['INSERT INTO `lines` VALUES (99)', '23000', { errno: 1452, table: 'lines', constraint: 'of_order' }],
    ['SELECT nothing FROM orders', '42S22', { errno: 1054 }],
    ['SELECT * FROM nothing', '42S02', { errno: 1146 }],
  ])('gives what the server says: %s', async (sql, sqlstate, data) => {
    const error = await failing(sql);
    expect(error.problem).toMatchObject({ kind: 'sql', code: sqlstate });
    expect(error.data).toMatchObject({ sqlstate, ...data });
  });

  it('says what to do about a time with Z', async () => {
    const error = await failing('CREATE TEMPORARY TABLE z (t DATETIME); INSERT INTO z VALUES (?)', {
      params: ['2026-01-31T10:00:00.000Z'],
    });
    expect(error.problem.hints).toEqual(["MySQL's times have no `Z`: write `TRIM(TRAILING 'Z' FROM :name)`"]);
  });

  it('rolls back a transaction that is left open, and says so', async () => {
    await query('BEGIN; DELETE FROM orders');
    expect(io.notes).toEqual(['the transaction was left open and rolled back, since a session lasts one step']);
    const { n } = (await query('SELECT COUNT(*) AS n FROM orders')).result['first_row'] as { n: number };
    expect(n).toBeGreaterThan(0);
    await failing('START TRANSACTION; DELETE FROM orders; SELECT nothing');
    expect((await query('SELECT COUNT(*) AS n FROM orders')).result['first_row']).toEqual({ n });
  });

  it('cuts at max_rows, and says so', async () => {
    const { result } = await query('SELECT seq AS n FROM seq_1_to_1000', { max_rows: 3 });
    expect(result).toMatchObject({ rows: [{ n: 1 }, { n: 2 }, { n: 3 }], row_count: 3 });
    expect(io.notes).toEqual(['only the first 3 rows (`max_rows`): there are more']);
  });

  inFullRun('ends an answer that is too large', async () => {
    const { problem } = await failing("SELECT REPEAT('z', 1000000) AS z FROM seq_1_to_300");
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'budget', code: 'SQL_RESULT_TOO_LARGE' });
    expect(problem.message).toMatch(/takes more than 256 MB of memory \(after 26\d rows\)$/);
    expect((await query('SELECT 1 AS n')).result).toMatchObject({ rows: [{ n: 1 }] });
  });

  inFullRun('cancels on the server when the time is over', async () => {
    const { problem } = await failing('SELECT SLEEP(30) AS tm_slow', { timeout: '1s' });
    expect(problem.kind).toBe('timeout');
    expect(problem.message).toMatch(/^the query did not finish within 1 s at .* and was cancelled$/);
    await expect.poll(() => countRunning('tm_slow')).toEqual({ n: 0 });
  });

  it('ends at once and cancels when the step is aborted', async () => {
    const stop = new Stop();
    const waiting = createFakeIo({ stop });
    const running = runAction(databaseQuery, { connection: root, query: 'SELECT SLEEP(30) AS tm_abort' }, waiting);
    await expect.poll(() => countRunning('tm_abort')).toEqual({ n: 1 });
    const startedAt = performance.now();
    stop.end(new StopError('interrupted', 'interrupted'));
    await expect(running).rejects.toMatchObject({ problem: { kind: 'stopped' } });
    expect(performance.now() - startedAt).toBeLessThan(100);
    await waiting.close();
    await expect.poll(() => countRunning('tm_abort')).toEqual({ n: 0 });
  });

  it('says that the server closed the connection while the query ran', async () => {
    const other = createFakeIo();
    const running = failAction(databaseQuery, { connection: root, query: 'SELECT SLEEP(30) AS tm_killed' }, other);
    const find =
      "SELECT id FROM information_schema.processlist WHERE info LIKE '%tm_killed%' AND id <> CONNECTION_ID()";
    await expect.poll(async () => (await query(find)).result['row_count']).toBe(1);
    const { id } = (await query(find)).result['first_row'] as { id: number };
    await query(`KILL ${id}`);
    expect((await running).problem).toMatchObject({ outcome: 'errored', kind: 'connection' });
    await other.close();
  });

  it.each([
    ["SET time_zone = '+09:00'", "SELECT @@time_zone = '+00:00' AS ok"],
    [
      "SET sql_mode = 'ANSI'",
      "SELECT @@sql_mode LIKE '%STRICT%IGNORE_SPACE%' OR @@sql_mode LIKE '%IGNORE_SPACE%STRICT%' AS ok",
    ],
    ['SET NAMES latin1', "SELECT @@collation_connection = 'utf8mb4_unicode_ci' AND HEX('ü') = 'C3BC' AS ok"],
    ['SET @left := 1', 'SELECT @left IS NULL AS ok'],
    ['USE mysql', "SELECT DATABASE() = 'shop' AS ok"],
    ['SET ROLE clerk', 'SELECT CURRENT_ROLE() IS NULL AS ok'],
    ['CREATE DATABASE IF NOT EXISTS gone; USE gone; DROP DATABASE gone', "SELECT DATABASE() = 'shop' AS ok"],
    [
      'CREATE TEMPORARY TABLE orders (id INT)',
      "SELECT COUNT(*) = 3 AS ok FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'orders'",
    ],
    ["SELECT GET_LOCK('left', 1)", "SELECT IS_USED_LOCK('left') IS NULL AS ok"],
    [
      "PREPARE left_over FROM 'SELECT 1'",
      "SELECT COUNT(*) = 1 AS ok FROM information_schema.tables WHERE table_name = 'lines'",
    ],
    ['LOCK TABLES orders READ', 'SELECT COUNT(*) >= 0 AS ok FROM `lines`'],
    [
      'SET autocommit = 0; UPDATE orders SET total = -1',
      'SELECT @@autocommit = 1 AND MIN(total) >= 0 AS ok FROM orders',
    ],
  ])('leaves nothing behind in a session: %s', async (dirty, question) => {
    const other = createFakeIo({ run: io.resources });
    for (const next of [io, other]) {
      await query(dirty);
      const { result } = await runAction(databaseQuery, { connection: root, query: question }, next);
      expect(Object.values(result['first_row'] as object)).toEqual([1]);
    }
    await other.close();
  });

  it('gives what it prepared before anew in each session', async () => {
    for (let round = 0; round < 3; round++) {
      const sql = 'SELECT ? AS n, CONNECTION_ID() AS id';
      const { id } = (await query('SELECT CONNECTION_ID() AS id')).result['first_row'] as { id: number };
      expect((await query(sql, { params: [round] })).result['first_row']).toEqual({ n: round, id });
    }
  });

  it('counts no rows that were rolled back', async () => {
    const half =
      'BEGIN; UPDATE orders SET total = 1 WHERE id = 1; SAVEPOINT s; UPDATE orders SET total = 2; ROLLBACK TO s; COMMIT';
    expect((await query(half)).result).toMatchObject({ rows_affected: 1 });
    const undone = await query('BEGIN; UPDATE orders SET total = 7; ROLLBACK');
    expect(undone).toMatchObject({ summary: 'rollback', result: { rows_affected: 0 } });
    const open = await query('BEGIN; UPDATE orders SET total = 7');
    expect(open).toMatchObject({ summary: '0 rows affected', result: { rows_affected: 0 } });
    const alone = createFakeIo();
    const update = 'SET innodb_lock_wait_timeout = 0; UPDATE orders SET total = 3';
    await runAction(databaseQuery, { connection: root, query: update }, alone);
    await alone.close();
  });

  it('replaces a connection whose session the server ended, for the very next step', async () => {
    for (let round = 0; round < 10; round++) {
      await failing('KILL CONNECTION_ID()').catch(() => undefined);
      expect((await query('SELECT 1 AS one')).result['first_row']).toEqual({ one: 1 });
    }
  });

  it('keeps one connection for one query after another, and opens another when that was closed', async () => {
    const readId = async () => (await query('SELECT CONNECTION_ID() AS id')).result['first_row'] as { id: number };
    const { id } = await readId();
    expect(await readId()).toEqual({ id });
    const other = createFakeIo();
    await runAction(databaseQuery, { connection: root, query: `KILL ${id}` }, other);
    await other.close();
    await expect.poll(() => readId().catch(() => ({ id }))).not.toEqual({ id });
  });

  it.each([
    ['ada:wrong-secret', '/shop', /^.* refused the user `ada`: Access denied/, '28000'],
    ['ada', '/shop', /^.* refused the user `ada`: Access denied/, '28000'],
    ['root', '/nowhere', /^127\.0\.0\.1:\d+ has no database `nowhere`$/, '42000'],
    ['tls:secret', '/shop', /refused the user `tls`/, '28000'],
  ])('says why %s cannot get into %s', async (who, path, message, code) => {
    const { problem } = await fail({ connection: `mysql://${who}@127.0.0.1:${server.port}${path}`, query: 'SELECT 1' });
    expect(problem).toMatchObject({ kind: 'connection', code, message: expect.stringMatching(message) });
  });

  it('is found under a name of this machine', async () => {
    const connection = root.replace('127.0.0.1', 'db.localhost');
    const { result } = await runAction(databaseQuery, { connection, query: 'SELECT 1 AS one' }, io);
    expect(result['first_row']).toEqual({ one: 1 });
  });

  it('speaks TLS in every mode', async () => {
    const cipher = async (more: string, host = 'localhost') => {
      const connection = `mysql://tls:secret@${host}:${server.port}/shop?${more}`;
      const { result } = await runAction(databaseQuery, { connection, query: "SHOW STATUS LIKE 'Ssl_cipher'" }, io);
      return (result['first_row'] as { Value: string }).Value;
    };
    const ca = `ssl-ca=${server.folder}/ca.pem`;
    expect(await cipher('ssl-mode=REQUIRED')).not.toBe('');
    expect(await cipher('sslmode=prefer')).not.toBe('');
    expect(await cipher(`ssl-mode=VERIFY_CA&${ca}`, '127.0.0.1')).not.toBe('');
    expect(await cipher(`ssl-mode=VERIFY_IDENTITY&${ca}`)).not.toBe('');
    const connection = `mysql://tls:secret@localhost:${server.port}/shop?ssl-mode=VERIFY_IDENTITY`;
    const untrusted = await fail({ connection, query: 'SELECT 1' });
    expect(untrusted.problem).toMatchObject({
      kind: 'connection',
      hints: ['name the authority that signed it: `ssl-ca=ca.pem`'],
    });
    const missing = await fail({ connection: `${connection}&ssl-ca=none.pem`, query: 'SELECT 1' });
    expect(missing.problem).toMatchObject({
      kind: 'authoring',
      message: 'a TLS file of `connection`: `none.pem` does not exist',
    });
  });

  it('gives a mysql line that does the same, without the password', async () => {
    const connection = `mysql://ada:sec%2Fret@127.0.0.1:${server.port}/shop`;
    const sql = "SELECT ? AS a, ? AS b, 'it''s $HOME' AS c, ? AS d";
    const { result } = await runAction(
      databaseQuery,
      { connection, query: sql, params: ["it's \\ `x`", 12.5, null] },
      io,
    );
    const line = io.describeExchange()?.byHand ?? '';
    expect(line).not.toContain('ret');
    const env = { ...process.env, MYSQL_PWD: 'sec/ret' };
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line.replace(' -p ', ' ')} -N -r`], { env });
    expect(stdout.trimEnd().split('\t')).toEqual(["it's \\ `x`", '12.5', "it's $HOME", 'NULL']);
    expect(result['first_row']).toEqual({ a: "it's \\ `x`", b: 12.5, c: "it's $HOME", d: null });
  });
});
