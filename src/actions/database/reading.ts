import type { Bound, Foresight, ReadColumn } from '../../model/action/traits.ts';
import { isRecord } from '../settings/authored.ts';
import { guessDialects } from './check.ts';
import { findComparedColumns, findKeys, isOneRowAtMost, type Params } from './reading-where.ts';
import { describeItem, multipliesRows, splitItems } from './select-items.ts';
import { splitStatements } from './sql/sql-split.ts';
import { listWords, type SqlWord } from './sql/sql-word.ts';

const ENDS_WHERE = new Set(['GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR']);
const ENDS_ITEMS = new Set([...ENDS_WHERE, 'FROM', 'WHERE']);
/** Of `count(…)` and its like. */
const ALWAYS_ONE: Bound = {
  atLeast: 1,
  atMost: 1,
  why: 'the query gives one row, whatever the tables hold',
  help: 'compare what it gives: `SELECT count(*) AS n …` and `first_row.n == 1`',
};
const ONE_AT_MOST: Bound = { atMost: 1, why: 'there is at most one row' };
/** Those of them that change none, either. */
const UNCOUNTED: ReadonlySet<string> = new Set(
  'BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE SET GRANT REVOKE COMMENT LOCK UNLOCK USE DO'.split(' '),
);
/** Statements that give no rows, unless they say which. */
const GIVES_NONE = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'REPLACE',
  'TRUNCATE',
  'CREATE',
  'DROP',
  'ALTER',
  ...UNCOUNTED,
]);
const NOTHING_CHANGED: Bound = {
  atMost: 0,
  why: 'a SELECT changes no rows',
  help: 'compare how many rows it gives: `row_count == …`',
};
const COMBINES = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS', 'INTO']);

/** What a query reads, as far as its text says; nothing is said of one that is no plain SELECT. */
export function foreseeRows(authored: unknown): Foresight {
  if (!isRecord(authored) || typeof authored['query'] !== 'string') return {};
  const { query, connection, params } = authored;
  const statements = splitStatements(query, guessDialects(connection)[0]);
  // Of several statements the rows are the last one's.
  const statement = statements.at(-1);
  if (!statement) return {};
  const words = listWords(query, statement.tokens);
  const { verb } = statement;
  if (GIVES_NONE.has(verb) && !words.some(({ upper }) => upper === 'RETURNING' || upper === 'OUTPUT' || upper === '{'))
    return { bounds: { row_count: describeNoRows(verb) } };
  if (verb !== 'SELECT' || !isPlainSelect(words)) return {};
  const { items, rest } = cutItems(words);
  const described = splitItems(items).map(describeItem);
  // What `*` reads has no names here.
  const known = described.includes('everything') ? [] : described.filter((item) => item !== 'everything');
  const where = cutWhere(rest);
  const compared = findComparedColumns(where);
  const named = known.flatMap((item): readonly ReadColumn[] => (item.column ? [item.column] : []));
  const isGrouped = rest.some((word) => word.depth === 0 && (word.upper === 'GROUP' || word.upper === 'HAVING'));
  const isOne = known.every((item) => item.isAggregate) || (rest.length === 0 && known.every((item) => item.isInner));
  const isSure = known.length > 0 && isOne && !isGrouped && !multipliesRows(items);
  const count = isSure ? ALWAYS_ONE : !multipliesRows(items) && isOneRowAtMost(rest, where) ? ONE_AT_MOST : undefined;
  const reading = {
    setting: 'query',
    columns: known.flatMap((item) =>
      item.column && !compared.has(item.base ?? item.column.name.toLowerCase()) ? [item.column] : [],
    ),
    columnCount: named.length,
    keys: findKeys(where, params as Params),
  };
  const changed = statements.every((one) => one.verb === 'SELECT') && { rows_affected: NOTHING_CHANGED };
  return { reading, bounds: { ...(count && { row_count: count }), ...changed } };
}

function describeNoRows(verb: string): Bound {
  const isCounted = !UNCOUNTED.has(verb);
  return {
    atMost: 0,
    why: `${verb} gives no rows, whatever it does`,
    help: isCounted
      ? 'compare how many rows it changed, `rows_affected == …`, or have it give them (`RETURNING`)'
      : 'read in a step of its own what is to be compared',
  };
}

/** Whether nothing is put together with what it reads. */
export function isPlainSelect(words: readonly SqlWord[]): boolean {
  return words.every((word) => word.depth > 0 || !COMBINES.has(word.upper) || word.kind !== 'word');
}

/** What stands between SELECT and FROM, and all behind it. */
export function cutItems(words: readonly SqlWord[]): { items: readonly SqlWord[]; rest: readonly SqlWord[] } {
  let from = 1;
  if (words[from]?.upper === 'ALL' || words[from]?.upper === 'DISTINCT') from++;
  if (words[from]?.upper === 'ON' && words[from + 1]?.text === '(') {
    const close = words.findIndex((word, index) => index > from && word.text === ')' && word.depth === 0);
    from = close === -1 ? from : close + 1;
  }
  const end = words.findIndex((word, index) => index >= from && isAt(word, ENDS_ITEMS));
  return end === -1
    ? { items: words.slice(from), rest: [] }
    : { items: words.slice(from, end), rest: words.slice(end) };
}

/** The condition, without its WHERE. */
export function cutWhere(rest: readonly SqlWord[]): readonly SqlWord[] {
  const start = rest.findIndex((word) => word.depth === 0 && word.upper === 'WHERE');
  if (start === -1) return [];
  const end = rest.findIndex((word, index) => index > start && isAt(word, ENDS_WHERE));
  return rest.slice(start + 1, end === -1 ? undefined : end);
}

function isAt(word: SqlWord, words: ReadonlySet<string>): boolean {
  return word.depth === 0 && word.kind === 'word' && words.has(word.upper);
}
