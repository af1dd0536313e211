import { readName } from './select-items.ts';
import type { SqlWord } from './sql/sql-word.ts';

export type Params = readonly unknown[] | Readonly<Record<string, unknown>> | undefined;

/** A column of its own for each row, as people call it. */
const ROW_ID = /^(?:id|uuid|guid)$/i;
const VARIABLE = /^\s*(?:\{\{\s*([A-Za-z_]\w*)\s*\}\}|\$\{\s*([A-Za-z_]\w*)\s*\}|<<\s*([A-Za-z_]\w*)\s*>>)\s*$/;

/** The columns that a condition speaks of, in lower case: the query looks at them itself. */
export function findComparedColumns(where: readonly SqlWord[]): ReadonlySet<string> {
  return new Set(
    where.filter(({ kind }) => kind === 'word' || kind === 'quoted_name').map((word) => readName(word).toLowerCase()),
  );
}

/** Whether there cannot be a second row: one table asked for an id, or `LIMIT 1`. */
export function isOneRowAtMost(rest: readonly SqlWord[], where: readonly SqlWord[]): boolean {
  const outer = rest.filter(({ depth }) => depth === 0);
  const limit = outer.findIndex(({ upper }) => upper === 'LIMIT');
  if (limit !== -1 && outer[limit + 1]?.text === '1') return true;
  const whereStart = where[0]?.start ?? 0;
  const from = outer.filter(({ start }) => start < whereStart);
  // What stands in brackets is a query of its own, or a function that gives rows.
  const isOneTable = from.every(({ upper, text }) => upper !== 'JOIN' && text !== ',' && text !== '(');
  const isEither = where.some(({ upper }) => upper === 'OR' || upper === 'NOT');
  if (!isOneTable || isEither) return false;
  return listEquals(where).some(({ left, right }) => ROW_ID.test(left.text) && right.kind !== 'word');
}

/** Names of the variables that a condition compares a column with by `=`. */
export function findKeys(where: readonly SqlWord[], params: Params): readonly string[] {
  if (where.some(({ upper }) => upper === 'OR' || upper === 'NOT')) return [];
  let questions = 0;
  const positions = new Map(
    where.filter(({ kind }) => kind === 'question').map((word) => [word, questions++] as const),
  );
  return listEquals(where).flatMap(({ right }) => {
    const name = readVariable(right, params, positions);
    return name === undefined ? [] : [name];
  });
}

/** `column = value`, not inside of a subquery. */
export function listEquals(where: readonly SqlWord[]): readonly { left: SqlWord; right: SqlWord }[] {
  return where.flatMap((word, index) => {
    const [left, right, behind] = [where[index - 1], where[index + 1], where[index + 2]];
    if (word.text !== '=' || word.depth > 0 || !left || !right) return [];
    const isColumn = left.kind === 'word' || left.kind === 'quoted_name';
    // `a = $1 + 1` is no value that somebody knows.
    const isWhole = !behind || behind.upper === 'AND' || behind.text === '::';
    return isColumn && isWhole ? [{ left, right }] : [];
  });
}

function readVariable(word: SqlWord, params: Params, positions: ReadonlyMap<SqlWord, number>): string | undefined {
  let value: unknown;
  if (word.kind === 'literal') value = word.text.slice(1, -1);
  else if (Array.isArray(params))
    value = word.kind === 'numbered' ? params[Number(word.text.slice(1)) - 1] : params[positions.get(word) ?? -1];
  else if (word.kind === 'named')
    value = (params as Readonly<Record<string, unknown>> | undefined)?.[word.text.slice(1)];
  const match = typeof value === 'string' ? VARIABLE.exec(value) : undefined;
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
