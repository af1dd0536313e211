import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentJson, layOutBody } from '../../../src/reporters/output/body.ts';

const limits = { inlineWidth: 30, width: 20, maxLines: 6 };

describe('a body', () => {
  it.each([
    ['short text', 'hello', 'hello', []],
    ['JSON with blanks', '{ "a" : 1,\n "b c": "d  e" }', '{"a":1,"b c":"d  e"}', []],
    ['digits', '[1.50, 12345678901234567890]', '[1.50,12345678901234567890]', []],
    [
      'long JSON',
      '{"name":"somebody at all","a":42,"tags":[]}',
      undefined,
      ['{', '  "name": "somebody…', '  "a": 42,', '  "tags": []', '}'],
    ],
    ['lines', 'one\ntwo\n\tthree', undefined, ['one', 'two', '  three']],
    ['a long line', 'abcdefghij'.repeat(4), undefined, ['abcdefghijabcdefghij', 'abcdefghijabcdefghij']],
    ['too many lines', 'a\n'.repeat(10), undefined, ['a', 'a', 'a', 'a', 'a', 'a', '… 8 more characters']],
    ['broken JSON', '{"a": \u001b', '{"a": \\x1b', []],
    ['nothing', '', '', []],
  ])('of %s', (_, body, inline, lines) => {
    expect(layOutBody(body, limits)).toEqual({ inline, lines });
  });

  it('of very many levels is indented no further than a page is wide', () => {
    expect(indentJson('['.repeat(5000) + ']'.repeat(5000)).length).toBeLessThan(5000 * 2 * 202);
  });

  it('is laid out in full when there is no limit', () => {
    const body = JSON.stringify({ text: 'x'.repeat(500_000), list: Array.from({ length: 100 }, (_, index) => index) });
    const { lines } = layOutBody(body, { ...limits, maxLines: Number.POSITIVE_INFINITY });
    expect(JSON.parse(lines.join('\n'))).toEqual(JSON.parse(body));
  });
});

describe('indented JSON', () => {
  it('is what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(indentJson(json)).toBe(JSON.stringify(JSON.parse(json), null, 2));
      }),
    );
  });
});
