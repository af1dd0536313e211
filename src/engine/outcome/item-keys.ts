import {
  type Env,
  findListOf,
  findNearestKey,
  findWholeList,
  type Host,
  inlineLets,
  isMap,
  listChildren,
  type Node,
  readAccess,
  resolvePath,
  type Value,
} from '../../expr/index.ts';
import type { ResultItems } from '../../model/action/result.ts';
import type { Problem } from '../../model/events.ts';
import type { CapturedFrom, ExpressionAt } from '../../model/expression-at.ts';
import { toLocation } from '../../model/location.ts';
import { listNames } from '../../util/suggest.ts';

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
  const unknown = findUnknown(expression.ast, env, given);
  if (!unknown) return undefined;
  return {
    outcome: 'failed',
    kind: 'assertion',
    message: `\`${text.text.trim()}\` is true, but ${unknown.message}`,
    location: toLocation(text.span),
    hints: [unknown.help],
  };
}

/** What is to be said of a value that was taken: of keys that are not there, where no thing can have one, or another is that may have been meant. */
export function listMissed(from: CapturedFrom, env: Env, host: Host, given?: KnownThings): readonly string[] {
  const unknown = findUnknown(from.ast, env, given);
  if (unknown) return [`\`${from.source.trim()}\`: ${unknown.message}; ${unknown.help}`];
  return from.listDoubts(env, true, { kinds: 'made', host });
}

/** A key that no thing can have. */
interface Unknown {
  readonly message: string;
  readonly help: string;
}

function findUnknown(ast: Node, env: Env, given: KnownThings | undefined): Unknown | undefined {
  const own = given && given.keys.length > 0 ? given : undefined;
  if (!own && !isAnyKnown) return undefined;
  for (const { object, key, list } of takeReads(ast)) {
    const things = findOne(object, list, { env, own });
    if (things && !things.keys.includes(key)) return describeUnknown(key, things);
  }
  return undefined;
}

function describeUnknown(unknown: string, { items, keys }: KnownThings): Unknown {
  const nearest = findNearestKey(unknown, keys);
  const each = `each ${items.noun} has ${listNames(keys)}`;
  return {
    message: `no ${items.noun} has \`${unknown}\`, whatever is in it`,
    help: nearest === undefined ? each : `did you mean \`${nearest}\`? ${each}`,
  };
}

function takeReads(ast: Node): readonly Read[] {
  const taken = readsOf.get(ast);
  if (taken) return taken;
  const reads: Read[] = [];
  addReads(reads, inlineLets(ast), undefined);
  readsOf.set(ast, reads);
  return reads;
}

/** Once for each assertion of a run: it makes nothing but what it finds. */
function addReads(reads: Read[], node: Node, list: Node | undefined): void {
  if (node.kind === 'literal' || node.kind === 'name') return;
  if (node.kind === 'binary' && node.operator === '??') {
    addReads(reads, node.right, list);
    return;
  }
  if (node.kind === 'call') {
    for (const arg of node.args)
      if (arg.kind === 'predicate') addReads(reads, arg.body, node.args[0]);
      else addReads(reads, arg, list);
  } else for (const child of listChildren(node)) addReads(reads, child, list);
  const access = readAccess(node);
  if (access) reads.push({ ...access, list });
}

function findOne(given: Node, list: Node | undefined, scope: Scope): KnownThings | undefined {
  const node = unchain(given);
  if (node.kind === 'pointer') return node.name === '' && list ? recallList(findWholeList(list), scope) : undefined;
  if (node.kind === 'name' && scope.own && node.name === scope.own.items.first) return scope.own;
  const found = recall(node, scope, false) ?? recallFirst(node, scope);
  if (found) return found;
  const whole = findListOf(node);
  return whole && recallList(whole, scope);
}

function recallList(node: Node, scope: Scope): KnownThings | undefined {
  return recall(node, scope, true);
}

/** What is known of the list, or the thing, that a path leads to. */
function recall(node: Node, { env }: Scope, isList: boolean): KnownThings | undefined {
  const value = resolvePath(node, env);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== isList) return undefined;
  return known.get(value);
}

/** The same of the key that has the first of the things, where there is none: `created.first_row`. */
function recallFirst(node: Node, { env }: Scope): KnownThings | undefined {
  const { object, key } = readAccess(node) ?? {};
  if (!object || resolvePath(node, env) !== null) return undefined;
  const result = resolvePath(object, env);
  if (key === undefined || result === undefined || !isMap(result)) return undefined;
  for (const value of Object.values(result)) {
    const things = Array.isArray(value) ? known.get(value) : undefined;
    if (things?.items.first === key) return things;
  }
  return undefined;
}

function unchain(node: Node): Node {
  return node.kind === 'chain' ? unchain(node.body) : node;
}
