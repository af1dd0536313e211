import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeEach, expect, it, test } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import type { Value } from '../../../src/expr/index.ts';
import type { ActionIo } from '../../../src/model/action/io.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { sample } from '../../support/sample.ts';
import { giveVars, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('a session of Postgres', ({ databaseUrl }) => {
  const table = `tm_sessions_${Math.random().toString(36).slice(2)}`;
  let io: FakeIo;
  /** Another flow of the same run. */
  let other: FakeIo;
  beforeEach(() => {
    io = createFakeIo();
    other = createFakeIo({ run: io.resources });
  });
  afterEach(async () => {
    expect(await other.close()).toEqual([]);
    expect(await io.close()).toEqual([]);
  });
  afterAll(async () => {
    const own = createFakeIo();
    await ask(`DROP TABLE IF EXISTS ${table}`, own);
    await own.close();
  });

  const run = (query: string, of: ActionIo = io, connection = databaseUrl) =>
    runAction(databaseQuery, { connection, query }, of);
  const ask = async (query: string, of?: ActionIo) => (await run(query, of)).result['first_row'] as Value;
  const readPid = async (of?: ActionIo, connection?: string) =>
    ((await run('SELECT pg_backend_pid() AS pid', of, connection)).result['first_row'] as { pid: number }).pid;

  it.each([
    ["SET datestyle TO 'German'", "SELECT current_setting('datestyle') LIKE 'ISO%' AS ok"],
    ["SET TIME ZONE 'Asia/Tokyo'", "SELECT current_setting('timezone') <> 'Asia/Tokyo' AS ok"],
    ["SELECT set_config('search_path', 'x', false)", "SELECT current_setting('search_path') <> 'x' AS ok"],
    ['SELECT 1 AS a INTO TEMP tm_made', "SELECT to_regclass('pg_temp.tm_made') IS NULL AS ok"],
    ['SET ROLE pg_monitor', 'SELECT current_user = session_user AS ok'],
    ['SET SESSION AUTHORIZATION pg_monitor', "SELECT session_user <> 'pg_monitor' AS ok"],
    ['CREATE TEMP TABLE tm_left (a int)', "SELECT to_regclass('pg_temp.tm_left') IS NULL AS ok"],
    [
      'SELECT pg_advisory_lock(4711)',
      "SELECT count(*) = 0 AS ok FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711",
    ],
    ['PREPARE tm_left AS SELECT 1', 'SELECT count(*) = 0 AS ok FROM pg_prepared_statements'],
    ['LISTEN tm_left', 'SELECT count(*) = 0 AS ok FROM pg_listening_channels()'],
    ['DECLARE tm_left CURSOR WITH HOLD FOR SELECT 1', 'SELECT count(*) = 0 AS ok FROM pg_cursors'],
    ['BEGIN ISOLATION LEVEL SERIALIZABLE', "SELECT current_setting('transaction_isolation') <> 'serializable' AS ok"],
  ])('leaves nothing behind: %s', async (dirty, question) => {
    for (const next of [io, other]) {
      const before = await readPid();
      await run(dirty);
      expect(await ask(question, next)).toEqual({ ok: true });
      expect(await readPid(next)).toBe(before);
    }
  });

  it('goes on with a session of its own after an error in a transaction', async () => {
    const before = await readPid();
    await failAction(databaseQuery, { connection: databaseUrl, query: 'BEGIN; SELECT nothing' }, io);
    expect(await ask('SELECT 1 AS one', other)).toEqual({ one: 1 });
    expect(await readPid(other)).toBe(before);
  });

  it('rolls an open transaction back before the step ends, and counts none of its rows', async () => {
    await run(`CREATE TABLE ${table} (id int); INSERT INTO ${table} VALUES (1), (2)`);
    const open = await run(`BEGIN; UPDATE ${table} SET id = 7`);
    expect(open).toMatchObject({ summary: '0 rows affected', result: { rows_affected: 0 } });
    expect(io.notes).toEqual(['the transaction was left open and rolled back, since a session lasts one step']);
    const alone = createFakeIo();
    const update = `SET lock_timeout = '1ms'; UPDATE ${table} SET id = id`;
    expect((await run(update, alone)).result).toMatchObject({ rows_affected: 2 });
    await alone.close();
    const undone = await run(`BEGIN; UPDATE ${table} SET id = 7; ROLLBACK`);
    expect(undone.result).toMatchObject({ rows_affected: 0 });
    const half = `BEGIN; UPDATE ${table} SET id = 7 WHERE id = 1; SAVEPOINT s; UPDATE ${table} SET id = 8; ROLLBACK TO s; COMMIT`;
    expect((await run(half)).result).toMatchObject({ rows_affected: 1 });
  });

  it('replaces a connection whose session the server ended, for the very next step', async () => {
    for (let round = 0; round < 10; round++) {
      const query = 'SELECT pg_terminate_backend(pg_backend_pid())';
      const { problem } = await failAction(databaseQuery, { connection: databaseUrl, query }, io);
      expect(problem).toMatchObject({ kind: 'connection', code: '57P01' });
      expect(await ask('SELECT 1 AS one', other)).toEqual({ one: 1 });
    }
  });

  it('replaces a connection that was ended while nobody had it', async () => {
    const pid = await readPid();
    const alone = createFakeIo();
    await run(`SELECT pg_terminate_backend(${pid})`, alone);
    const isThere = async () => ask(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE pid = ${pid}`, alone);
    await expect.poll(isThere).toEqual({ n: 0 });
    await alone.close();
    expect(await readPid()).not.toBe(pid);
  });

  it('is shared by those alone who mean the same: user, password, database, parameters', async () => {
    const pid = await readPid();
    expect(await readPid(other, databaseUrl.replace('postgres://', 'postgresql://'))).toBe(pid);
    expect(await readPid(other, `${databaseUrl}?application_name=tm_other`)).not.toBe(pid);
    expect(await readPid(other, `${databaseUrl}?options=-c%20work_mem%3D1MB`)).not.toBe(pid);
    expect(await readPid(other, databaseUrl.replace(/\/[^/]*$/, '/template1'))).not.toBe(pid);
    await run(
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tm_guest') THEN CREATE ROLE tm_guest LOGIN; END IF; END $$`,
    );
    await run("ALTER ROLE tm_guest PASSWORD 'right'");
    const guest = new URL(databaseUrl);
    guest.username = 'tm_guest';
    guest.password = 'right';
    const own = await readPid(io, guest.href);
    expect(own).not.toBe(pid);
    guest.password = 'wrong';
    const wrong = await run('SELECT pg_backend_pid() AS pid', other, guest.href).then(
      ({ result }) => result['first_row'],
      (error: unknown) => error,
    );
    expect(wrong).not.toEqual({ pid: own });
  });

  it('is found under a name of this machine', async () => {
    const url = new URL(databaseUrl);
    url.hostname = 'db.localhost';
    expect((await run('SELECT 1 AS one', io, url.href)).result['first_row']).toEqual({ one: 1 });
  });

  it('has works that wait for each other all run', { timeout: 20_000 }, async () => {
    const waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4713 AND NOT granted";
    const holder = `DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(4713);
      WHILE (${waiting}) < 12 LOOP PERFORM pg_sleep(0.01); END LOOP;
    END $$`;
    const held = run(holder);
    const isHeld = async () => ask('SELECT count(*)::int AS n FROM pg_locks WHERE objid = 4713 AND granted', other);
    await expect.poll(isHeld).toEqual({ n: 1 });
    const waiters = Array.from({ length: 12 }, () => run('SELECT pg_advisory_xact_lock_shared(4713)'));
    await Promise.all([held, ...waiters]);
  });

  const workspace = useWorkspace();
  test.each(sample('numbers of workers that have sessions', [4, 1, 8], { count: 1 }))(
    'costs as many connections as there are workers: -j %i',
    { timeout: 60_000 },
    async (workers) => {
      const relay = await openRelay(databaseUrl);
      for (let number = 0; number < 60; number++) {
        const step = (id: string) =>
          `  - { id: ${id}, action: database_query, config: { connection: "{{DB_URL}}", query: "SELECT ${number} AS n" }, assert: ["rows == [{n: ${number}}]"] }`;
        workspace.write(
          `many-${workers}/${number}.yaml`,
          `name: f${number}\nenv: { DB_URL: x }\nsteps:\n${step('a')}\n${step('b')}\n`,
        );
      }
      const words = ['run', `many-${workers}`, '-j', String(workers), ...giveVars({ DB_URL: relay.url })];
      const ended = await runCli(words, { cwd: workspace.path });
      relay.close();
      expect(ended.code, ended.output).toBe(0);
      expect(relay.counts.opened).toBeGreaterThanOrEqual(1);
      expect(relay.counts.opened).toBeLessThanOrEqual(workers + 1);
    },
  );

  it('goes one way for its only statement and what clears it, whether that succeeds or not', async () => {
    const relay = await openRelay(databaseUrl);
    const pid = await readPid(io, relay.url);
    const before = relay.counts.sent;
    for (let round = 0; round < 10; round++) {
      const { result } = await runAction(
        databaseQuery,
        { connection: relay.url, query: 'SELECT $1::int AS n', params: [round] },
        io,
      );
      expect(result['first_row']).toEqual({ n: round });
      const wrong = { connection: relay.url, query: 'SELECT 1 / $1::int', params: [0] };
      expect((await failAction(databaseQuery, wrong, io)).problem).toMatchObject({ code: '22012' });
    }
    expect(relay.counts.sent - before).toBe(20);
    expect(await readPid(other, relay.url)).toBe(pid);
    relay.close();
  });
});

/** A way to the database that counts connections, and pieces sent to the server. */
async function openRelay(databaseUrl: string) {
  const direct = new URL(databaseUrl);
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const counts = { opened: 0, sent: 0 };
  const relay = createServer((socket) => {
    counts.opened++;
    const onward = connect(Number(direct.port), direct.hostname);
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => sockets.delete(one));
    }
    socket.on('data', () => counts.sent++);
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  target.port = String((relay.address() as { port: number }).port);
  const close = () => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: target.href, counts, close };
}
