import { ExprError } from '../values/error.ts';
import { showInvisible } from '../values/invisible.ts';
import { LIMITS } from '../values/limits.ts';
import { suggestForCharacter } from './foreign-characters.ts';
import { readNumber } from './lexer-number.ts';
import { readQuoted, readRaw } from './lexer-text.ts';

type TokenKind = 'name' | 'word' | 'number' | 'text' | 'quote' | 'operator' | 'end';

/** One token; `text` is the meaning of a text, the spelling of anything else; a `quote` opens a text with placeholders. */
export interface Token {
  kind: TokenKind;
  text: string;
  offset: number;
  end: number;
}

const wordOperators = new Set('not in or and matches contains startsWith endsWith let if else'.split(' '));
const namePattern = /[\p{L}_$][\p{L}\p{Nd}_$]*/uy;
const doubleOperators = new Map(
  ['**', '??', '?.', '..', '::', '==', '!=', '<=', '>=', '&&', '||'].map((text) => [
    (text.charCodeAt(0) << 8) | text.charCodeAt(1),
    text,
  ]),
);
const singleOperators = new Map([...'()[]{},;:?.|+-*/%^<>!#='].map((text) => [text.charCodeAt(0), text]));

/** Whether `${` and placeholders in quoted texts are to be told apart from plain text. */
interface LexerOptions {
  hasPlaceholders: boolean;
}

/** Reads the token that begins at or after the offset; blanks and comments are skipped. */
export function readToken(source: string, start: number, options: LexerOptions): Token {
  const offset = skipBlanks(source, start);
  if (offset >= source.length) return { kind: 'end', text: '', offset: source.length, end: source.length };
  const code = source.charCodeAt(offset);
  if (options.hasPlaceholders && code === 0x24 && source.charCodeAt(offset + 1) === 0x7b) {
    return { kind: 'operator', text: '${', offset, end: offset + 2 };
  }
  if (isNameStart(code)) return readName(source, offset);
  if (isDigit(code) || (code === 0x2e && isDigit(source.charCodeAt(offset + 1)))) {
    const end = readNumber(source, offset);
    return { kind: 'number', text: source.slice(offset, end), offset, end };
  }
  if (code === 0x22 || code === 0x27 || code === 0x60) return readText(source, offset, options);
  return readOperator(source, offset, code);
}

/** Whether the token is the operator, bracket or word operator. */
export function isOperator(token: Token, text: string): boolean {
  return token.text === text && (token.kind === 'operator' || token.kind === 'word');
}

/** Whether the text is a name that may stand alone. */
export function isNameText(text: string): boolean {
  namePattern.lastIndex = 0;
  const match = namePattern.exec(text);
  return match !== null && match[0].length === text.length;
}

function skipBlanks(source: string, start: number): number {
  let i = start;
  for (;;) {
    const code = source.charCodeAt(i);
    if (code === 0x20 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff) i++;
    else if (code === 0x2f && source.charCodeAt(i + 1) === 0x2f) i = endOfLine(source, i);
    else if (code === 0x2f && source.charCodeAt(i + 1) === 0x2a) i = endOfComment(source, i);
    else return i;
  }
}

function endOfLine(source: string, start: number): number {
  const end = source.indexOf('\n', start);
  return end < 0 ? source.length : end;
}

function endOfComment(source: string, start: number): number {
  const end = source.indexOf('*/', start + 2);
  if (end < 0)
    throw new ExprError('syntax', 'the comment has no end', { offset: start, length: 2, hint: 'close it with `*/`' });
  return end + 2;
}

function readName(source: string, offset: number): Token {
  let end = offset;
  let code = source.charCodeAt(end);
  while (isAsciiNamePart(code)) code = source.charCodeAt(++end);
  if (code > 0x7f) {
    namePattern.lastIndex = offset;
    const match = namePattern.exec(source);
    if (match === null) return throwCharacter(source, offset);
    end = namePattern.lastIndex;
  }
  const text = source.slice(offset, end);
  return { kind: wordOperators.has(text) ? 'word' : 'name', text, offset, end };
}

function readText(source: string, offset: number, options: LexerOptions): Token {
  const quote = source.charAt(offset);
  if (options.hasPlaceholders && mayHoldPlaceholder(source, offset + 1, quote)) {
    return { kind: 'quote', text: quote, offset, end: offset + 1 };
  }
  const { text, end } = quote === '`' ? readRaw(source, offset) : readQuoted(source, offset);
  return { kind: 'text', text, offset, end };
}

function mayHoldPlaceholder(source: string, start: number, quote: string): boolean {
  const end = source.indexOf(quote, start);
  return /\{\{|\$\{|<</.test(source.slice(start, end < 0 ? source.length : end));
}

function readOperator(source: string, offset: number, code: number): Token {
  const double = doubleOperators.get((code << 8) | source.charCodeAt(offset + 1));
  if (double !== undefined) return readDouble(source, offset, double);
  const single = singleOperators.get(code);
  if (single !== undefined) return { kind: 'operator', text: single, offset, end: offset + 1 };
  if (code === 0x26) {
    throw new ExprError('syntax', 'unknown operator `&`', {
      offset,
      length: 1,
      hint: 'did you mean `&&`, or `bitand(a, b)`?',
    });
  }
  return throwCharacter(source, offset);
}

function readDouble(source: string, offset: number, text: string): Token {
  if (text === '==' && source.charCodeAt(offset + 2) === 0x3d) {
    throw new ExprError('syntax', 'unknown operator `===`', { offset, length: 3, hint: 'did you mean `==`?' });
  }
  return { kind: 'operator', text, offset, end: offset + 2 };
}

function throwCharacter(source: string, offset: number): never {
  const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  const hint = suggestForCharacter(character);
  throw new ExprError('syntax', `unexpected character \`${showInvisible(character)}\``, {
    offset,
    length: character.length,
    hint,
  });
}

function isNameStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x24 || code > 0xa0
  );
}

function isAsciiNamePart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x24
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Refuses a source that is too long to be an expression. */
export function checkLength(length: number, offset: number): void {
  if (length > LIMITS.sourceLength) {
    throw new ExprError('syntax', `the expression has ${length} characters, more than ${LIMITS.sourceLength}`, {
      offset,
      length: 1,
    });
  }
}
