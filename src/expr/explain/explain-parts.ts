import type { Trace } from '../evaluate/trace.ts';
import { listChildren, type Node } from '../syntax/ast.ts';
import type { Value } from '../values/value.ts';

/** A part of an expression and the value it had. */
export interface Part {
  offset: number;
  length: number;
  text: string;
  value: Value;
}

/** Where parts are looked for. */
export interface PartSearch {
  source: string;
  trace: Trace;
  root: Node;
}

/** Lists the parts of a tree that had values, in source order, each text once. */
export function listParts(search: PartSearch): readonly Part[] {
  const parts = new Map<string, Part>();
  addParts(parts, search, search.root);
  return [...parts.values()].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

/** Whether the node leads to a place in data. */
export function isPath(node: Node): boolean {
  return ['name', 'member', 'index', 'chain', 'slice'].includes(node.kind);
}

/** The text of a node. */
export function textOf(source: string, { offset, length }: Node): string {
  return source.slice(offset, offset + length);
}

function addParts(parts: Map<string, Part>, search: PartSearch, node: Node): void {
  const { offset, length } = node;
  const text = textOf(search.source, node);
  const value = search.trace.values.get(node);
  const isShown =
    value !== undefined && isInteresting(node, search.root, value) && !isDenied(node, search) && !parts.has(text);
  if (isShown) parts.set(text, { offset, length, text, value });
  const isKnownPath = value !== undefined && isPath(node);
  for (const child of listChildren(node)) {
    // A predicate has as many values as there are items, and what a path goes through is left out as long as the path has a value.
    if (child.kind === 'predicate') continue;
    if (!isKnownPath || !isPath(child)) addParts(parts, search, child);
    else if (node.kind === 'index' && child === node.index) addParts(parts, search, child);
  }
}

/** Of `x not in list` what it denies: it has no text of its own, and its value is the opposite of what the text says. */
function isDenied({ offset, length }: Node, { root }: PartSearch): boolean {
  return root.kind === 'unary' && root.offset === offset && root.length === length;
}

function isInteresting(node: Node, root: Node, value: Value): boolean {
  switch (node.kind) {
    case 'literal':
    case 'list':
    case 'map':
    case 'predicate':
    case 'pointer':
    case 'let':
    case 'sequence':
      return false;
    case 'unary':
      return node !== root && node.operand.kind !== 'literal';
    case 'name':
      return true;
    case 'binary':
      // What is joined says more than the joint.
      return node !== root && node.operator !== 'and' && node.operator !== 'or';
    case 'call':
      // That the whole is false stands above its parts already.
      return node !== root || typeof value !== 'boolean';
    default:
      return node !== root || isPath(node);
  }
}
