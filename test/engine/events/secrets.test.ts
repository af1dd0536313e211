import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import { ExactNumber, type Value } from '../../../src/expr/index.ts';

function mask(secret: Value, text: string): string {
  const secrets = createSecrets();
  secrets.add(secret);
  return secrets.maskText(text);
}

const SECRET = `p4"ss/w\\ö rd'+&=`;
const BASIC = Buffer.from(`user:${SECRET}`).toString('base64');

describe('masking', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ pin: SECRET })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ pin: SECRET }))],
    ['in JSON of ASCII letters', JSON.stringify(SECRET).replace('ö', '\\u00f6')],
    ['in a URL', `http://h/?p=${encodeURIComponent(SECRET)}&q=1`],
    ['in a URL with lower-case escapes', encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ p: SECRET }).toString()],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
    ['in basic authorization', `Basic ${BASIC}`],
    ['in a shell’s quotes', `curl -d '${SECRET.replaceAll("'", "'\\''")}'`],
  ])('finds a secret %s', (_title, text) => {
    const masked = mask(SECRET, text);
    expect(masked).toContain('***');
    for (const part of ['p4', 'ss', 'w\\', 'rd', BASIC.slice(8, 20)]) expect(masked).not.toContain(part);
  });

  it.each<[string, Value, string, string]>([
    ['a short one is masked as a whole value only', 'ab', 'ab', '***'],
    ['a short one stays inside of others', 'ab', 'cab ab', 'cab ab'],
    ['four characters are masked inside', 'abcd', 'xabcdx abcd', 'x***x ***'],
    ['the longest wins', ['abcd', 'abcdef'], 'abcdef abcde', '*** ***e'],
    ['a number counts as its digits', 123456, '{"pin":123456}', '{"pin":***}'],
    ['an exact number too', new ExactNumber('9007199254740993'), 'n=9007199254740993', 'n=***'],
    [
      'every text in a map',
      { a: ['first-secret'], b: { c: 'second-secret' } },
      'first-secret, second-secret',
      '***, ***',
    ],
    ['nil, bools and the empty text are none', [null, true, ''], 'null true ', 'null true '],
    ['a line of a key', `-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n`, 'x MIIEvQIBADANBgkqhkiG9w0 y', 'x *** y'],
    ['text around stays', 'hunter22', 'a hunter22, b hunter2', 'a ***, b hunter2'],
    ['regular expression characters are text', 'a.c*(d', 'aXc*(d a.c*(d', 'aXc*(d ***'],
  ])('%s', (_title, secret, text, wanted) => {
    expect(mask(secret, text)).toBe(wanted);
  });

  it('leaves no secret behind, whatever surrounds it', () => {
    const secret = fc.string({ minLength: 4, maxLength: 20, unit: 'grapheme' });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        fc.pre(!hidden.includes('*'));
        const masked = mask(hidden, before + hidden + after);
        expect(masked).toContain('***');
        expect(masked).not.toContain(hidden);
      }),
    );
  });

  it('finds a secret wherever its bytes fall in base64', () => {
    const ascii = fc.string({ minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(ascii, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (hidden, before, after) => {
        const text = Buffer.from(before + hidden + after).toString('base64');
        expect(mask(hidden, `x ${text} y`)).toBe('x *** y');
      }),
    );
  });

  it('gives the same text when there is nothing to mask', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(createSecrets().maskText(text)).toBe(text);
        expect(mask('not-in-there', text)).toBe(text);
      }),
    );
  });
});
