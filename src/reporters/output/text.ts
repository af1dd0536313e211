import { cutColumns, measureColumns } from '../../util/cells.ts';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Characters that could steer a terminal or turn the reading direction, line feeds and tabs aside. */
const STEERING = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/gu;

/** Makes foreign text harmless: control characters become visible (`\x1b`), halves of characters U+FFFD, CR LF a line feed. */
export function cleanText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replaceAll('\r\n', '\n').replace(LONE_SURROGATE, '\ufffd').replace(STEERING, escapeCharacter);
}

/** The same on one line: line feeds and tabs become spaces. */
export function cleanLine(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : cleanText(text).replace(/\s*\n\s*|\t/g, ' ');
}

/** Columns that a text without control characters takes on a terminal. */
export function measureWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : measureColumns(text);
}

/** Fills up with spaces to a width in columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - measureWidth(text)));
}

/** Cuts a line to a width in columns, with `…` in place of what is missing. */
export function cutTo(text: string, width: number): string {
  return text.length <= width && PRINTABLE_ASCII.test(text) ? text : cutColumns(text, width);
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
