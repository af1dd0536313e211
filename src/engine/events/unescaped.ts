const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|apos|gt|lt|quot));/gi;
const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrt"'\\/]))/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Each undoes what a writer did to the signs of a text; a text without its escapes stays as it is. */
const READERS: readonly ((text: string) => string)[] = [
  readUrl,
  (text) =>
    text.replaceAll(ENTITY, (whole, decimal?: string, hexadecimal?: string, name = '') =>
      decimal === undefined && hexadecimal === undefined
        ? (NAMED[name.toLowerCase()] ?? whole)
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

function readUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toCharacter(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
