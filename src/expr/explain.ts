import { listChildren, type Node } from './ast.ts';
import { type Difference, listDifferences } from './difference.ts';
import { type ExprError, placeError } from './error.ts';
import { type Env, Frame, type Host, type Thunk } from './frame.ts';
import { collectHints } from './hints.ts';
import { isList, isMap, type Value } from './value.ts';

/** A part of an expression and the value it had. */
export interface Part {
  offset: number;
  length: number;
  text: string;
  value: Value;
}

/** What came out of one evaluation, and why. */
export interface Explanation {
  value?: Value;
  error?: ExprError;
  /** Names, paths, calls and comparisons in source order; those of predicates have as many values as items and are left out. */
  parts: readonly Part[];
  /** Where lists or maps differ that an `==` found unequal. */
  difference?: readonly Difference[];
  hints: readonly string[];
}

/** What is explained. */
interface ExplainInput {
  source: string;
  ast: Node;
  /** The tree compiled so that it keeps the values of its nodes. */
  run: Thunk;
  env: Env;
  host: Host | undefined;
}

/** Evaluates once and explains the outcome. */
export function explainNode(input: ExplainInput): Explanation {
  const { source, ast, env } = input;
  const trace = new Map<Node, Value>();
  const outcome = runOnce(input, trace);
  const difference = findDifference(source, ast, trace);
  return {
    ...outcome,
    parts: listParts(source, ast, trace),
    ...(difference.length > 0 && { difference }),
    hints: collectHints({ ast, source, trace, env, ...outcome }),
  };
}

function runOnce(input: ExplainInput, trace: Map<Node, Value>): { value: Value } | { error: ExprError } {
  try {
    return { value: input.run(new Frame(input.env, input.host, trace)) };
  } catch (error) {
    return { error: placeError(error, 0, input.source.length) };
  }
}

function listParts(source: string, ast: Node, trace: ReadonlyMap<Node, Value>): readonly Part[] {
  const parts = new Map<string, Part>();
  addParts(parts, { source, trace, root: ast }, ast);
  return [...parts.values()].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

interface PartSearch {
  source: string;
  trace: ReadonlyMap<Node, Value>;
  root: Node;
}

function addParts(parts: Map<string, Part>, search: PartSearch, node: Node): void {
  const { offset, length } = node;
  const text = search.source.slice(offset, offset + length);
  const value = search.trace.get(node);
  const isShown = value !== undefined && isInteresting(node, search.root) && !parts.has(text);
  if (isShown) parts.set(text, { offset, length, text, value });
  const isKnownPath = value !== undefined && isPath(node);
  for (const child of listChildren(node)) {
    // What a path goes through is left out as long as the path has a value.
    if (!isKnownPath || !isPath(child)) addParts(parts, search, child);
    else if (node.kind === 'index' && child === node.index) addParts(parts, search, child);
  }
}

function isInteresting(node: Node, root: Node): boolean {
  switch (node.kind) {
    case 'literal':
    case 'list':
    case 'map':
    case 'predicate':
    case 'let':
    case 'sequence':
      return false;
    case 'unary':
      return node !== root && node.operand.kind !== 'literal';
    case 'name':
      return true;
    case 'binary':
      return node !== root;
    default:
      return node !== root || isPath(node) || node.kind === 'call';
  }
}

function isPath(node: Node): boolean {
  return ['name', 'member', 'index', 'chain', 'slice'].includes(node.kind);
}

function findDifference(source: string, ast: Node, trace: ReadonlyMap<Node, Value>): readonly Difference[] {
  if (ast.kind !== 'binary') return [];
  if (ast.operator === 'and') {
    return [...findDifference(source, ast.left, trace), ...findDifference(source, ast.right, trace)];
  }
  if (ast.operator !== '==' || trace.get(ast) !== false) return [];
  const isSwapped = isWritten(ast.left) && !isWritten(ast.right);
  const [actualNode, expectedNode] = isSwapped ? [ast.right, ast.left] : [ast.left, ast.right];
  const actual = trace.get(actualNode) ?? null;
  const expected = trace.get(expectedNode) ?? null;
  const areBoth = (test: (value: Value) => boolean) => test(actual) && test(expected);
  if (!areBoth(isList) && !areBoth(isMap)) return [];
  const path = isPath(actualNode) ? source.slice(actualNode.offset, actualNode.offset + actualNode.length) : '';
  return listDifferences(actual, expected, path);
}

/** Whether a value stands in the expression itself, and so is what was expected. */
function isWritten(node: Node): boolean {
  return (
    node.kind === 'literal' || ((node.kind === 'list' || node.kind === 'map') && listChildren(node).every(isWritten))
  );
}
