import { describe, expect, it } from 'vitest';
import { namesId } from '../../../src/agree/judge/course.ts';

describe('namesId', () => {
  it.each([
    ['put http://shop.test/orders/7 ', '7', true],
    ['{"id":7,"total":70}', '7', true],
    ['{"total":70}', '7', false],
    ['orders/17', '7', false],
    ['a7 7a 77 7', '7', true],
    ['order-1234567', '1234567', true],
    ['x7d1f0a52-9c1ey', '7d1f0a52-9c1e', true],
    ['', '7', false],
  ])('%j names %s: %s', (text, id, isNamed) => {
    expect(namesId(text, id)).toBe(isNamed);
  });
});
