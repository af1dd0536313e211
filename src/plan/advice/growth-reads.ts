import { listChildren, type Node } from '../../expr/index.ts';

/** What of a result would hold more, had its step gone on. */
export interface Growth {
  /** What a node reads: a key of the result (`count`, `wait.count`), `WHOLE`, or `ELSE`; undefined when only its parts say. */
  readonly keyOf: (node: Node) => string | undefined;
  /** The keys that grow. */
  readonly keys: readonly string[];
  /** The key of the list. */
  readonly list: string;
  /** How many there are at least. */
  readonly atLeast: number;
}

/** All of a result, handed on to where it is not followed. */
export const WHOLE = '*';
/** Something else that names lead to. */
export const ELSE = '';

/** Gives more things for a longer list. */
const GIVES_MORE: ReadonlySet<string> = new Set(['filter', 'map', 'uniq', 'reverse', 'sort', 'sortBy']);
const COUNTS: ReadonlySet<string> = new Set(['len', 'count']);

/**
 * The part of a condition that could come out otherwise, had the step gone on: `count == 1`, but not `count >= 1`, which more
 * things make no less true. `holds`: whether the part has to be true, or false.
 */
export function findGrowthRead(node: Node, growth: Growth, holds = true): Node | undefined {
  if (node.kind === 'unary' && node.operator === 'not') return findGrowthRead(node.operand, growth, !holds);
  if (node.kind === 'chain') return findGrowthRead(node.body, growth, holds);
  if (node.kind === 'binary' && (node.operator === 'and' || node.operator === 'or'))
    return findGrowthRead(node.left, growth, holds) ?? findGrowthRead(node.right, growth, holds);
  const asked = listAsked(node, growth, holds);
  return asked.some((part) => readsGrowth(part, growth)) ? node : undefined;
}

/** The parts of a condition that must not grow: those of a lower bound without what it bounds. */
function listAsked(node: Node, growth: Growth, holds: boolean): readonly Node[] {
  const { name, args: [from, ...rest] = [] } = node.kind === 'call' ? node : { name: undefined };
  if (name === (holds ? 'any' : 'none') && from && isGrowingList(from, growth)) return [...listInside(from), ...rest];
  if (node.kind !== 'binary') return [node];
  const { operator, left, right } = node;
  const isMore = operator === '>' || operator === '>=';
  if (!isMore && operator !== '<' && operator !== '<=') return [node];
  const [number, limit] = isMore === holds ? [left, right] : [right, left];
  return isGrowingNumber(number, growth) ? [...listInside(number), limit] : [node];
}

/** Whether a value could be another one, had the step gone on. */
export function readsGrowth(node: Node, growth: Growth): boolean {
  const key = growth.keyOf(node);
  if (key !== undefined) return key === WHOLE || growth.keys.includes(key);
  if (asksWhetherThere(node, growth)) return false;
  if (node.kind === 'index' && isPositionSure(node.index, growth.atLeast) && isGrowingList(node.object, growth))
    return listInside(node.object).some((part) => readsGrowth(part, growth));
  if (node.kind === 'call' && node.name === 'first' && node.args[0] && growth.keyOf(node.args[0]) === growth.list)
    return false;
  return listChildren(node).some((child) => readsGrowth(child, growth));
}

/** `wait != nil` */
function asksWhetherThere(node: Node, growth: Growth): boolean {
  if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return false;
  const { left, right } = node;
  return right.kind === 'literal' && right.value === null && growth.keyOf(left) === WHOLE;
}

function isPositionSure(index: Node, atLeast: number): boolean {
  return index.kind === 'literal' && typeof index.value === 'number' && index.value >= 0 && index.value < atLeast;
}

function isGrowingNumber(node: Node, growth: Growth): boolean {
  const key = growth.keyOf(node);
  if (key !== undefined) return key !== growth.list && growth.keys.includes(key);
  const [from] = node.kind === 'call' && COUNTS.has(node.name) ? node.args : [];
  return from !== undefined && isGrowingList(from, growth);
}

function isGrowingList(node: Node, growth: Growth): boolean {
  if (growth.keyOf(node) === growth.list) return true;
  const [from] = node.kind === 'call' && GIVES_MORE.has(node.name) ? node.args : [];
  return from !== undefined && isGrowingList(from, growth);
}

/** The predicates of the calls that a growing value is made by. */
function listInside(node: Node): readonly Node[] {
  if (node.kind !== 'call') return [];
  const [from, ...rest] = node.args;
  return from ? [...listInside(from), ...rest] : [];
}
