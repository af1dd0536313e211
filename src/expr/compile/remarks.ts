import { loops } from '../builtins/predicate-builtins.ts';
import { readsAlike } from '../compare/near-scalars.ts';
import { nearlyEqual } from '../compare/nearly-equal.ts';
import type { Frame } from '../evaluate/frame.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { describeType } from '../values/describe.ts';
import { isEqual } from '../values/equality.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isList, isMap, type Value } from '../values/value.ts';
import { findDenials, isAmong } from './denials.ts';
import { mayBeEmpty } from './empty-pairs.ts';
import { findAbsentKey, type ItemKeys, listItemKeys, listOwners, MOST_ITEMS } from './item-keys.ts';
import { findListOf, listReads, TEXT_CALLS, TEXT_TESTS } from './key-reads.ts';
import { cut, remarkSpelling, type TestAt } from './text-remarks.ts';

/** Functions whose answer may rest on nothing: a claim of all items holds of none, and so does one without expected values. */
const VACUOUS: ReadonlySet<string> = new Set([
  'contains_all',
  'same_items',
  'matches_partial',
  'matches_schema',
  'mean',
  'median',
]);
/** What loops come to without items that give something of it. */
const OF_NOTHING: ReadonlyMap<string, string> = new Map([
  ['sum', 'it gives 0'],
  ['reduce', 'it gives its start value'],
]);
const ORDERS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
/** Whether an evaluation of a whole expression may have something to say that its value does not. */
export function mayRemark(ast: Node): boolean {
  if (isPlainEquality(ast)) return false;
  const { tests, reads, pairs, defaulted, searches, equalities } = findDenials(ast);
  if ([...equalities].some((node) => node.kind === 'binary' && (mayBeEmpty(node) || mayBeNil(node)))) return true;
  return (
    tests.size > 0 ||
    searches.size > 0 ||
    reads.length > 0 ||
    pairs.length > 0 ||
    defaulted.length > 0 ||
    hasRemark(ast)
  );
}

/** Whether two sides may be equal for want of a key: neither is a plain value. */
function mayBeNil(node: NodeOf<'binary'> & Node): boolean {
  return node.left.kind !== 'literal' && node.right.kind !== 'literal' && listReads(node).length > 0;
}

/** `status == 200`: the most frequent of all, and nothing is to be found in it. */
function isPlainEquality(node: Node): boolean {
  if (node.kind !== 'binary' || node.operator !== '==' || node.right.kind !== 'literal') return false;
  const { value } = node.right;
  return value !== null && typeof value !== 'boolean' && isMemberPath(node.left);
}

function isMemberPath(node: Node): boolean {
  return node.kind === 'name' || (node.kind === 'member' && isMemberPath(node.object));
}

function hasRemark(node: Node): boolean {
  if (node.kind === 'call') {
    const { name, args } = node;
    if (VACUOUS.has(name) || (loops.has(name) && hasPredicate(node))) return true;
    if (name === 'fromJSON' || (TEXT_CALLS.has(name) && mayBeEmptyText(args[1]))) return true;
  }
  if (node.kind === 'binary') {
    const { operator, left, right } = node;
    if (TEXT_TESTS.has(operator) && mayBeEmptyText(right)) return true;
    if (ORDERS.has(operator) && !isNumeral(left) && !isNumeral(right)) return true;
  }
  if (node.kind === 'comparison' && !node.operands.some(isNumeral)) return true;
  if (node.kind === 'unary' && node.operator === 'not' && hasOrder(node.operand)) return true;
  return listChildren(node).some(hasRemark);
}

/** Whether it is ordered by something: of NaN no order holds. */
function hasOrder(node: Node): boolean {
  if (node.kind === 'comparison' || (node.kind === 'binary' && ORDERS.has(node.operator))) return true;
  return listChildren(node).some(hasOrder);
}

function mayBeEmptyText(node: Node | undefined): boolean {
  return !(node?.kind === 'literal' && node.value !== '');
}

function hasPredicate({ args }: NodeOf<'call'>): boolean {
  return args.some((arg) => arg.kind === 'predicate');
}

function isNumeral(node: Node): boolean {
  return node.kind === 'literal' && typeof node.value !== 'string';
}

/** Makes what says of a loop that no item has a key that its predicate reads; a claim over a list without items, and a search there that is to find nothing, are named as that. */
export function createLoopRemark(
  node: NodeOf<'call'>,
  { source, ast, isClaim }: { readonly source: string; readonly ast: Node; readonly isClaim: boolean },
): (items: readonly Value[], frame: Frame) => void {
  const [list] = node.args;
  let keys: ItemKeys | undefined;
  return (items, { host }) => {
    if (!list || host?.onRemark === undefined) return;
    const text = cut(source, list);
    if (items.length === 0) {
      if (isClaim || isAmong(findDenials(ast).searches, node))
        host.onRemark(
          `\`${text}\` of \`${node.name}(…)\` has no items: ${OF_NOTHING.get(node.name) ?? 'nothing was checked'}`,
        );
      return;
    }
    keys ??= listItemKeys(node);
    for (const [path, { steps, key, isExpected }] of keys) {
      const near = findAbsentKey(listOwners(items, steps), key, isExpected);
      if (near !== undefined)
        host.onRemark(`no item of \`${text}\` has \`${path}\`; there is ${near}`, isMeant(near, key));
    }
  };
}

/** Whether what is there is the one key of which the other is a slip. */
function isMeant(there: string, key: string): boolean {
  return findMisspelt(key, [there.replaceAll('`', '')]) !== undefined;
}

