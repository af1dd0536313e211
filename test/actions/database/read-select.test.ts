import { describe, expect, it } from 'vitest';
import { readSelect } from '../../../src/actions/database/read-select.ts';
import { bindQuery, type Params } from '../../../src/actions/database/sql/bind.ts';
import type { SqlDialect } from '../../../src/actions/database/sql/sql-token.ts';

const read = (query: string, params: Params = [], dialect: SqlDialect = 'postgres') => {
  const [statement] = bindQuery(query, params, { dialect }).statements;
  return statement && readSelect(statement, dialect);
};

describe('readSelect', () => {
  it.each([
    ['SELECT * FROM orders', 'orders', undefined],
    ['SELECT o.* FROM shop.orders AS o', 'shop.orders', undefined],
    ['select total, o."userId" from "Shop".orders o', 'Shop.orders', ['total', 'userId']],
    ['SELECT ALL total FROM orders LIMIT 1', 'orders', ['total']],
    ['SELECT id::text, total::numeric AS total FROM orders FOR UPDATE', 'orders', ['id', 'total']],
    ['SELECT total::int, price::numeric(5, 1), tags::text[] FROM orders', 'orders', []],
    ['SELECT a AS total, round(b) AS b, count(*), 1 AS one, (SELECT 2) AS two FROM orders', 'orders', []],
  ])('reads %s', (query, table, columns) => {
    expect(read(query)).toEqual({ table, columns, where: [] });
  });

  it.each([
    'SELECT *, 1 AS one FROM orders',
    'SELECT * FROM orders, users',
    'SELECT * FROM orders o JOIN users u ON u.id = o.user_id',
    'SELECT * FROM (SELECT 1 AS id) AS orders',
    'SELECT id FROM orders UNION SELECT id FROM users',
    'SELECT * FROM unnest(ARRAY[1]) AS id',
    'SELECT 1 AS id',
    'WITH o AS (SELECT 1) SELECT * FROM o',
    'DELETE FROM orders RETURNING *',
  ])('says nothing of %s', (query) => {
    expect(read(query)).toBeUndefined();
  });

  it.each([
    ['WHERE id = $1', [7], [{ column: 'id', value: 7 }]],
    [
      'WHERE o.id = $2::uuid AND "userId" = $1 ORDER BY total',
      ['u', 'o'],
      [
        { column: 'id', value: 'o' },
        { column: 'userId', value: 'u' },
      ],
    ],
    ['WHERE id = $1 OR total > 0', [7], []],
    ['WHERE NOT id = $1', [7], []],
    ['WHERE id = $1 + 1', [7], []],
    ['WHERE lower(id) = $1', ['a'], []],
    ["WHERE id = '7'", [], []],
    ['WHERE id IN (SELECT x FROM y WHERE id = $1)', [7], []],
  ] as const)('reads the condition %s', (where, params, expected) => {
    expect(read(`SELECT * FROM orders o ${where}`, params)?.where).toEqual(expected);
  });

  it('reads names that are bound, and the questions of MySQL', () => {
    expect(read('SELECT * FROM orders WHERE id = :id', { id: 7 })?.where).toEqual([{ column: 'id', value: 7 }]);
    expect(read('SELECT ? + 1 AS n, total FROM `orders` WHERE a = 1 AND id = ?', [5, 7], 'mysql')).toEqual({
      table: 'orders',
      columns: ['total'],
      where: [{ column: 'id', value: 7 }],
    });
  });
});
