import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { effects } from '../../../src/actions/effects.ts';
import { ActionError, type ActionOutcome } from '../../../src/model/action/outcome.ts';
import { checkShape } from '../../../src/plan/compile/check-shape.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';

/** What has to hold of the effects on tables in any database; `schema` is where tables are made that have no other. */
export function testTableEffects(connect: () => string, schema: string): void {
  let io: FakeIo;
  /** What is not of this flow. */
  let service: FakeIo;
  beforeEach(async () => {
    [io, service] = [createFakeIo(), createFakeIo()];
    await run(
      'DROP TABLE IF EXISTS fx_orders; DROP TABLE IF EXISTS fx_log; DROP TABLE IF EXISTS fx_bare; DROP TABLE IF EXISTS fx_new; DROP TABLE IF EXISTS fx_long',
    );
    await run(
      'CREATE TABLE fx_orders (id int PRIMARY KEY, owner varchar(20), total decimal(6,2)); CREATE TABLE fx_log (id int PRIMARY KEY)',
    );
    await run("INSERT INTO fx_orders VALUES (1, 'ada', 10), (2, 'bob', 20)");
  });
  afterEach(async () => {
    await run(
      'DROP TABLE IF EXISTS fx_orders; DROP TABLE IF EXISTS fx_log; DROP TABLE IF EXISTS fx_bare; DROP TABLE IF EXISTS fx_new; DROP TABLE IF EXISTS fx_long',
    );
    expect([...(await io.close()), ...(await service.close())]).toEqual([]);
  });

  const query = (sql: string, by: FakeIo) => runAction(databaseQuery, { connection: connect(), query: sql }, by);
  const run = (sql: string) => query(sql, service);
  const watch = async (settings: object, ...work: readonly (() => Promise<unknown>)[]): Promise<ActionOutcome> => {
    const parsed = checkShape(effects.settings.schema, { settle: '10ms', connection: connect(), ...settings });
    if (!parsed.success) throw new Error(JSON.stringify(parsed.error));
    await effects.preparation?.prepare?.(parsed.data as never, {
      ...io,
      isConditional: false,
      beforeStep: () => undefined,
    });
    for (const one of work) await one();
    return effects.run(parsed.data as never, io);
  };
  const headsOf = ({ problems = [] }: ActionOutcome) => problems.map(({ message }) => message);
  const standingsOf = ({ result }: ActionOutcome) =>
    (result['changes'] as Record<string, string>[]).map(({ table, what, standing }) => `${table} ${what} ${standing}`);
  const insert = "INSERT INTO fx_orders VALUES (3, 'ada', 30)";

  it('finds the rows that came, went and changed, with what they were and are', async () => {
    const outcome = await watch({ tables: { fx_orders: 1 } }, () =>
      run(`${insert}; DELETE FROM fx_orders WHERE id = 1; UPDATE fx_orders SET owner = 'eve' WHERE id = 2`),
    );
    expect(headsOf(outcome)).toEqual([
      [
        '`fx_orders`: expected 1 row added, got 1 row added, 1 row deleted, 1 row changed',
        '  + {"id": 3, "owner": "ada", "total": 30.00}',
        '  - {"id": 1, "owner": "ada", "total": 10.00}',
        '  ~ {"id": 2}: owner "bob" → "eve"',
      ].join('\n'),
    ]);
    expect(outcome.result).toMatchObject({
      count: 3,
      changes: [
        { table: 'fx_orders', what: 'added', standing: 'expected', key: { id: 3 }, row: { owner: 'ada' } },
        { table: 'fx_orders', what: 'deleted', key: { id: 1 }, row: { owner: 'ada' } },
        { table: 'fx_orders', what: 'changed', key: { id: 2 }, before: { owner: 'bob' }, after: { owner: 'eve' } },
      ],
    });
  });

  it('is content with what may be, and says what it was', async () => {
    const outcome = await watch({ tables: { [`${schema}.fx_orders`]: 1 } }, () => run(insert));
    expect([outcome.problems, outcome.summary]).toEqual([[], `${schema}.fx_orders 1 row added`]);
    expect(outcome.details?.[0]?.lines).toEqual([
      `${schema}.fx_orders`,
      '  + {"id": 3, "owner": "ada", "total": 30.00}',
    ]);
  });

  it('looks at the other tables of the schema too, and at tables that are made meanwhile', async () => {
    const work = () =>
      run('INSERT INTO fx_log VALUES (1); CREATE TABLE fx_new (id int PRIMARY KEY); INSERT INTO fx_new VALUES (1)');
    expect(headsOf(await watch({ tables: { fx_orders: 'none' } }, work))).toEqual([
      `\`${schema}.fx_log\`: expected no change, got 1 row added\n  + {"id": 1}`,
      `\`${schema}.fx_new\`: expected no change, got 1 row added\n  + {"id": 1}`,
    ]);
  });

  it('leaves out the others where they do not matter, and what is ignored', async () => {
    const work = () => run('INSERT INTO fx_log SELECT COALESCE(MAX(id), 0) + 1 FROM fx_log');
    expect(headsOf(await watch({ tables: { fx_orders: 'none' }, others: 'any' }, work))).toEqual([]);
    const ignored = await watch({ tables: { fx_orders: 'none' }, ignore: ['*.fx_log'] }, work);
    expect([headsOf(ignored), ignored.summary]).toEqual([[], 'no change']);
    expect(standingsOf(ignored)).toContain(`${schema}.fx_log added ignored`);
  });

  it('lists what the flow itself changes, and does not judge it', async () => {
    const own = (sql: string) => () => query(sql, io);
    const outcome = await watch(
      { tables: { fx_orders: 1 } },
      () => run(insert),
      own('UPDATE fx_orders SET total = 99 WHERE id = 3'),
      own("INSERT INTO fx_orders VALUES (4, 'own', 1)"),
      own('DELETE FROM fx_orders WHERE id = 1'),
      own('SELECT * FROM fx_orders'),
    );
    expect(headsOf(outcome)).toEqual([]);
    expect(standingsOf(outcome).toSorted()).toEqual([
      'fx_orders added expected',
      'fx_orders added own',
      'fx_orders changed own',
      'fx_orders deleted own',
    ]);
    const blamed = await watch({ tables: { fx_orders: 'none' } }, own('DELETE FROM fx_orders WHERE id = 2'), () =>
      run("INSERT INTO fx_orders VALUES (2, 'bob', 20)"),
    );
    expect(headsOf(blamed)[0]).toContain('expected no change, got 1 row added');
  });

  it('counts equal rows of a table without a key', async () => {
    await run("CREATE TABLE fx_bare (name varchar(20)); INSERT INTO fx_bare VALUES ('a'), ('a')");
    const work = () => run("INSERT INTO fx_bare VALUES ('a'), ('a'), ('b')");
    expect(headsOf(await watch({ tables: { fx_bare: 2 } }, work))).toEqual([
      '`fx_bare`: expected 2 rows added, got 3 rows added\n  + {"name": "a"} (2 times)\n  + {"name": "b"}',
    ]);
  });

  it.each([
    ['id int PRIMARY KEY', '~ {"id": 1}: now {"id": 1, "owner": "eve", "text": "aaaa'],
    ['id int', '- a row that is too long to be kept'],
  ])('knows what a long row is when it is new, though not what it was: %s', async (id, changed) => {
    const long = "concat(repeat('a', 9000), 'b')";
    await run(
      `CREATE TABLE fx_long (${id}, owner varchar(20), text text); INSERT INTO fx_long VALUES (1, 'ada', ${long})`,
    );
    const outcome = await watch({ tables: { fx_long: 'none' } }, () =>
      run(`UPDATE fx_long SET owner = 'eve'; INSERT INTO fx_long VALUES (2, 'bob', ${long})`),
    );
    const [head = ''] = headsOf(outcome);
    expect(head).toContain('+ {"id": 2, "owner": "bob", "text": "aaaa');
    expect(head).toContain(changed);
    expect(JSON.stringify(outcome.result['changes'])).toContain('"owner":"eve"');
  });

  it('counts alone where there are more rows than `max_rows`, and says so', async () => {
    const settings = { tables: { fx_orders: 1 }, max_rows: 2 };
    expect(headsOf(await watch(settings, () => run(insert)))).toEqual([]);
    expect([...new Set(io.notes)]).toEqual([
      '`fx_orders` has more rows than `max_rows`: only their number is compared',
    ]);
    const changed = await watch({ ...settings, tables: { fx_orders: 'changed' } }, () =>
      run('UPDATE fx_orders SET total = 0'),
    );
    expect(changed.problems).toMatchObject([
      { outcome: 'errored', message: expect.stringContaining('whether one changed is not known') },
    ]);
  });

  it('waits for what is yet to come, until it is there', async () => {
    let late: Promise<unknown> | undefined;
    const outcome = await watch({ tables: { fx_orders: 1 }, settle: '1s' }, async () => {
      late = expect
        .poll(() => io.shownProgress.length, { interval: 5, timeout: 20_000 })
        .toBeGreaterThan(0)
        .then(() => run(insert));
    });
    await late;
    expect(headsOf(outcome)).toEqual([]);
  });

  it('names the nearest of a table that does not exist', async () => {
    const fail = (tables: object) => watch({ tables }).catch((error: unknown) => error);
    const error = await fail({ [`${schema}.fx_order`]: 1 });
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({
      problem: {
        message: `the table \`${schema}.fx_order\` does not exist`,
        hints: [`there is \`${schema}.fx_orders\``, expect.any(String)],
      },
    });
    expect(await fail({ 'nowhere.fx_orders': 1 })).toMatchObject({
      problem: { hints: [`there is \`${schema}.fx_orders\``, expect.any(String)] },
    });
    expect(await fail({ 'fx_x*': 1 })).toMatchObject({ problem: { message: 'no table is called `fx_x*`' } });
  });

  it('sees that a table is gone', async () => {
    const outcome = await watch({ tables: { fx_orders: 'none' } }, () => run('DROP TABLE fx_orders'));
    expect(headsOf(outcome)[0]).toContain('expected no change, got 2 rows deleted');
  });
}
