import { describe, expect, it } from 'vitest';
import { parseSince } from '../../../src/actions/kafka/since.ts';
import { describeSince } from '../../../src/model/since.ts';

describe('parseSince', () => {
  it.each([
    ['flow', { kind: 'flow' }, 'since the beginning of this run'],
    ['now', { kind: 'now' }, 'since the beginning of this step'],
    ['earliest', { kind: 'earliest' }, 'since the beginning of the topic'],
    ['step:create-order', { kind: 'step', id: 'create-order' }, 'since step `create-order`'],
    ['-10m', { kind: 'ago', ms: 600_000 }, 'since 600 s before this step'],
    ['-1h30m', { kind: 'ago', ms: 5_400_000 }, 'since 5400 s before this step'],
    ['2026-01-31T10:00:00Z', { kind: 'time', ms: 1_769_853_600_000 }, 'since 2026-01-31T10:00:00.000Z'],
    ['2026-01-31 10:00:00+01:00', { kind: 'time', ms: 1_769_850_000_000 }, 'since 2026-01-31T09:00:00.000Z'],
    [1_769_853_600, { kind: 'time', ms: 1_769_853_600_000 }, 'since 2026-01-31T10:00:00.000Z'],
    ['1769853600000', { kind: 'time', ms: 1_769_853_600_000 }, 'since 2026-01-31T10:00:00.000Z'],
  ] as const)('reads `%s`', (text, since, words) => {
    expect(parseSince(text)).toEqual(since);
    expect(describeSince(since)).toBe(words);
  });

  it.each(['', 'yesterday', 'step:', 'step:a b', '10m', '-10', '2026-13-01', -5, Number.NaN])(
    'refuses `%s`',
    (text) => {
      expect(parseSince(text)).toBeUndefined();
    },
  );
});
