import type { Frame } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { haveOtherForms, isSameInstant } from '../values/date-forms.ts';
import { compareNumerals, type Numeral, parseNumeral } from '../values/numeral.ts';
import { type Pattern, takesAll } from '../values/regex.ts';
import type { Value } from '../values/value.ts';
import { findDenials, isAmong } from './denials.ts';
import { listOrders } from './ordered-texts.ts';

const LONGEST_TEXT = 60;
/** Longer texts are no words that somebody chose to write. */
const LONGEST_WORDS = 1000;
const LONGEST_BLANKS = 20;

/** A test, and the whole that it stands in. */
export interface TestAt {
  readonly source: string;
  readonly ast: Node;
  readonly node: NodeOf<'binary'>;
}

/** Says of two texts that have to differ that they are one point in time, or one number, spelled otherwise. */
export function remarkSpelling(at: TestAt, [a, b]: readonly [string, string], { host }: Frame): void {
  if (host?.onRemark === undefined || !isAmong(findDenials(at.ast).tests, at.node)) return;
  const spelled = findSpelling(a, b);
  if (!spelled) return;
  const { left, operator, right } = at.node;
  const write = (node: Node): string => spelled.write(cut(at.source, node));
  const text = `${nameTexts(a, b)} are ${spelled.what}`;
  host.onRemark(`${text}: \`${write(left)} ${operator} ${write(right)}\` compares what they say`);
}

/** What two texts both are, and what compares that of a text. */
interface Spelling {
  readonly what: string;
  readonly write: (text: string) => string;
}

/** What two texts that differ both say; undefined where they do not say the same. */
export function findSpelling(a: string, b: string): Spelling | undefined {
  if (isSameInstant(a, b)) return { what: 'one point in time, written differently', write: (text) => `date(${text})` };
  const [x, y] = [readNumeral(a), readNumeral(b)];
  if (x && y && compareNumerals(x, y) === 0)
    return { what: 'one number, written differently', write: (text) => `float(${text})` };
  return findLooks(a, b);
}

/** Texts that are the same but for letter case, or for blanks. */
function findLooks(a: string, b: string): Spelling | undefined {
  if (Math.abs(a.length - b.length) > LONGEST_BLANKS || a.length > LONGEST_WORDS) return undefined;
  const [x, y] = [a.trim(), b.trim()];
  if (x === y) return { what: 'one text but for the blanks around it', write: (text) => `trim(${text})` };
  if (x.toLowerCase() !== y.toLowerCase()) return undefined;
  if (a.toLowerCase() === b.toLowerCase())
    return { what: 'one text but for letter case', write: (text) => `lower(${text})` };
  return { what: 'one text but for letter case and blanks', write: (text) => `lower(trim(${text}))` };
}

/** Says of two times, dates, versions or numbers that are ordered as texts that they are: where that is another order than their own. */
export function remarkOrder(
  source: string,
  { operator, left, right }: Pick<NodeOf<'binary'>, 'operator' | 'left' | 'right'>,
  { operands: [a, b], host }: { readonly operands: readonly [Value, Value]; readonly host: Frame['host'] },
): void {
  if (host?.onRemark === undefined || typeof a !== 'string' || typeof b !== 'string') return;
  const better = suggestOrder(operator, a, b);
  if (!better) return;
  const { noun, write } = better;
  const help = write
    ? `\`${write(cut(source, left))} ${operator} ${write(cut(source, right))}\` orders the ${noun}`
    : `the ${noun} are in another order: compare the numbers in them one by one, as in \`int(split(${cut(source, left)}, ".")[0])\``;
  host.onRemark(`${nameTexts(a, b)} are texts, ordered character by character: ${help}`);
}

/** What orders what the texts say; without `write` no function does. */
interface BetterOrder {
  readonly noun: string;
  readonly write?: (text: string) => string;
}

function suggestOrder(operator: string, a: string, b: string): BetterOrder | undefined {
  if (haveOtherForms(a, b)) return { noun: 'times', write: (text) => `date(${text})` };
  const order = a < b ? -1 : a > b ? 1 : 0;
  const isOther = (own: number): boolean => holds(operator, order) !== holds(operator, own);
  const [x, y] = [readNumeral(a), readNumeral(b)];
  if (x && y)
    return isOther(compareNumerals(x, y)) ? { noun: 'numbers', write: (text) => `float(${text})` } : undefined;
  const other = listOrders(a, b).find((one) => isOther(one.order));
  if (!other) return undefined;
  const { noun, layout } = other;
  return layout === undefined ? { noun } : { noun, write: (text) => `date(${text}, "${layout}")` };
}

function holds(operator: string, order: number): boolean {
  if (order === 0) return operator.endsWith('=');
  return operator.startsWith('<') === order < 0;
}

/** What is longer is an id, or no number. */
const LONGEST_NUMERAL = 40;

function readNumeral(text: string): Numeral | undefined {
  return text.length > LONGEST_NUMERAL ? undefined : parseNumeral(text);
}

/** Says of a test for the empty text that it holds of every text. */
export function remarkTest(
  { source, node }: { readonly source: string; readonly node: NodeOf<'binary'> },
  wanted: Value,
  { host }: Frame,
): void {
  if (wanted !== '' || host?.onRemark === undefined) return;
  host.onRemark(`\`${cut(source, node)}\` holds of every text: \`${cut(source, node.right)}\` is empty`);
}

/** Says of a pattern that was put together that it holds of every text. */
export function remarkPattern(
  { source, node }: { readonly source: string; readonly node: NodeOf<'binary'> },
  { text, pattern }: { readonly text: string; readonly pattern: Pattern },
  frame: Frame,
): void {
  if (frame.host?.onRemark === undefined || !takesAll(pattern, frame)) return;
  frame.host.onRemark(`\`${cut(source, node)}\` holds of every text: the pattern is \`${text}\``);
}

function nameTexts(a: string, b: string): string {
  return `"${cutText(a)}" and "${cutText(b)}"`;
}

/** What is written at a node. */
export function cut(source: string, { offset, length }: Node): string {
  return cutText(source.slice(offset, offset + length));
}

export function cutText(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
