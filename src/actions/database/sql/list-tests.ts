import { isList, type Value } from '../../../expr/index.ts';
import type { SqlStatement } from './sql-split.ts';
import type { SqlToken } from './sql-token.ts';

/** The words before a token that is all that stands in `IN (…)` or `NOT IN (…)`. */
export interface InTest {
  readonly word: SqlToken;
  readonly not: SqlToken | undefined;
}

const CAST = /^\s*::/;
/** What may stand between a parameter and the end of its brackets. */
const ENDS = /^\s*(?:::\s*\w[\w ]*(?:\[\])?\s*)?\)/;

/** Finds out whether a token is all that stands in `IN (…)`; undefined for any other. */
export function findIn(query: string, statement: SqlStatement, token: SqlToken): InTest | undefined {
  const { word, not } = findBracket(query, statement, token) ?? {};
  return word && readWord(query, word) === 'IN' && !CAST.test(query.slice(token.end)) ? { word, not } : undefined;
}

/** The two words before the brackets in which a token stands alone, but for a cast. */
function findBracket(query: string, { tokens }: SqlStatement, token: SqlToken): InTest | undefined {
  const solid = tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const at = solid.indexOf(token);
  const [not, word] = [solid[at - 3], solid[at - 2]];
  if (word?.kind !== 'word' || solid[at - 1]?.kind !== 'open' || !ENDS.test(query.slice(token.end))) return undefined;
  return { word, not: not?.kind === 'word' && readWord(query, not) === 'NOT' ? not : undefined };
}

function readWord(query: string, { start, end }: SqlToken): string {
  return query.slice(start, end).toUpperCase();
}

export interface ListQuestion {
  /** What a token of a parameter stands for; undefined for one that is none. */
  readonly keyOf: (token: SqlToken) => string | number | undefined;
  readonly valueOf: (key: string | number) => Value;
}

/** Says of `IN (…)` and `ANY (…)` with a list without items that they are true of no row, or of all; not where the list stands elsewhere too. */
export function listEmptyTests(query: string, statement: SqlStatement, question: ListQuestion): readonly string[] {
  const places = statement.places.flatMap((token) => {
    const key = question.keyOf(token);
    const value = key === undefined ? null : question.valueOf(key);
    if (key === undefined || !isList(value) || value.length > 0) return [];
    return [{ key, text: describeEmptyTest(query, token, findBracket(query, statement, token)) }];
  });
  const elsewhere = new Set(places.flatMap(({ key, text }) => (text === undefined ? [key] : [])));
  return places.flatMap(({ key, text }) => (text === undefined || elsewhere.has(key) ? [] : [text]));
}

function describeEmptyTest(query: string, token: SqlToken, test: InTest | undefined): string | undefined {
  if (!test) return undefined;
  const word = readWord(query, test.word);
  if (!['IN', 'ANY', 'SOME', 'ALL'].includes(word)) return undefined;
  const name = query.slice(token.start, token.end);
  const from = word === 'IN' ? (test.not ?? test.word).start : test.word.start;
  const isOfAll = (word === 'ALL') !== (test.not !== undefined);
  const shown = query.slice(from, token.end).replaceAll(/\s+/g, ' ');
  return `\`${name}\` is an empty list: \`${shown})\` is true of ${isOfAll ? 'every row' : 'no row'}`;
}
