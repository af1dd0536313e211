import { describe, expect, it } from 'vitest';
import { bindQuery, type Params } from '../../../../src/actions/database/sql/bind.ts';

function bound(query: string, params: Params | undefined) {
  return bindQuery(query, params).statements.map(({ text, values }) => [text, values]);
}

describe('bindQuery', () => {
  it.each<[string, Params | undefined, unknown]>([
    ['select 1', undefined, [['select 1', []]]],
    ["select a ? 'x', :y", undefined, [["select a ? 'x', :y", []]]],
    ['select $2, $1, $2', ['a', 'b'], [['select $1, $2, $1', ['b', 'a']]]],
    [
      'a $1; b $2',
      ['x', 'y'],
      [
        ['a $1', ['x']],
        ['b $1', ['y']],
      ],
    ],
    ['a = ? and b = ?', [1, 2], [['a = $1 and b = $2', [1, 2]]]],
    ["a ?| array['x'] and b = ?", [1], [["a ?| array['x'] and b = $1", [1]]]],
    ["data ? 'k' and id = $1", [1], [["data ? 'k' and id = $1", [1]]]],
    ['a = :x or b = :y::int or c = :x', { x: 1, y: '2' }, [['a = $1 or b = $2::int or c = $1', [1, '2']]]],
    ['a[:lo], b[:n]', { n: 1 }, [['a[:lo], b[$1]', [1]]]],
    ['select 1', [], [['select 1', []]]],
    ['a IN (:ids)', { ids: [1, 2] }, [['a = ANY ($1)', [[1, 2]]]]],
    ['a not in ( $1 ) and b = $1', [[1]], [['a  <> ALL ( $1 ) and b = $1', [[1]]]]],
    ['a IN (?)', [[]], [['a = ANY ($1)', [[]]]]],
    ['a IN (:ids, 1)', { ids: [1] }, [['a IN ($1, 1)', [[1]]]]],
    ['a IN (:id)', { id: 1 }, [['a IN ($1)', [1]]]],
  ])('%s with %j', (query, params, expected) => {
    expect(bound(query, params)).toEqual(expected);
  });

  it.each<[string, Params | undefined, string]>([
    ['select $1', undefined, '`query` uses `$1`, but there are no `params`'],
    ['select $3', ['a'], '`query` uses `$3`, but `params` has 1 value'],
    ['select $0', ['a'], '`query` uses `$0`, but `params` has 1 value'],
    ['select $1', ['a', 'b'], '`params` has 2 values, but `query` does not use `$2`'],
    ['a = ?', [1, 2], '`params` has 2 values, but `query` has 1 `?`'],
    ['select 1', [1], '`params` has 1 value, but `query` uses no `$1` and no `?`'],
    ['a = :nmae', { name: 1 }, '`query` uses `:nmae`, which `params` does not have'],
    ['a = $1', { name: 1 }, '`query` uses `$1`, but `params` is a map'],
    [' -- nothing', undefined, '`query` holds no statement'],
    ['COPY users TO STDOUT', undefined, '`COPY … TO STDOUT` gives no rows, and its output would be lost'],
    [
      '/* all */ copy (SELECT id FROM users) to stdout WITH CSV; SELECT 1',
      undefined,
      '`COPY … TO STDOUT` gives no rows, and its output would be lost',
    ],
    ['COPY users FROM STDIN', undefined, '`COPY … FROM STDIN` has nothing to read here'],
    ['select \0', undefined, '`query` holds a NUL character, which SQL cannot hold'],
  ])('%s with %j is a mistake', (query, params, message) => {
    expect(() => bindQuery(query, params)).toThrow(expect.objectContaining({ name: 'BindMistake', message }));
  });

  it('names what is not used, and what was meant', () => {
    expect(bindQuery('select :a', { a: 1, b: 2 }).unused).toEqual(['b']);
    expect(() => bindQuery('select :nmae', { name: 1 })).toThrow(
      expect.objectContaining({ help: ['did you mean `:name`?'] }),
    );
    expect(() => bindQuery('select :a, :b, :a::int', [1])).toThrow(
      expect.objectContaining({ help: ['`:a` is given by its name: write `params: {a: …, b: …}`'] }),
    );
  });

  it('finds places in the query again', () => {
    const query = 'select 1;\n select :long_name, wrong';
    const [, second] = bindQuery(query, { long_name: 1 }).statements;
    const at = second?.text.indexOf('wrong') ?? 0;
    expect(query.slice(second?.locate(at))).toBe('wrong');
    expect(second?.locate(0)).toBe(11);
  });
});
