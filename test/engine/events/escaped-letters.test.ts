import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';

function mask(secret: string, text: string): string {
  const secrets = createSecrets();
  secrets.add(secret);
  return secrets.maskText(text);
}

const eachOf = (text: string, write: (code: number) => string): string =>
  Array.from(text, (letter) => write(letter.codePointAt(0) ?? 0)).join('');
const eachByte = (text: string, write: (byte: number) => string): string =>
  Array.from(Buffer.from(text), (byte) => write(byte)).join('');
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

describe('escapes of each character', () => {
  it.each<[string, (text: string) => string]>([
    ['JSON', (text) => eachOf(text, (code) => `\\u${hex(code, 4)}`)],
    ['JSON within JSON', (text) => eachOf(text, (code) => `\\\\u${hex(code, 4).toUpperCase()}`)],
    ['JSON in a URL', (text) => eachOf(text, (code) => `%5Cu${hex(code, 4)}`)],
    ['a script', (text) => eachOf(text, (code) => `\\u{${hex(code, 1)}}`)],
    ['bytes of a script', (text) => eachByte(text, (byte) => `\\x${hex(byte, 2)}`)],
    ['HTML', (text) => eachOf(text, (code) => `&#${code};`)],
    ['HTML in hexadecimal digits', (text) => eachOf(text, (code) => `&#x${hex(code, 4)};`)],
    ['HTML twice', (text) => eachOf(text, (code) => `&amp;#${code};`)],
    ['HTML in JSON of Go', (text) => eachOf(text, (code) => `\\u0026#${code};`)],
    ['a URL', (text) => eachByte(text, (byte) => `%${hex(byte, 2)}`)],
    ['a URL twice', (text) => eachByte(text, (byte) => `%25${hex(byte, 2).toUpperCase()}`)],
    ['octal digits', (text) => eachByte(text, (byte) => `\\${byte.toString(8).padStart(3, '0')}`)],
    [
      'octal digits of what is not ASCII',
      (text) => eachByte(text, (byte) => (byte < 128 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`)),
    ],
    [
      'every second letter',
      (text) => Array.from(text, (one, at) => (at % 2 ? one : `%${hex(Buffer.from(one)[0] ?? 0, 2)}`)).join(''),
    ],
  ])('finds a secret of which each character is escaped, as in %s', (title, write) => {
    for (const secret of [
      'Qx71-zzKpw9Ld82',
      'Q7ab',
      ...(title.startsWith('every') ? [] : ['pässwörd-Straße7', 'pass geheim €5']),
    ]) {
      expect(mask(secret, `{"a": "${write(secret)}", "b": 1}`)).toBe('{"a": "***", "b": 1}');
      expect(mask(secret, `x${write('x')} ${write(secret)}${write(' z')}`)).toBe(`x${write('x')} ***${write(' z')}`);
    }
  });

  it('leaves less than a character of a secret whose escapes were cut', () => {
    const text = eachOf('Qx71-zzKpw9Ld82', (code) => `\\u${hex(code, 4)}`);
    for (let cut = 1; cut < text.length; cut++) {
      const shown = mask('Qx71-zzKpw9Ld82', `got "${text.slice(0, cut)}… (90 characters)`);
      expect(cut < 24 || shown === 'got "***… (90 characters)', shown).toBe(true);
    }
  });

  it('looks into many escapes without much delay', () => {
    const secrets = createSecrets();
    secrets.add('hunter2&Secr8t');
    const startedAt = performance.now();
    for (const text of ['\\', '\\u0041', '%25', '%', '&amp;', '&#81;', '\\303\\244', '%5c', '\\\\', '\\"', '"\\u004']) {
      const long = text.repeat(50_000);
      expect(secrets.maskText(long) === long).toBe(true);
    }
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
