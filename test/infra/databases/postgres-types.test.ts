import { afterAll, expect, it } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { ExactNumber, type Value } from '../../../src/expr/index.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const big = new ExactNumber('9007199254740993');
const MOOD = 'tm_types.mood';

/** Type, text, the value as flows see it; with `text`, equality is that of the texts, for the type has none. */
const scalars: readonly (readonly [type: string, text: string, value: Value, by?: 'text'])[] = [
  ['bool', 'true', true],
  ['bool', 'false', false],
  ['bytea', '\\x0102ff', 'AQL/', 'text'],
  ['"char"', 'c', 'c'],
  ['name', 'n', 'n'],
  ['int2', '7', 7],
  ['int4', '-7', -7],
  ['int8', '42', 42],
  ['int8', '9007199254740993', big],
  ['int8', '-9223372036854775808', new ExactNumber('-9223372036854775808')],
  ['int2vector', '1 2', '1 2', 'text'],
  ['text', '00123', '00123'],
  ['text', 'ü 😀', 'ü 😀'],
  ['varchar', 'x', 'x'],
  ['char(4)', 'ab', 'ab  '],
  ['oid', '26', 26],
  ['oid', '4294967295', 4294967295],
  ['oidvector', '1 2', '1 2'],
  ['tid', '(0,1)', '(0,1)'],
  ['xid', '5', '5'],
  ['xid8', '18446744073709551615', '18446744073709551615'],
  ['cid', '5', '5'],
  ['json', '{"a":[1,9007199254740993],"b":null}', { a: [1, big], b: null }, 'text'],
  ['jsonb', '{"a": 1.50}', { a: new ExactNumber('1.50') }],
  ['jsonb', '"text"', 'text', 'text'],
  ['jsonb', '12345678901234567890.5', new ExactNumber('12345678901234567890.5')],
  ['jsonpath', '$."a"', '$."a"', 'text'],
  ['xml', '<a>ü</a>', '<a>ü</a>', 'text'],
  ['float4', '1.1', 1.1],
  ['float8', '0.1', 0.1],
  ['float8', 'NaN', Number.NaN],
  ['float8', '-Infinity', Number.NEGATIVE_INFINITY],
  ['numeric', '59.9800', new ExactNumber('59.9800')],
  ['numeric(10,2)', '1', new ExactNumber('1.00')],
  ['numeric', '59.98', 59.98],
  [
    'numeric(38,10)',
    '1234567890123456789012345678.0123456789',
    new ExactNumber('1234567890123456789012345678.0123456789'),
  ],
  ['numeric', 'NaN', Number.NaN],
  ['numeric', '0', 0],
  ['money', '12.5', '$12.50'],
  ['uuid', '7f0c1b1e-0000-4000-8000-000000000001', '7f0c1b1e-0000-4000-8000-000000000001'],
  ['timestamptz', '2026-01-31 12:00:00+02', '2026-01-31T10:00:00.000Z'],
  ['timestamptz', '2026-01-31 12:00:00.123456+00', '2026-01-31T12:00:00.123456Z'],
  ['timestamptz', 'infinity', 'infinity'],
  ['timestamp', '2026-01-31 12:00:00.5', '2026-01-31T12:00:00.500'],
  ['date', '2026-01-31', '2026-01-31'],
  ['time', '10:20:30', '10:20:30'],
  ['timetz', '10:20:30+02', '10:20:30+02'],
  ['interval', '1 year 2 months 3 days 04:05:06.789', 'P1Y2M3DT4H5M6.789S'],
  ['interval', '-1 day', 'P-1D'],
  ['bit(3)', '101', '101'],
  ['varbit', '10111', '10111'],
  ['inet', '127.0.0.1/8', '127.0.0.1/8'],
  ['inet', '::1', '::1'],
  ['cidr', '10.0.0.0/8', '10.0.0.0/8'],
  ['macaddr', '08:00:2b:01:02:03', '08:00:2b:01:02:03'],
  ['macaddr8', '08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03:04:05'],
  ['point', '(1,2)', '(1,2)', 'text'],
  ['line', '{1,2,3}', '{1,2,3}'],
  ['lseg', '[(1,2),(3,4)]', '[(1,2),(3,4)]'],
  ['box', '(3,4),(1,2)', '(3,4),(1,2)'],
  ['path', '((1,2),(3,4))', '((1,2),(3,4))'],
  ['polygon', '((1,2),(3,4),(5,6))', '((1,2),(3,4),(5,6))', 'text'],
  ['circle', '<(1,2),3>', '<(1,2),3>'],
  ['tsvector', "'a':1 'b':2", "'a':1 'b':2"],
  ['tsquery', "'a' & 'b'", "'a' & 'b'"],
  ['int4range', '[1,5)', '[1,5)'],
  ['int8range', '[1,9007199254740993)', '[1,9007199254740993)'],
  ['numrange', '[1.50,2]', '[1.50,2]'],
  ['daterange', '[2026-01-01,2026-02-01)', '[2026-01-01,2026-02-01)'],
  ['tsrange', '["2026-01-01 00:00:00","2026-02-01 00:00:00")', '["2026-01-01 00:00:00","2026-02-01 00:00:00")'],
  ['tstzrange', 'empty', 'empty'],
  ['int4multirange', '{[1,3),[5,7)}', '{[1,3),[5,7)}'],
  ['int8multirange', '{[1,3)}', '{[1,3)}'],
  ['nummultirange', '{[1.5,3)}', '{[1.5,3)}'],
  ['datemultirange', '{[2026-01-01,2026-02-01)}', '{[2026-01-01,2026-02-01)}'],
  ['tsmultirange', '{}', '{}'],
  ['tstzmultirange', '{}', '{}'],
  ['pg_lsn', '16/B374D848', '16/B374D848'],
  ['pg_snapshot', '10:20:10,14', '10:20:10,14', 'text'],
  ['txid_snapshot', '10:20:10,14', '10:20:10,14', 'text'],
  ['refcursor', 'c', 'c', 'text'],
  ['aclitem', 'root=r/root', 'root=r/root'],
  ['regclass', 'pg_class', 'pg_class'],
  ['regtype', 'integer', 'integer'],
  ['regproc', 'now', 'now', 'text'],
  ['regprocedure', 'sum(integer)', 'sum(integer)', 'text'],
  ['regoper', '||/', '||/', 'text'],
  ['regoperator', '+(integer,integer)', '+(integer,integer)', 'text'],
  ['regnamespace', 'pg_catalog', 'pg_catalog', 'text'],
  ['regrole', 'root', 'root', 'text'],
  ['regcollation', '"C"', '"C"', 'text'],
  ['regconfig', 'simple', 'simple', 'text'],
  ['regdictionary', 'simple', 'simple', 'text'],
  [MOOD, 'happy', 'happy'],
  ['tm_types.small', '5', 5],
  ['tm_types.pair', '(1,"a b")', '(1,"a b")'],
];

