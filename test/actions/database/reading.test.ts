import { describe, expect, it } from 'vitest';
import { foreseeRows } from '../../../src/actions/database/reading.ts';

const foresee = (query: string, more: Record<string, unknown> = {}) =>
  foreseeRows({ connection: 'postgres://localhost/shop', query, ...more });
const read = (query: string, more = {}) => foresee(query, more).reading;
const columnsOf = (query: string, more = {}) => read(query, more)?.columns.map(({ name }) => name);

describe('the columns of a query', () => {
  it.each<[string, readonly string[]]>([
    ['SELECT total, status FROM orders', ['total', 'status']],
    ['select o.total, "O"."Status" from shop.orders o', ['total', 'Status']],
    ['SELECT total AS sum, price * 2 AS twice, note mail FROM t', ['sum', 'twice', 'mail']],
    ["SELECT (a + b) c, 'x' d, x[1] e FROM t", ['c', 'e']],
    ['SELECT total::text, total::numeric(10, 2) AS exact FROM t', ['total', 'exact']],
    ['SELECT CAST(total AS text) AS t, coalesce(a, b) FROM t', ['t']],
    ['SELECT CASE WHEN a THEN 1 END, a IS NULL, max(b) OVER (PARTITION BY c) FROM t', []],
    ['SELECT (SELECT x FROM u LIMIT 1) AS inner_x, y FROM t', ['inner_x', 'y']],
    ['SELECT DISTINCT a, b FROM t', ['a', 'b']],
    ['SELECT DISTINCT ON (a, b) c FROM t', ['c']],
    ['SELECT a -- , b\n, /* c, */ d FROM t', ['a', 'd']],
    ['SELECT * FROM t', []],
    ['SELECT o.*, total FROM t', []],
    ['SELECT count(*) FROM t', []],
    ['SELECT EXISTS (SELECT a FROM t)', []],
    ["SELECT 1, 'x' AS given, $1 AS also, :n AS more", []],
    ['SELECT total FROM t WHERE id = $1 ORDER BY created_at', ['total']],
    ['SELECT id, "Status", total FROM t WHERE id = $1 AND "Status" <> \'new\'', ['total']],
    ['SELECT id AS order_id, total FROM t WHERE id = $1', ['total']],
    ['SELECT {{COLUMNS}}, total FROM t', []],
    ['DELETE FROM t; SELECT a FROM t', ['a']],
  ])('%s', (query, expected) => {
    expect(columnsOf(query)).toEqual(expected);
  });

  it.each([
    'INSERT INTO t VALUES (1) RETURNING id, total',
    'WITH x AS (SELECT a FROM t) SELECT a FROM x',
    'SELECT a FROM t UNION SELECT b FROM u',
    'SELECT a INTO u FROM t',
    'UPDATE t SET a = 1',
    '',
  ])('are not known of %j', (query) => {
    expect(foresee(query).reading).toBeUndefined();
  });

  it('have their place, and quotes as their database has them', () => {
    const query = 'SELECT id,\n  `total sum`, "text" FROM t';
    const columns = read(query, { connection: 'mysql://localhost/shop' })?.columns;
    expect(columns).toEqual([
      { name: 'id', offset: 7, length: 2 },
      { name: 'total sum', offset: 13, length: 11 },
    ]);
    expect(foreseeRows({ query: { file: 'q.sql' } })).toEqual({});
  });
});

describe('how many rows there can be', () => {
  it.each<[string, 'any' | 'at most one' | 'always one']>([
    ['SELECT a FROM t WHERE user_id = $1', 'any'],
    ['SELECT a FROM t WHERE id = $1', 'at most one'],
    ['SELECT * FROM t WHERE t.id = :id AND a > 1', 'at most one'],
    ["SELECT a FROM t WHERE id = '{{x}}'", 'at most one'],
    ['SELECT a FROM t WHERE id = $1 OR a = 2', 'any'],
    ['SELECT a FROM t WHERE NOT id = $1', 'any'],
    ['SELECT a FROM t WHERE id = other_id', 'any'],
    ['SELECT a FROM t WHERE id IN ($1, $2)', 'any'],
    ['SELECT a FROM t, u WHERE t.id = $1', 'any'],
    ['SELECT a FROM t JOIN u ON u.t_id = t.id WHERE t.id = $1', 'any'],
    ['SELECT a FROM (SELECT a, id FROM t JOIN u ON u.t = t.id) x WHERE id = $1', 'any'],
    ['SELECT b FROM t, jsonb_each(t.a) b WHERE id = $1', 'any'],
    ['SELECT unnest(tags) AS tag FROM t WHERE id = $1', 'any'],
    ["SELECT jsonb_array_elements(a->'lines') AS line FROM t WHERE id = $1", 'any'],
    ['SELECT lower(a) AS low, unnest FROM t WHERE id = $1 FOR UPDATE', 'at most one'],
    ['SELECT a FROM t WHERE a IN (SELECT b FROM u WHERE id = $1)', 'any'],
    ['SELECT a FROM t ORDER BY a LIMIT 1', 'at most one'],
    ['SELECT a FROM t LIMIT 10', 'any'],
    ['SELECT count(*), max(a) AS m FROM t', 'always one'],
    ['SELECT EXISTS (SELECT 1 FROM t)', 'always one'],
    ['SELECT NOT EXISTS (SELECT 1 FROM t) AS n', 'always one'],
    ['SELECT (SELECT count(*) FROM t) AS n', 'always one'],
    ['SELECT max(a) FROM t', 'always one'],
    ['SELECT COALESCE(SUM(a), 0) AS n FROM t WHERE b = 1', 'always one'],
    ['SELECT count(*) FILTER (WHERE a) AS n FROM t', 'always one'],
    ['SELECT EXISTS (SELECT 1 FROM u) FROM t', 'any'],
    ['SELECT EXISTS (SELECT 1 FROM u) WHERE false', 'any'],
    ['SELECT COALESCE((SELECT max(a) FROM u), 0) FROM t', 'any'],
    ['SELECT sum(a) OVER () FROM t', 'any'],
    ['SELECT unnest(array_agg(a)) FROM t', 'any'],
    ['SELECT count(*) FROM t GROUP BY a', 'any'],
    ['SELECT sum(a) OVER () FROM t', 'any'],
    ['SELECT a, count(*) FROM t', 'any'],
  ])('%s: %s', (query, rows) => {
    const { atLeast, atMost } = foresee(query).bounds?.['row_count'] ?? {};
    expect(atLeast === 1 ? 'always one' : atMost === 1 ? 'at most one' : 'any').toBe(rows);
  });
});

describe('the variables that it asks for', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a = $2 AND b = $1', ['{{x}}', '{{ y }}'], ['y', 'x']],
    ['a = ? AND b > ? AND c = ?', ['${x}', '{{y}}', '<<z>>'], ['x', 'z']],
    ['t.a = :a::uuid', { a: '{{x}}' }, ['x']],
    ["a = '{{x}}'", undefined, ['x']],
    ['a = $1', ['{{x}}-1'], []],
    ['a = $1 + 1', ['{{x}}'], []],
    ['a = $1 OR b = 2', ['{{x}}'], []],
    ['a = $1', [7], []],
    ['a = $1', undefined, []],
    ['a <> $1', ['{{x}}'], []],
  ])('%s with %j', (where, params, keys) => {
    expect(read(`SELECT a FROM t WHERE ${where}`, { params })?.keys).toEqual(keys);
  });
});
