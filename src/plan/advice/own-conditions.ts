import { type BinaryOperator, listChildren, type Node } from '../../expr/index.ts';

/** What a condition over something awaited is judged by. */
export interface OwnTerms {
  /** Names of what is awaited, which hide the flow's. */
  readonly besides: ReadonlySet<string>;
  /** Whether a value of the flow is its own. */
  readonly isOwn: (node: Node) => boolean;
}

/** Operators that hold only where the second is in the first. */
const FINDING: ReadonlySet<BinaryOperator> = new Set(['contains', 'startsWith', 'endsWith']);

/** Whether a condition holds only of what has an own value: of `value.id == order_id`, and not of `value.total > limit`. */
export function holdsForOwn(node: Node, terms: OwnTerms): boolean {
  const holds = (part: Node): boolean => holdsForOwn(part, terms);
  if (node.kind === 'chain' || node.kind === 'predicate') return holds(node.body);
  if (node.kind === 'call' && node.name === 'any')
    return node.args[0] !== undefined && isMadeOf(node.args[0], terms.besides) && node.args.slice(1).some(holds);
  if (node.kind === 'comparison') {
    const { operators, operands } = node;
    return operators.some((operator, index) => meetsOwn(operator, operands.slice(index, index + 2), terms));
  }
  if (node.kind !== 'binary') return false;
  if (node.operator === 'and') return holds(node.left) || holds(node.right);
  if (node.operator === 'or') return holds(node.left) && holds(node.right);
  return meetsOwn(node.operator, [node.left, node.right], terms);
}

function meetsOwn(operator: BinaryOperator, [left, right]: readonly Node[], terms: OwnTerms): boolean {
  if (!left || !right) return false;
  if (operator === '==') return isMet(left, right, terms) || isMet(right, left, terms);
  if (operator === 'in')
    return right.kind === 'list' ? right.items.every((item) => isMet(left, item, terms)) : isMet(left, right, terms);
  return FINDING.has(operator) && isMet(left, right, terms);
}

/** Whether one side is of what is awaited alone, and the other the flow's own. */
function isMet(awaited: Node, own: Node, { besides, isOwn }: OwnTerms): boolean {
  return isMadeOf(awaited, besides) && !listLeaves(own).some((leaf) => isAwaited(leaf, besides)) && isOwn(own);
}

function isMadeOf(node: Node, besides: ReadonlySet<string>): boolean {
  const leaves = listLeaves(node);
  return (
    leaves.some((leaf) => isAwaited(leaf, besides)) &&
    leaves.every((leaf) => leaf.kind === 'literal' || isAwaited(leaf, besides))
  );
}

function isAwaited(leaf: Node, besides: ReadonlySet<string>): boolean {
  return leaf.kind === 'pointer' || (leaf.kind === 'name' && besides.has(leaf.name));
}

/** What a value is made of; a call without arguments too. */
function listLeaves(node: Node): readonly Node[] {
  const children = listChildren(node);
  return children.length === 0 ? [node] : children.flatMap(listLeaves);
}
