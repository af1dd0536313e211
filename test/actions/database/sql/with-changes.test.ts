import { expect, it } from 'vitest';
import { splitStatements } from '../../../../src/actions/database/sql/sql-split.ts';
import { changesInWith, changesWithin } from '../../../../src/actions/database/sql/with-changes.ts';

it.each<[string, 'within' | 'outside' | 'nowhere']>([
  ['WITH d AS (DELETE FROM t RETURNING id) SELECT count(*) FROM d', 'within'],
  [
    'with recursive a(n) as not materialized (select 1), d as materialized (\n  update t set a = 1 returning id) table d',
    'within',
  ],
  ['WITH i AS /* new */ (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM i', 'within'],
  ['WITH m AS (MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE RETURNING t.id) VALUES (1)', 'within'],
  ['WITH d AS (WITH x AS (SELECT 1) DELETE FROM t USING x RETURNING id) SELECT * FROM d', 'within'],
  ['WITH d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d', 'within'],
  ['CREATE TABLE u AS WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d', 'within'],
  ['(WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d)', 'within'],
  ['WITH x AS (SELECT 1) DELETE FROM t USING x', 'outside'],
  ['WITH update AS (SELECT 1), insert(a) AS (SELECT 2) INSERT INTO t SELECT * FROM update', 'outside'],
  ['WITH RECURSIVE x AS (SELECT 1 AS id) SEARCH DEPTH FIRST BY id SET o UPDATE t SET a = 1', 'outside'],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'nowhere'],
  ["WITH x AS (SELECT 'a AS (DELETE FROM t)') SELECT * FROM x", 'nowhere'],
  ['WITH x AS (SELECT 1 /* AS (DELETE FROM t) */) SELECT * FROM x -- DELETE FROM t', 'nowhere'],
  ['WITH x AS (SELECT 1 AS "AS (DELETE FROM t)") SELECT * FROM x', 'nowhere'],
  ['WITH x AS (SELECT $$ AS (DELETE FROM t) $$) SELECT * FROM x', 'nowhere'],
  ['WITH x AS (SELECT id FROM t FOR UPDATE) SELECT * FROM x', 'nowhere'],
  ['WITH x AS (SELECT t.delete, (update) FROM t) SELECT * FROM x', 'nowhere'],
  ['WITH update AS (SELECT 1) SELECT * FROM update', 'nowhere'],
])('%s changes rows %s', (query, where) => {
  const [{ verb = '', start = 0, end = 0 } = {}] = splitStatements(query);
  const statement = { text: query.slice(start, end), verb };
  expect(changesWithin(statement, 'postgres')).toBe(where === 'within');
  if (verb === 'WITH') expect(changesInWith(statement, 'postgres')).toBe(where !== 'nowhere');
  expect(changesWithin(statement, 'mysql')).toBe(false);
});
