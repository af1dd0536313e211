import { describe, expect, it } from 'vitest';
import { findNearest, listNames } from '../../src/util/suggest.ts';

describe('the nearest name', () => {
  const known = ['url', 'method', 'username', 'user_id', 'max_attempts', 'assert', 'kafka_consumer'];
  it.each([
    ['uri', 'url'],
    ['metod', 'method'],
    ['mehtod', 'method'],
    ['METHOD', 'method'],
    ['max-attempts', 'max_attempts'],
    ['maxAttempts', 'max_attempts'],
    ['asserts', 'assert'],
    ['assertions', 'assert'],
    ['kafka_consume', 'kafka_consumer'],
    ['userid', 'user_id'],
  ])('of %s is %s', (word, nearest) => {
    expect(findNearest(word, known)).toBe(nearest);
  });

  it.each([['user'], ['use'], ['body'], ['x'], [''], ['method_of_payment_chosen']])(
    'of %j is none, or not one alone',
    (word) => {
      const candidates = word.startsWith('method') ? ['payment', 'url'] : known;
      expect(findNearest(word, candidates)).toBeUndefined();
    },
  );

  it('shares something with the word', () => {
    expect(findNearest('n', ['H', 'x'])).toBeUndefined();
    expect(findNearest('n', ['H', 'N'])).toBe('N');
    expect(findNearest('id', ['i', 'x'])).toBe('i');
  });

  it('is taken by its beginning only from four letters on', () => {
    expect(findNearest('expr', ['expression', 'message'])).toBe('expression');
    expect(findNearest('exp', ['expression', 'message'])).toBeUndefined();
  });

  it('prefers the nearer of two', () => {
    expect(findNearest('colour', ['colon', 'color'])).toBe('color');
  });
});

describe('names in a sentence', () => {
  it.each([
    [[], 'none'],
    [['a'], '`a`'],
    [['a', 'b'], '`a` and `b`'],
    [['a', 'b', 'c'], '`a`, `b` and `c`'],
  ])('%j', (names, text) => {
    expect(listNames(names)).toBe(text);
  });

  it('are cut', () => {
    expect(listNames(['a', 'b', 'c', 'd'], 2)).toBe('`a`, `b` and 2 more');
    expect(listNames(['a', 'b', 'c'], 2)).toBe('`a`, `b` and `c`');
  });
});
