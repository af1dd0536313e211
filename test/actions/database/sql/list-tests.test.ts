import { describe, expect, it } from 'vitest';
import { bindQuery, type Params } from '../../../../src/actions/database/sql/bind.ts';

const notesOf = (query: string, params: Params, dialect: 'postgres' | 'mysql' = 'postgres') =>
  bindQuery(query, params, { dialect }).emptyTests;

describe('a test with a list without items', () => {
  const none = (name: string, test: string) => `\`${name}\` is an empty list: \`${test}\` is true of no row`;
  const all = (name: string, test: string) => `\`${name}\` is an empty list: \`${test}\` is true of every row`;
  it.each([
    ['select 1 where 1 in (:ids)', { ids: [] }, none(':ids', 'in (:ids)')],
    ['SELECT 1 FROM t WHERE id IN ( $1 )', [[]], none('$1', 'IN ( $1)')],
    ['select 1 from t where id not in (:ids)', { ids: [] }, all(':ids', 'not in (:ids)')],
    ['select 1 from t where id = any (:ids)', { ids: [] }, none(':ids', 'any (:ids)')],
    ['select 1 from t where id = any(:ids::int[])', { ids: [] }, none(':ids', 'any(:ids)')],
    ['select 1 from t where id <> all (:ids)', { ids: [] }, all(':ids', 'all (:ids)')],
    ['select 1; select 2 where 1 in (:ids)', { ids: [] }, none(':ids', 'in (:ids)')],
  ])('is told: %s', (query, params, text) => {
    expect(notesOf(query, params as Params)).toEqual([text]);
  });

  it('is told on MySQL', () => {
    expect(notesOf('select 1 from t where id in (?)', [[]], 'mysql')).toEqual([none('?', 'in (?)')]);
  });

  it.each([
    ['select 1 where 1 in (:ids)', { ids: [1] }],
    ['select 1 where 1 in (:a, :b)', { a: 1, b: 2 }],
    ['select :ids::int[] as ids', { ids: [] }],
    ['select 1 from t where cardinality(:ids) = 0 or id = any (:ids)', { ids: [] }],
    ['select unnest(:ids::int[])', { ids: [] }],
    ['select 1 where 1 in (:id)', { id: null }],
  ])('is not seen in %s', (query, params) => {
    expect(notesOf(query, params as Params)).toEqual([]);
  });
});
