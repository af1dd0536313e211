import { type BinaryOperator, listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import type { Value } from '../values/value.ts';

type Comparison = NodeOf<'binary'> & Node;

/** Functions that give a text of nil as of any value. */
const TEXT_FORMS: ReadonlySet<string> = new Set(['string', 'toJSON', 'json']);
/** Orders with the sides changed. */
export const TURNED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
]);

/** `0 < a` and `a < 9` of `0 < a < 9`. */
export function listSteps(node: NodeOf<'comparison'> & Node): readonly Comparison[] {
  const { operands, operators } = node;
  return operators.flatMap((operator, index) => {
    const [left, right] = operands.slice(index);
    return left && right ? [{ ...node, kind: 'binary' as const, operator, left, right }] : [];
  });
}

/** The name that a comparison has below something; not below 0, which means what is there. */
export function findBounded(
  { operator: written, left, right }: NodeOf<'binary'>,
  isDenied: boolean,
): string | undefined {
  const isTurned = left.kind !== 'name';
  const [side, limit] = isTurned ? [right, left] : [left, right];
  const operator = isTurned ? TURNED.get(written) : written;
  const isBelow = isDenied ? operator === '>' || operator === '>=' : operator === '<' || operator === '<=';
  const isNegative = limit.kind === 'unary' || (limit.kind === 'literal' && limit.value === 0);
  return isBelow && side.kind === 'name' && !isNegative ? side.name : undefined;
}

/** The calls whose amount is small of no items, where that is what a comparison asks for: `sum(a) <= 9`, `count(a, .b) < 3`. */
export function listAmounts(node: NodeOf<'binary'>, isDenied: boolean): readonly Node[] {
  const { operator, left, right } = node;
  if (operator === '==' || operator === '!=') return [left, right].flatMap(listSums);
  if (operator === 'in') return listSums(left);
  if (!TURNED.has(operator)) return [];
  const low = isBelow(operator) === isDenied ? right : left;
  return [...listSums(low), ...findCounted(low)];
}

function isBelow(operator: BinaryOperator): boolean {
  return operator === '<' || operator === '<=';
}

/** The call whose predicate chooses what is counted. */
function findCounted(node: Node): readonly Node[] {
  if (node.kind !== 'call') return [];
  const [inner] = node.args;
  if (node.name === 'len') return inner?.kind === 'call' && inner.name === 'filter' ? [inner] : [];
  return node.name === 'count' ? [node] : [];
}

/** The sums that something is made of, and what lists are reduced to: of no items each is 0, or its start value. */
export function listSums(node: Node): readonly Node[] {
  if (node.kind === 'predicate') return [];
  const below = listChildren(node).flatMap(listSums);
  return node.kind === 'call' && (node.name === 'sum' || node.name === 'reduce') ? [...below, node] : below;
}

/** Which parts have to be equal where two sides have to be: those of lists and maps that are written out on both. */
export function listParts(node: NodeOf<'binary'> & Node): readonly (NodeOf<'binary'> & Node)[] {
  const { left, right } = node;
  const pair = (one: Node, two: Node | undefined): readonly (NodeOf<'binary'> & Node)[] =>
    two ? listParts({ ...node, left: one, right: two }) : [];
  if (left.kind === 'list' && right.kind === 'list')
    return left.items.flatMap((item, index) => pair(item, right.items[index]));
  if (left.kind !== 'map' || right.kind !== 'map') return [node];
  const values = new Map(right.entries.map(({ key, value }) => [readWritten(key), value]));
  return left.entries.flatMap(({ key, value }) => pair(value, values.get(readWritten(key) ?? NaN)));
}

/** A key that is written out. */
function readWritten(key: Node): Value | undefined {
  return key.kind === 'literal' ? key.value : undefined;
}

/** What two sides are texts of, where both are: `string(a.x) == string(b.x)`. */
export function unwrapTexts(left: Node, right: Node): readonly [Node, Node] {
  if (left.kind !== 'call' || right.kind !== 'call' || left.name !== right.name || !TEXT_FORMS.has(left.name))
    return [left, right];
  const [one = left, two = right] = [left.args[0], right.args[0]];
  return [one, two];
}

/** Whether it is written as nil. */
export function isNil(node: Node): boolean {
  return node.kind === 'literal' && node.value === null;
}
