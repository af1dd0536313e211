import { findSimilarKey } from './access.ts';
import { listChildren, type Node } from './ast.ts';
import { describeType } from './describe.ts';
import { isNumber } from './equality.ts';
import type { ExprError } from './error.ts';
import { formatValue } from './format.ts';
import type { Env } from './frame.ts';
import { isList, isMap, readKey, type Value } from './value.ts';

/** What hints are drawn from: the tree, the values its nodes had, and what came out. */
interface HintInput {
  ast: Node;
  source: string;
  trace: ReadonlyMap<Node, Value>;
  env: Env;
  value?: Value;
  error?: ExprError;
}

const maxHints = 5;

/** Says what may be meant by an expression that did not give true. */
export function collectHints(input: HintInput): readonly string[] {
  const { value, error } = input;
  if (value === true) return [];
  const hints = new Set<string>();
  if (error?.hint !== undefined) hints.add(error.hint);
  if (error === undefined && value !== undefined && typeof value !== 'boolean') hints.add(describeNotBool(value));
  visit(input, input.ast, hints);
  return [...hints].slice(0, maxHints);
}

function describeNotBool(value: Value): string {
  return `the value is ${describeType(value)}, not bool: compare it with something, as in \`… == ${suggestLiteral(value)}\``;
}

function suggestLiteral(value: Value): string {
  return isList(value) || isMap(value) ? '…' : formatValue(value, 40);
}

function visit(input: HintInput, node: Node, hints: Set<string>): void {
  if (node.kind === 'binary' && input.trace.has(node)) addOperatorHints(input, node, hints);
  if (node.kind === 'member' || node.kind === 'index') addKeyHint(input, node, hints);
  if (node.kind === 'predicate') return;
  for (const child of listChildren(node)) visit(input, child, hints);
}

function addOperatorHints(input: HintInput, node: Extract<Node, { kind: 'binary' }>, hints: Set<string>): void {
  const { operator } = node;
  if ((operator !== '==' && operator !== '!=' && operator !== 'in') || input.trace.get(node) === true) return;
  const left = input.trace.get(node.left);
  const right = input.trace.get(node.right);
  if (left === undefined || right === undefined) return;
  if (operator === 'in') {
    if (isList(right)) addItemHint(left, right, hints);
    return;
  }
  addPairHint({ a: left, b: right, text: writeNode(input, node.left) }, hints);
  addPairHint({ a: right, b: left, text: writeNode(input, node.right) }, hints);
}

function addPairHint(pair: { a: Value; b: Value; text: string }, hints: Set<string>): void {
  const { a, b, text } = pair;
  if (isNumber(a) && typeof b === 'string') {
    hints.add(
      `${describeType(a)} ${formatValue(a, 40)} is not string ${formatValue(b, 40)}: a number never equals a text`,
    );
  }
  if (typeof a === 'boolean' && typeof b === 'string') {
    hints.add(`bool ${a} is not string ${formatValue(b, 40)}: leave out the quotes`);
  }
  if (isList(a) && !isList(b) && b !== null && a.some((item) => describeType(item) === describeType(b))) {
    hints.add(`\`${text}\` is an array: take an item, as in \`${text}[0]\`, or test with \`… in ${text}\``);
  }
  if (typeof a === 'string' && typeof b === 'string' && a !== b) addTextHint(a, b, hints);
}

function addTextHint(a: string, b: string, hints: Set<string>): void {
  if (a.trim() === b.trim()) hints.add('the texts differ in blanks at an end alone');
  else if (a.toLowerCase() === b.toLowerCase()) hints.add('the texts differ in case alone: compare `lower(…)`');
  else if (a.normalize() === b.normalize()) hints.add('the texts look alike but are composed of other characters');
}

function addItemHint(item: Value, list: readonly Value[], hints: Set<string>): void {
  const isOther = (candidate: Value) =>
    (isNumber(item) && typeof candidate === 'string') || (typeof item === 'string' && isNumber(candidate));
  const other = list.find(isOther);
  if (other !== undefined) {
    hints.add(
      `${describeType(item)} ${formatValue(item, 40)} is never ${describeType(other)} ${formatValue(other, 40)}`,
    );
  }
}

function addKeyHint(input: HintInput, node: Extract<Node, { kind: 'member' | 'index' }>, hints: Set<string>): void {
  const object = resolve(input, node.object);
  const key = node.kind === 'member' ? node.name : node.index.kind === 'literal' ? node.index.value : undefined;
  if (typeof key !== 'string' || object === undefined || !isMap(object) || readKey(object, key) !== undefined) return;
  const similar = findSimilarKey(object, key);
  const text = writeNode(input, node.object);
  if (similar !== undefined) hints.add(`\`${text}\` has no \`${key}\`, but \`${similar}\``);
  else hints.add(`\`${text}\` has no \`${key}\`; its keys are ${listKeys(Object.keys(object))}`);
}

/** The value of a node; inside a chain of optional dots it is looked up again, which only reads. */
function resolve(input: HintInput, node: Node): Value | undefined {
  const traced = input.trace.get(node);
  if (traced !== undefined) return traced;
  if (node.kind === 'name') return input.env.get(node.name);
  if (node.kind === 'chain') return resolve(input, node.body);
  if (node.kind !== 'member') return undefined;
  const object = resolve(input, node.object);
  return object !== undefined && isMap(object) ? readKey(object, node.name) : undefined;
}

function listKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'none';
  const shown = keys.slice(0, 10).map((key) => `\`${key.slice(0, 60)}\``);
  return shown.join(', ') + (keys.length > shown.length ? ` and ${keys.length - shown.length} more` : '');
}

function writeNode(input: HintInput, node: Node): string {
  const text = input.source.slice(node.offset, node.offset + node.length);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
