import { loops } from '../builtins/predicate-builtins.ts';
import type { Frame } from '../evaluate/frame.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { haveOtherForms, isSameInstant } from '../values/date-forms.ts';
import { describeType } from '../values/describe.ts';
import { ExactNumber } from '../values/exact.ts';
import { findMisspelt, findNearestKey } from '../values/nearest.ts';
import { compareNumerals, type Numeral, parseNumeral } from '../values/numeral.ts';
import type { Pattern } from '../values/regex.ts';
import { hasKey, isList, isMap, type Value } from '../values/value.ts';
import { findDenials, isNil } from './denials.ts';

/** Functions whose answer may rest on nothing: a claim of all items holds of none, and so does one without expected values. */
const VACUOUS: ReadonlySet<string> = new Set(['contains_all', 'matches_partial', 'matches_schema']);
const ORDERS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
const TESTS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'matches']);
/** Lists are looked at no further. */
const MOST_ITEMS = 10_000;
/** Those whose keys are named. */
const NAMED_ITEMS = 20;
const SHOWN_KEYS = 6;
const LONGEST_TEXT = 60;

/** Whether an evaluation of a whole expression may have something to say that its value does not. */
export function mayRemark(ast: Node): boolean {
  if (isPlainEquality(ast)) return false;
  const { tests, reads, pairs } = findDenials(ast);
  return tests.size > 0 || reads.length > 0 || pairs.length > 0 || hasRemark(ast);
}

/** `status == 200`: the most frequent of all, and nothing is to be found in it. */
function isPlainEquality(node: Node): boolean {
  if (node.kind !== 'binary' || node.operator !== '==' || node.right.kind !== 'literal') return false;
  const { value } = node.right;
  return value !== null && typeof value !== 'boolean' && isPath(node.left);
}

function isPath(node: Node): boolean {
  return node.kind === 'name' || (node.kind === 'member' && isPath(node.object));
}

function hasRemark(node: Node): boolean {
  if (node.kind === 'call' && (VACUOUS.has(node.name) || (loops.has(node.name) && hasPredicate(node)))) return true;
  if (node.kind === 'binary') {
    const { operator, left, right } = node;
    if (TESTS.has(operator) && !(right.kind === 'literal' && right.value !== '')) return true;
    if (ORDERS.has(operator) && !isNumeral(left) && !isNumeral(right)) return true;
  }
  if (node.kind === 'comparison' && !node.operands.some(isNumeral)) return true;
  return listChildren(node).some(hasRemark);
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
      if (isClaim || findDenials(ast).searches.has(node))
        host.onRemark(`\`${text}\` of \`${node.name}(…)\` has no items: nothing was checked`);
      return;
    }
    keys ??= listItemKeys(node);
    for (const [key, isExpected] of keys) {
      const near = findAbsentKey(items, key, isExpected);
      if (near !== undefined) host.onRemark(`no item of \`${text}\` has \`${key}\`; there is ${near}`);
    }
  };
}

/** Keys of items, and whether each is expected to be there. */
type ItemKeys = ReadonlyMap<string, boolean>;

/** The keys that items have in the place of one that none has, as a sentence has them; undefined where one has it, or may leave it out. */
function findAbsentKey(items: readonly Value[], key: string, isExpected: boolean): string | undefined {
  if (items.length > MOST_ITEMS || items.some((item) => !isMap(item) || hasKey(item, key))) return undefined;
  const known = [...new Set(items.slice(0, NAMED_ITEMS).flatMap((item) => (isMap(item) ? Object.keys(item) : [])))];
  const nearest = isExpected ? findNearestKey(key, known) : findMisspelt(key, known);
  if (nearest === undefined && !isExpected) return undefined;
  const shown = nearest === undefined ? known.slice(0, SHOWN_KEYS) : [nearest];
  if (shown.length === 0) return 'nothing in them';
  const more = nearest === undefined && known.length > SHOWN_KEYS ? ', …' : '';
  return `${shown.map((name) => `\`${name}\``).join(', ')}${more}`;
}

/** The keys that a predicate reads of its item, not before `??`; one that is asked for nil, or stands before `?.`, is not expected. */
function listItemKeys(call: NodeOf<'call'>): ItemKeys {
  const keys = new Map<string, boolean>();
  const withDefault = new Set<string>();
  const visit = (node: Node, around: Node | undefined): void => {
    const key = readItemKey(node);
    if (key !== undefined && around && hasDefault(around, node)) withDefault.add(key);
    else if (key !== undefined) keys.set(key, keys.get(key) !== false && !(around && toleratesNil(around, node)));
    for (const child of listChildren(node)) if (child.kind !== 'predicate') visit(child, node);
  };
  for (const arg of call.args) if (arg.kind === 'predicate') visit(arg.body, undefined);
  for (const key of withDefault) keys.delete(key);
  return keys;
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
  const other = around.left === node ? around.right : around.left;
  return (around.operator === '==' || around.operator === '!=') && isNil(other);
}

function hasDefault(around: Node, node: Node): boolean {
  return around.kind === 'binary' && around.operator === '??' && around.left === node;
}

/** A test, and the whole that it stands in. */
export interface TestAt {
  readonly source: string;
  readonly ast: Node;
  readonly node: NodeOf<'binary'>;
}

/** Says of two values that have to differ that they do so by their type alone. */
export function remarkTypes(at: TestAt, [a, b]: readonly [Value, Value], { host }: Frame): void {
  if (host?.onRemark === undefined || !readsAlike(a, b) || !findDenials(at.ast).tests.has(at.node)) return;
  const types = `${describeType(a)} with ${describeType(b)}`;
  host.onRemark(`\`${cut(at.source, at.node)}\` compares ${types}: they read the same and differ by type alone`);
}

