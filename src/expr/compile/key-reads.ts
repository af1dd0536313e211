import { listChildren, type Node } from '../syntax/ast.ts';
import { printNode } from '../syntax/print.ts';
import { isList, isMap, readKey, type Value } from '../values/value.ts';

/** A key that is read of what stands before it: of what a path from a name leads to, or of an item of the list there. */
export interface KeyRead {
  readonly object: Node;
  readonly key: string;
  /** Whether its value is a text that is tested: without the key nothing was. */
  readonly isText: boolean;
}

/** A key, and what it is read of. */
type Access = Pick<KeyRead, 'object' | 'key'>;

export const TEXT_TESTS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'matches']);
/** How a test looks for one text in another. */
export type TextTest = 'contains' | 'startsWith' | 'endsWith';
/** Calls that do so, and how. */
export const TEXT_CALLS: ReadonlyMap<string, TextTest> = new Map([
  ['hasPrefix', 'startsWith'],
  ['hasSuffix', 'endsWith'],
  ['indexOf', 'contains'],
  ['lastIndexOf', 'contains'],
]);
/** Calls that give things of their list, or one of them. */
const GIVES_LIST: ReadonlySet<string> = new Set(['filter', 'take', 'sort', 'sortBy', 'reverse']);
const GIVES_ITEM: ReadonlySet<string> = new Set(['first', 'last', 'find', 'findLast']);

/** The key of `x.sku`, `x["sku"]` and `get(x, "sku")`. */
export function readAccess(node: Node): Access | undefined {
  const { object, key } = readStep(node) ?? {};
  return object && typeof key === 'string' ? { object, key } : undefined;
}

/** One step of a path: a key, or a position. */
export function readStep(node: Node): { readonly object: Node; readonly key: Value } | undefined {
  if (node.kind === 'member') return { object: node.object, key: node.name };
  if (node.kind === 'index')
    return node.index.kind === 'literal' ? { object: node.object, key: node.index.value } : undefined;
  const [object, key] = node.kind === 'call' && node.name === 'get' ? node.args : [];
  return object && key?.kind === 'literal' ? { object, key: key.value } : undefined;
}

/** What one step leads to; undefined where it leads to nothing. */
export function readStepOf(object: Value | undefined, key: Value): Value | undefined {
  if (object === undefined) return undefined;
  if (typeof key === 'string') return isMap(object) ? readKey(object, key) : undefined;
  return isList(object) && typeof key === 'number' ? object[key] : undefined;
}

/** The key of `x.sku`, and that of `"sku" in x` and `"sku" in keys(x)`. */
export function readKeyOf(node: Node): Access | undefined {
  if (node.kind !== 'binary' || node.operator !== 'in') return readAccess(node);
  const { left, right } = node;
  if (left.kind !== 'literal' || typeof left.value !== 'string') return undefined;
  return { object: findKeyed(right) ?? right, key: left.value };
}

/** The map of `keys(map)`. */
export function findKeyed(node: Node): Node | undefined {
  return node.kind === 'call' && node.name === 'keys' ? node.args[0] : undefined;
}

/** The keys that are read by name below a node, not before `??`, where nothing is as good. */
export function listReads(node: Node, isText = false): readonly KeyRead[] {
  if (node.kind === 'predicate' || hasDefault(node)) return [];
  if (node.kind === 'chain') return listReads(node.body, isText);
  const access = readKeyOf(node);
  const own = access && !readsItem(access.object) ? [{ ...access, isText }] : [];
  const tested = node.kind === 'binary' && TEXT_TESTS.has(node.operator) ? node.left : undefined;
  return [...listChildren(node).flatMap((child) => listReads(child, child === tested)), ...own];
}

/** A key for which a default stands where it is not there. */
export interface Defaulted {
  readonly read: KeyRead;
  /** The keys that stand in its place there. */
  readonly others: ReadonlySet<string>;
}

/** The keys that are read before `??` anywhere: a default stands for what is not there, and for what is misspelt. */
export function listDefaulted(node: Node): readonly Defaulted[] {
  if (node.kind === 'predicate') return [];
  if (node.kind === 'binary' && node.operator === 'or') return listEither(node.left, node.right);
  if (!hasDefault(node)) return listChildren(node).flatMap(listDefaulted);
  const choices = listChoices(node);
  const keys = choices.map((choice) => listKeys(choice));
  return choices.flatMap((choice, index) => {
    const others = new Set(keys.flatMap((own, at) => (at === index ? [] : own)));
    const reads = index < choices.length - 1 ? listReads(choice) : [];
    return [...reads.map((read) => ({ read, others })), ...listDefaulted(choice)];
  });
}

/** The same of two claims of which one is enough; where they are the same but for a key, one key stands for the other. */
function listEither(one: Node, other: Node): readonly Defaulted[] {
  const [a, b] = [printNode(one), printNode(other)];
  const add = (own: Node, [text, beside]: readonly [string, string], keys: readonly string[]): readonly Defaulted[] =>
    listDefaulted(own).map(({ read, others }) => {
      const same = keys.filter((key) => text.replaceAll(read.key, key) === beside);
      return { read, others: new Set([...others, ...same]) };
    });
  return [...add(one, [a, b], listKeys(other)), ...add(other, [b, a], listKeys(one))];
}

/** `a`, `b` and `c` of `a ?? b ?? c`. */
export function listChoices(node: Node): readonly Node[] {
  if (node.kind !== 'binary' || node.operator !== '??') return [node];
  return [...listChoices(node.left), ...listChoices(node.right)];
}

function hasDefault(node: Node): boolean {
  return node.kind === 'binary' && node.operator === '??';
}

/** All keys that are named anywhere below a node. */
function listKeys(node: Node): readonly string[] {
  const { key } = readKeyOf(node) ?? {};
  const below = listChildren(node).flatMap(listKeys);
  return key === undefined ? below : [...below, key];
}

/** Whether it is a path from a name on. */
export function isPath(node: Node): boolean {
  if (node.kind === 'chain') return isPath(node.body);
  if (node.kind === 'name') return true;
  const step = readStep(node);
  return step !== undefined && isPath(step.object);
}

/** Whether something in it is an item of a loop around it. */
export function readsItem(node: Node): boolean {
  return node.kind === 'pointer' || (node.kind !== 'predicate' && listChildren(node).some(readsItem));
}

/** The list that a node gives an item of, whichever it is: of `first(filter(items, .paid))` it is `items`. */
export function findListOf(node: Node): Node | undefined {
  if (node.kind === 'chain') return findListOf(node.body);
  if (node.kind === 'index') return isTextKey(node.index) ? undefined : findWholeList(node.object);
  return node.kind === 'call' && GIVES_ITEM.has(node.name) && node.args[0] ? findWholeList(node.args[0]) : undefined;
}

/** The list that a list is a part of. */
export function findWholeList(node: Node): Node {
  if (node.kind === 'chain') return findWholeList(node.body);
  if (node.kind === 'slice') return findWholeList(node.object);
  if (node.kind === 'binary' && node.operator === '??') return findWholeList(node.left);
  return node.kind === 'call' && GIVES_LIST.has(node.name) && node.args[0] ? findWholeList(node.args[0]) : node;
}

function isTextKey(index: Node): boolean {
  return index.kind === 'literal' && typeof index.value === 'string';
}
