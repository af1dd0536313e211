import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../src/actions/database/open-database.ts';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { unchanged } from '../../../src/actions/unchanged.ts';
import type { ActionIo } from '../../../src/model/action/io.ts';
import type { SequenceOutcome } from '../../../src/model/action/outcome.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';

const PASSED: SequenceOutcome = {
  outcome: 'passed',
  results: {},
  captures: {},
  last: undefined,
  isCut: false,
  env: { get: () => undefined, keys: () => [] },
  isStopped: false,
};

/** Where tables are made, in either database. */
const SCHEMA = "SELECT table_schema AS here FROM information_schema.tables WHERE table_name = 'tm_Watched'";

/** A type with a value, and one that differs from it as little as it can. */
type Pair = readonly [type: string, before: string, after: string];

/** What has to hold of tables in any database; `pairs` are types of this one, `quote` writes a name as it stands. */
export function testUnchangedTables(
  connect: () => string,
  { pairs, quote }: { readonly pairs: readonly Pair[]; readonly quote: (name: string) => string },
): void {
  let io: FakeIo;
  beforeEach(() => {
    io = createFakeIo();
  });
  afterEach(async () => {
    await query('DROP TABLE IF EXISTS tm_watched');
    expect(await io.close()).toEqual([]);
  });

  const query = async (sql: string) =>
    (await runAction(databaseQuery, { connection: connect(), query: sql }, io)).result;
  const watch = async (work: string, more: object = {}, end: SequenceOutcome = PASSED) => {
    const runSteps = async () => {
      await query(work);
      return end;
    };
    const inside: ActionIo = { ...io, children: { ...io.children, runSteps } };
    return runAction(unchanged, { connection: connect(), tables: ['tm_watched'], for: '0s', ...more }, inside);
  };
  const messageOf = ({ problems }: Awaited<ReturnType<typeof watch>>) => problems?.[0]?.message;

  it('is content where nothing of a table changes', async () => {
    await query(
      "CREATE TABLE tm_watched (id int PRIMARY KEY, name varchar(20)); INSERT INTO tm_watched VALUES (1, 'a')",
    );
    const outcome = await watch("UPDATE tm_watched SET name = 'a' WHERE id = 1");
    expect(outcome).toEqual({
      result: { count: 0, changes: [] },
      summary: '1 table unchanged',
      problems: [],
      details: [],
    });
  });

  it('takes the rows of a table that is dropped for deleted', async () => {
    await query(
      "CREATE TABLE tm_watched (id int PRIMARY KEY, name varchar(20)); INSERT INTO tm_watched VALUES (1, 'a')",
    );
    const outcome = await watch('DROP TABLE tm_watched');
    expect(outcome.summary).toBe('1 change');
    expect(outcome.result['changes']).toMatchObject([{ row: { id: 1, name: 'a' } }]);
    expect(messageOf(outcome)).toBe('expected no change, got 1 row deleted from `tm_watched`');
  });

  it('lists the rows that were added, deleted and changed', async () => {
    await query(
      "CREATE TABLE tm_watched (id int PRIMARY KEY, name varchar(20), n decimal(6,2)); INSERT INTO tm_watched VALUES (1, 'a', 1), (2, 'b', 2), (3, NULL, 3)",
    );
    const { result, summary, problems, details } = await watch(
      "DELETE FROM tm_watched WHERE id = 1; UPDATE tm_watched SET name = 'c' WHERE id = 2; INSERT INTO tm_watched VALUES (4, 'd', 4)",
    );
    expect(summary).toBe('3 changes');
    expect(problems).toEqual([
      {
        outcome: 'failed',
        kind: 'expectation',
        message:
          'expected no change, got 1 row changed in `tm_watched`, 1 row added to `tm_watched`, 1 row deleted from `tm_watched`',
      },
    ]);
    expect(details).toEqual([
      {
        title: 'changes',
        lines: [
          'tm_watched changed: {"id": 2}: name "b" → "c"',
          'tm_watched added: {"id": 4, "name": "d", "n": 4.00}',
          'tm_watched deleted: {"id": 1, "name": "a", "n": 1.00}',
        ],
      },
    ]);
    expect(result).toMatchObject({
      count: 3,
      changes: [
        { table: 'tm_watched', what: 'changed', key: { id: 2 }, before: { name: 'b' }, after: { name: 'c' } },
        { table: 'tm_watched', what: 'added', row: { id: 4, name: 'd' } },
        { table: 'tm_watched', what: 'deleted', row: { id: 1, name: 'a' } },
      ],
    });
  });

  it('tells rows apart by all columns of the key', async () => {
    await query(
      'CREATE TABLE tm_watched (n int, b int, a int, PRIMARY KEY (a, b)); INSERT INTO tm_watched VALUES (1, 1, 2), (1, 2, 1)',
    );
    const outcome = await watch('UPDATE tm_watched SET n = 5 WHERE a = 2');
    expect(outcome.details?.[0]?.lines[0]).toMatch(
      /^tm_watched changed: \{"(?:a": 2, "b": 1|b": 1, "a": 2)\}: n 1 → 5$/,
    );
  });

  it('counts equal rows of a table without a key', async () => {
    await query("CREATE TABLE tm_watched (name varchar(20)); INSERT INTO tm_watched VALUES ('a'), ('a'), ('b')");
    const limit = "DELETE FROM tm_watched WHERE name = 'a'; INSERT INTO tm_watched VALUES ('a')";
    expect(messageOf(await watch(limit))).toBe('expected no change, got 1 row deleted from `tm_watched`');
    expect(messageOf(await watch("UPDATE tm_watched SET name = 'c' WHERE name = 'b'"))).toBe(
      'expected no change, got 1 row added to `tm_watched`, 1 row deleted from `tm_watched`',
    );
    expect(messageOf(await watch('INSERT INTO tm_watched SELECT name FROM tm_watched'))).toBe(
      'expected no change, got 2 rows added to `tm_watched`',
    );
  });

  it('counts alone where there are more rows than `max_rows`, and says so', async () => {
    await query(
      'CREATE TABLE tm_watched (id int PRIMARY KEY, n int); INSERT INTO tm_watched VALUES (1, 1), (2, 1), (3, 1)',
    );
    expect((await watch('UPDATE tm_watched SET n = 2', { max_rows: 2 })).problems).toEqual([]);
    const note = '`tm_watched` has more rows than `max_rows` (2): only their number was compared';
    expect(io.notes).toEqual([note]);
    const more = await watch('INSERT INTO tm_watched VALUES (4, 1), (5, 1)', { max_rows: 3 });
    expect(messageOf(more)).toBe('expected no change, got 2 rows added to `tm_watched`');
    expect(more.details?.[0]?.lines).toEqual(['tm_watched added: 3 rows before, 5 rows after']);
  });

  it('sees a change in a row that is too long to be kept', async () => {
    await query(
      "CREATE TABLE tm_watched (id int PRIMARY KEY, name text); INSERT INTO tm_watched VALUES (1, concat(repeat('a', 9000), 'b'))",
    );
    const outcome = await watch("UPDATE tm_watched SET name = concat(repeat('a', 9000), 'c')");
    expect(outcome.details?.[0]?.lines[0]).toMatch(/^tm_watched changed: \{"id": 1\}: now \{"id": 1, "name": "a+/);
    expect(outcome.result['changes']).toMatchObject([
      { table: 'tm_watched', what: 'changed', key: { id: 1 }, after: { id: 1 } },
    ]);
  });

  it.each(pairs)('sees the least change of %s', async (type, before, after) => {
    await query(
      `CREATE TABLE tm_watched (id int PRIMARY KEY, a ${type}); INSERT INTO tm_watched VALUES (1, ${before})`,
    );
    expect((await watch(`UPDATE tm_watched SET a = ${before}`)).problems).toEqual([]);
    expect(messageOf(await watch(`UPDATE tm_watched SET a = ${after}`))).toBe(
      'expected no change, got 1 row changed in `tm_watched`',
    );
  });

  it('takes columns by the names that they have', async () => {
    const [key, other] = [quote("it's"), quote('Select')];
    await query(`CREATE TABLE tm_watched (${key} int PRIMARY KEY, ${other} int); INSERT INTO tm_watched VALUES (1, 1)`);
    const { details } = await watch(`UPDATE tm_watched SET ${other} = 2`);
    expect(details?.[0]?.lines).toEqual(['tm_watched changed: {"it\'s": 1}: Select 1 → 2']);
  });

  it('takes a table by its schema and a name with capitals', async () => {
    const table = quote('tm_Watched');
    await query(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (id int PRIMARY KEY)`);
    const [{ here } = { here: '' }] = (await query(SCHEMA))['rows'] as { here: string }[];
    const outcome = await watch(`INSERT INTO ${table} VALUES (1)`, { tables: [`${here}.tm_Watched`] });
    await query(`DROP TABLE ${table}`);
    expect(messageOf(outcome)).toBe(`expected no change, got 1 row added to \`${here}.tm_Watched\``);
  });

  it('looks where steps failed too, without waiting, and not where they were cut', async () => {
    await query('CREATE TABLE tm_watched (id int PRIMARY KEY)');
    const failed = await watch('INSERT INTO tm_watched VALUES (1)', { for: '1h' }, { ...PASSED, outcome: 'failed' });
    expect(messageOf(failed)).toBe('expected no change, got 1 row added to `tm_watched`');
    const cut = await watch('INSERT INTO tm_watched VALUES (2)', { for: '1h' }, { ...PASSED, isCut: true });
    expect(cut.problems).toEqual([]);
  });

  it('names a table that does not exist', async () => {
    const error = await failAction(unchanged, { connection: connect(), tables: ['tm_watched'] }, io);
    expect(error.problem).toMatchObject({
      outcome: 'errored',
      kind: 'sql',
      message: 'the table `tm_watched` does not exist',
    });
  });

  it('reads all of its tables at one time', async () => {
    await query('CREATE TABLE tm_watched (id int PRIMARY KEY)');
    const database = await openDatabase(connect(), io);
    const counts = await database.look(io.stop, async (select) => {
      const count = async () => String((await select('SELECT count(*) AS n FROM tm_watched'))[0]?.['n']);
      const first = await count();
      await query('INSERT INTO tm_watched VALUES (1)');
      return [first, await count()];
    });
    expect(counts).toEqual(['0', '0']);
  });
}
