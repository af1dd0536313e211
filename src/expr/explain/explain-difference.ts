import { compareDeeply, type Difference } from '../compare/difference.ts';
import type { FunctionDef } from '../evaluate/function-def.ts';
import type { Trace } from '../evaluate/trace.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { ExprError } from '../values/error.ts';
import { parseJson } from '../values/json.ts';
import type { Budget } from '../values/limits.ts';
import { isList, isMap, type Value } from '../values/value.ts';
import { isPath, textOf } from './explain-parts.ts';

/** Two values that were held against each other; `path` is how the actual one is written. */
export interface Comparison {
  path: string;
  actual: Value;
  expected: Value;
}

/** Where the sides of a comparison are not the same. */
interface ComparisonOutcome {
  differences: readonly Difference[];
  differenceCount?: number;
  compared?: Comparison;
}

interface ComparisonInput {
  source: string;
  ast: Node;
  functions: ReadonlyMap<string, FunctionDef>;
  /** What comparing may cost; that of the evaluation is spent. */
  budget: Budget;
}

/** A text of this length is seen at a glance. */
const glance = 60;
const maxJsonLength = 1_000_000;
/** Characters of data, roughly, that are still worth a look side by side. */
const maxWeight = 200_000;

/** Finds how the sides of the comparisons differ that made the value false. */
export function findComparison(input: ComparisonInput, trace: Trace): ComparisonOutcome {
  const found: Comparison[] = [];
  const differences: Difference[] = [];
  let count = 0;
  for (const node of listComparisons(input.ast, trace)) {
    const result = compareNode(input, node, trace);
    if (result === undefined) continue;
    differences.push(...result.differences);
    count += result.count;
    if (result.compared) found.push(result.compared);
  }
  const compared = found.find((sides) => isLight(sides.actual) && isLight(sides.expected));
  return {
    differences,
    ...(count > differences.length && { differenceCount: count }),
    ...(compared && differences.length > 1 && { compared }),
  };
}

/** The side that was looked at and the one that was expected: what stands in the expression itself was expected. */
export function orderSides(node: NodeOf<'binary'>): { actual: Node; expected: Node } {
  const isSwapped = isWritten(node.left) && !isWritten(node.right);
  return isSwapped ? { actual: node.right, expected: node.left } : { actual: node.left, expected: node.right };
}

/** Whether a value stands in the expression itself. */
export function isWritten(node: Node): boolean {
  if (node.kind === 'literal') return true;
  if (node.kind === 'unary') return isWritten(node.operand);
  return (node.kind === 'list' || node.kind === 'map') && listChildren(node).every(isWritten);
}

interface NodeComparison {
  differences: readonly Difference[];
  count: number;
  compared?: Comparison;
}

/** Comparisons that came out false and decided the value. */
function listComparisons(node: Node, trace: Trace): readonly (NodeOf<'binary'> | NodeOf<'call'>)[] {
  if (trace.values.get(node) === true) return [];
  switch (node.kind) {
    case 'binary':
      if (node.operator === '==') return trace.values.get(node) === false ? [node] : [];
      if (node.operator !== 'and' && node.operator !== 'or') return [];
      return [...listComparisons(node.left, trace), ...listComparisons(node.right, trace)];
    case 'conditional':
      return [node.then, node.otherwise].flatMap((branch) => listComparisons(branch, trace));
    case 'let':
      return listComparisons(node.body, trace);
    case 'sequence':
      return node.items.slice(-1).flatMap((item) => listComparisons(item, trace));
    case 'call':
      return trace.values.get(node) === false ? [node] : [];
    default:
      return [];
  }
}

function compareNode(
  input: ComparisonInput,
  node: NodeOf<'binary'> | NodeOf<'call'>,
  trace: Trace,
): NodeComparison | undefined {
  try {
    return node.kind === 'call' ? compareArguments(input, node, trace) : compareSides(input, node, trace);
  } catch (error) {
    // Data that is too deep or too large to be compared at leisure is not compared.
    if (error instanceof ExprError) return undefined;
    throw error;
  }
}

function compareArguments(
  { source, functions }: ComparisonInput,
  node: NodeOf<'call'>,
  trace: Trace,
): NodeComparison | undefined {
  const definition = functions.get(node.name);
  const values = node.args.map((arg) => trace.values.get(arg));
  const args = values.filter((value) => value !== undefined);
  if (definition?.differences === undefined || args.length < values.length) return undefined;
  const [first] = node.args;
  const path = first !== undefined && isPath(first) ? textOf(source, first) : '';
  const differences = definition.differences(args, path);
  return { differences, count: differences.length };
}

function compareSides(
  { source, budget }: ComparisonInput,
  node: NodeOf<'binary'>,
  trace: Trace,
): NodeComparison | undefined {
  const sides = orderSides(node);
  const actual = trace.values.get(sides.actual) ?? null;
  const expected = trace.values.get(sides.expected) ?? null;
  const path = isPath(sides.actual) || sides.actual.kind === 'call' ? textOf(source, sides.actual) : '';
  if (typeof actual === 'string' && typeof expected === 'string')
    return compareTexts({ actual, expected, path }, budget);
  if (!(isList(actual) && isList(expected)) && !(isMap(actual) && isMap(expected))) return undefined;
  const place = isPath(sides.actual) ? path : '';
  return { ...compareDeeply({ actual, expected, path: place }, budget), compared: { path, actual, expected } };
}

/** Long texts differ as a whole, or by their data when both are JSON. */
function compareTexts(
  { actual, expected, path }: { actual: string; expected: string; path: string },
  budget: Budget,
): NodeComparison | undefined {
  const a = readJson(actual);
  const b = readJson(expected);
  if (a !== undefined && b !== undefined) {
    const inner = compareDeeply({ actual: a, expected: b, path: `fromJSON(${path === '' ? '…' : path})` }, budget);
    if (inner.count > 0) return { ...inner, compared: { path, actual: a, expected: b } };
  }
  const isShort = (text: string) => text.length <= glance && !text.includes('\n');
  if (isShort(actual) && isShort(expected)) return undefined;
  return { differences: [{ kind: 'changed', path, expected, actual }], count: 1 };
}

function readJson(text: string): Value | undefined {
  if (text.length > maxJsonLength || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isLight(value: Value): boolean {
  let left = maxWeight;
  const open: Value[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    left -= typeof next === 'string' ? next.length + 4 : 4;
    if (left < 0) return false;
    if (isList(next)) {
      if (next.length > left) return false;
      for (const item of next) open.push(item);
    } else if (isMap(next)) {
      const keys = Object.keys(next);
      left -= keys.reduce((sum, key) => sum + key.length, 0);
      for (const key of keys) open.push(next[key] ?? null);
    }
  }
  return true;
}
