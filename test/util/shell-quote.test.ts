import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteShell } from '../../src/util/shell-quote.ts';

describe('a word of a shell', () => {
  it.each([
    ['plain', 'plain'],
    ['a b', "'a b'"],
    ["it's", `'it'\\''s'`],
    ['', "''"],
    ['$HOME', "'$HOME'"],
  ])('%j is written %s', (text, word) => {
    expect(quoteShell(text)).toBe(word);
  });

  it('gives the text back, whatever it is', () => {
    const texts = fc.sample(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
      200,
    );
    const script = texts.map((text) => `printf '%s\\0' ${quoteShell(text)}`).join('\n');
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(texts);
  });
});
