import { describe, expect, it } from 'vitest';
import { Changes } from '../../../src/actions/changes/changes.ts';
import { compareTables } from '../../../src/actions/changes/table-changes.ts';
import type { TableLook } from '../../../src/actions/changes/table-look.ts';

/** A look at a table of rows by key; without a key, rows with how many there are. */
function look(rows: Readonly<Record<string, string | number>> | number, key: string | undefined = 'id'): TableLook {
  const place = { name: 'shop.orders', schema: 'shop', table: 'orders', pathPlace: 0, isView: false, isReadable: true };
  const table = { ...place, from: 'shop.orders', key, row: 'row' };
  if (typeof rows === 'number') return { table, count: rows, rows: undefined, checksum: undefined, longest: 10 };
  const seen = Object.entries(rows).map(([id, given]) => {
    const row = typeof given === 'number' ? { content: id, times: given } : { content: given, times: 1 };
    return [id, row] as const;
  });
  return { table, count: seen.length, rows: new Map(seen), checksum: undefined, longest: 10 };
}

function compare(before: TableLook, after: TableLook): Changes {
  const changes = new Changes();
  compareTables(before, after, changes);
  return changes;
}

describe('what changed in a table', () => {
  it.each<[string, TableLook, TableLook, readonly string[]]>([
    ['nothing', look({ '{"id":1}': '{"id":1,"a":1}' }), look({ '{"id":1}': '{"id":1,"a":1}' }), []],
    [
      'fields of a row, also to and from NULL',
      look({ '{"id":1}': '{"id":1,"a":1,"b":null,"c":"x"}' }),
      look({ '{"id":1}': '{"id":1,"a":2,"b":"y","c":null}' }),
      ['shop.orders changed: {"id": 1}: a 1 → 2, b nil → "y", c "x" → nil'],
    ],
    [
      'a password',
      look({ '{"id":1}': '{"id":1,"password":"zq7-Kw2mTp","n":1}' }),
      look({ '{"id":1}': '{"id":1,"password":"zq7-Kw2mTq","n":2}' }),
      ['shop.orders changed: {"id": 1}: password "***" → "***", n 1 → 2'],
    ],
    [
      'digits alone',
      look({ '{"id":1}': '{"id":1,"a":1.0}' }),
      look({ '{"id":1}': '{"id":1,"a":1.00}' }),
      ['shop.orders changed: {"id": 1}: the same values, written differently'],
    ],
    [
      'a row that stands as a checksum',
      look({ '{"id":1}': 'aa' }),
      look({ '{"id":1}': 'bb', '{"id":2}': 'cc' }),
      ['shop.orders changed: {"id": 1}: a row that is too long to be kept', 'shop.orders added: {"id": 2}'],
    ],
    [
      'a row without a key',
      look({ aa: 2 }, undefined),
      look({ aa: 1, bb: 1 }, undefined),
      [
        'shop.orders deleted: a row that is too long to be kept',
        'shop.orders added: a row that is too long to be kept',
      ],
    ],
    ['a number of rows', look(7), look(5), ['shop.orders deleted: 7 rows before, 5 rows after']],
    ['a table that grew too large', look({}), look(5), ['shop.orders added: 0 rows before, 5 rows after']],
  ])('%s', (_title, before, after, lines) => {
    expect(
      compare(before, after)
        .listDetails()
        .flatMap((detail) => detail.lines),
    ).toEqual(lines);
  });

  it('is counted in full, and shown as far as anybody reads it', () => {
    const many = look(Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`{"id":${at}}`, `{"id":${at}}`])));
    const changes = compare(look({}), many);
    expect(changes.count).toBe(300);
    expect(changes.values).toHaveLength(100);
    expect(changes.listProblems()[0]?.message).toBe('expected no change, got 300 rows added to `shop.orders`');
    const lines = changes.listDetails()[0]?.lines ?? [];
    expect([lines.length, lines.at(-1)]).toEqual([21, '… and 280 more']);
  });
});