/** Says of two values that differ, and have to, what they do so by: by their type alone, their spelling, or since there is none. */
export function remarkUnequal(at: TestAt, [a, b]: readonly [Value, Value], frame: Frame): void {
  if (frame.host?.onRemark === undefined) return;
  if (Number.isNaN(a) || Number.isNaN(b)) {
    if (isAmong(findDenials(at.ast).tests, at.node)) remarkNaN(at, [a, b], frame);
  } else if (a === null || b === null) remarkNothing(at, a === null ? at.node.left : at.node.right, frame);
  else if (typeof a === 'string' && typeof b === 'string') remarkSpelling(at, [a, b], frame);
  else if (isStructure(a) && isStructure(b)) remarkStructures(at, [a, b], frame);
  else {
    remarkTypes(at, [a, b], frame);
    remarkHeld(at, [a, b], frame);
  }
}

/** Says of a comparison that does not hold that a side is NaN, which compares with nothing. */
export function remarkNaN(
  { source, node }: { readonly source: string; readonly node: Node },
  [a, b]: readonly [Value, Value],
  { host }: Pick<Frame, 'host'>,
): void {
  if (host?.onRemark === undefined || !(Number.isNaN(a) || Number.isNaN(b))) return;
  host.onRemark(`\`${cut(source, node)}\` compares NaN: nothing is less than it, more than it or equal to it`);
}

/** Says of what looks for something, of which something is denied, that it found nothing. */
function remarkNothing(at: TestAt, side: Node, { host }: Frame): void {
  const { tests, absences } = findDenials(at.ast);
  if (side.kind !== 'call' || !findListOf(side) || absences.size > 0 || !isAmong(tests, at.node)) return;
  host?.onRemark?.(describeNothing(at.source, side, at.node));
}

/** Makes what says the same of a chain, such as `find(items, .id == 7)?.state`, that ends at its first part. */
export function createSkipRemark(source: string, ast: Node, chain: Node): ((frame: Frame) => void) | undefined {
  const call = findSkippable(chain);
  if (call?.kind !== 'call' || !findListOf(call)) return undefined;
  return ({ host }) => {
    if (host?.onRemark === undefined) return;
    const { tests, absences } = findDenials(ast);
    const test =
      absences.size > 0
        ? undefined
        : [...tests].find((one) => listChildren(one).some((side) => isAmong(new Set([side]), chain)));
    if (test) host.onRemark(describeNothing(source, call, test));
  };
}

/** What a chain begins with, where the chain can end nowhere but behind it. */
function findSkippable(node: Node): Node | undefined {
  if (node.kind === 'chain') return findSkippable(node.body);
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  return node.isOptional ? node.object : findSkippable(node.object);
}

function describeNothing(source: string, call: Node, test: Node): string {
  return `\`${cut(source, call)}\` found nothing: \`${cut(source, test)}\` was asked of nothing`;
}

/** Makes what says of a call that it came to something without any item: of no numbers the mean is 0, and so is a sum that something has to be equal to. */
export function createMeanRemark(
  { source, ast }: { readonly source: string; readonly ast: Node },
  node: NodeOf<'call'> & Node,
): (value: Value, frame: Frame) => void {
  const {
    name,
    args: [list],
  } = node;
  return (value, { host }) => {
    if (!list || host?.onRemark === undefined || !isList(value) || value.length > 0) return;
    if (name === 'sum' && !isAmong(findDenials(ast).searches, node)) return;
    host.onRemark(`\`${cut(source, list)}\` of \`${name}(…)\` has no items: it gives 0`);
  };
}

function remarkTypes(at: TestAt, [a, b]: readonly [Value, Value], { host }: Frame): void {
  if (host?.onRemark === undefined || !readsAlike(a, b) || !isAmong(findDenials(at.ast).tests, at.node)) return;
  host.onRemark(describeTwins(at, a, b), true);
}

/** What is said of two sides that read the same and are of other types. */
export function describeTwins({ source, node }: Omit<TestAt, 'ast'>, a: Value, b: Value): string {
  const types = `${describeType(a)} with ${describeType(b)}`;
  return `\`${cut(source, node)}\` compares ${types}: they read the same and differ by type alone`;
}

/** Says of two lists or maps that have to differ that they do so by types, letter case, blanks or the spelling of a key alone. */
function remarkStructures({ source, ast, node }: TestAt, [a, b]: readonly [Value, Value], { host }: Frame): void {
  if (!isAmong(findDenials(ast).tests, node)) return;
  const by = nearlyEqual(a, b);
  if (by !== undefined)
    host?.onRemark?.(`\`${cut(source, node.left)}\` and \`${cut(source, node.right)}\` are equal but for ${by}`, true);
}

/** Says of a list that has to be other than a value that the value is an item of it. */
function remarkHeld({ source, ast, node }: TestAt, [a, b]: readonly [Value, Value], { host }: Frame): void {
  const [list, value, held, wanted] = isList(a) ? [a, b, node.left, node.right] : [b, a, node.right, node.left];
  if (!isList(list) || isStructure(value) || list.length > MOST_ITEMS) return;
  const index = list.findIndex((item) => isEqual(item, value));
  if (index < 0 || !isAmong(findDenials(ast).tests, node)) return;
  const [text, other] = [cut(source, held), cut(source, wanted)];
  const test = `${other} ${node.operator === '!=' ? 'not in' : 'in'} ${text}`;
  host?.onRemark?.(`\`${text}\` is an array, and \`${text}[${index}]\` is \`${other}\`: test with \`${test}\``, true);
}

/** Whether it is a list or a map. */
export function isStructure(value: Value): boolean {
  return isList(value) || isMap(value);
}
