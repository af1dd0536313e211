import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanSql } from '../../../../src/actions/database/sql/sql-scan.ts';

/** The parameters and semicolons of a text, which is all that binding and splitting look at. */
function meaningful(text: string): string[] {
  return scanSql(text)
    .filter((token) => ['named', 'numbered', 'question', 'semicolon'].includes(token.kind))
    .map((token) => text.slice(token.start, token.end));
}

describe('scanSql', () => {
  it.each([
    ['select :a, :b_2', [':a', ':b_2']],
    ['where a=:a and b=$1 and c=?', [':a', '$1', '?']],
    ['select :a::text, b::uuid', [':a']],
    ["select ':a', 'it''s :b', :c", [':c']],
    ["select E'\\':a', :b", [':b']],
    ["select 'c:\\', :b", [':b']],
    ["select e'\\\\', :b, U&'\\0041:x', B'1', :c", [':b', ':c']],
    ['select ":a" , "x"":b", :c', [':c']],
    ['-- :a ; \n:b', [':b']],
    ['/* :a /* ; */ :b */ :c', [':c']],
    ['$$ :a ; $1 $$ :b', [':b']],
    ['$f$ $$ :a $x$ $f$; :b', [';', ':b']],
    ['foo$1 and foo$a$ :b', [':b']],
    ['a[1:n], a[lo:hi], a[f(x):g]', []],
    ['a[:n]', [':n']],
    ['x := 5', []],
    ['a ?| b, a ?& b, ? || c', ['?']],
    ["json->>'a:b' #>> '{c,d}'", []],
    ["time '10:20:30' at :z", [':z']],
    ['1:a', []],
    ['IN(:a,:b)', [':a', ':b']],
    ["'open :a ;", []],
    ['/* open :a ;', []],
    ['$x$ open :a ;', []],
  ])('%s', (text, expected) => {
    expect(meaningful(text)).toEqual(expected);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      ';',
      ':',
      '::',
      ':a',
      '?',
      '$1',
      "E'",
      '\\',
      '(',
      ')',
      ' ',
      'é',
      '1.5',
    ),
    fc.string({ maxLength: 3 }),
  );
  const sql = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('covers every text without gaps', () => {
    fc.assert(
      fc.property(sql, (text) => {
        const tokens = scanSql(text);
        expect(tokens.map((token) => text.slice(token.start, token.end)).join('')).toBe(text);
        for (const token of tokens) expect(token.end).toBeGreaterThan(token.start);
      }),
    );
  });

  it('never looks into what is quoted or a comment', () => {
    const inside = fc.string({ unit: 'grapheme' }).map((text) => `:x ? $1 ; ${text}`);
    fc.assert(
      fc.property(inside, (text) => {
        const forms = [
          `'${text.replaceAll("'", "''")}'`,
          `"${text.replaceAll('"', '""')}"`,
          `E'${text.replace(/[\\']/g, '\\$&')}'`,
          `$tag$${text.replaceAll('$tag$', '')}$tag$`,
          `/*${text.replaceAll('*', '').replaceAll('/', '')}*/`,
          `--${text.replace(/[\n\r]/g, '')}\n`,
        ];
        for (const form of forms) expect(meaningful(`select ${form}, :y`)).toEqual([':y']);
      }),
    );
  });
});
