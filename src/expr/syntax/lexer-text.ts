import { ExprError } from '../values/error.ts';

/** A quoted text that was read: its meaning and where it ends. */
interface QuotedText {
  text: string;
  end: number;
}

const simpleEscapes: { readonly [character: string]: string } = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const digitEscapes: readonly [RegExp, number][] = [
  [/x([0-9a-fA-F]{2})/y, 16],
  [/u([0-9a-fA-F]{4})/y, 16],
  [/u\{([0-9a-fA-F]{1,6})\}/y, 16],
  [/U([0-9a-fA-F]{8})/y, 16],
  [/([0-3][0-7]{2})/y, 8],
];

/** Reads a text in single or double quotes that begins at the offset. */
export function readQuoted(source: string, offset: number): QuotedText {
  const end = findQuotedEnd(source, offset);
  return { text: decodeEscapes(source, offset + 1, end - 1).toWellFormed(), end };
}

/** Reads a raw text in backticks that begins at the offset; a doubled backtick is one. */
export function readRaw(source: string, offset: number): QuotedText {
  let end = offset + 1;
  for (;;) {
    end = source.indexOf('`', end);
    if (end < 0) throw createOpenError(source, offset);
    if (source[end + 1] !== '`') break;
    end += 2;
  }
  return { text: source.slice(offset + 1, end).replaceAll('``', '`'), end: end + 1 };
}

/** Decodes the escapes between two offsets of a source. */
function decodeEscapes(source: string, start: number, end: number): string {
  const quote = source.charAt(start - 1);
  let text = '';
  let from = start;
  let i = source.indexOf('\\', start);
  while (i >= 0 && i < end) {
    const [character, next] = decodeEscape(source, i, quote);
    text += source.slice(from, i) + character;
    from = next;
    i = source.indexOf('\\', next);
  }
  return text + source.slice(from, end);
}

function findQuotedEnd(source: string, offset: number): number {
  const quote = source.charCodeAt(offset);
  for (let i = offset + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === 0x0a) break;
    if (code === 0x5c) i++;
  }
  throw createOpenError(source, offset);
}

/** Decodes the escape whose backslash stands at the offset: its character and where the text goes on; of the quotes only its own may be escaped. */
export function decodeEscape(source: string, offset: number, quote: string): [string, number] {
  const next = source[offset + 1] ?? '';
  const simple = next === quote ? quote : simpleEscapes[next];
  if (simple !== undefined) return [simple, offset + 2];
  for (const [pattern, base] of digitEscapes) {
    pattern.lastIndex = offset + 1;
    const match = pattern.exec(source);
    const code = match === null ? Number.NaN : Number.parseInt(match[1] ?? '', base);
    if (code <= 0x10ffff) return [String.fromCodePoint(code), pattern.lastIndex];
  }
  throw new ExprError('syntax', `unknown escape \`${source.slice(offset, offset + 2)}\``, {
    offset,
    length: 2,
    hint: 'write `\\\\` for a backslash, or the text in backticks',
  });
}

/** Makes the error for a text that is not closed. */
export function createOpenError(source: string, offset: number): ExprError {
  const quote = source[offset] ?? '"';
  return new ExprError('syntax', `the text has no closing ${quote === '`' ? 'backtick' : `\`${quote}\``}`, {
    offset,
    length: 1,
  });
}
