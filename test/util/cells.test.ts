import { describe, expect, it } from 'vitest';
import { cutColumns, measureColumns, splitCells } from '../../src/util/cells.ts';

describe('columns on a terminal', () => {
  it.each([
    ['abc', 3],
    ['', 0],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['a\tb', 5],
    ['\u001b[31m', 5],
  ])('of %j are %d', (text, columns) => {
    expect(measureColumns(text)).toBe(columns);
  });

  it('steer no terminal and turn no reading direction', () => {
    const shown = splitCells('a\u001b[2Jb\u202ec\u0007')
      .map((cell) => cell.text)
      .join('');
    expect(shown).toBe('a\ufffd[2Jb\ufffdc\ufffd');
  });

  it.each([
    ['hello', 5, 'hello'],
    ['hello', 4, 'hel…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['one\n  two', 20, 'one two'],
    ['x'.repeat(10_000), 3, 'xx…'],
  ])('of %j are cut to %d', (text, columns, shown) => {
    expect(cutColumns(text, columns)).toBe(shown);
    expect(measureColumns(shown)).toBeLessThanOrEqual(columns);
  });
});
