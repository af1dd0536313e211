import { describe, expect, it } from 'vitest';
import { listComments } from '../../../src/source/yaml/list-comments.ts';

describe('the comments of a YAML text', () => {
  it.each<[string, readonly string[]]>([
    ['a: 1 # one\n# two\nb: 2', ['# one', '# two']],
    ['%YAML 1.2\n---\na: { b: [1, 2] } # three\n--- # four\nx: y\n...\n# five', ['# three', '# four', '# five']],
    ['a: "x # no" # yes\nb: x#no\nc: \'it # no\'', ['# yes']],
    ['a: |\n  # no\n  text # no\nb: > # yes\n  folded # no\n', ['# yes']],
    ['\ufeff# first\r\na: 1 # second\r\n', ['# first', '# second']],
    ['', []],
  ])('of %j', (text, expected) => {
    const found = listComments(text);
    expect(found.map((one) => one.text.trimEnd())).toEqual(expected);
    for (const one of found) expect(text.slice(one.start, one.start + one.text.length)).toBe(one.text);
  });
});
