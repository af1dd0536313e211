import { findNearestKey, listChildren, type Node, type NodeOf } from '../../expr/index.ts';
import type { ResultItems } from '../../model/action/result.ts';
import type { Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { AssertionPlan } from '../../model/plan.ts';
import { listNames } from '../../util/suggest.ts';

/** Calls that give things of their list, or one of them. */
const GIVES_LIST: ReadonlySet<string> = new Set(['filter', 'take', 'sort', 'sortBy', 'reverse']);
const GIVES_ITEM: ReadonlySet<string> = new Set(['first', 'last', 'find', 'findLast']);

/** Things in a result of which it is known what each has. */
export interface KnownThings {
  readonly items: ResultItems;
  readonly keys: readonly string[];
}

/**
 * The problem of an assertion that holds and reads a key that no thing can have: it says nothing of them. Not where the key stands
 * before `??`, nor where it is asked for, as in `"secret" in first_row`.
 */
export function findUnknownKey({ expression, text }: AssertionPlan, { items, keys }: KnownThings): Problem | undefined {
  if (keys.length === 0 || ![items.list, items.first].some((name) => name !== undefined && text.text.includes(name)))
    return undefined;
  const unknown = readKeys(expression.ast, false, items).find((key) => !keys.includes(key));
  if (unknown === undefined) return undefined;
  const nearest = findNearestKey(unknown, keys);
  const each = `each ${items.noun} has ${listNames(keys)}`;
  return {
    outcome: 'failed',
    kind: 'assertion',
    message: `\`${text.text.trim()}\` is true, but no ${items.noun} has \`${unknown}\`, whatever is in it`,
    location: toLocation(text.span),
    hints: [nearest === undefined ? each : `did you mean \`${nearest}\`? ${each}`],
  };
}

/** `isItem` says whether `#` is one of the things. */
function readKeys(node: Node, isItem: boolean, items: ResultItems): readonly string[] {
  const below = (child: Node): readonly string[] => readKeys(child, isItem, items);
  if (node.kind === 'binary' && node.operator === '??') return below(node.right);
  if (node.kind === 'let') return [];
  if (node.kind === 'call') {
    const isOver = node.args[0] !== undefined && isList(node.args[0], items);
    return node.args.flatMap((arg) => (arg.kind === 'predicate' ? readKeys(arg.body, isOver, items) : below(arg)));
  }
  const key = readKey(node);
  const own = key !== undefined && isOne(key.object, isItem, items) ? [key.key] : [];
  return [...listChildren(node).flatMap(below), ...own];
}

function readKey(node: Node): { readonly object: Node; readonly key: string } | undefined {
  if (node.kind === 'member') return { object: node.object, key: node.name };
  if (node.kind !== 'index' || node.index.kind !== 'literal') return undefined;
  return typeof node.index.value === 'string' ? { object: node.object, key: node.index.value } : undefined;
}

function isOne(given: Node, isItem: boolean, items: ResultItems): boolean {
  const node = unchain(given);
  if (node.kind === 'pointer') return isItem && node.name === '';
  if (node.kind === 'name') return node.name === items.first;
  if (node.kind === 'index') return isList(node.object, items) && typeof readText(node) !== 'string';
  return isCall(node, GIVES_ITEM) && isList(node.args[0], items);
}

function isList(given: Node | undefined, items: ResultItems): boolean {
  if (!given) return false;
  const node = unchain(given);
  if (node.kind === 'name') return node.name === items.list;
  if (node.kind === 'slice') return isList(node.object, items);
  return isCall(node, GIVES_LIST) && isList(node.args[0], items);
}

function isCall(node: Node, names: ReadonlySet<string>): node is NodeOf<'call'> & Node {
  return node.kind === 'call' && names.has(node.name);
}

function readText({ index }: NodeOf<'index'>): unknown {
  return index.kind === 'literal' ? index.value : undefined;
}

function unchain(node: Node): Node {
  return node.kind === 'chain' ? unchain(node.body) : node;
}
