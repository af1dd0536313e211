import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';

/** What an expression that holds rests on not being so. */
export interface Denials {
  /** Tests that have to be false, and `!=` that have to be true. */
  readonly tests: ReadonlySet<Node>;
  /** Keys that they read, and that are asked whether they are nil: without such a key each of them holds. */
  readonly reads: readonly KeyRead[];
  /** Pairs of keys that have to be equal: they are so where neither is there. */
  readonly pairs: readonly (readonly [KeyRead, KeyRead])[];
  /** Comparisons that ask whether something is nil. */
  readonly absences: ReadonlySet<Node>;
  /** Calls that are to find nothing: over a list without items they do, whatever they look for. */
  readonly searches: ReadonlySet<Node>;
}

/** A key that is read of what stands before it, which begins with a name. */
export interface KeyRead {
  readonly object: Node;
  readonly key: string;
  /** Whether its value is a text that is tested: without the key nothing was. */
  readonly isText: boolean;
}

const TEXT_TESTS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'matches']);
const TESTS: ReadonlySet<string> = new Set(['==', 'in', ...TEXT_TESTS]);
/** Whether a count so compared with none, or with one, says that there is none. */
const COUNTS: ReadonlyMap<string, boolean> = new Map([
  ['==', true],
  ['!=', false],
  ['<', true],
  ['<=', true],
  ['>', false],
  ['>=', false],
]);
/** Orders with the sides changed. */
const TURNED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
]);
const known = { holds: new WeakMap<Node, Denials>(), fails: new WeakMap<Node, Denials>() };

/** Finds what a whole expression denies that holds, or that does not; found once. */
export function findDenials(ast: Node, holds = true): Denials {
  const cache = holds ? known.holds : known.fails;
  const found = cache.get(ast) ?? makeDenials(ast, holds);
  cache.set(ast, found);
  return found;
}

function makeDenials(ast: Node, holds: boolean): Denials {
  const found: Found = { tests: new Set(), absences: new Set(), pairs: [], searches: new Set() };
  visit(ast, !holds, found);
  const reads = [...found.tests, ...found.absences].flatMap((test) => listReads(test));
  return { tests: found.tests, absences: found.absences, reads, pairs: found.pairs, searches: found.searches };
}

interface Found {
  readonly tests: Set<Node>;
  readonly absences: Set<Node>;
  readonly pairs: (readonly [KeyRead, KeyRead])[];
  readonly searches: Set<Node>;
}

/** Visits what gives a bool; `isDenied` says whether it has to be false. What may be either way is passed over. */
function visit(node: Node, isDenied: boolean, found: Found): void {
  switch (node.kind) {
    case 'unary':
      if (node.operator === 'not') visit(node.operand, !isDenied, found);
      return;
    case 'conditional':
      for (const branch of [node.then, node.otherwise]) visit(branch, isDenied, found);
      return;
    case 'call':
      visitCall(node, isDenied, found);
      return;
    case 'binary':
      if (node.operator === 'and' || node.operator === 'or')
        for (const side of [node.left, node.right]) visit(side, isDenied, found);
      else visitComparison(node, isDenied, found);
      return;
    default:
  }
}

function visitComparison(node: NodeOf<'binary'> & Node, isDenied: boolean, found: Found): void {
  const { operator, left, right } = node;
  const [list, isEmpty] = readCounted(node) ?? [];
  if (list) {
    if (isDenied !== isEmpty) found.searches.add(list);
    visitPredicate(list, isDenied !== isEmpty, found);
    return;
  }
  if (operator === 'in' && isDenied && right.kind === 'call') found.searches.add(right);
  const isEquality = operator === '==' || operator === '!=';
  if (isEquality && right.kind === 'literal' && typeof right.value === 'boolean')
    visit(left, isDenied === ((operator === '==') === right.value), found);
  const isUnequal = operator === '!=' ? !isDenied : TESTS.has(operator) && isDenied;
  if (isEquality && (isNil(left) || isNil(right))) {
    if (!isUnequal) found.absences.add(node);
  } else if (isUnequal) found.tests.add(node);
  else if (isEquality) {
    const [one, two] = [readWhole(left), readWhole(right)];
    if (one && two) found.pairs.push([one, two]);
  }
}

