import { readEntity } from './entities.ts';

const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,7}\d{0,2}));/gi;
const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrt"'\\/]))/gi;
const UNITS = /%u([0-9a-f]{4})/gi;
const BYTES = /(?:%[0-9a-f]{2})+/gi;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Each undoes what a writer did to the signs of a text; a text without its escapes stays as it is. */
const READERS: readonly ((text: string) => string)[] = [
  readUrl,
  (text) =>
    text.replaceAll(ENTITY, (whole, decimal?: string, hexadecimal?: string, name = '') =>
      decimal === undefined && hexadecimal === undefined
        ? (readEntity(name) ?? whole)
        : toCharacter(decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)),
    ),
  (text) =>
    text.replaceAll(ESCAPE, (_, unit?: string, byte?: string, sign = '') =>
      unit === undefined && byte === undefined
        ? (CONTROLS[sign.toLowerCase()] ?? sign)
        : toCharacter(Number.parseInt(unit ?? byte ?? '', 16)),
    ),
];

/**
 * What a text is without the escapes of a URL, of HTML or of JSON, and of two of them one after the other: a secret is often taken from
 * the middle of such a text as it is written, and used as it is meant.
 */
export function listUnescaped(text: string): readonly string[] {
  const once = READERS.map((read) => read(text)).filter((one) => one !== text);
  const twice = once.flatMap((one) => READERS.map((read) => read(one)));
  return [...new Set([...once, ...twice])];
}

/** What is no escape in it stays, as in `100%`. */
function readUrl(text: string): string {
  return text
    .replaceAll(UNITS, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replaceAll(BYTES, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
}

function toCharacter(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
