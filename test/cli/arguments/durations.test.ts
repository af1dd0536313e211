import { expect, it } from 'vitest';
import { readDuration } from '../../../src/cli/arguments/flags.ts';

it.each(['0', '0s', '0ms', '0.0', '0m0s'])('a time of %s is none', (text) => {
  expect(() => readDuration(text)).toThrow('expected a time above zero');
});

it.each([
  ['1ms', 1],
  ['1m30s', 90_000],
])('%s is %i ms', (text, ms) => {
  expect(readDuration(text)).toBe(ms);
});
