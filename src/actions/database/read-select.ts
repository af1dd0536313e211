import type { Value } from '../../expr/index.ts';
import type { SqlCondition, SqlReads } from '../../model/exchange.ts';
import { cutItems, cutWhere, isPlainSelect } from './reading.ts';
import { listEquals } from './reading-where.ts';
import { describeItem, readName, splitItems } from './select-items.ts';
import type { BoundStatement } from './sql/bind.ts';
import { scanSql } from './sql/sql-scan.ts';
import type { SqlDialect } from './sql/sql-token.ts';
import { listWords, type SqlWord } from './sql/sql-word.ts';

/** Types whose text or value is that of the column, digit for digit. */
const LOSSLESS = new Set(['TEXT', 'VARCHAR', 'UUID', 'NUMERIC', 'DECIMAL', 'JSON', 'JSONB']);

/** What a statement reads of its one table, as far as its text says; undefined of one that is no plain SELECT of one table. */
export function readSelect({ text, values, verb }: BoundStatement, dialect: SqlDialect): SqlReads | undefined {
  if (verb !== 'SELECT') return undefined;
  const words = listWords(text, scanSql(text, dialect));
  if (!isPlainSelect(words)) return undefined;
  const { items, rest } = cutItems(words);
  const table = findTable(rest);
  const columns = table === undefined ? undefined : listColumns(items);
  if (table === undefined || columns === undefined) return undefined;
  const questions = words.filter(({ kind }) => kind === 'question');
  const findValue = ({ kind, text: name, start }: SqlWord) =>
    values[kind === 'numbered' ? Number(name.slice(1)) - 1 : questions.findIndex((word) => word.start === start)];
  return { table, columns: columns === 'all' ? undefined : columns, where: listBound(cutWhere(rest), findValue) };
}

/** The one table behind FROM, as it is written without quotes. */
function findTable(rest: readonly SqlWord[]): string | undefined {
  if (rest[0]?.upper !== 'FROM') return undefined;
  const end = rest.findIndex(({ depth, upper }, index) => index > 0 && depth === 0 && ENDS_FROM.has(upper));
  const words = rest.slice(1, end === -1 ? undefined : end).filter(({ text }) => text !== ';');
  const parts: string[] = [];
  let at = 0;
  while (isName(words[at])) {
    parts.push(readName(words[at] as SqlWord));
    at++;
    if (words[at]?.text !== '.') break;
    at++;
  }
  const behind = words.slice(at).filter(({ upper }) => upper !== 'AS');
  const isAlone = behind.length === 0 || (behind.length === 1 && isName(behind[0]));
  return parts.length > 0 && isAlone ? parts.join('.') : undefined;
}

const ENDS_FROM = new Set(['WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR']);

function isName(word: SqlWord | undefined): boolean {
  return word?.depth === 0 && (word.kind === 'word' || word.kind === 'quoted_name');
}

/** The columns that a row has as the table has them, by their names; `all` for `*` alone, undefined where `*` stands among others. */
function listColumns(items: readonly SqlWord[]): readonly string[] | 'all' | undefined {
  const split = splitItems(items);
  const described = split.map(describeItem);
  if (described.includes('everything')) return described.length === 1 && isStar(split[0]) ? 'all' : undefined;
  return described.flatMap((item, index) => {
    if (item === 'everything' || !item.column || hasLossyCast(split[index] ?? [])) return [];
    return item.base === item.column.name.toLowerCase() ? [item.column.name] : [];
  });
}

function isStar(words: readonly SqlWord[] | undefined): boolean {
  return words?.at(-1)?.text === '*' && (words.length === 1 || words.at(-2)?.text === '.');
}

function hasLossyCast(words: readonly SqlWord[]): boolean {
  const cast = words.findIndex(({ text }) => text === '::');
  if (cast === -1) return false;
  return !LOSSLESS.has(words[cast + 1]?.upper ?? '') || words[cast + 2]?.text === '(' || words[cast + 2]?.text === '[';
}

/** `column = $1`, where all of them have to hold. */
function listBound(
  where: readonly SqlWord[],
  findValue: (word: SqlWord) => Value | undefined,
): readonly SqlCondition[] {
  if (where.some(({ upper }) => upper === 'OR' || upper === 'NOT')) return [];
  return listEquals(where).flatMap(({ left, right }) => {
    const value = findValue(right);
    return value === undefined ? [] : [{ column: readName(left), value }];
  });
}
