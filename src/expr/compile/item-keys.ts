import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { findMisspelt, findNearestKey } from '../values/nearest.ts';
import { hasKey, isMap, type Value } from '../values/value.ts';
import { isNil } from './compared-sides.ts';
import { listChoices, readAccess, readKeyOf, readStep, readStepOf } from './key-reads.ts';

/** Lists are looked at no further. */
export const MOST_ITEMS = 10_000;
/** Those whose keys are named. */
const NAMED_ITEMS = 20;
const SHOWN_KEYS = 6;

/** Keys of items, or deeper in them behind some steps, by how they are written; and whether each is expected to be there. */
export type ItemKeys = ReadonlyMap<string, ItemKey & { readonly isExpected: boolean }>;

interface ItemKey {
  readonly steps: readonly Value[];
  readonly key: string;
}

/** What the steps lead to in each item that has it. */
export function listOwners(items: readonly Value[], steps: readonly Value[]): readonly Value[] {
  if (steps.length === 0 || items.length > MOST_ITEMS) return items;
  return items.flatMap((item) => steps.reduce<Value | undefined>(readStepOf, item) ?? []);
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
  const visit = (node: Node, around: Node | undefined): void => {
    const read = readItemKey(node);
    const isDefaulted = around !== undefined && hasDefault(around, node);
    if (read) {
      const path = printPath(read);
      const isExpected = keys.get(path)?.isExpected !== false && !isDefaulted && !toleratesNil(around, node);
      keys.set(path, { ...read, isExpected });
    }
    for (const one of listAlternatives(node)) alternatives.add(one);
    for (const child of listChildren(node)) if (child.kind !== 'predicate') visit(child, node);
  };
  for (const arg of call.args) if (arg.kind === 'predicate') visit(arg.body, undefined);
  for (const key of alternatives) keys.delete(key);
  return keys;
}

/** Keys that stand for each other: of `.colour ?? .color` either may be there. */
function listAlternatives(node: Node): readonly string[] {
  const keys = listChoices(node).flatMap((choice) => {
    const read = readItemKey(choice);
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
function readItemKey(node: Node): ItemKey | undefined {
  const { object, key } = readKeyOf(node) ?? {};
  const steps = object && readItemSteps(object);
  return steps && key !== undefined ? { steps, key } : undefined;
}

/** The steps from an item on; undefined where it begins elsewhere. */
function readItemSteps(node: Node): readonly Value[] | undefined {
  if (node.kind === 'chain') return readItemSteps(node.body);
  if (node.kind === 'pointer') return node.name === '' ? [] : undefined;
  const step = readStep(node);
  const before = step && readItemSteps(step.object);
  return step && before ? [...before, step.key] : undefined;
}

function printPath({ steps, key }: ItemKey): string {
  const [first = '', ...rest] = [...steps, key].map((step) => (typeof step === 'string' ? `.${step}` : `[${step}]`));
  return [first.replace(/^\./, ''), ...rest].join('');
}

function toleratesNil(around: Node | undefined, node: Node): boolean {
  if (!readAccess(node)) return true;
  if (!around) return false;
  if (around.kind === 'member' || around.kind === 'index' || around.kind === 'slice' || around.kind === 'method')
    return around.object === node && around.isOptional;
  if (around.kind !== 'binary') return false;
  const other = around.left === node ? around.right : around.left;
  return (around.operator === '==' || around.operator === '!=') && isNil(other);
}

function hasDefault(around: Node, node: Node): boolean {
  return around.kind === 'binary' && around.operator === '??' && around.left === node;
}
