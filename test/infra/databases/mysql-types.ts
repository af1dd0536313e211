import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { ExactNumber, type Value } from '../../../src/expr/index.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';
import { MARIADB_PROGRAMS, useMariadb } from './mariadb.ts';

const POLYGON = 'POLYGON((0 0, 1 0, 1 1, 0 0))';
const UUID = '7f0c1b1e-0000-4000-8000-000000000001';

/** Type, SQL of the value, the value as flows see it, and how it is given back where the text alone is not it. */
const cases: readonly (readonly [type: string, sql: string, value: Value, back?: string])[] = [
  ['TINYINT', '-128', -128],
  ['TINYINT UNSIGNED', '255', 255],
  ['BOOL', 'TRUE', true],
  ['TINYINT(1)', '0', false],
  ['TINYINT(1)', '5', 5],
  ['TINYINT(1) UNSIGNED', '1', 1],
  ['SMALLINT', '-32768', -32768],
  ['MEDIUMINT UNSIGNED', '16777215', 16777215],
  ['INT', '-2147483648', -2147483648],
  ['INT(5) ZEROFILL', '42', 42],
  ['BIGINT', '42', 42],
  ['BIGINT', '9007199254740993', new ExactNumber('9007199254740993')],
  ['BIGINT', '-9223372036854775808', new ExactNumber('-9223372036854775808')],
  ['BIGINT UNSIGNED', '18446744073709551615', new ExactNumber('18446744073709551615')],
  ['DECIMAL(10,4)', '59.98', new ExactNumber('59.9800')],
  [
    'DECIMAL(38,10)',
    '1234567890123456789012345678.0123456789',
    new ExactNumber('1234567890123456789012345678.0123456789'),
  ],
  ['DECIMAL(5,2) ZEROFILL', '1.5', new ExactNumber('1.50')],
  ['DECIMAL(10,0)', '0', 0],
  ['FLOAT', '0.1', 0.1, 'CAST(? AS FLOAT)'],
  ['FLOAT', '16777216', 16777216],
  ['DOUBLE', '0.1', 0.1],
  ['DOUBLE', '1e300', 1e300],
  ['BIT(1)', "b'1'", true],
  ['BIT(4)', "b'101'", 5],
  [
    'BIT(64)',
    "b'1111111111111111111111111111111111111111111111111111111111111111'",
    new ExactNumber('18446744073709551615'),
  ],
  ['DATE', "'2026-01-31'", '2026-01-31'],
  ['TIME', "'10:20:30'", '10:20:30'],
  ['TIME(3)', "'-101:02:03.500'", '-101:02:03.5'],
  ['YEAR', '2026', 2026],
  ['DATETIME', "'2026-01-31 10:00:00'", '2026-01-31T10:00:00.000'],
  ['DATETIME(6)', "'2026-01-31 10:00:00.123456'", '2026-01-31T10:00:00.123456'],
  ['TIMESTAMP NULL', "'2026-01-31 10:00:00'", '2026-01-31T10:00:00.000Z', "TRIM(TRAILING 'Z' FROM ?)"],
  ['TIMESTAMP(6) NULL', "'2026-07-31 10:00:00.000001'", '2026-07-31T10:00:00.000001Z', "TRIM(TRAILING 'Z' FROM ?)"],
  ['CHAR(4)', "'ab'", 'ab'],
  ['VARCHAR(20)', "'00123'", '00123'],
  ['TEXT', "'ü 😀'", 'ü 😀'],
  ['LONGTEXT', "''", ''],
  ["ENUM('happy','sad')", "'happy'", 'happy'],
  ["SET('a','b','c')", "'a,c'", 'a,c'],
  [
    'JSON',
    '\'{"a":[1,9007199254740993],"b":null}\'',
    { a: [1, new ExactNumber('9007199254740993')], b: null },
    'JSON_COMPACT(?)',
  ],
  ['JSON', '\'"text"\'', 'text', 'JSON_QUOTE(?)'],
  ['BINARY(4)', "x'0102ff'", 'AQL/AA==', 'FROM_BASE64(?)'],
  ['VARBINARY(10)', "x'0102ff'", 'AQL/', 'FROM_BASE64(?)'],
  ['BLOB', "x'00ff'", 'AP8=', 'FROM_BASE64(?)'],
  ['LONGBLOB', "''", '', 'FROM_BASE64(?)'],
  ['UUID', `'${UUID}'`, UUID],
  ['INET4', "'127.0.0.1'", '127.0.0.1'],
  ['INET6', "'::1'", '::1'],
  ['POINT', 'ST_GeomFromText("POINT(1.5 -2)")', 'POINT(1.5 -2)', 'ST_GeomFromText(?)'],
  ['LINESTRING', 'ST_GeomFromText("LINESTRING(0 0,1 1)")', 'LINESTRING(0 0, 1 1)', 'ST_GeomFromText(?)'],
  ['POLYGON', `ST_GeomFromText("${POLYGON}")`, POLYGON, 'ST_GeomFromText(?)'],
  [
    'MULTIPOINT',
    'ST_GeomFromText("MULTIPOINT(1 2,3 4)")',
    'MULTIPOINT((1 2), (3 4))',
    'ST_GeomFromText("MULTIPOINT(1 2,3 4)")',
  ],
  [
    'GEOMETRYCOLLECTION',
    `ST_GeomFromText("GEOMETRYCOLLECTION(POINT(1 2),${POLYGON})")`,
    `GEOMETRYCOLLECTION(POINT(1 2), ${POLYGON})`,
    'ST_GeomFromText(?)',
  ],
];

