import { describe, expect, it } from 'vitest';
import { bindQuery, type Params } from '../../../../src/actions/database/sql/bind.ts';
import type { SqlDialect } from '../../../../src/actions/database/sql/sql-token.ts';

const find = (query: string, params: Params, dialect: SqlDialect = 'postgres') =>
  bindQuery(query, params, { dialect }).nullTests;
const said = (test: string, better?: string) => [
  `\`${test}\` compares with NULL (nil), which is never true${better ? `: \`${better}\` takes NULL as a value` : ''}`,
];

describe('a comparison with a parameter that is nil', () => {
  it.each<[string, Params, string, string?]>([
    ['SELECT n FROM t WHERE n = :name', { name: null }, 'n = :name', 'n IS NOT DISTINCT FROM :name'],
    ['SELECT n FROM t WHERE t.n=$1 AND m = $2', [null, 1], 't.n = $1', 't.n IS NOT DISTINCT FROM $1'],
    ['SELECT n FROM t WHERE (n <> $1)', [null], 'n <> $1', 'n IS DISTINCT FROM $1'],
    ['SELECT n FROM t WHERE $1 != n', [null], '$1 != n', '$1 IS DISTINCT FROM n'],
    ['SELECT n FROM t WHERE n >= $1', [null], 'n >= $1'],
    ['SELECT n FROM t WHERE n LIKE $1', [null], 'n LIKE $1'],
    ['SELECT n FROM t JOIN u ON u.a = :a', { a: null }, 'u.a = :a', 'u.a IS NOT DISTINCT FROM :a'],
    ['UPDATE t SET n = :n WHERE id = :id', { n: null, id: null }, 'id = :id', 'id IS NOT DISTINCT FROM :id'],
    ['DELETE FROM t WHERE id = $1', [null], 'id = $1', 'id IS NOT DISTINCT FROM $1'],
  ])('is never true: %s', (query, params, test, better) => {
    expect(find(query, params)).toEqual(said(test, better));
  });

  it('is written otherwise in MySQL', () => {
    expect(find('SELECT n FROM t WHERE n = ?', [null], 'mysql')).toEqual(said('n = ?', 'n <=> ?'));
    expect(find('SELECT n FROM t WHERE n <> :a', { a: null }, 'mysql')).toEqual(said('n <> :a', 'NOT (n <=> :a)'));
  });

  it.each<[string, Params]>([
    ['SELECT n FROM t WHERE n = :name', { name: 'x' }],
    ['SELECT n FROM t WHERE (:name IS NULL OR n = :name)', { name: null }],
    ['SELECT n FROM t WHERE (:name::text IS NULL) OR n = :name', { name: null }],
    ['SELECT n FROM t WHERE n IS NOT DISTINCT FROM $1', [null]],
    ['SELECT n FROM t WHERE n = COALESCE($1, n)', [null]],
    ['INSERT INTO t (n) VALUES ($1)', [null]],
    ['UPDATE t SET n = $1', [null]],
    ['INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET n = $1', [null]],
    ["SELECT data->>$1 FROM t WHERE data->>$1 = 'a'", ['x']],
    ['SELECT n FROM t WHERE data->>$1 IS NULL', [null]],
    ['SELECT n FROM t WHERE f(a => $1)', [null]],
    ['SELECT $1 = n FROM t', [null]],
  ])('is none: %s', (query, params) => expect(find(query, params)).toEqual([]));
});

describe('a list with nil among its items', () => {
  const never = (test: string) => [
    `\`${test}\` compares with NULL (nil) among others, so that it is never true: leave NULL out of the list`,
  ];
  it.each<[string, Params, string, SqlDialect?]>([
    ['SELECT n FROM t WHERE n <> ALL($1)', [[1, null]], 'ALL($1)'],
    ['SELECT n FROM t WHERE n <> ALL (:ids::int[])', { ids: [null] }, 'ALL (:ids::int[])'],
    ['SELECT n FROM t WHERE n NOT IN (:ids)', { ids: [1, null] }, 'NOT IN (:ids)', 'mysql'],
    ['SELECT n FROM t WHERE n NOT IN ($1, $2)', [1, null], 'NOT IN ($1, $2)'],
    ['SELECT n FROM t WHERE n NOT IN (1, NULL)', [], 'NOT IN (1, NULL)'],
    ['SELECT n FROM t WHERE a = 1 AND (n not  in (null, 2))', [], 'not in (null, 2)'],
  ])('is never true: %s', (query, params, test, dialect) => expect(find(query, params, dialect)).toEqual(never(test)));

  it.each<[string, Params, string]>([
    ['SELECT n FROM t WHERE NOT (n = ANY($1))', [[1, null]], 'ANY($1)'],
    ['SELECT n FROM t WHERE not n::text = any ($1::text[])', [['a', null]], 'any ($1::text[])'],
    ['SELECT n FROM t WHERE NOT (n IN (1, NULL))', [], 'IN (1, NULL)'],
    ['SELECT n FROM t WHERE NOT t.n IN ($1, $2)', [1, null], 'IN ($1, $2)'],
  ])('is never false: %s', (query, params, test) =>
    expect(find(query, params)).toEqual(never(test).map((text) => text.replace('that it is', 'that `NOT` of it is'))),
  );

  it.each<[string, Params]>([
    ['SELECT n FROM t WHERE n = ANY($1)', [[1, null]]],
    ['SELECT n FROM t WHERE n IN (1, NULL)', []],
    ['SELECT n FROM t WHERE n NOT IN (1, 2)', []],
    ['SELECT n FROM t WHERE n NOT IN (SELECT NULL)', []],
    ['SELECT n FROM t WHERE n NOT IN (COALESCE(a, NULL), 2)', []],
    ['SELECT n FROM t WHERE n NOT IN (SELECT m FROM u WHERE m IS NOT NULL)', []],
    ['SELECT n FROM t UNION ALL (SELECT NULL)', []],
    ['SELECT n FROM t WHERE n <> ALL($1)', [[1, 2]]],
  ])('is none: %s', (query, params) => expect(find(query, params)).toEqual([]));
});

