import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, findParting } from '../../../src/source/render/text-diff.ts';
import { measureCpuMs } from '../../support/cpu-time.ts';

const marks = { both: ' ', expected: '-', actual: '+', place: '' } as const;

describe('diffLines', () => {
  it('shows what differs with three lines around', () => {
    const before = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const after = before.flatMap((line, index) => (index === 9 ? ['line ten'] : index === 19 ? [] : [line]));
    expect(draw(before.join('\n'), after.join('\n'))).toEqual([
      '@@ -7,7 +7,7 @@',
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+line ten',
      ' line 11',
      ' line 12',
      ' line 13',
      '@@ -17,7 +17,6 @@',
      ' line 17',
      ' line 18',
      ' line 19',
      '-line 20',
      ' line 21',
      ' line 22',
      ' line 23',
    ]);
  });

  it('makes visible what shows nothing', () => {
    expect(draw('a\nb', 'a \nb\u200b\r')).toEqual(['@@ -1,2 +1,2 @@', '-a', '-b', '+a·', '+b\\u200b\\r']);
  });

  it('shows a line feed at the end as a line', () => {
    expect(draw('a\nb', 'a\nb\n')).toEqual(['@@ -1,2 +1,3 @@', ' a', ' b', '+']);
  });

  it('is nothing for equal texts, and not made where too much differs', async () => {
    expect(draw('a\nb', 'a\nb')).toEqual([]);
    const make = (word: string) => Array.from({ length: 50_000 }, (_, index) => `${word} ${index}`).join('\n');
    expect(diffLines(make('a'), make('b'))).toBeUndefined();
    const work = () => {
      const large = make('a');
      expect(draw(large, large.replace('a 25000', 'b 25000'))).toContain('+b 25000');
      expect(diffLines('x'.repeat(5_000_000), 'y'.repeat(5_000_000))).toBeUndefined();
    };
    expect(await measureCpuMs(work)).toBeLessThan(3_000);
  });

  it('leads from one text to the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after) ?? [];
        const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
        expect(count('actual') - count('expected')).toBe(after.split('\n').length - before.split('\n').length);
        expect(lines.length === 0).toBe(before === after);
      }),
    );
  });
});

describe('findParting', () => {
  it.each([
    ['abc', 'abd', 2],
    ['abc', 'abcd', 3],
    ['', 'a', 0],
    ['x😀', 'x😁', 1],
    ['u\u0308', 'u\u0301', 0],
  ])('of %j and %j is %i', (a, b, at) => {
    expect(findParting(a, b)).toBe(at);
  });
});

function draw(before: string, after: string): readonly string[] | undefined {
  return diffLines(before, after)?.map(({ kind, text }) => `${marks[kind]}${text}`);
}
