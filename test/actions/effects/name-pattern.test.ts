import { describe, expect, it } from 'vitest';
import { findByName, matchesName } from '../../../src/actions/effects/name-pattern.ts';

describe('names with `*`', () => {
  it.each([
    ['shop.orders', 'shop.orders', true],
    ['shop.orders', 'shop.order', false],
    ['*.outbox', 'shop.outbox', true],
    ['*.outbox', 'outbox', false],
    ['shop.*', 'shop.', true],
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'ac', false],
    ['*b*b', 'ab', false],
    ['a.c', 'abc', false],
  ])('%s is the name of %s: %s', (pattern, name, expected) => {
    expect(matchesName(pattern, name)).toBe(expected);
  });

  it('give way to the name itself, and to a longer one', () => {
    const entries = ['*', 'shop.*', 'shop.orders'];
    expect(['shop.orders', 'shop.items', 'log'].map((name) => findByName(name, entries))).toEqual([
      'shop.orders',
      'shop.*',
      '*',
    ]);
    expect(findByName('log', ['shop.*'])).toBeUndefined();
  });
});
