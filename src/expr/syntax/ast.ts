import type { Value } from '../values/value.ts';

/** Where a node stands in its source, in UTF-16 units; `at` is the place to point at: an operator, a member's name. */
export interface Place {
  offset: number;
  length: number;
  at: number;
  atLength: number;
}

/** Any node of the syntax tree. */
export type Node = Place & NodeShape & { depth: number };

/** The name of a node's kind. */
export type NodeKind = NodeShape['kind'];

/** A node of one kind. */
export type NodeOf<K extends NodeKind> = Place & Extract<NodeShape, { kind: K }> & { depth: number };

/** Binary operators, by their canonical spelling. */
export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'in'
  | 'matches'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | '..'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '??';

/** A key of a map and its value; a computed key is any node, a plain one a text literal. */
export interface MapEntry {
  key: Node;
  isComputed: boolean;
  value: Node;
}

export type NodeShape =
  | { kind: 'literal'; value: Value }
  | { kind: 'text'; parts: readonly (string | Node)[] }
  | { kind: 'name'; name: string }
  | { kind: 'fallback'; name: string; text: string }
  | { kind: 'pointer'; name: '' | 'index' | 'acc' }
  | { kind: 'unary'; operator: 'not' | '-' | '+'; operand: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
  | { kind: 'comparison'; operators: readonly BinaryOperator[]; operands: readonly Node[] }
  | { kind: 'conditional'; test: Node; then: Node; otherwise: Node }
  | { kind: 'member'; object: Node; name: string; isOptional: boolean }
  | { kind: 'index'; object: Node; index: Node; isOptional: boolean }
  | { kind: 'slice'; object: Node; from: Node | undefined; to: Node | undefined; isOptional: boolean }
  | { kind: 'chain'; body: Node }
  | { kind: 'method'; object: Node; name: string; args: readonly Node[]; isOptional: boolean }
  | { kind: 'call'; name: string; args: readonly Node[] }
  | { kind: 'predicate'; body: Node }
  | { kind: 'list'; items: readonly Node[] }
  | { kind: 'map'; entries: readonly MapEntry[] }
  | { kind: 'let'; name: string; value: Node; body: Node }
  | { kind: 'sequence'; items: readonly Node[] };

/** The nodes right below a node, in source order. */
export function listChildren(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
    case 'fallback':
    case 'pointer':
      return [];
    case 'text':
      return node.parts.filter((part) => typeof part !== 'string');
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'comparison':
      return node.operands;
    case 'conditional':
      return node.test === node.then ? [node.test, node.otherwise] : [node.test, node.then, node.otherwise];
    case 'member':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'slice':
      return [node.object, ...[node.from, node.to].filter((part) => part !== undefined)];
    case 'chain':
    case 'predicate':
      return [node.body];
    case 'method':
      return [node.object, ...node.args];
    case 'call':
      return node.args;
    case 'list':
    case 'sequence':
      return node.items;
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'let':
      return [node.value, node.body];
    default:
      return node satisfies never;
  }
}

/** The depth of the deepest of the nodes; 0 for none. */
export function maxDepth(nodes: readonly Node[]): number {
  let depth = 0;
  for (const node of nodes) if (node.depth > depth) depth = node.depth;
  return depth;
}
