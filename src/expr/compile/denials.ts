import type { Node, NodeOf } from '../syntax/ast.ts';
import { inlineLets } from '../syntax/inline-lets.ts';
import {
  findBounded,
  isNil,
  listAmounts,
  listParts,
  listSteps,
  listSums,
  TURNED,
  unwrapTexts,
} from './compared-sides.ts';
import {
  type Defaulted,
  type KeyRead,
  listDefaulted,
  listReads,
  readAccess,
  readsItem,
  TEXT_TESTS,
} from './key-reads.ts';

/** What an expression that holds claims of two sides. */
interface Claims {
  /** Comparisons whose sides have to be equal. */
  readonly equalities: ReadonlySet<Node>;
  /** Names that have to be below something: `ttl <= 3600`. */
  readonly bounded: ReadonlySet<string>;
}

/** What an expression that holds rests on not being so. */
export interface Denials extends Claims {
  /** Tests that have to be false, and `!=` that have to be true. */
  readonly tests: ReadonlySet<Node>;
  /** Names that have to be false: `not exists`, `exists == false`. */
  readonly names: ReadonlySet<string>;
  /** Keys that they read, and that are asked whether they are nil: without such a key each of them holds. */
  readonly reads: readonly KeyRead[];
  /** Keys that stand before `??`: where one is not there, a default stands for it. */
  readonly defaulted: readonly Defaulted[];
  /** All keys that it reads, but for those before `??`. */
  readonly all: readonly KeyRead[];
  /** Pairs of keys that have to be equal: they are so where neither is there. */
  readonly pairs: readonly (readonly [KeyRead, KeyRead])[];
  /** Comparisons that ask whether something is nil. */
  readonly absences: ReadonlySet<Node>;
  /** Calls that are to find nothing: over a list without items they do, whatever they look for. */
  readonly searches: ReadonlySet<Node>;
}

/** Functions that give nil where no item is as it is looked for. */
export const FINDS: ReadonlySet<string> = new Set(['find', 'findLast', 'findIndex', 'findLastIndex']);
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
const known = { holds: new WeakMap<Node, Denials>(), fails: new WeakMap<Node, Denials>() };

/** Finds what a whole expression denies that holds, or that does not; found once. */
export function findDenials(ast: Node, holds = true): Denials {
  const cache = holds ? known.holds : known.fails;
  const found = cache.get(ast) ?? makeDenials(ast, holds);
  cache.set(ast, found);
  return found;
}

function makeDenials(given: Node, holds: boolean): Denials {
  const ast = inlineLets(given);
  const found: Found = {
    tests: new Set(),
    names: new Set(),
    absences: new Set(),
    pairs: [],
    searches: new Set(),
    equalities: new Set(),
    bounded: new Set(),
  };
  visit(ast, !holds, found);
  const reads = [...found.tests, ...found.absences].flatMap((test) => listReads(test));
  return { ...found, reads, all: listReads(ast), defaulted: listDefaulted(ast) };
}

/** Whether a node is one of these, which may be copies: they are known by their place. */
export function isAmong(nodes: ReadonlySet<Node>, { kind, offset, length }: Node): boolean {
  for (const node of nodes) if (node.kind === kind && node.offset === offset && node.length === length) return true;
  return false;
}

interface Found {
  readonly tests: Set<Node>;
  readonly names: Set<string>;
  readonly absences: Set<Node>;
  readonly pairs: (readonly [KeyRead, KeyRead])[];
  readonly searches: Set<Node>;
  readonly equalities: Set<Node>;
  readonly bounded: Set<string>;
}

/** Visits what gives a bool; `isDenied` says whether it has to be false. What may be either way is passed over. */
function visit(node: Node, isDenied: boolean, found: Found): void {
  switch (node.kind) {
    case 'name':
      if (isDenied) found.names.add(node.name);
      return;
    case 'unary':
      if (node.operator === 'not') visit(node.operand, !isDenied, found);
      return;
    case 'conditional':
      visit(node.test, isTestDenied(node, isDenied), found);
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
    case 'comparison':
      if (!isDenied) for (const part of listSteps(node)) visitComparison(part, false, found);
      return;
    default:
  }
}

