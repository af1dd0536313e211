import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compileRegexCapture } from '../../src/capture/regex.ts';
import { ExactNumber, ExprError, type Value } from '../../src/expr/index.ts';

describe('compileRegexCapture', () => {
  it.each<[string, Value, string]>([
    ['id=(\\d+)', '/users?id=42&id=7', '42'],
    ['\\d+', 'a 42 b', '42'],
    ['(?i)TOKEN: (\\S+)', 'x\ntoken: abc', 'abc'],
    ['(?:a|b)(c)', 'bc', 'c'],
    ['()x', 'x', ''],
    ['"id":(\\d+)', { a: [{ id: 5 }] }, '5'],
    ['^(\\d+)$', 42, '42'],
    ['\\d+', new ExactNumber('9007199254740993'), '9007199254740993'],
  ])('%s in %j', (pattern, subject, expected) => {
    expect(compileRegexCapture(pattern)(subject)).toBe(expected);
  });

  it.each<[string, Value, string]>([
    ['id=(\\d+)', 'nothing', '`id=(\\d+)` does not match "nothing"'],
    ['x', null, '`x` has nothing to search: the value is nil'],
    ['a|(b)', 'a', '`a|(b)` matches, but its first group takes no part in the match'],
  ])('%s in %j finds nothing', (pattern, subject, message) => {
    expect(() => compileRegexCapture(pattern)(subject)).toThrow(
      expect.objectContaining({ name: 'CaptureError', message }),
    );
  });

  it.each(['(', '(?=x)', '', '\\1', 'x'.repeat(10_001)])('refuses the pattern %.20s', (pattern) => {
    expect(() => compileRegexCapture(pattern)).toThrow(ExprError);
  });

  it('takes linear time', () => {
    const find = compileRegexCapture('^(a+)+$');
    const started = performance.now();
    expect(() => find(`${'a'.repeat(50_000)}b`)).toThrow(CaptureError);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