describeWithPrograms('values of MariaDB', MARIADB_PROGRAMS, () => {
  const io = createFakeIo();
  let server: OwnServer;

  beforeAll(async () => {
    server = await useMariadb();
    const columns = cases.map(([type], at) => `c${at} ${type}`).join(', ');
    await query(`CREATE DATABASE d; CREATE TABLE d.t (${columns}) DEFAULT CHARSET utf8mb4`);
    await query(`INSERT INTO d.t VALUES (${cases.map(([, sql]) => sql).join(', ')})`);
  });
  afterAll(async () => {
    expect(await io.close()).toEqual([]);
  });

  async function query(sql: string, more: Record<string, unknown> = {}) {
    const connection = `mariadb://root@127.0.0.1:${server.port}`;
    return (await runAction(databaseQuery, { connection, query: sql, ...more }, io)).result;
  }

  it('come by column type', async () => {
    const { first_row: row } = await query('SELECT * FROM d.t');
    const got = Object.values(row as Record<string, Value>).map((value, at) => [cases[at]?.[0], value]);
    expect(got).toEqual(cases.map(([type, , value]) => [type, value]));
  });

  it('of a TIMESTAMP are the moment they say, whatever the zone of the server', async () => {
    const at = cases.findIndex(([type]) => type.startsWith('TIMESTAMP'));
    const { first_row: row } = await query(`SELECT c${at} AS text, UNIX_TIMESTAMP(c${at}) AS seconds FROM d.t`);
    const { text, seconds } = row as { text: string; seconds: number };
    expect(Date.parse(text) / 1000).toBe(seconds);
  });

  it('are nil when they are NULL', async () => {
    const { first_row: row } = await query('SELECT n.* FROM (SELECT 1) one LEFT JOIN d.t n ON FALSE');
    expect(new Set(Object.values(row as Record<string, Value>))).toEqual(new Set([null]));
  });

  it('go back in as parameters, and are equal', async () => {
    const tests = cases.map(([, , , back = '?'], at) => `c${at} = ${back} AS c${at}`);
    const params = cases.filter(([, , , back = '?']) => back.includes('?')).map(([, , value]) => value);
    const { first_row: row } = await query(`SELECT ${tests.join(', ')} FROM d.t`, { params });
    const unequal = Object.values(row as Record<string, Value>).flatMap((same, at) => (same === 1 ? [] : [cases[at]]));
    expect(unequal).toEqual([]);
  });

  it('go into columns of their type again', async () => {
    const places = cases.map(([, , , back = '?']) => back).join(', ');
    const params = cases.filter(([, , , back = '?']) => back.includes('?')).map(([, , value]) => value);
    const { first_row: row } = await query(
      `BEGIN; DELETE FROM d.t; INSERT INTO d.t VALUES (${places}); SELECT * FROM d.t`,
      { params },
    );
    expect(Object.values(row as Record<string, Value>)).toEqual(cases.map(([, , value]) => value));
  });

  it('are understood as parameters, whatever they are', async () => {
    const params = {
      n: new ExactNumber('12345678901234567890.5'),
      t: 'a\'b"\\ü',
      list: [1, 'x'],
      map: { k: ['ü'] },
      b: true,
      none: null,
    };
    const sql = `SELECT :n AS n, :n + 1 AS more, :t AS t, JSON_LENGTH(:list) AS length, JSON_VALUE(:map, '$.k[0]') AS k, :b AS b, :none IS NULL AS none`;
    expect((await query(sql, { params }))['first_row']).toEqual({
      n: params.n,
      more: new ExactNumber('12345678901234567891.5'),
      t: params.t,
      length: 2,
      k: 'ü',
      b: 1,
      none: 1,
    });
  });

  it('of a FLOAT are the same with and without parameters', async () => {
    const { first_row: plain } = await query('SELECT c18 FROM d.t');
    expect((await query('SELECT c18 FROM d.t WHERE ? = 1', { params: [1] }))['first_row']).toEqual(plain);
  });

  it('have no NaN', async () => {
    await expect(query('SELECT ?', { params: [Number.NaN] })).rejects.toMatchObject({
      problem: { kind: 'authoring', message: '`params`: MySQL cannot hold NaN' },
    });
  });
});
