import {
  type Env,
  findNearestKey,
  listChildren,
  type Node,
  type NodeOf,
  resolvePath,
  type Value,
} from '../../expr/index.ts';
import type { ResultItems } from '../../model/action/result.ts';
import type { Problem } from '../../model/events.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { toLocation } from '../../model/location.ts';
import { listNames } from '../../util/suggest.ts';

/** Calls that give things of their list, or one of them. */
const GIVES_LIST: ReadonlySet<string> = new Set(['filter', 'take', 'sort', 'sortBy', 'reverse']);
const GIVES_ITEM: ReadonlySet<string> = new Set(['first', 'last', 'find', 'findLast']);
/** So many things of a list are known again by themselves, as items of a loop are; of more the list is. */
const MOST_ITEMS = 200;

/** Things in a result of which it is known what each has. */
export interface KnownThings {
  readonly items: ResultItems;
  readonly keys: readonly string[];
}

/** Lists of such things and the things, wherever they are handed to. */
const known = new WeakMap<object, KnownThings>();
/** Most runs have none: nothing is looked for then. */
let isAnyKnown = false;

/** Has the things of a result known again, by whatever name a later step has them. */
export function learnThings(result: Readonly<Record<string, Value>>, things: KnownThings): void {
  const list = result[things.items.list];
  if (!Array.isArray(list) || things.keys.length === 0) return;
  isAnyKnown = true;
  known.set(list, things);
  for (const item of list.slice(0, MOST_ITEMS)) if (typeof item === 'object' && item !== null) known.set(item, things);
}

/** What names stand for: in what is judged, `first` is one of the things, also where there is none. */
interface Scope {
  readonly env: Env;
  readonly own: KnownThings | undefined;
}

/** A key that is read of something; `list` has the items that `#` stands for there. */
interface Read {
  readonly object: Node;
  readonly key: string;
  readonly list: Node | undefined;
}

const readsOf = new WeakMap<Node, readonly Read[]>();

/**
 * The problem of an assertion that holds and reads a key that no thing can have: it says nothing of them. Not where the key stands
 * before `??`, nor where it is asked for, as in `"secret" in first_row`.
 */
export function findUnknownKey({ expression, text }: ExpressionAt, env: Env, given?: KnownThings): Problem | undefined {
  const own = given && given.keys.length > 0 ? given : undefined;
  if (!own && !isAnyKnown) return undefined;
  for (const { object, key, list } of takeReads(expression.ast)) {
    const things = findOne(object, list, { env, own });
    if (things && !things.keys.includes(key)) return describeUnknown(text, key, things);
  }
  return undefined;
}

function describeUnknown(text: ExpressionAt['text'], unknown: string, { items, keys }: KnownThings): Problem {
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

function takeReads(ast: Node): readonly Read[] {
  const taken = readsOf.get(ast);
  if (taken) return taken;
  const reads: Read[] = [];
  addReads(reads, ast, undefined);
  readsOf.set(ast, reads);
  return reads;
}

/** Once for each assertion of a run: it makes nothing but what it finds. */
function addReads(reads: Read[], node: Node, list: Node | undefined): void {
  if (node.kind === 'literal' || node.kind === 'name' || node.kind === 'let') return;
  if (node.kind === 'binary' && node.operator === '??') {
    addReads(reads, node.right, list);
    return;
  }
  if (node.kind === 'call') {
    for (const arg of node.args)
      if (arg.kind === 'predicate') addReads(reads, arg.body, node.args[0]);
      else addReads(reads, arg, list);
    return;
  }
  for (const child of listChildren(node)) addReads(reads, child, list);
  const key = readKey(node);
  if (key) reads.push({ ...key, list });
}

function readKey(node: Node): Omit<Read, 'list'> | undefined {
  if (node.kind === 'member') return { object: node.object, key: node.name };
  if (node.kind !== 'index' || node.index.kind !== 'literal') return undefined;
  return typeof node.index.value === 'string' ? { object: node.object, key: node.index.value } : undefined;
}

function findOne(given: Node, list: Node | undefined, scope: Scope): KnownThings | undefined {
  const node = unchain(given);
  if (node.kind === 'pointer') return node.name === '' ? findList(list, scope) : undefined;
  if (node.kind === 'name' && scope.own && node.name === scope.own.items.first) return scope.own;
  const found = recall(node, scope, false);
  if (found) return found;
  if (node.kind === 'index') return isPosition(node) ? findList(node.object, scope) : undefined;
  return isCall(node, GIVES_ITEM) ? findList(node.args[0], scope) : undefined;
}

function findList(given: Node | undefined, scope: Scope): KnownThings | undefined {
  if (!given) return undefined;
  const node = unchain(given);
  if (node.kind === 'slice') return findList(node.object, scope);
  return isCall(node, GIVES_LIST) ? findList(node.args[0], scope) : recall(node, scope, true);
}

/** What is known of the list, or the thing, that a path leads to. */
function recall(node: Node, { env }: Scope, isList: boolean): KnownThings | undefined {
  const value = resolvePath(node, env);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== isList) return undefined;
  return known.get(value);
}

function isCall(node: Node, names: ReadonlySet<string>): node is NodeOf<'call'> & Node {
  return node.kind === 'call' && names.has(node.name);
}

function isPosition({ index }: NodeOf<'index'>): boolean {
  return index.kind !== 'literal' || typeof index.value !== 'string';
}

function unchain(node: Node): Node {
  return node.kind === 'chain' ? unchain(node.body) : node;
}
