import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { findMisspelt, findNearestKey } from '../values/nearest.ts';
import { hasKey, isList, isMap, type Value } from '../values/value.ts';
import { isNil } from './compared-sides.ts';
import { findListOf, findWholeList, listChoices, readAccess, readKeyOf, readStep, readStepOf } from './key-reads.ts';

/** Lists are looked at no further. */
export const MOST_ITEMS = 10_000;
/** Those whose keys are named. */
const NAMED_ITEMS = 20;
const SHOWN_KEYS = 6;

/** A step to each item of a list. */
const EACH = Symbol('each');
type Step = Value | typeof EACH;

/** Keys of items, or deeper in them behind some steps, by how they are written; and whether each is expected to be there. */
export type ItemKeys = ReadonlyMap<string, ItemKey & { readonly isExpected: boolean }>;

interface ItemKey {
  readonly steps: readonly Step[];
  readonly key: string;
}

/** Where the item of the innermost loop and what `let` names stand in the item of the outer loop; what stands elsewhere is not there. */
interface Scope {
  readonly item: readonly Step[] | undefined;
  readonly names: ReadonlyMap<string, readonly Step[] | undefined>;
}

/** What the steps lead to in each item that has it. */
export function listOwners(items: readonly Value[], steps: readonly Step[]): readonly Value[] {
  if (steps.length === 0 || items.length > MOST_ITEMS) return items;
  return items.flatMap((item) => steps.reduce<readonly Value[]>(takeStep, [item]));
}

function takeStep(values: readonly Value[], step: Step): readonly Value[] {
  if (step === EACH) return values.flatMap((value) => (isList(value) ? value : []));
  return values.flatMap((value) => {
    const next = readStepOf(value, step);
    return next === undefined ? [] : [next];
  });
}

/** The keys that items have in the place of one that none has, as a sentence has them; undefined where one has it, or may leave it out. */
export function findAbsentKey(items: readonly Value[], key: string, isExpected: boolean): string | undefined {
  if (items.length === 0 || items.length > MOST_ITEMS) return undefined;
  if (items.some((item) => !isMap(item) || hasKey(item, key))) return undefined;
  const known = [...new Set(items.slice(0, NAMED_ITEMS).flatMap((item) => (isMap(item) ? Object.keys(item) : [])))];
  const nearest = isExpected ? findNearestKey(key, known) : findMisspelt(key, known);
  if (nearest === undefined && !isExpected) return undefined;
  const shown = nearest === undefined ? known.slice(0, SHOWN_KEYS) : [nearest];
  if (shown.length === 0) return 'nothing in them';
  const more = nearest === undefined && known.length > SHOWN_KEYS ? ', …' : '';
  return `${shown.map((name) => `\`${name}\``).join(', ')}${more}`;
}

/** The keys that a predicate reads of its item; one that is asked for nil, or stands before `?.` or `??`, is not expected, nor one that is looked for. */
export function listItemKeys(call: NodeOf<'call'>): ItemKeys {
  const keys = new Map<string, ItemKey & { readonly isExpected: boolean }>();
  const alternatives = new Set<string>();
  const visit = (node: Node, around: Node | undefined, scope: Scope): void => {
    const read = readItemKey(node, scope);
    const isDefaulted = around !== undefined && hasDefault(around, node);
    if (read) {
      const path = printPath(read);
      const isExpected = keys.get(path)?.isExpected !== false && !isDefaulted && !toleratesNil(around, node);
      keys.set(path, { ...read, isExpected });
    }
    for (const one of listAlternatives(node, scope)) alternatives.add(one);
    for (const child of listChildren(node)) visit(child, node, enter(node, child, scope));
  };
  for (const arg of call.args) if (arg.kind === 'predicate') visit(arg.body, undefined, { item: [], names: new Map() });
  for (const key of alternatives) keys.delete(key);
  return keys;
}

/** What stands where within a child of a node: a predicate has the items of its list, and what follows a `let` its name. */
function enter(node: Node, child: Node, scope: Scope): Scope {
  if (node.kind === 'let' && child === node.body)
    return { ...scope, names: new Map([...scope.names, [node.name, readItemSteps(node.value, scope)]]) };
  if (child.kind !== 'predicate') return scope;
  const [list] = listChildren(node);
  return { ...scope, item: list && readEach(list, scope) };
}

/** Keys that stand for each other: of `.colour ?? .color` either may be there. */
function listAlternatives(node: Node, scope: Scope): readonly string[] {
  const keys = listChoices(node).flatMap((choice) => {
    const read = readItemKey(choice, scope);
    return read ? printPath(read) : [];
  });
  return keys.filter(
    (key) =>
      findMisspelt(
        key,
        keys.filter((other) => other !== key),
      ) !== undefined,
  );
}

/** The key of `.sku`, `#.sku`, `#["sku"]`, `"sku" in #` and `.owner.sku`. */
function readItemKey(node: Node, scope: Scope): ItemKey | undefined {
  const { object, key } = readKeyOf(node) ?? {};
  const steps = object && readItemSteps(object, scope);
  return steps && key !== undefined ? { steps, key } : undefined;
}

/** The steps from an item on; undefined where it begins elsewhere. */
function readItemSteps(node: Node, scope: Scope): readonly Step[] | undefined {
  if (node.kind === 'chain') return readItemSteps(node.body, scope);
  if (node.kind === 'pointer') return node.name === '' ? scope.item : undefined;
  if (node.kind === 'name') return scope.names.get(node.name);
  const step = readStep(node);
  if (step) {
    const before = readItemSteps(step.object, scope);
    return before && [...before, step.key];
  }
  const list = findListOf(node);
  return list && readEach(list, scope);
}

/** The steps to each item of a list. */
function readEach(list: Node, scope: Scope): readonly Step[] | undefined {
  const steps = readItemSteps(findWholeList(list), scope);
  return steps && [...steps, EACH];
}

function printPath({ steps, key }: ItemKey): string {
  const [first = '', ...rest] = [...steps, key].map((step) => {
    if (step === EACH) return '[]';
    return typeof step === 'string' ? `.${step}` : `[${step}]`;
  });
  return [first.replace(/^\./, ''), ...rest].join('');
}

function toleratesNil(around: Node | undefined, node: Node): boolean {
  if (!readAccess(node)) return true;
  if (!around) return false;
  if (around.kind === 'let') return true;
  if (around.kind === 'member' || around.kind === 'index' || around.kind === 'slice' || around.kind === 'method')
    return around.object === node && around.isOptional;
  if (around.kind !== 'binary') return false;
  const other = around.left === node ? around.right : around.left;
  return (around.operator === '==' || around.operator === '!=') && isNil(other);
}

function hasDefault(around: Node, node: Node): boolean {
  return around.kind === 'binary' && around.operator === '??' && around.left === node;
}
