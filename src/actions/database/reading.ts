import type { ReadColumn, Reading } from '../../model/action.ts';
import { isRecord } from '../settings/authored.ts';
import { guessDialects } from './check.ts';
import { findComparedColumns, findKeys, isOneRowAtMost, type Params } from './reading-where.ts';
import { describeItem, multipliesRows, splitItems } from './select-items.ts';
import { splitStatements } from './sql/sql-split.ts';
import { listWords, type SqlWord } from './sql/sql-word.ts';

const ENDS_WHERE = new Set(['GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR']);
const ENDS_ITEMS = new Set([...ENDS_WHERE, 'FROM', 'WHERE']);
const COMBINES = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS', 'INTO']);

/** What a query reads, as far as its text says; undefined when it is no plain SELECT. */
export function describeReading(authored: unknown): Reading | undefined {
  if (!isRecord(authored) || typeof authored['query'] !== 'string') return undefined;
  const { query, connection, params } = authored;
  // Of several statements the rows are the last one's.
  const statement = splitStatements(query, guessDialects(connection)[0]).at(-1);
  if (statement?.verb !== 'SELECT') return undefined;
  const words = listWords(query, statement.tokens);
  const isPlain = words.every((word) => word.depth > 0 || !COMBINES.has(word.upper) || word.kind !== 'word');
  if (!isPlain) return undefined;
  const { items, rest } = cutItems(words);
  const described = splitItems(items).map(describeItem);
  // What `*` reads has no names here.
  const known = described.includes('everything') ? [] : described.filter((item) => item !== 'everything');
  const where = cutWhere(rest);
  const compared = findComparedColumns(where);
  const named = known.flatMap((item): readonly ReadColumn[] => (item.column ? [item.column] : []));
  const isGrouped = rest.some((word) => word.depth === 0 && (word.upper === 'GROUP' || word.upper === 'HAVING'));
  const isAggregate = known.length > 0 && known.every((item) => item.isAggregate) && !isGrouped;
  return {
    columns: known.flatMap((item) =>
      item.column && !compared.has(item.base ?? item.column.name.toLowerCase()) ? [item.column] : [],
    ),
    columnCount: named.length,
    rows: isAggregate ? 'always one' : !multipliesRows(items) && isOneRowAtMost(rest, where) ? 'at most one' : 'any',
    keys: findKeys(where, params as Params),
  };
}

/** What stands between SELECT and FROM, and all behind it. */
function cutItems(words: readonly SqlWord[]): { items: readonly SqlWord[]; rest: readonly SqlWord[] } {
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

function cutWhere(rest: readonly SqlWord[]): readonly SqlWord[] {
  const start = rest.findIndex((word) => word.depth === 0 && word.upper === 'WHERE');
  if (start === -1) return [];
  const end = rest.findIndex((word, index) => index > start && isAt(word, ENDS_WHERE));
  return rest.slice(start + 1, end === -1 ? undefined : end);
}

function isAt(word: SqlWord, words: ReadonlySet<string>): boolean {
  return word.depth === 0 && word.kind === 'word' && words.has(word.upper);
}
