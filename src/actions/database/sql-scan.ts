/** A stretch of SQL; the tokens of a text cover all of it. */
export interface SqlToken {
  readonly kind:
    | 'space'
    | 'comment'
    | 'word'
    | 'number'
    | 'literal'
    | 'quoted_name'
    | 'numbered'
    | 'named'
    | 'question'
    | 'semicolon'
    | 'open'
    | 'close'
    | 'other';
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

type Kind = SqlToken['kind'];

const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const NUMBERED = /\$\d+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const NAMED = /:[A-Za-z_]\w*/y;
/** Behind these, `:name` is the end of a slice (`a[1:n]`), never a parameter. */
const BEFORE_SLICE_END: ReadonlySet<Kind> = new Set([
  'word',
  'number',
  'literal',
  'quoted_name',
  'numbered',
  'named',
  'close',
]);

/**
 * Splits SQL as Postgres reads it: comments nest, `E'…'` has backslashes, `$tag$ … $tag$` has none of anything. What is not
 * closed reaches to the end.
 */
export function scanSql(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let start = 0;
  while (start < text.length) {
    const [kind, end] = scanOne(text, start, tokens.at(-1)?.kind);
    tokens.push({ kind, start, end });
    start = end;
  }
  return tokens;
}

function scanOne(text: string, at: number, before: Kind | undefined): [Kind, number] {
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
      return scanWord(text, at);
  }
}

function scanWord(text: string, at: number): [Kind, number] {
  const spaceEnd = endOf(SPACE, text, at);
  if (spaceEnd !== undefined) return ['space', spaceEnd];
  const quoted = scanPrefixedQuote(text, at);
  if (quoted) return quoted;
  const wordEnd = endOf(WORD, text, at);
  if (wordEnd !== undefined) return ['word', wordEnd];
  const numberEnd = endOf(NUMBER, text, at);
  return numberEnd === undefined ? ['other', at + 1] : ['number', numberEnd];
}

function scanPrefixedQuote(text: string, at: number): [Kind, number] | undefined {
  const prefix = text[at]?.toLowerCase() ?? '';
  const next = text[at + 1];
  if (prefix === 'e' && next === "'") return ['literal', endOfEscaped(text, at + 2)];
  if ((prefix === 'b' || prefix === 'x' || prefix === 'n') && next === "'")
    return ['literal', endOfQuoted(text, at + 2, "'")];
  if (prefix !== 'u' || next !== '&') return undefined;
  const quote = text[at + 2];
  if (quote === "'") return ['literal', endOfQuoted(text, at + 3, "'")];
  return quote === '"' ? ['quoted_name', endOfQuoted(text, at + 3, '"')] : undefined;
}

function scanDollar(text: string, at: number): [Kind, number] {
  const numberedEnd = endOf(NUMBERED, text, at);
  if (numberedEnd !== undefined) return ['numbered', numberedEnd];
  const tagEnd = endOf(DOLLAR_TAG, text, at);
  if (tagEnd === undefined) return ['other', at + 1];
  const tag = text.slice(at, tagEnd);
  const close = text.indexOf(tag, tagEnd);
  return ['literal', close === -1 ? text.length : close + tag.length];
}

function scanColon(text: string, at: number, before: Kind | undefined): [Kind, number] {
  const next = text[at + 1];
  if (next === ':' || next === '=') return ['other', at + 2];
  const end = endOf(NAMED, text, at);
  return end === undefined || (before && BEFORE_SLICE_END.has(before)) ? ['other', at + 1] : ['named', end];
}

/** `?|` and `?&` are operators of jsonb; `?||` is a parameter and a concatenation. */
function scanQuestion(text: string, at: number): [Kind, number] {
  const next = text[at + 1];
  const isOperator = next === '&' || (next === '|' && text[at + 2] !== '|');
  return isOperator ? ['other', at + 2] : ['question', at + 1];
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf(quote, at);
    if (at === -1) return text.length;
    if (text[at + 1] !== quote) return at + 1;
  }
}

function endOfEscaped(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === "'") {
      if (text[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return text.length;
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