/** Written by nobody: parts of the catalogue, and what only the server can make. */
const INTERNAL = [
  'gtsvector',
  'pg_node_tree',
  'pg_ndistinct',
  'pg_dependencies',
  'pg_mcv_list',
  'pg_brin_bloom_summary',
  'pg_brin_minmax_multi_summary',
];

const arrays: readonly (readonly [string, Value])[] = [
  ["'{1,NULL,3}'::int[]", [1, null, 3]],
  [
    "'{{1,2},{3,4}}'::int8[]",
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["'{9007199254740993,0.50}'::numeric[]", [big, new ExactNumber('0.50')]],
  ["ARRAY['a,b','NULL','',NULL,'q\"\\']", ['a,b', 'NULL', '', null, 'q"\\']],
  ["'{}'::text[]", []],
  ["'[0:1]={5,6}'::int[]", [5, 6]],
  ["'{(3,4),(1,2);(7,8),(5,6)}'::box[]", ['(3,4),(1,2)', '(7,8),(5,6)']],
  ["ARRAY['2026-01-31 10:00+00'::timestamptz]", ['2026-01-31T10:00:00.000Z']],
];

describeWithStack('values of postgres', (stack) => {
  const io = createFakeIo();
  afterAll(() => io.close());

  async function query(sql: string, more: Record<string, unknown> = {}) {
    const { result } = await runAction(databaseQuery, { connection: stack.databaseUrl, query: sql, ...more }, io);
    return result;
  }

  async function first(sql: string, more: Record<string, unknown> = {}): Promise<readonly Value[]> {
    return Object.values((await query(sql, more))['first_row'] as Record<string, Value>);
  }

  const cast = ([type, text]: (typeof scalars)[number]) => `'${text.replaceAll("'", "''")}'::${type}`;

  it('come by column type: every type there is', async () => {
    await query(`DROP SCHEMA IF EXISTS tm_types CASCADE; CREATE SCHEMA tm_types;
      CREATE TYPE tm_types.mood AS ENUM ('happy', 'sad'); CREATE DOMAIN tm_types.small AS int4;
      CREATE TYPE tm_types.pair AS (a int, b text);`);
    const got = await first(`SELECT ${scalars.map((one, at) => `${cast(one)} AS c${at}`).join(', ')}`);
    expect(got.map((value, at) => [scalars[at]?.[0], value])).toEqual(scalars.map(([type, , value]) => [type, value]));
    expect(got.map(String)).toEqual(scalars.map(([, , value]) => String(value)));
    const nothing = await first(`SELECT ${scalars.map(([type], at) => `NULL::${type} AS c${at}`).join(', ')}`);
    expect(new Set(nothing)).toEqual(new Set([null]));
  });

  it('leave no built-in type out', async () => {
    const names = `SELECT format_type(oid, NULL) AS name FROM pg_type
      WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typcategory <> 'A'`;
    const { rows } = await query(names);
    const types = [...new Set(scalars.map(([type]) => type))];
    const known = await first(
      `SELECT ${types.map((type, at) => `'${type}'::regtype::oid::regtype AS t${at}`).join(', ')}`,
    );
    const all = (rows as { name: string }[]).map(({ name }) => name);
    expect(all.filter((name) => !known.includes(name) && !INTERNAL.includes(name))).toEqual([]);
    expect(all.length).toBeGreaterThan(60);
  });

  it('come in arrays of every type', async () => {
    const got = await first(
      `SELECT ${scalars.map((one, at) => `ARRAY[${cast(one)}, NULL, ${cast(one)}] AS c${at}`).join(', ')}`,
    );
    expect(got.map((value, at) => [scalars[at]?.[0], value])).toEqual(
      scalars.map(([type, , value]) => [type, [value, null, value]]),
    );
    expect(await first(`SELECT ${arrays.map(([sql], at) => `${sql} AS c${at}`).join(', ')}`)).toEqual(
      arrays.map(([, value]) => value),
    );
  });

  it('go back in as parameters, and are equal', async () => {
    // JSON null and NULL are both nil, bytes come as base64 and go back by `decode`.
    const tests = scalars.map((one, at) => {
      const [type, , , by] = one;
      const given = type === 'bytea' ? `decode($${at + 1}, 'base64')` : `$${at + 1}::${type}`;
      const json = type === 'jsonb' && by === 'text' ? `to_jsonb($${at + 1}::text)` : given;
      return by === 'text' ? `${json}::text = ${cast(one)}::text AS c${at}` : `${given} = ${cast(one)} AS c${at}`;
    });
    const params = scalars.map(([, , value]) => value);
    const unequal = (await first(`SELECT ${tests.join(', ')}`, { params })).flatMap((isSame, at) =>
      isSame === true ? [] : [scalars[at]],
    );
    expect(unequal).toEqual([]);
  });

  it('go back in as arrays, and are equal', async () => {
    const types = ['int8', 'numeric', 'text', 'uuid', 'timestamptz', 'bool', 'jsonb', 'interval', MOOD];
    const chosen = scalars.filter(([type, , , by]) => types.includes(type) && by === undefined);
    const tests = chosen.map((one, at) => `$${at + 1}::${one[0]}[] = ARRAY[${cast(one)}, NULL] AS c${at}`);
    const params = chosen.map(([, , value]) => [value, null]);
    expect(new Set(await first(`SELECT ${tests.join(', ')}`, { params }))).toEqual(new Set([true]));
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
    const { rows } = await query(`SELECT i FROM (VALUES ${values}) v(i)`);
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
