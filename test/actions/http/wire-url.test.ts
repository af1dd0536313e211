import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainUrl } from '../../../src/actions/http/wire-url.ts';

const KEYS = ['href', 'origin', 'protocol', 'hostname', 'port', 'pathname', 'search'] as const;

function pick(url: URL): Record<(typeof KEYS)[number], string> {
  return Object.fromEntries(KEYS.map((key) => [key, url[key]])) as Record<(typeof KEYS)[number], string>;
}

describe('readPlainUrl', () => {
  it.each([
    'http://127.0.0.1:5001/users/1?n=2',
    'https://api.example.com/',
    'http://API.example.com:80/a//b;c=1/%C3%A4?x=%20&y',
    'http://[::1]:8080/a',
  ])('reads %s as a URL does', (text) => {
    expect(readPlainUrl(text)).toEqual(pick(new URL(text)));
  });

  it.each([
    'http://user:secret@host/a',
    'http://host',
    'http://host?a=/b',
    'http://host/a#b',
    'http://host/a/../b',
    'http://host/a/%2E%2e/b',
    'http://host/a b',
    'http://host/a?',
    "http://host/a?it's",
    'http://host/ä',
    'http://host\\a/b',
    'ftp://host/a',
    'http://http://host/a',
    ' /a',
    '',
  ])('leaves %s to who reads all of it', (text) => {
    expect(readPlainUrl(text)).toBeUndefined();
  });

  it('never reads anything else than a URL does', () => {
    const part = fc.constantFrom(
      'a',
      'B',
      '1',
      '/',
      '//',
      '.',
      '..',
      '?',
      '&',
      '=',
      '%',
      '%2e',
      '%20',
      '#',
      "'",
      '"',
      '~',
      '|',
      '\\',
      '\t',
      ' ',
      'ä',
      '@',
      ':',
    );
    const host = fc.constantFrom(
      'http://h',
      'HTTP://h:80',
      'https://h:8443',
      'http://a@h',
      'http://h..',
      'http://1',
      'http:/h',
    );
    fc.assert(
      fc.property(host, fc.array(part, { maxLength: 8 }), (start, parts) => {
        const text = `${start}/${parts.join('')}`;
        const read = readPlainUrl(text);
        if (read) expect(read).toEqual(pick(new URL(text)));
      }),
      { numRuns: 2000 },
    );
  });
});
