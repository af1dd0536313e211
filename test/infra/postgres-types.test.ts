import { afterAll, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { databaseQuery } from '../../src/actions/database_query.ts';
import { ExactNumber, type Value } from '../../src/expr/index.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { describeWithStack } from '../support/stack.ts';

const big = new ExactNumber('9007199254740993');

/** SQL expression → value, as flows see it. */
const cases: readonly (readonly [string, Value])[] = [
  ['NULL::int', null],
  ["'00123'::text", '00123'],
  ["'ab'::char(4)", 'ab  '],
  ["'x'::varchar", 'x'],
  ["'n'::name", 'n'],
  ['true', true],
  ['false', false],
  ['7::int2', 7],
  ['-7::int4', -7],
  ['42::int8', 42],
  ['9007199254740993::int8', big],
  ['1.1::float4', 1.1],
  ['0.1::float8', 0.1],
  ["'NaN'::float8", Number.NaN],
  ["'-Infinity'::float8", Number.NEGATIVE_INFINITY],
  ['59.9800::numeric', 59.98],
  ['12345678901234567890.123456789::numeric', new ExactNumber('12345678901234567890.123456789')],
  ["'NaN'::numeric", Number.NaN],
  ['0::numeric', 0],
  ['26::oid', 26],
  ["'12.5'::money", '$12.50'],
  ["'7f0c1b1e-0000-4000-8000-000000000001'::uuid", '7f0c1b1e-0000-4000-8000-000000000001'],
  ['\'{"a":[1,9007199254740993],"b":null}\'::json', { a: [1, big], b: null }],
  ['\'{"a": 1.50}\'::jsonb', { a: 1.5 }],
  ['\'"text"\'::jsonb', 'text'],
  ["'null'::jsonb", null],
  ["'2026-01-31 12:00:00+02'::timestamptz", '2026-01-31T10:00:00.000Z'],
  ["'2026-01-31 12:00:00.123456+00'::timestamptz", '2026-01-31T12:00:00.123456Z'],
  ["'infinity'::timestamptz", 'infinity'],
  ["'2026-01-31 12:00:00.5'::timestamp", '2026-01-31T12:00:00.500'],
  ["'2026-01-31'::date", '2026-01-31'],
  ["'10:20:30'::time", '10:20:30'],
  ["'10:20:30+02'::timetz", '10:20:30+02'],
  ["'1 year 2 months 3 days 04:05:06.789'::interval", 'P1Y2M3DT4H5M6.789S'],
  ["'-1 day'::interval", 'P-1D'],
  ["'\\x0102ff'::bytea", 'AQL/'],
  ["''::bytea", ''],
  ["'{1,NULL,3}'::int[]", [1, null, 3]],
  [
    "'{{1,2},{3,4}}'::int8[]",
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["'{9007199254740993,0.50}'::numeric[]", [big, 0.5]],
  ["ARRAY['a,b','NULL','',NULL,'q\"\\']", ['a,b', 'NULL', '', null, 'q"\\']],
  ["'{t,f}'::bool[]", [true, false]],
  ['ARRAY[\'{"a":1}\'::jsonb]', [{ a: 1 }]],
  ["ARRAY['2026-01-31 10:00+00'::timestamptz]", ['2026-01-31T10:00:00.000Z']],
  ["ARRAY['\\x01'::bytea]", ['AQ==']],
  ["'{}'::text[]", []],
  ["'[0:1]={5,6}'::int[]", [5, 6]],
  ["'1 2'::int2vector", '1 2'],
  ["'127.0.0.1/8'::inet", '127.0.0.1/8'],
  ["'(1,2)'::point", '(1,2)'],
  ["'[1,5)'::int4range", '[1,5)'],
  ["B'101'", '101'],
  ["ROW(1,'x')", '(1,x)'],
  ["'happy'::pg_temp.mood", 'happy'],
  ["'{happy,sad}'::pg_temp.mood[]", ['happy', 'sad']],
  ['5::pg_temp.small', 5],
  ["ARRAY[ROW(1,'a b')::pg_temp.pair]", ['(1,"a b")']],
];

describeWithStack('values of postgres', (stack) => {
  const io = createFakeIo();
  afterAll(() => io.close());

  async function query(sql: string, more: Record<string, unknown> = {}) {
    const parsed = safeParse(databaseQuery.config, { connection: stack.databaseUrl, query: sql, ...more });
    if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
    return (await databaseQuery.run(parsed.data as Parameters<typeof databaseQuery.run>[0], io)).result;
  }

  it('come by column type', async () => {
    const types = `CREATE TYPE pg_temp.mood AS ENUM ('happy', 'sad'); CREATE DOMAIN pg_temp.small AS int4;
      CREATE TYPE pg_temp.pair AS (a int, b text);`;
    const columns = cases.map(([sql], index) => `${sql} AS c${index}`);
    const { first_row: row } = await query(`${types} SELECT ${columns.join(', ')}`);
    const got = Object.values(row as Record<string, Value>).map((value, index) => [cases[index]?.[0], value]);
    expect(got).toEqual(cases.map(([sql, value]) => [sql, value]));
  });

  it('intervals are written as postgres itself does', async () => {
    const texts = [
      '0',
      '1 mon',
      '-1 mon 3 days',
      '14 months -3 days 25:00:00.000001',
      '-0.000001 s',
      '1 year -1 day -04:05',
    ];
    const values = texts.map((text) => `('${text}'::interval)`).join(', ');
    const { rows } = await query(`SELECT i, replace(i::text, '', '') AS plain FROM (VALUES ${values}) v(i)`);
    const iso = await query(`SET IntervalStyle TO iso_8601; SELECT i::text AS i FROM (VALUES ${values}) v(i)`);
    const pick = (list: Value | undefined) => (list as { i: string }[]).map(({ i }) => i);
    expect(pick(rows)).toEqual(pick(iso['rows']));
  });

  it('are understood as parameters, whatever they are', async () => {
    const params = {
      i: 5,
      n: new ExactNumber('12345678901234567890.5'),
      t: "it's",
      b: true,
      none: null,
      list: [1, 2],
      names: ['a"b', 'c,d', null],
      map: { k: ['ü'] },
      json: [1, { a: 2 }],
    };
    const sql = `SELECT :i::int AS i, :n::numeric AS n, :t AS t, :b::bool AS b, :none::text IS NULL AS none,
      3 = ANY(:list::int[]) AS has3, :names::text[] AS names, :map::jsonb AS map, :json::jsonb AS json`;
    expect((await query(sql, { params }))['first_row']).toEqual({
      i: 5,
      n: params.n,
      t: "it's",
      b: true,
      none: true,
      has3: false,
      names: params.names,
      map: params.map,
      json: params.json,
    });
  });

  it('lists go into columns of json as JSON, into columns of arrays as arrays', async () => {
    const sql = `CREATE TEMP TABLE lists (j jsonb, a text[], t text);
      INSERT INTO lists VALUES ($1, $2, $3) RETURNING *`;
    const params = [[1, [2]], ['x', 'y'], ['z']];
    expect((await query(sql, { params }))['first_row']).toEqual({ j: [1, [2]], a: ['x', 'y'], t: '["z"]' });
  });
});
