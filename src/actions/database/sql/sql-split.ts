import { scanSql } from './sql-scan.ts';
import type { SqlDialect, SqlToken } from './sql-token.ts';

/** One statement of a text, without its semicolon. */
export interface SqlStatement {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly SqlToken[];
  /** Those of its tokens that parameters may stand at. */
  readonly places: readonly SqlToken[];
  /** Its first word, in upper case. */
  readonly verb: string;
  /** Whether its last token is not closed: what is put behind it would be part of it. */
  readonly isOpen: boolean;
}

/** What was split before: planning asks for the statements of a query several times, and a poll runs the same again and again. */
const splitBefore = new Map<string, readonly SqlStatement[]>();
const MOST_SPLITS = 200;
const LONGEST_KEPT = 20_000;

/**
 * Splits a text at its semicolons, as psql does: not inside parentheses, nor inside the `BEGIN … END` body of a function,
 * procedure, trigger or event. Statements of blanks and comments alone are left out.
 */
export function splitStatements(text: string, dialect: SqlDialect = 'postgres'): readonly SqlStatement[] {
  const key = `${dialect} ${text}`;
  const known = splitBefore.get(key);
  if (known) return known;
  const statements = splitText(text, dialect);
  if (text.length > LONGEST_KEPT) return statements;
  if (splitBefore.size === MOST_SPLITS) splitBefore.clear();
  splitBefore.set(key, statements);
  return statements;
}

function splitText(text: string, dialect: SqlDialect): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  let tokens: SqlToken[] = [];
  let nesting = new Nesting();
  const finish = () => {
    const statement = createStatement(text, tokens, dialect);
    if (statement) statements.push(statement);
    tokens = [];
    nesting = new Nesting();
  };
  for (const token of scanSql(text, dialect)) {
    if (token.kind === 'semicolon' && nesting.isOutside) {
      finish();
      continue;
    }
    nesting.add(token, text);
    tokens.push(token);
  }
  finish();
  return statements;
}

/** Statements with a body; MySQL may name the definer before the kind. */
const HAS_BODY = /^CREATE (?:OR REPLACE )?(?:DEFINER .*?)?(?:AGGREGATE )?(?:FUNCTION|PROCEDURE|TRIGGER|EVENT) /;
const ENDS_CONTROL = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT']);

/** Counts what a semicolon may stand inside of. */
class Nesting {
  #parentheses = 0;
  #blocks = 0;
  #words = '';
  #lastWord = '';

  get isOutside(): boolean {
    return this.#parentheses <= 0 && this.#blocks <= 0;
  }

  add(token: SqlToken, text: string): void {
    if (token.kind === 'open') this.#parentheses++;
    else if (token.kind === 'close' && text[token.start] === ')') this.#parentheses--;
    else if (token.kind === 'word') this.#addWord(text.slice(token.start, token.end).toUpperCase());
  }

  #addWord(word: string): void {
    if (this.#words.length < 80) this.#words += `${word} `;
    const before = this.#lastWord;
    this.#lastWord = word;
    if (!HAS_BODY.test(this.#words)) return;
    if (word === 'BEGIN') this.#blocks++;
    else if (word === 'CASE' && this.#blocks > 0 && before !== 'END') this.#blocks++;
    else if (word === 'END' && this.#blocks > 0) this.#blocks--;
    // `END IF` and its like end what did not count as a block.
    else if (before === 'END' && ENDS_CONTROL.has(word)) this.#blocks++;
  }
}

function createStatement(text: string, tokens: readonly SqlToken[], dialect: SqlDialect): SqlStatement | undefined {
  const first = tokens.findIndex(isSubstance);
  if (first === -1) return undefined;
  const last = tokens.findLastIndex(isSubstance);
  const kept = tokens.slice(first, last + 1);
  const word = kept.find((token) => token.kind === 'word');
  const verb = word ? text.slice(word.start, word.end).toUpperCase() : '';
  const places = kept.filter(({ kind }) => kind === 'numbered' || kind === 'named' || kind === 'question');
  const end = kept.at(-1);
  const isOpen = end !== undefined && end.end === text.length && goesOn(text.slice(end.start), end.kind, dialect);
  return { start: kept[0]?.start ?? 0, end: end?.end ?? 0, tokens: kept, places, verb, isOpen };
}

/** Whether a token with which a text ends would take in what follows it. */
function goesOn(token: string, kind: SqlToken['kind'], dialect: SqlDialect): boolean {
  if (kind !== 'literal' && kind !== 'quoted_name') return false;
  return (scanSql(`${token} `, dialect)[0]?.end ?? 0) > token.length;
}

function isSubstance(token: SqlToken): boolean {
  return token.kind !== 'space' && token.kind !== 'comment';
}
