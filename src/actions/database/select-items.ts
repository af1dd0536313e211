import type { ReadColumn } from '../../model/action/traits.ts';
import type { SqlWord } from './sql/sql-word.ts';

/** One of the things that a SELECT reads. */
export interface SelectItem {
  /** Under the name that its value has in a row; absent when the database makes up the name, and for what is known before. */
  readonly column: ReadColumn | undefined;
  /** The column that it is, in lower case, when it is nothing else. */
  readonly base: string | undefined;
  readonly isAggregate: boolean;
  /** Whether it is one value where nothing stands behind it: what a query inside of it gives. */
  readonly isInner: boolean;
}

const AGGREGATES = new Set(
  'COUNT SUM MIN MAX AVG BOOL_AND BOOL_OR EVERY ARRAY_AGG STRING_AGG JSON_AGG JSONB_AGG GROUP_CONCAT'.split(' '),
);
const NOT_A_NAME = new Set(['END', 'NULL', 'TRUE', 'FALSE', 'DEFAULT', 'UNKNOWN']);

/** Functions that give several rows for one. */
const GIVES_ROWS =
  /^(?:unnest|generate_\w+|\w+_(?:each|each_text|elements|elements_text|keys|query|matches|to_table))$/i;

/** Whether one row of the table may become several. */
export function multipliesRows(words: readonly SqlWord[]): boolean {
  return words.some(({ text }, index) => GIVES_ROWS.test(text) && words[index + 1]?.text === '(');
}

/** Splits what stands behind SELECT at its commas. */
export function splitItems(words: readonly SqlWord[]): readonly (readonly SqlWord[])[] {
  const items: SqlWord[][] = [[]];
  for (const word of words) {
    if (word.text === ',' && word.depth === 0) items.push([]);
    else items.at(-1)?.push(word);
  }
  return items.filter((item) => item.length > 0);
}

/** What an item reads; `everything` when it does not name its columns, or a placeholder does. */
export function describeItem(item: readonly SqlWord[]): SelectItem | 'everything' {
  const last = item.at(-1);
  if (last?.text === '*' || item.some(({ text }) => text === '{' || text === '<')) return 'everything';
  const alias = findAlias(item);
  const value = alias ? item.slice(0, item[alias.index - 1]?.upper === 'AS' ? alias.index - 1 : alias.index) : item;
  const base = findBase(withoutCast(value));
  const made = { isAggregate: aggregates(value), isInner: startsInner(value) };
  // What the query gives itself is the same whatever is there.
  const isGiven = value.length === 1 && !isName(value[0]);
  const name = alias ? alias.word : base;
  if (!name || isGiven) return { column: undefined, base: undefined, ...made };
  const column = { name: readName(name), offset: name.start, length: name.end - name.start };
  return { column, base: base && readName(base).toLowerCase(), ...made };
}

/** `expr AS name`, `expr name`. */
function findAlias(item: readonly SqlWord[]): { word: SqlWord; index: number } | undefined {
  const index = item.length - 1;
  const word = item[index];
  const before = item[index - 1];
  if (!word || !before || !isName(word) || word.depth > 0) return undefined;
  if (before.upper === 'AS') return { word, index };
  const endsValue = before.text === ')' || before.text === ']' || isName(before) || before.kind === 'literal';
  return endsValue || before.kind === 'number' ? { word, index } : undefined;
}

/** `a.b.c`: the last one. */
function findBase(words: readonly SqlWord[]): SqlWord | undefined {
  const isChain = words.every((word, index) => (index % 2 === 0 ? isName(word) : word.text === '.'));
  return isChain && words.length % 2 === 1 ? words.at(-1) : undefined;
}

function withoutCast(words: readonly SqlWord[]): readonly SqlWord[] {
  const cast = words.findIndex(({ text, depth }) => text === '::' && depth === 0);
  return cast === -1 ? words : words.slice(0, cast);
}

/** `count(*)`, `COALESCE(SUM(a), 0)`: whether it sums up all rows, itself and not by a query inside of it. */
function aggregates(words: readonly SqlWord[]): boolean {
  if (words.some(({ upper }) => upper === 'OVER' || upper === 'SELECT')) return false;
  return words.some(({ upper }, index) => AGGREGATES.has(upper) && words[index + 1]?.text === '(');
}

/** `EXISTS (…)`, `NOT EXISTS (…)`, `(SELECT …)`. */
function startsInner(words: readonly SqlWord[]): boolean {
  const [first, second] = words[0]?.upper === 'NOT' ? words.slice(1) : words;
  return (first?.upper === 'EXISTS' && second?.text === '(') || (first?.text === '(' && second?.upper === 'SELECT');
}

function isName(word: SqlWord | undefined): boolean {
  return word?.kind === 'quoted_name' || (word?.kind === 'word' && !NOT_A_NAME.has(word.upper));
}

/** A name as it stands in a row: Postgres writes those without quotes in lower case. */
export function readName({ kind, text }: SqlWord): string {
  return kind === 'quoted_name' ? text.slice(1, -1) : text;
}
