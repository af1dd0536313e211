import { expect, it } from 'vitest';
import { drawRows } from '../../../src/reporters/exchange/rows-table.ts';

it('draws a table whose values show their types', () => {
  const rows = [
    { id: 1, name: 'ü', paid: true, note: null },
    { id: 12, name: '12', paid: false, note: [1] },
  ];
  expect(drawRows({ columns: ['id', 'name', 'paid', 'note'], rows, rowCount: 2 }).split('\n')).toEqual([
    'id | name | paid  | note',
    '---+------+-------+-----',
    '1  | "ü"  | true  | nil',
    '12 | "12" | false | [1]',
  ]);
});

it('shows a screenful, and says how many more there are', () => {
  const rows = Array.from({ length: 100 }, (_, n) => ({ n }));
  const lines = drawRows({ columns: ['n'], rows, rowCount: 1000 }).split('\n');
  expect(lines).toHaveLength(20);
  expect(lines.at(-1)).toBe('… and 983 more');
});

it('gives each column a line where a table would be too wide, with values in full', () => {
  const token = 'x'.repeat(300);
  const rows = [
    { id: 1, token },
    { id: 2, token: null },
  ];
  expect(drawRows({ columns: ['id', 'token'], rows, rowCount: 2 }).split('\n')).toEqual([
    'row 1',
    '  id    | 1',
    `  token | "${token}"`,
    'row 2',
    '  id    | 2',
    '  token | nil',
  ]);
});

it('does not measure a huge cell, and shows it as it is', () => {
  const text = 'z'.repeat(5_000_000);
  const [, line = ''] = drawRows({ columns: ['text'], rows: [{ text }], rowCount: 1 }).split('\n');
  expect(line.length).toBe('  text | ""'.length + text.length);
});
