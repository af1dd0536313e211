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

/** Whose SQL it is: MySQL stands for MariaDB too. */
export type SqlDialect = 'postgres' | 'mysql';

const SPACE = /\s+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const NUMBERED = /\$\d+/y;
const NAMED = /:[A-Za-z_]\w*/y;
/** Behind these, `:name` is the end of a slice (`a[1:n]`) or of a label, never a parameter. */
const BEFORE_SLICE_END: ReadonlySet<SqlToken['kind']> = new Set([
  'word',
  'number',
  'literal',
  'quoted_name',
  'numbered',
  'named',
  'close',
]);

/** Scans blanks, words and numbers; anything else is one character. */
export function scanPlain(text: string, at: number): [SqlToken['kind'], number] {
  const spaceEnd = endOf(SPACE, text, at);
  if (spaceEnd !== undefined) return ['space', spaceEnd];
  const wordEnd = endOf(WORD, text, at);
  if (wordEnd !== undefined) return ['word', wordEnd];
  const numberEnd = endOf(NUMBER, text, at);
  return numberEnd === undefined ? ['other', at + 1] : ['number', numberEnd];
}

/** Scans what a colon begins: `:name`, `::`, `:=`. */
export function scanColon(text: string, at: number, before: SqlToken['kind'] | undefined): [SqlToken['kind'], number] {
  const next = text[at + 1];
  if (next === ':' || next === '=') return ['other', at + 2];
  const end = endOf(NAMED, text, at);
  return end === undefined || (before && BEFORE_SLICE_END.has(before)) ? ['other', at + 1] : ['named', end];
}

/** The end of `$1`; undefined when there is none. */
export function endOfNumbered(text: string, at: number): number | undefined {
  return endOf(NUMBERED, text, at);
}

/** Where a sticky pattern ends that begins here. */
export function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The end of what a quote closes that is doubled to stand for itself. */
export function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf(quote, at);
    if (at === -1) return text.length;
    if (text[at + 1] !== quote) return at + 1;
  }
}

/** The same where a backslash takes the next character too. */
export function endOfEscaped(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length;
}
