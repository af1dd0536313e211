import { describe, expect, it } from 'vitest';
import { findReader } from '../../../src/actions/database/values/column-types.ts';
import { readMysqlCell } from '../../../src/actions/database/values/mysql-value.ts';

describe('a key that stands twice in the JSON of a column', () => {
  it.each([
    [114, '{"n": 1, "n": 2}', { n: 2 }, ['n']],
    [199, '{"{\\"n\\": 1, \\"n\\": 2}"}', [{ n: 2 }], ['n']],
    [114, '{"n": 1}', { n: 1 }, []],
    [25, '{"n": 1, "n": 2}', '{"n": 1, "n": 2}', []],
  ])('is told of one of Postgres: type %i, %s', (typeId, text, value, keys) => {
    const told: string[] = [];
    expect(findReader(typeId, new Map())(text, (key) => told.push(key))).toEqual(value);
    expect(told).toEqual(keys);
  });

  it('is told of one of MariaDB', () => {
    const told: string[] = [];
    const field = { name: 'j', type: 252, length: 0, isUnsigned: false, isJson: true };
    expect(readMysqlCell('{"n": 1, "n": 2}', field, (column, key) => told.push(`${column}.${key}`))).toEqual({ n: 2 });
    expect(told).toEqual(['j.n']);
  });
});
