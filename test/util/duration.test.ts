import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/util/duration.ts';

describe('a duration', () => {
  it.each([
    ['300ms', 300],
    ['1.5s', 1500],
    ['1h30m', 5_400_000],
    ['2m', 120_000],
    ['1d', 86_400_000],
    ['1m500ms', 60_500],
    [' 5s ', 5000],
    ['0s', 0],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', ' ', '5', '5 s', '5 seconds', '1x', '-5s', '0,5s', 's', '1.s', '5S', '1s!', 'one second', '1e3s'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('adds up its parts, whatever they are', () => {
    const part = fc.tuple(fc.nat(10_000), fc.constantFrom(['ms', 1], ['s', 1000], ['m', 60_000]));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.map(([count, [unit]]) => `${count}${unit}`).join('');
        expect(parseDuration(text)).toBe(parts.reduce((sum, [count, [, ms]]) => sum + count * Number(ms), 0));
      }),
    );
  });

  it.each([
    [0, '0 ms'],
    [9.4, '9 ms'],
    [999, '999 ms'],
    [1250, '1.25 s'],
    [12_345, '12.3 s'],
    [125_000, '2 m 5 s'],
    [3_600_000, '1 h'],
  ])('of %d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
