import { listChildren, type Node } from './ast.ts';
import { countNodes } from './count-nodes.ts';

/** What is larger is a calculation, and no other name of something. */
const MOST_NODES = 60;

type Values = ReadonlyMap<string, Node>;

/** The same expression with what `let` calls by a name in the name's place; for what is only looked at, as each part keeps its place in the source. */
export function inlineLets(ast: Node): Node {
  return hasLet(ast) ? inline(ast, new Map()) : ast;
}

function hasLet(node: Node): boolean {
  return node.kind === 'let' || listChildren(node).some(hasLet);
}

function inline(node: Node, values: Values): Node {
  const go = (child: Node): Node => inline(child, values);
  switch (node.kind) {
    case 'let': {
      const value = go(node.value);
      return inline(node.body, countNodes(value) > MOST_NODES ? values : new Map([...values, [node.name, value]]));
    }
    case 'name':
      return values.get(node.name) ?? node;
    case 'unary':
      return { ...node, operand: go(node.operand) };
    case 'binary':
      return { ...node, left: go(node.left), right: go(node.right) };
    case 'member':
      return { ...node, object: go(node.object) };
    case 'index':
      return { ...node, object: go(node.object), index: go(node.index) };
    case 'slice':
      return { ...node, object: go(node.object) };
    case 'chain':
    case 'predicate':
      return { ...node, body: go(node.body) };
    case 'call':
      return { ...node, args: node.args.map(go) };
    default:
      return node;
  }
}