describe('NULL that is written out', () => {
  const never = (test: string, better?: string) => [
    `\`${test}\` compares with NULL, which is never true${better ? `: \`${better}\` asks for it` : ''}`,
  ];
  it.each<[string, string, string?]>([
    ['SELECT n FROM t WHERE n = NULL', 'n = NULL', 'n IS NULL'],
    ['SELECT n FROM t WHERE a = 1 AND t.n != null', 't.n != null', 't.n IS NOT NULL'],
    ['SELECT n FROM t WHERE (n = NULL::int)', 'n = NULL', 'n IS NULL'],
    ['SELECT n FROM t WHERE n <> CAST(NULL AS int)', 'n <> CAST(NULL …)', 'n IS NOT NULL'],
    ['SELECT n FROM t WHERE n >= NULL', 'n >= NULL'],
    ['DELETE FROM t WHERE n = NULL', 'n = NULL', 'n IS NULL'],
  ])('is never equal, nor unequal: %s', (query, test, better) => expect(find(query, [])).toEqual(never(test, better)));

  it.each([
    'SELECT n FROM t WHERE n IS NULL',
    'SELECT n FROM t WHERE n IS NOT DISTINCT FROM NULL',
    'UPDATE t SET n = NULL WHERE m = 1',
    'SELECT n = NULL FROM t',
    "SELECT n FROM t WHERE n = 'NULL'",
    'SELECT n FROM t WHERE n = COALESCE(a, NULL)',
    'INSERT INTO t (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET n = NULL',
  ])('is right where it is asked for, or set: %s', (query) => expect(find(query, [])).toEqual([]));
});
