import { loops } from '../builtins/predicate-builtins.ts';
import type { Frame } from '../evaluate/frame.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { haveOtherForms } from '../values/date-forms.ts';
import { findNearestKey } from '../values/nearest.ts';
import { hasKey, isMap, type Value } from '../values/value.ts';

/** Functions whose answer may rest on nothing: a claim of all items holds of none, and so does one without expected values. */
const VACUOUS: ReadonlySet<string> = new Set(['contains_all', 'matches_partial']);
const ORDERS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
const TESTS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith']);
/** Lists are looked at no further. */
const MOST_ITEMS = 10_000;
/** Those whose keys are named. */
const NAMED_ITEMS = 20;
const SHOWN_KEYS = 6;
const LONGEST_TEXT = 60;

/** Whether an evaluation may have something to say that its value does not. */
export function mayRemark(node: Node): boolean {
  if (node.kind === 'call' && (VACUOUS.has(node.name) || (loops.has(node.name) && hasPredicate(node)))) return true;
  if (node.kind === 'binary') {
    const { operator, left, right } = node;
    if (TESTS.has(operator) && !(right.kind === 'literal' && right.value !== '')) return true;
    if (ORDERS.has(operator) && !isNumeral(left) && !isNumeral(right)) return true;
  }
  return listChildren(node).some(mayRemark);
}

function hasPredicate({ args }: NodeOf<'call'>): boolean {
  return args.some((arg) => arg.kind === 'predicate');
}

function isNumeral(node: Node): boolean {
  return node.kind === 'literal' && typeof node.value !== 'string';
}

/** Makes what says of a loop that no item has a key that its predicate reads; a claim over a list without items is named as that. */
export function createLoopRemark(
  node: NodeOf<'call'>,
  { source, isClaim }: { readonly source: string; readonly isClaim: boolean },
): (items: readonly Value[], frame: Frame) => void {
  const [list] = node.args;
  let keys: readonly string[] | undefined;
  return (items, { host }) => {
    if (!list || host?.onRemark === undefined) return;
    const text = cut(source, list);
    if (items.length === 0) {
      if (isClaim) host.onRemark(`\`${text}\` of \`${node.name}(…)\` has no items: nothing was checked`);
      return;
    }
    keys ??= listItemKeys(node);
    for (const key of keys) {
      const near = findAbsentKey(items, key);
      if (near !== undefined) host.onRemark(`no item of \`${text}\` has \`${key}\`; there is ${near}`);
    }
  };
}

/** The keys that items have in the place of one that none has, as a sentence has them; undefined where one has it. */
function findAbsentKey(items: readonly Value[], key: string): string | undefined {
  if (items.length > MOST_ITEMS || items.some((item) => !isMap(item) || hasKey(item, key))) return undefined;
  const known = [...new Set(items.slice(0, NAMED_ITEMS).flatMap((item) => (isMap(item) ? Object.keys(item) : [])))];
  const nearest = findNearestKey(key, known);
  const shown = nearest === undefined ? known.slice(0, SHOWN_KEYS) : [nearest];
  if (shown.length === 0) return 'nothing in them';
  const more = nearest === undefined && known.length > SHOWN_KEYS ? ', …' : '';
  return `${shown.map((name) => `\`${name}\``).join(', ')}${more}`;
}

/** The keys that a predicate reads of its item as if they were there: not before `??` and `?.`, nor where it asks for nil. */
function listItemKeys(call: NodeOf<'call'>): readonly string[] {
  const read = new Set<string>();
  const optional = new Set<string>();
  const visit = (node: Node, around: Node | undefined): void => {
    const key = readItemKey(node);
    if (key !== undefined) (around && toleratesNil(around, node) ? optional : read).add(key);
    for (const child of listChildren(node)) if (child.kind !== 'predicate') visit(child, node);
  };
  for (const arg of call.args) if (arg.kind === 'predicate') visit(arg.body, undefined);
  return [...read].filter((key) => !optional.has(key));
}

/** The key of `.sku`, `#.sku` and `#["sku"]`. */
function readItemKey(node: Node): string | undefined {
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  if (node.object.kind !== 'pointer' || node.object.name !== '') return undefined;
  if (node.kind === 'member') return node.name;
  return node.index.kind === 'literal' && typeof node.index.value === 'string' ? node.index.value : undefined;
}

function toleratesNil(around: Node, node: Node): boolean {
  if (around.kind === 'member' || around.kind === 'index' || around.kind === 'slice' || around.kind === 'method')
    return around.object === node && around.isOptional;
  if (around.kind !== 'binary') return false;
  if (around.operator === '??') return around.left === node;
  const other = around.left === node ? around.right : around.left;
  return (around.operator === '==' || around.operator === '!=') && isNil(other);
}

function isNil(node: Node): boolean {
  return node.kind === 'literal' && node.value === null;
}

/** Says of two times that are ordered as texts that they are. */
export function remarkOrder(
  { source, node }: { readonly source: string; readonly node: NodeOf<'binary'> },
  [a, b]: readonly [Value, Value],
  { host }: Frame,
): void {
  if (host?.onRemark === undefined || typeof a !== 'string' || typeof b !== 'string' || !haveOtherForms(a, b)) return;
  const [left, right] = [cut(source, node.left), cut(source, node.right)];
  const texts = `"${a}" and "${b}" are texts, ordered character by character`;
  host.onRemark(`${texts}: \`date(${left}) ${node.operator} date(${right})\` orders the times`);
}

/** Says of a test for the empty text that it holds of every text. */
export function remarkTest(
  { source, node }: { readonly source: string; readonly node: NodeOf<'binary'> },
  wanted: Value,
  { host }: Frame,
): void {
  if (wanted !== '' || host?.onRemark === undefined) return;
  host.onRemark(`\`${cut(source, node)}\` holds of every text: \`${cut(source, node.right)}\` is empty`);
}

function cut(source: string, { offset, length }: Node): string {
  const text = source.slice(offset, offset + length);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
