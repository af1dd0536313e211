import { endOf, endOfEscaped, endOfNumbered, endOfQuoted, type SqlToken, scanColon, scanPlain } from './sql-token.ts';

type Kind = SqlToken['kind'];

const LINE_COMMENT = /--[^\n\r]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/** Scans one token as Postgres does: comments nest, `E'…'` has backslashes, `$tag$ … $tag$` has none of anything. */
export function scanPostgresToken(text: string, at: number, before: Kind | undefined): [Kind, number] {
  const char = text[at] ?? '';
  switch (char) {
    case "'":
      return ['literal', endOfQuoted(text, at + 1, "'")];
    case '"':
      return ['quoted_name', endOfQuoted(text, at + 1, '"')];
    case '-':
      return text[at + 1] === '-' ? ['comment', endOf(LINE_COMMENT, text, at) ?? at + 1] : ['other', at + 1];
    case '/':
      return text[at + 1] === '*' ? ['comment', endOfBlockComment(text, at)] : ['other', at + 1];
    case '$':
      return scanDollar(text, at);
    case ':':
      return scanColon(text, at, before);
    case '?':
      return scanQuestion(text, at);
    case ';':
      return ['semicolon', at + 1];
    case '(':
      return ['open', at + 1];
    case ')':
    case ']':
      return ['close', at + 1];
    default:
      return scanPrefixedQuote(text, at) ?? scanPlain(text, at);
  }
}

function scanPrefixedQuote(text: string, at: number): [Kind, number] | undefined {
  const prefix = text[at]?.toLowerCase() ?? '';
  const next = text[at + 1];
  if (prefix === 'e' && next === "'") return ['literal', endOfEscaped(text, at + 2, "'")];
  if ((prefix === 'b' || prefix === 'x' || prefix === 'n') && next === "'")
    return ['literal', endOfQuoted(text, at + 2, "'")];
  if (prefix !== 'u' || next !== '&') return undefined;
  const quote = text[at + 2];
  if (quote === "'") return ['literal', endOfQuoted(text, at + 3, "'")];
  return quote === '"' ? ['quoted_name', endOfQuoted(text, at + 3, '"')] : undefined;
}

function scanDollar(text: string, at: number): [Kind, number] {
  const numberedEnd = endOfNumbered(text, at);
  if (numberedEnd !== undefined) return ['numbered', numberedEnd];
  const tagEnd = endOf(DOLLAR_TAG, text, at);
  if (tagEnd === undefined) return ['other', at + 1];
  const tag = text.slice(at, tagEnd);
  const close = text.indexOf(tag, tagEnd);
  return ['literal', close === -1 ? text.length : close + tag.length];
}

/** `?|` and `?&` are operators of jsonb; `?||` is a parameter and a concatenation. */
function scanQuestion(text: string, at: number): [Kind, number] {
  const next = text[at + 1];
  const isOperator = next === '&' || (next === '|' && text[at + 2] !== '|');
  return isOperator ? ['other', at + 2] : ['question', at + 1];
}

function endOfBlockComment(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const pair = text.slice(at, at + 2);
    if (pair === '/*') {
      depth++;
      at++;
    } else if (pair === '*/') {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