/** Says of a value that has to be in no list that no item could be it, or that one is but for its type. */
export function remarkItem(at: TestAt, [item, list]: readonly [Value, Value], { host }: Frame): void {
  if (host?.onRemark === undefined || item === null || !isList(list) || list.length === 0) return;
  if (list.length > MOST_ITEMS || !findDenials(at.ast).tests.has(at.node)) return;
  const text = `\`${cut(at.source, at.node)}\` looks for ${describeType(item)}`;
  const twin = list.find((other) => readsAlike(item, other));
  const same = list.find((other) => typeof item === 'string' && typeof other === 'string' && findSpelling(item, other));
  if (typeof same === 'string') {
    const what = findSpelling(String(item), same)?.noun;
    host.onRemark(`${text}: "${cutText(same)}" is ${what} with it, written differently`);
  } else if (twin !== undefined)
    host.onRemark(`${text}: an item that reads the same is ${describeType(twin)}, and differs by type alone`);
  else if (!isStructure(item) && list.every(isStructure))
    host.onRemark(`${text}, but each item is ${describeType(list[0] ?? null)}: none could be it`);
}

function isStructure(value: Value): boolean {
  return isList(value) || isMap(value);
}

/** Whether one is the text of the other. */
export function readsAlike(a: Value, b: Value): boolean {
  const [text, other] = typeof a === 'string' ? [a, b] : [b, a];
  if (typeof text !== 'string' || typeof other === 'string') return false;
  if (typeof other === 'boolean') return text === String(other);
  if (other instanceof ExactNumber) return text === other.text;
  return typeof other === 'number' && text.trim() !== '' && Number(text) === other;
}

/** Says of two texts that have to differ that they are one point in time, or one number, spelled otherwise. */
export function remarkSpelling(at: TestAt, [a, b]: readonly [string, string], { host }: Frame): void {
  if (host?.onRemark === undefined || !findDenials(at.ast).tests.has(at.node)) return;
  const spelled = findSpelling(a, b);
  if (!spelled) return;
  const { left, operator, right } = at.node;
  const write = (node: Node): string => `${spelled.reader}(${cut(at.source, node)})`;
  const text = `"${cutText(a)}" and "${cutText(b)}" are ${spelled.noun}, written differently`;
  host.onRemark(`${text}: \`${write(left)} ${operator} ${write(right)}\` compares what they say`);
}

/** What two texts both are, and what reads it; undefined where they do not say the same. */
function findSpelling(a: string, b: string): { readonly noun: string; readonly reader: string } | undefined {
  if (isSameInstant(a, b)) return { noun: 'one point in time', reader: 'date' };
  const [x, y] = [readNumeral(a), readNumeral(b)];
  return x && y && compareNumerals(x, y) === 0 ? { noun: 'one number', reader: 'float' } : undefined;
}

/** Says of two times, or numbers, that are ordered as texts that they are: of numbers where they are in another order. */
export function remarkOrder(
  source: string,
  { operator, left, right }: Pick<NodeOf<'binary'>, 'operator' | 'left' | 'right'>,
  { operands: [a, b], host }: { readonly operands: readonly [Value, Value]; readonly host: Frame['host'] },
): void {
  if (host?.onRemark === undefined || typeof a !== 'string' || typeof b !== 'string') return;
  const texts = `"${cutText(a)}" and "${cutText(b)}" are texts, ordered character by character`;
  const write = (reader: string): string =>
    `\`${reader}(${cut(source, left)}) ${operator} ${reader}(${cut(source, right)})\``;
  if (haveOtherForms(a, b)) host.onRemark(`${texts}: ${write('date')} orders the times`);
  else if (areOtherNumbers(operator, a, b)) host.onRemark(`${texts}: ${write('float')} orders the numbers`);
}

/** Whether texts that are numbers are in another order than the numbers are. */
function areOtherNumbers(operator: string, a: string, b: string): boolean {
  const [x, y] = [readNumeral(a), readNumeral(b)];
  if (!x || !y) return false;
  return holds(operator, a < b ? -1 : a > b ? 1 : 0) !== holds(operator, compareNumerals(x, y));
}

function holds(operator: string, order: number): boolean {
  if (order === 0) return operator.endsWith('=');
  return operator.startsWith('<') === order < 0;
}

/** What is longer is an id, or no number. */
const LONGEST_NUMERAL = 40;

function readNumeral(text: string): Numeral | undefined {
  return text.length > LONGEST_NUMERAL ? undefined : parseNumeral(text);
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

/** Neither the empty text nor this one is of a kind that a pattern asks for. */
const NO_TEXT = '\u0001 \uffff';

/** Says of a pattern that was put together that it holds of every text. */
export function remarkPattern(
  { source, node }: { readonly source: string; readonly node: NodeOf<'binary'> },
  { text, pattern }: { readonly text: string; readonly pattern: Pattern },
  frame: Frame,
): void {
  if (frame.host?.onRemark === undefined || !pattern.test('', frame) || !pattern.test(NO_TEXT, frame)) return;
  frame.host.onRemark(`\`${cut(source, node)}\` holds of every text: the pattern is \`${text}\``);
}

function cut(source: string, { offset, length }: Node): string {
  return cutText(source.slice(offset, offset + length));
}

function cutText(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
