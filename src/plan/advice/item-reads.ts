import { compile, ExprError, listChildren, type Node } from '../../expr/index.ts';
import type { ActionDefinition } from '../../model/action/definition.ts';
import type { ResultItems } from '../../model/action/result.ts';
import type { CapturePlan, NameRef } from '../../model/plan.ts';

/** What somebody looks at of the things in a result. */
export interface ItemReads {
  readonly items: ResultItems;
  /** Keys of the result that say nothing of what is in them. */
  readonly others: ReadonlySet<string>;
  /** Fields, in lower case. */
  readonly fields: Set<string>;
  /** Whether one is taken as it is, so that all of it may count. */
  isWhole: boolean;
  /** Whether it is claimed that there are none. */
  isAbsence: boolean;
}

/** What gives things of the list. */
const GIVES_ITEMS: ReadonlySet<string> = new Set(
  'first last take filter find findLast sort sortBy reverse uniq'.split(' '),
);
/** What looks at them by its predicate alone, or only counts them. */
const ASKS_ITEMS: ReadonlySet<string> = new Set(
  'len count all any none one map sum mean median min max findIndex findLastIndex'.split(' '),
);

/** Nothing is looked at yet of the things that an action gives; undefined when it gives no list of things. */
export function createItemReads({ result: { keys, items } }: ActionDefinition): ItemReads | undefined {
  if (!items) return undefined;
  const others = new Set(Object.keys(keys).filter((key) => key !== items.list && key !== items.first));
  return { items, others, fields: new Set(), isWhole: false, isAbsence: false };
}

/** Adds what an expression over the result looks at. */
export function addExpressionReads(ast: Node, looks: ItemReads): void {
  if (isAbsenceClaim(ast, looks.items)) looks.isAbsence = true;
  visit(ast, false, looks);
}

/** Adds what a capture takes: a JSONPath, or an expression. */
export function addCaptureReads({ text: { text } }: CapturePlan, looks: ItemReads): void {
  const { list, first = list } = looks.items;
  if (text.startsWith('$')) {
    const words = (text.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => word !== list && word !== first);
    for (const word of words) looks.fields.add(word.toLowerCase());
    // A path that ends in no key takes all that is there.
    const endsInKey = /[A-Za-z_]\w*(?:['"]\])?$/.test(text) && !text.endsWith(list) && !text.endsWith(first);
    if (!endsInKey || text.includes('..')) looks.isWhole = true;
    return;
  }
  try {
    visit(compile(text, { placeholders: true }).ast, false, looks);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    looks.isWhole = true;
  }
}

/** Adds what a later use of the step's result looks at; `path` is what follows the step. */
export function addRefReads({ path }: Pick<NameRef, 'path'>, looks: ItemReads): void {
  const { items, others } = looks;
  const [key] = path;
  if (typeof key === 'string' && others.has(key)) return;
  const field = path.slice(1).find((part) => typeof part === 'string');
  if ((key !== items.list && key !== items.first) || typeof field !== 'string') looks.isWhole = true;
  else looks.fields.add(field.toLowerCase());
}

/** Whether an expression is the number of things: `row_count`, `len(rows)`. */
export function isItemNumber(node: Node, { list, number }: ResultItems): boolean {
  if (node.kind === 'name') return node.name === number;
  const [counted] = node.kind === 'call' && node.name === 'len' ? node.args : [];
  return counted?.kind === 'name' && counted.name === list;
}

/** Visits a node; `isItem` says whether `#` is one of the things. */
function visit(node: Node, isItem: boolean, looks: ItemReads): void {
  const isThing = (other: Node): boolean => isThings(other, isItem, looks.items);
  if (node.kind === 'name' && node.name === '$env') looks.isWhole = true;
  if (isThing(node)) looks.isWhole = true;
  else if ((node.kind === 'member' || node.kind === 'index') && isThing(node.object)) {
    const field = node.kind === 'member' ? node.name : readTextKey(node.index);
    // A key that is not written out may be any.
    if (field === undefined) looks.isWhole = true;
    else looks.fields.add(field.toLowerCase());
    visitInside(node.object, isItem, looks);
  } else if (node.kind === 'call' && ASKS_ITEMS.has(node.name) && node.args[0] && isThing(node.args[0])) {
    visitInside(node.args[0], isItem, looks);
    for (const arg of node.args.slice(1)) visit(arg, true, looks);
  } else if (!isNothingTest(node, isItem, looks.items)) {
    // In the predicate of a call over something else `#` is something else.
    const isOther = node.kind === 'call' && node.args.some(({ kind }) => kind === 'predicate');
    for (const child of listChildren(node)) visit(child, isItem && !isOther, looks);
  }
}

/** The predicates of what gives things: `filter(rows, .paid)`. */
function visitInside(things: Node, isItem: boolean, looks: ItemReads): void {
  const inner = unchain(things);
  if (inner.kind === 'call') {
    for (const arg of inner.args.slice(1)) visit(arg, true, looks);
    if (inner.args[0]) visitInside(inner.args[0], isItem, looks);
  } else if (inner.kind === 'index' || inner.kind === 'slice') visitInside(inner.object, isItem, looks);
}

/** Whether a node stands for the things, or one of them. */
function isThings(given: Node, isItem: boolean, items: ResultItems): boolean {
  const node = unchain(given);
  if (node.kind === 'name') return node.name === items.list || node.name === items.first;
  if (node.kind === 'pointer') return isItem && node.name === '';
  if (node.kind === 'slice') return isThings(node.object, isItem, items);
  if (node.kind === 'index') return isList(node.object, isItem, items) && readTextKey(node.index) === undefined;
  const [from] = node.kind === 'call' && GIVES_ITEMS.has(node.name) ? node.args : [];
  return from !== undefined && isThings(from, isItem, items);
}

/** Whether it is several of them, so that a number behind picks one. */
function isList(given: Node, isItem: boolean, items: ResultItems): boolean {
  const node = unchain(given);
  if (node.kind === 'name') return node.name === items.list;
  return (node.kind === 'slice' || node.kind === 'call') && isThings(node, isItem, items);
}

function readTextKey(index: Node): string | undefined {
  return index.kind === 'literal' && typeof index.value === 'string' ? index.value : undefined;
}

/** `first_row != nil`, `rows == []`: whether there is any. */
function isNothingTest(node: Node, isItem: boolean, items: ResultItems): boolean {
  if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return false;
  const { left, right } = node;
  const isTest = (a: Node, b: Node): boolean => isThings(a, isItem, items) && isNothing(b);
  return isTest(left, right) || isTest(right, left);
}

function isNothing(node: Node): boolean {
  return (node.kind === 'literal' && node.value === null) || (node.kind === 'list' && node.items.length === 0);
}

/** `row_count == 0`, `len(rows) < 1`, `rows == []`, `first_row == nil`. */
function isAbsenceClaim(node: Node, items: ResultItems): boolean {
  if (node.kind !== 'binary') return false;
  const { operator, left, right } = node;
  if (operator === 'and') return isAbsenceClaim(left, items) || isAbsenceClaim(right, items);
  if (operator === '==' && isNothingTest(node, false, items)) return true;
  const limit = right.kind === 'literal' ? right.value : undefined;
  return isItemNumber(left, items) && ((operator === '==' && limit === 0) || (operator === '<' && limit === 1));
}

function unchain(node: Node): Node {
  return node.kind === 'chain' ? unchain(node.body) : node;
}
