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
      ['{', '  "name": "somebody ', '  at all",', '  "a": 42,', '  "tags": []', '}'],
    ],
    [
      'JSON with a line too long for what is left',
      '{"name":"somebody who is called by his whole name","a":42,"tags":[]}',
      undefined,
      ['{', '  "name": "somebody ', '  who is called by …', '  "a": 42,', '  "tags": []', '}'],
    ],
    [
      'JSON whose every line is taken',
      '{"name":"somebody at all","a":42,"b":43,"tags":[]}',
      undefined,
      ['{', '  "name": "somebody…', '  "a": 42,', '  "b": 43,', '  "tags": []', '}'],
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

describe('a long line that explains', () => {
  it('is shown in full, on several lines', () => {
    const error = `json: cannot unmarshal number into Go struct field ${'OrderRequest.items.'.repeat(10)}quantity of type int64`;
    const { lines } = layOutBody(JSON.stringify({ error }), { inlineWidth: 60, width: 80, maxLines: 20 });
    expect(lines.join('').replaceAll(/\s/g, '')).toBe(JSON.stringify({ error }).replaceAll(' ', ''));
    expect(lines).toHaveLength(6);
  });

  it('is cut where it is data', () => {
    const { lines } = layOutBody(JSON.stringify({ photo: 'A'.repeat(10_000), ok: 1 }), {
      inlineWidth: 60,
      width: 80,
      maxLines: 20,
    });
    expect(lines).toHaveLength(11);
    expect(lines[8]).toMatch(/A…$/);
  });
});
