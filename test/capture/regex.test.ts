import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compileRegexCapture } from '../../src/capture/regex.ts';
import { Budget, ExactNumber, ExprError, type Value } from '../../src/expr/index.ts';

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
    expect(compileRegexCapture(pattern)(subject, new Budget())).toBe(expected);
  });

  it.each<[string, Value, string]>([
    ['id=(\\d+)', 'nothing', '`id=(\\d+)` does not match "nothing"'],
    ['x', null, '`x` has nothing to search: the value is nil'],
    ['a|(b)', 'a', '`a|(b)` matches, but its first group takes no part in the match'],
  ])('%s in %j finds nothing', (pattern, subject, message) => {
    expect(() => compileRegexCapture(pattern)(subject, new Budget())).toThrow(
      expect.objectContaining({ name: 'CaptureError', message }),
    );
  });

  it.each(['(', '(?=x)', '', '\\1', 'x'.repeat(10_001)])('refuses the pattern %.20s', (pattern) => {
    expect(() => compileRegexCapture(pattern)).toThrow(ExprError);
  });

  it.each([
    ['id={{W}}-(\\d+)', 3, 5],
    ['id=${W}-(\\d+)', 3, 4],
    ['<<W>>-(\\d+)', 0, 5],
  ])('refuses %s, which is not filled in', (pattern, offset, length) => {
    const refusal = expect.objectContaining({ name: 'ExprError', kind: 'syntax', offset, length });
    expect(() => compileRegexCapture(pattern)).toThrow(refusal);
  });

  it('takes what only looks like a placeholder', () => {
    expect(compileRegexCapture('\\{\\{(\\w+)}}')('{{W}}', new Budget())).toBe('W');
    expect(compileRegexCapture('<<(\\w+)>>')('<<W>>', new Budget())).toBe('W');
    expect(compileRegexCapture('^a{2}$')('aa', new Budget())).toBe('aa');
  });

  it('refuses before it searches what would take too long', () => {
    const find = compileRegexCapture('((?:[a-z]?){1000}[0-9])');
    expect(find('abc7', new Budget())).toBe('abc7');
    const search = () => find('a'.repeat(1_000_000), new Budget());
    expect(search).toThrow(expect.objectContaining({ kind: 'budget', message: expect.stringContaining('steps') }));
  });

  it('takes linear time', () => {
    const find = compileRegexCapture('^(a+)+$');
    const started = performance.now();
    expect(() => find(`${'a'.repeat(50_000)}b`, new Budget())).toThrow(CaptureError);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
