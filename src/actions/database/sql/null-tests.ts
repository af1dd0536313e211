import { isList } from '../../../expr/index.ts';
import type { ListQuestion } from './list-tests.ts';
import type { SqlStatement } from './sql-split.ts';
import type { SqlDialect, SqlToken } from './sql-token.ts';
import { listWords, type SqlWord } from './sql-word.ts';

/** Words behind which conditions stand, and those behind which `=` gives a value, or nothing is asked. */
const BEGINS_CONDITION: ReadonlySet<string> = new Set(['WHERE', 'ON', 'HAVING']);
const ENDS_CONDITION: ReadonlySet<string> = new Set(
  'SELECT FROM SET UPDATE VALUES RETURNING LIMIT OFFSET ORDER GROUP'.split(' '),
);
const OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '>', '<=', '>=', 'LIKE', 'ILIKE']);
/** `:name IS NULL`, with a cast or without: then NULL is one of the values that are meant. */
const ASKS_NULL = /^\s*(?:::\s*[\w ]+(?:\[\])?)?\s*\)?\s*(?:IS\b|<=>)/i;

/** Most queries have neither. */
const MAY_DENY = /\b(?:NOT\s+IN|ALL)\s*\(|\bNOT\b[^;]*\b(?:IN|ANY|SOME)\s*\(/i;
/** What stands before `IN` and `= ANY` where the whole is denied: `NOT (x = `. */
const DENIED = /\bNOT\s*\(?\s*[\w."]+(?:\s*::\s*\w+)?\s*=?\s*$/i;
/** Most queries compare with none that is written out. */
const MAY_COMPARE = /(?:[=<>]|LIKE)\s*(?:CAST\s*\(\s*)?NULL\b/i;

export interface NullQuestion {
  readonly dialect: SqlDialect;
  /** What a token of a parameter stands for; undefined for one that is none. */
  readonly keyOf: (token: SqlToken) => string | number | undefined;
  readonly isNull: (key: string | number) => boolean;
}

/** Says of the comparisons in conditions with a parameter that is NULL that they are never true. */
export function listNullTests(query: string, statement: SqlStatement, question: NullQuestion): readonly string[] {
  const places = statement.places.flatMap((token) => {
    const key = question.keyOf(token);
    return key !== undefined && question.isNull(key) ? [{ start: token.start, end: token.end, key }] : [];
  });
  const meant = new Set(places.flatMap(({ end, key }) => (ASKS_NULL.test(query.slice(end, end + 60)) ? [key] : [])));
  const words = listWords(query, statement.tokens);
  return places.flatMap(({ start, key }) => {
    const at = words.findIndex((word) => word.start === start);
    if (meant.has(key) || at === -1 || !isInCondition(words.slice(0, at))) return [];
    const test = readTest(query, words, at);
    return test === undefined ? [] : [describeNullTest(test, question.dialect)];
  });
}

function holdsNull(token: SqlToken, question: ListQuestion): boolean {
  const key = question.keyOf(token);
  if (key === undefined) return false;
  const value = question.valueOf(key);
  return value === null || (isList(value) && value.includes(null));
}

/** Says of `NOT IN` and `ALL` over a list with NULL among its items that they are never true, and of `IN` and `ANY` that are denied: a parameter's, or one that is written out. */
export function listNullItems(query: string, statement: SqlStatement, question: ListQuestion): readonly string[] {
  if (!MAY_DENY.test(query)) return [];
  const words = listWords(query, statement.tokens);
  const params = new Map(statement.places.map((token) => [token.start, token]));
  return words.flatMap((word, at) => {
    const isIn = word.upper === 'IN' && words[at - 1]?.upper === 'NOT';
    const open = words[at + 1];
    if (word.kind !== 'word' || open?.text !== '(') return [];
    if (!(isIn || word.upper === 'ALL' || isDenied(query, word))) return [];
    if (!isInCondition(words.slice(0, at))) return [];
    const end = words.findIndex((one, index) => index > at + 1 && one.text === ')' && one.depth === open.depth);
    const items = words.slice(at + 2, end === -1 ? words.length : end);
    const isNull = ({ upper, start, depth }: SqlWord, index: number): boolean => {
      if (depth !== open.depth + 1) return false;
      const param = params.get(start);
      if (param) return holdsNull(param, question);
      const [before, behind] = [items[index - 1]?.text ?? ',', items[index + 1]?.text ?? ','];
      return upper === 'NULL' && before === ',' && behind === ',';
    };
    if (!items.some(isNull)) return [];
    const from = words[isIn ? at - 1 : at] ?? word;
    const shown = query.slice(from.start, words[end]?.end ?? from.end).replaceAll(/\s+/g, ' ');
    const whole = isIn || word.upper === 'ALL' ? 'it' : '`NOT` of it';
    return [
      `\`${shown}\` compares with NULL (nil) among others, so that ${whole} is never true: leave NULL out of the list`,
    ];
  });
}

/** Whether it is one of several that are denied as a whole: `NOT (x = ANY (…))`, `NOT x IN (…)`. */
function isDenied(query: string, { upper, start }: SqlWord): boolean {
  return (upper === 'IN' || upper === 'ANY' || upper === 'SOME') && DENIED.test(query.slice(0, start));
}

/** Says of the comparisons in conditions with NULL as it is written out, cast or not, that they are never true. */
export function listNullLiterals(query: string, statement: SqlStatement): readonly string[] {
  if (!MAY_COMPARE.test(query)) return [];
  const words = listWords(query, statement.tokens);
  return words.flatMap(({ upper, kind, text }, at) => {
    if (kind !== 'word' || upper !== 'NULL' || !isInCondition(words.slice(0, at))) return [];
    const isCast = words[at - 1]?.text === '(' && words[at - 2]?.upper === 'CAST';
    const before = readOperator(words, isCast ? at - 3 : at - 1, -1);
    if (!before) return [];
    const left = /\S+(?=\s*$)/.exec(query.slice(0, before.start))?.[0].replace(/^\(+/, '') ?? '';
    const [isNull, isSome] = [before.text === '=', before.text === '<>' || before.text === '!='];
    const message = `\`${left} ${before.text} ${isCast ? `CAST(${text} …)` : text}\` compares with NULL, which is never true`;
    if (!isNull && !isSome) return [message];
    return [`${message}: \`${left} IS ${isNull ? 'NULL' : 'NOT NULL'}\` asks for it`];
  });
}

function isInCondition(before: readonly SqlWord[]): boolean {
  const last = before.findLast(
    ({ kind, upper }) => kind === 'word' && (BEGINS_CONDITION.has(upper) || ENDS_CONDITION.has(upper)),
  );
  return last !== undefined && BEGINS_CONDITION.has(last.upper);
}

interface NullTest {
  readonly operator: string;
  readonly left: string;
  readonly right: string;
}

/** The comparison that a parameter is a side of. */
function readTest(query: string, words: readonly SqlWord[], at: number): NullTest | undefined {
  const param = words[at];
  if (!param) return undefined;
  const before = readOperator(words, at - 1, -1);
  if (before) {
    const left = /\S+(?=\s*$)/.exec(query.slice(0, before.start))?.[0].replace(/^\(+/, '') ?? '';
    return { operator: before.text, left, right: param.text };
  }
  const behind = readOperator(words, at + 1, 1);
  if (!behind) return undefined;
  const right = /^\s*([^\s;]+)/.exec(query.slice(behind.end))?.[1]?.replace(/\)+$/, '') ?? '';
  return { operator: behind.text, left: param.text, right };
}

/** The operator whose nearest sign stands at a place; each sign is a word of its own. */
function readOperator(
  words: readonly SqlWord[],
  at: number,
  step: -1 | 1,
): { readonly text: string; readonly start: number; readonly end: number } | undefined {
  const first = words[at];
  if (!first || (first.kind !== 'other' && !OPERATORS.has(first.upper))) return undefined;
  let { upper: text, start, end } = first;
  for (let next = at + step; first.kind === 'other'; next += step) {
    const word = words[next];
    if (word?.kind !== 'other' || (step < 0 ? word.end !== start : word.start !== end)) break;
    text = step < 0 ? `${word.text}${text}` : `${text}${word.text}`;
    start = Math.min(start, word.start);
    end = Math.max(end, word.end);
  }
  return OPERATORS.has(text) ? { text, start, end } : undefined;
}

function describeNullTest({ operator, left, right }: NullTest, dialect: SqlDialect): string {
  const message = `\`${left} ${operator} ${right}\` compares with NULL (nil), which is never true`;
  const isSame = operator === '=';
  if (!isSame && operator !== '<>' && operator !== '!=') return message;
  const [same, other] =
    dialect === 'mysql'
      ? [`${left} <=> ${right}`, `NOT (${left} <=> ${right})`]
      : [`${left} IS NOT DISTINCT FROM ${right}`, `${left} IS DISTINCT FROM ${right}`];
  return `${message}: \`${isSame ? same : other}\` takes NULL as a value`;
}
