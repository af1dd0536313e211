import type { Node, NodeOf } from './ast.ts';
import { printNode } from './print.ts';

/** A key with `-` in it that was written after a dot, which reads as a difference. */
interface DashedKey {
  /** How it is written: `headers["content-type"]`. */
  readonly text: string;
  /** The names that the parts behind a `-` read as. */
  readonly names: readonly NodeOf<'name'>[];
}

/** The key that a difference without blanks stands for: of `headers.content-type` the member `content` minus the name `type`. */
export function findDashedKey(node: Node): DashedKey | undefined {
  const parts: NodeOf<'name'>[] = [];
  let left = node;
  while (left.kind === 'binary' && left.operator === '-' && isTight(left)) {
    const name = findRoot(left.right);
    if (name === undefined) return undefined;
    parts.unshift(name);
    left = left.left;
  }
  const member = left.kind === 'chain' ? left.body : left;
  if (parts.length === 0 || member.kind !== 'member') return undefined;
  const key = [member.name, ...parts.map(({ name }) => name)].join('-');
  return { text: `${printNode(member.object)}[${JSON.stringify(key)}]`, names: parts };
}

function isTight({ left, right, at, atLength }: NodeOf<'binary'>): boolean {
  return left.offset + left.length === at && at + atLength === right.offset;
}

/** The name that a path begins with. */
function findRoot(node: Node): NodeOf<'name'> | undefined {
  if (node.kind === 'name') return node;
  if (node.kind === 'chain') return findRoot(node.body);
  return node.kind === 'member' || node.kind === 'index' ? findRoot(node.object) : undefined;
}
