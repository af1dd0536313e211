import type { SqlToken } from './sql-token.ts';

/** A piece of SQL that means something, with its text and how many parentheses it stands in. */
export interface SqlWord {
  readonly kind: SqlToken['kind'];
  readonly text: string;
  /** In upper case. */
  readonly upper: string;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/** The tokens of a query without blanks and comments. */
export function listWords(query: string, tokens: readonly SqlToken[]): SqlWord[] {
  const words: SqlWord[] = [];
  let depth = 0;
  for (const { kind, start, end } of tokens) {
    if (kind === 'space' || kind === 'comment') continue;
    const text = query.slice(start, end);
    if (text === ')') depth--;
    words.push({ kind, text, upper: text.toUpperCase(), start, end, depth });
    if (text === '(') depth++;
  }
  return words;
}