/** The key that a side is, from a name on. */
function readWhole(node: Node): KeyRead | undefined {
  if (node.kind === 'chain') return readWhole(node.body);
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const { object, key } = readKeyOf(node) ?? {};
  return object && key !== undefined && beginsWithName(object) ? { object, key, isText: false } : undefined;
}

function visitCall(node: NodeOf<'call'>, isDenied: boolean, found: Found): void {
  if (node.name === 'all' || node.name === 'any') visitPredicate(node, isDenied, found);
  else if (node.name === 'none') visitPredicate(node, !isDenied, found);
}

function visitPredicate({ args }: NodeOf<'call'>, isDenied: boolean, found: Found): void {
  for (const arg of args) if (arg.kind === 'predicate') visit(arg.body, isDenied, found);
}

/** The call whose predicate chooses what is counted, and whether there is to be none: `count(…) == 0`, `len(filter(…)) > 0`, `find(…) == nil`. */
function readCounted({
  operator: written,
  left: first,
  right: second,
}: NodeOf<'binary'>): [NodeOf<'call'> & Node, boolean] | undefined {
  const isTurned = second.kind === 'call' && first.kind !== 'call';
  const [left, right] = isTurned ? [second, first] : [first, second];
  const operator = isTurned ? (TURNED.get(written) ?? written) : written;
  if (left.kind !== 'call') return undefined;
  const [inner] = left.args;
  const isLength = left.name === 'len' && inner?.kind === 'call' && inner.name === 'filter';
  const isNumber = isLength || left.name === 'count';
  const isEmpty = COUNTS.get(operator);
  if (isEmpty === undefined) return undefined;
  if (isNumber && right.kind === 'literal') {
    const limit = operator === '<' || operator === '>=' ? 1 : 0;
    return right.value === limit ? [isLength ? inner : left, isEmpty] : undefined;
  }
  if (operator !== '==' && operator !== '!=') return undefined;
  const isNone = left.name === 'find' ? isNil(right) : left.name === 'filter' && isEmptyList(right);
  return isNone ? [left, isEmpty] : undefined;
}

function isEmptyList(node: Node): boolean {
  return node.kind === 'list' && node.items.length === 0;
}

/** Whether it is written as nil. */
export function isNil(node: Node): boolean {
  return node.kind === 'literal' && node.value === null;
}

/** The keys that are read by name below a node, not before `??`, where nothing is as good. */
function listReads(node: Node, isText = false): readonly KeyRead[] {
  if (node.kind === 'predicate' || (node.kind === 'binary' && node.operator === '??')) return [];
  if (node.kind === 'chain') return listReads(node.body, isText);
  const { object, key } = readKeyOf(node) ?? {};
  const own = object && key !== undefined && beginsWithName(object) ? [{ object, key, isText }] : [];
  const tested = node.kind === 'binary' && TEXT_TESTS.has(node.operator) ? node.left : undefined;
  return [...listChildren(node).flatMap((child) => listReads(child, child === tested)), ...own];
}

/** The key of `x.sku`, `x["sku"]` and `"sku" in x`. */
function readKeyOf(node: Node): { readonly object: Node; readonly key: string } | undefined {
  if (node.kind === 'member') return { object: node.object, key: node.name };
  if (node.kind === 'index') return readTextKey(node.object, node.index);
  return node.kind === 'binary' && node.operator === 'in' ? readTextKey(node.right, node.left) : undefined;
}

function readTextKey(object: Node, index: Node): { readonly object: Node; readonly key: string } | undefined {
  return index.kind === 'literal' && typeof index.value === 'string' ? { object, key: index.value } : undefined;
}

function beginsWithName(node: Node): boolean {
  if (node.kind === 'chain') return beginsWithName(node.body);
  return node.kind === 'name' || ((node.kind === 'member' || node.kind === 'index') && beginsWithName(node.object));
}