/** Whether what a choice rests on has to be false; where both ways say something, it may be: `c ? a : b` is `(not c or a) and (c or b)`. */
function isTestDenied({ then, otherwise }: NodeOf<'conditional'>, isDenied: boolean): boolean {
  if (isBool(then)) return isDenied === isTrue(then);
  return isBool(otherwise) ? isDenied !== isTrue(otherwise) : true;
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
  const position = readPosition(node);
  if (position && position.isAbsent !== isDenied) found.tests.add(position.call);
  const ceiling = findBounded(node, isDenied);
  if (ceiling !== undefined) found.bounded.add(ceiling);
  for (const call of listAmounts(node, isDenied)) found.searches.add(call);
  const isEquality = operator === '==' || operator === '!=';
  if (isEquality && right.kind === 'literal' && typeof right.value === 'boolean')
    visit(left, isDenied === ((operator === '==') === right.value), found);
  const isUnequal = operator === '!=' ? !isDenied : TESTS.has(operator) && isDenied;
  if (operator === 'in' && !isDenied && right.kind === 'list' && right.items.some(isNil)) found.absences.add(node);
  if (isEquality && (asksNil(left, right) || asksNil(right, left))) {
    if (!isUnequal) found.absences.add(node);
  } else if (isUnequal) found.tests.add(node);
  else if (isEquality) {
    found.equalities.add(node);
    for (const part of listParts(node)) {
      const [one, two] = unwrapTexts(part.left, part.right).map(readWhole);
      if (one && two) found.pairs.push([one, two]);
      if (part !== node && (isNil(part.left) || isNil(part.right))) found.absences.add(part);
    }
  }
}

/** The key that a side is. */
function readWhole(node: Node): KeyRead | undefined {
  if (node.kind === 'chain') return readWhole(node.body);
  const access = readAccess(node);
  return access && !readsItem(access.object) ? { ...access, isText: false } : undefined;
}

function visitCall(node: NodeOf<'call'>, isDenied: boolean, found: Found): void {
  if (node.name === 'reduce') found.searches.add(node);
  if (node.name === 'all' || node.name === 'any') visitPredicate(node, isDenied, found);
  else if (node.name === 'none') visitPredicate(node, !isDenied, found);
  else if (isDenied) {
    found.tests.add(node);
    if (node.name === 'one') visitPredicate(node, true, found);
  } else if (node.name === 'approx') for (const sum of listSums(node)) found.searches.add(sum);
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
  const isNone = FINDS.has(left.name) ? isNil(right) : left.name === 'filter' && isEmptyList(right);
  return isNone ? [left, isEmpty] : undefined;
}

/** The call that looks for one text in another, and whether it is to find none: `indexOf(text, "x") == -1`, `indexOf(text, "x") < 0`. */
function readPosition({
  operator,
  left: call,
  right,
}: NodeOf<'binary'>): { readonly call: Node; readonly isAbsent: boolean } | undefined {
  if (call.kind !== 'call' || (call.name !== 'indexOf' && call.name !== 'lastIndexOf')) return undefined;
  const isZero = right.kind === 'literal' && right.value === 0;
  if (isZero && (operator === '<' || operator === '>=')) return { call, isAbsent: operator === '<' };
  const isOne = right.kind === 'unary' && right.operand.kind === 'literal' && right.operand.value === 1;
  if (!isOne || (operator !== '==' && operator !== '!=')) return undefined;
  return { call, isAbsent: operator === '==' };
}

function isEmptyList(node: Node): boolean {
  return node.kind === 'list' && node.items.length === 0;
}

/** Of `x == nil` and `type(x) == "nil"`. */
function asksNil(side: Node, other: Node): boolean {
  if (isNil(other)) return true;
  return side.kind === 'call' && side.name === 'type' && other.kind === 'literal' && other.value === 'nil';
}

function isBool(node: Node): boolean {
  return node.kind === 'literal' && typeof node.value === 'boolean';
}

function isTrue(node: Node): boolean {
  return node.kind === 'literal' && node.value === true;
}
