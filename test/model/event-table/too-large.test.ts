import { expect, it } from 'vitest';
import { isSmallerThan } from '../../../src/model/event-table/json-size.ts';
import {
  leaveOutLarge,
  leaveOutLargeOnes,
  leaveOutLargeResult,
  TOO_LARGE,
} from '../../../src/model/event-table/too-large.ts';

const large = Array.from({ length: 1200 }, (_, at) => ({ at, text: 'x'.repeat(1000) }));

it('leaves out a long list that is too large, and nothing else', () => {
  const result = { count: 1200, requests: large };
  expect(leaveOutLargeOnes(result)).toEqual({ count: 1200, requests: TOO_LARGE });
  expect(leaveOutLargeResult(result)).toBe(TOO_LARGE);
  expect(leaveOutLargeResult({ count: 1 })).toEqual({ count: 1 });
  const small = { count: 2, requests: Array.from({ length: 1200 }, () => 1) };
  expect(leaveOutLargeOnes(small)).toBe(small);
  expect(leaveOutLarge(large.slice(0, 900))).toHaveLength(900);
});

it('looks no further than to the limit', () => {
  let asked = 0;
  const items = Array.from({ length: 10_000 }, () => ({
    get text() {
      asked++;
      return 'x'.repeat(1000);
    },
  }));
  expect(isSmallerThan(items, 100_000)).toBe(false);
  expect(asked).toBeLessThan(110);
});
