import { ExactNumber } from '../values/exact.ts';
import type { Value } from '../values/value.ts';
import type { Node } from './ast.ts';

/** Writes a tree as a source that parses to the same tree; operands stand in parentheses wherever that is safe. */
export function printNode(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.value);
    case 'text':
      return `"${node.parts.map((part) => (typeof part === 'string' ? printInside(part) : `{{${printNode(part)}}}`)).join('')}"`;
    case 'name':
      return node.name;
    case 'fallback':
      return `\${${node.name}:-${node.text}}`;
    case 'pointer':
      return `#${node.name}`;
    case 'unary':
      return `${node.operator === 'not' ? 'not ' : node.operator}${group(node.operand)}`;
    case 'binary':
      return `${group(node.left)} ${node.operator} ${group(node.right)}`;
    case 'comparison':
      return node.operands.map((operand, i) => (i === 0 ? '' : ` ${node.operators[i - 1]} `) + group(operand)).join('');
    case 'conditional':
      return `${group(node.test)} ? ${node.then === node.test ? '' : group(node.then)}: ${group(node.otherwise)}`;
    default:
      return printAccess(node);
  }
}

function printAccess(node: Node): string {
  switch (node.kind) {
    case 'member':
      return `${printObject(node.object)}${node.isOptional ? '?.' : '.'}${node.name}`;
    case 'method':
      return `${printObject(node.object)}${node.isOptional ? '?.' : '.'}${node.name}(${printAll(node.args)})`;
    case 'index':
      return `${printObject(node.object)}${node.isOptional ? '?.' : ''}[${printInner(node.index)}]`;
    case 'slice':
      return `${printObject(node.object)}${node.isOptional ? '?.' : ''}[${printBound(node.from)}:${printBound(node.to)}]`;
    case 'chain':
      return printNode(node.body);
    case 'call':
      return `${node.name}(${printAll(node.args)})`;
    case 'predicate':
      return `{${printNode(node.body)}}`;
    case 'list':
      return `[${printAll(node.items)}]`;
    case 'map':
      return printMap(node);
    case 'let':
      return `let ${node.name} = ${printInner(node.value)}; ${printNode(node.body)}`;
    case 'sequence':
      return node.items.map(group).join('; ');
    default:
      return printNode(node);
  }
}

function printMap(node: Extract<Node, { kind: 'map' }>): string {
  const entries = node.entries.map(({ key, isComputed, value }) => {
    const written = isComputed && key.kind !== 'text' ? `(${printNode(key)})` : printNode(key);
    return `${written}: ${printInner(value)}`;
  });
  return `{${entries.join(', ')}}`;
}

function printAll(nodes: readonly Node[]): string {
  return nodes.map(printInner).join(', ');
}

/** Writes a node where a `;` would end what is around it. */
function printInner(node: Node): string {
  return node.kind === 'sequence' ? `(${printNode(node)})` : printNode(node);
}

function printBound(node: Node | undefined): string {
  return node === undefined ? '' : group(node);
}

function printObject(node: Node): string {
  const isPlain = ['name', 'member', 'index', 'slice', 'method', 'call', 'list', 'map', 'chain', 'text'].includes(
    node.kind,
  );
  const isText = node.kind === 'literal' && typeof node.value === 'string';
  return isPlain || isText || (node.kind === 'pointer' && node.name !== '') ? printNode(node) : `(${printNode(node)})`;
}

function group(node: Node): string {
  const isPlain = ['literal', 'name', 'pointer', 'list', 'map', 'call', 'text'].includes(node.kind);
  return isPlain ? printNode(node) : `(${printNode(node)})`;
}

function printLiteral(value: Value): string {
  if (typeof value === 'string') return `"${printInside(value)}"`;
  if (value instanceof ExactNumber) return value.text;
  return value === null ? 'nil' : String(value);
}

function printInside(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('{{', '{\\u007b')
    .replaceAll('${', '$\\u007b')
    .replaceAll('<<', '<\\u003c');
}
