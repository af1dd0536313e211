import { findSpelling, readNumeral } from '../compare/near-scalars.ts';
import type { Frame } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { haveOtherForms } from '../values/date-forms.ts';
import { compareNumerals } from '../values/numeral.ts';
import { type Pattern, takesAll } from '../values/regex.ts';
import type { Value } from '../values/value.ts';
import { findDenials, isAmong } from './denials.ts';
import { listOrders } from './ordered-texts.ts';

const LONGEST_TEXT = 60;

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
  const [one, two] = [spelled.write(cut(at.source, left), a), spelled.write(cut(at.source, right), b)];
  host.onRemark(`${nameTexts(a, b)} are ${spelled.what}: \`${one} ${operator} ${two}\` compares what they say`, true);
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

/** Says of a test for the empty text that it holds of every text. */
export function remarkTest(
  { source, node, wanted: part }: { readonly source: string; readonly node: Node; readonly wanted: Node },
  wanted: Value,
  { host }: Frame,
): void {
  if (wanted !== '' || host?.onRemark === undefined) return;
  const holds = /indexOf$/i.test(nameOf(node)) ? 'finds something in every text' : 'holds of every text';
  host.onRemark(`\`${cut(source, node)}\` ${holds}: \`${cut(source, part)}\` is empty`);
}

function nameOf(node: Node): string {
  return node.kind === 'call' ? node.name : '';
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
