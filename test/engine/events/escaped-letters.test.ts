import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import { repeats, sample } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of escapes of letters', 1, 0) > 0);

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
  it.each(
    sample<[string, (text: string) => string]>(
      'escapes of each character',
      [
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
        ['a URL three times', (text) => eachByte(text, (byte) => `%2525${hex(byte, 2).toUpperCase()}`)],
        ['a URL six times', (text) => eachByte(text, (byte) => `%2525252525${hex(byte, 2)}`)],
        ['units of a script in a URL', (text) => eachOf(text, (code) => `%u${hex(code, 4).toUpperCase()}`)],
        ['octal digits', (text) => eachByte(text, (byte) => `\\${byte.toString(8).padStart(3, '0')}`)],
        [
          'octal digits of what is not ASCII',
          (text) => eachByte(text, (byte) => (byte < 128 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`)),
        ],
        [
          'every second letter',
          (text) => Array.from(text, (one, at) => (at % 2 ? one : `%${hex(Buffer.from(one)[0] ?? 0, 2)}`)).join(''),
        ],
      ],
      { count: 6 },
    ),
  )('finds a secret of which each character is escaped, as in %s', (title, write) => {
    for (const secret of [
      'Qx71-zzKpw9Ld82',
      'Q7ab',
      ...(title.startsWith('every') ? [] : ['pässwörd-Straße7', 'pass geheim €5']),
    ]) {
      expect(mask(secret, `{"a": "${write(secret)}", "b": 1}`)).toBe('{"a": "***", "b": 1}');
      expect(mask(secret, `x${write('x')} ${write(secret)}${write(' z')}`)).toBe(`x${write('x')} ***${write(' z')}`);
    }
  });

  const named = (text: string): string =>
    text.replaceAll(
      /[<>&"' äßéö/%]/g,
      (sign) =>
        `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": 'apos', ' ': 'nbsp', ä: 'auml', ß: 'szlig', é: 'eacute', ö: 'ouml', '/': 'sol', '%': 'percnt' }[sign]};`,
    );
  const again = (text: string): string => text.replaceAll('&', '&amp;');
  it.each(
    sample<[string, (text: string) => string]>(
      'escapes that are cut',
      [
        ['three times', (text) => encodeURIComponent(encodeURIComponent(encodeURIComponent(text)))],
        ['five times', (text) => [1, 2, 3, 4, 5].reduce((made) => encodeURIComponent(made), text)],
        [
          'as a form, then twice',
          (text) => encodeURIComponent(encodeURIComponent(`${new URLSearchParams([[text, '']])}`.slice(0, -1))),
        ],
        ['by `escape`', escape],
        ['by `escape` in a URL', (text) => encodeURIComponent(escape(text))],
        ['in HTML with names', named],
        ['in HTML with names, twice', (text) => again(named(text))],
        ['in HTML with names, three times', (text) => again(again(named(text)))],
        ['in HTML with names in a URL twice', (text) => encodeURIComponent(encodeURIComponent(named(text)))],
        ['in HTML as a blank that lines do not break at', (text) => text.replaceAll(' ', '\u00a0')],
        ['with a sign for each letter that a writer does not know', (text) => text.replaceAll(/[^\0-\x7f]/gu, '?')],
        [
          'with a sign for each byte',
          (text) => text.replaceAll(/[^\0-\x7f]/gu, (one) => '?'.repeat(Buffer.byteLength(one))),
        ],
        ['with U+FFFD', (text) => text.replaceAll(/[^\0-\x7f]/gu, '\ufffd')],
        [
          'with U+FFFD for each byte',
          (text) => text.replaceAll(/[^\0-\x7f]/gu, (one) => '\ufffd'.repeat(Buffer.byteLength(one))),
        ],
        ['with such a sign in a URL', (text) => encodeURIComponent(text.replaceAll(/[^\0-\x7f]/gu, '?'))],
        ['without those letters', (text) => text.replaceAll(/[^\0-\x7f]/gu, '')],
        ['without their marks', (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, '')],
      ],
      { count: 2 },
    ),
  )('finds a secret %s, as a whole and where it was cut', (_title, write) => {
    for (const secret of [`p4"s<s>/w\\öm r'd+'&=é x7`, 'k9~Ru!x_2q zz/81', 'a%b%41c d/e%zz+99', 'ünïcödé-Päss91 &x']) {
      const secrets = createSecrets();
      secrets.add(secret);
      const written = write(secret);
      expect(secrets.maskText(`x ${written} y`)).toBe('x *** y');
      expect(secrets.maskText(`{"a":"${Buffer.from(`a ${written} b`, 'utf8').toString('base64')}"}`)).toBe(
        '{"a":"***"}',
      );
      for (let cut = 1; cut < written.length; cut++) {
        for (const part of [`${written.slice(0, cut)}…`, `…${written.slice(cut)}`]) {
          const shown = secrets.maskText(`got "${part}" z`);
          // A few characters and what a cut left of one are up to 60 units.
          expect(part.length < 60 || (shown.length < 40 && shown.includes('***')), `${part} gives ${shown}`).toBe(true);
        }
      }
    }
  });

  it('leaves signs and entities that stand for no secret', () => {
    const text =
      '????? \ufffd\ufffd\ufffd\ufffd &auml;&nbsp;&unknown; 100%25 %u0041 %2525252041 a=%C3%A4 … and so on...';
    expect(mask('秘密秘密', text)).toBe(text);
    expect(mask('hunter2-äöü', text)).toBe(text);
  });

  it('leaves less than a character of a secret whose escapes were cut', () => {
    const text = eachOf('Qx71-zzKpw9Ld82', (code) => `\\u${hex(code, 4)}`);
    for (let cut = 1; cut < text.length; cut++) {
      const shown = mask('Qx71-zzKpw9Ld82', `got "${text.slice(0, cut)}… (90 characters)`);
      expect(cut < 24 || shown === 'got "***… (90 characters)', shown).toBe(true);
    }
  });

  inFullRun('looks into many escapes without much delay', () => {
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
