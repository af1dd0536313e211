import { isBuiltinName } from '../builtins/builtin-table.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { findDashedKey } from '../syntax/dashed-key.ts';

/** A use of a name: where it stands, and the members read from it that are known without evaluating. */
export interface NameUse {
  name: string;
  offset: number;
  length: number;
  /** For `create_user.body.id` it is `['body', 'id']`. */
  path: readonly (string | number)[];
  /** The keys that are read where its value goes on, each with those before it: of `let r = made; get(r, "id")` it is `id`. */
  reached?: (readonly ReachedKey[])[];
  /** The name may be unknown: it has a fallback, or is `$env?.name`. */
  optional?: true;
  /** The name is also that of a built-in function: where it is unknown, its value is nil. */
  function?: true;
  /** What may be meant where the name is unknown: a key with `-` in it that reads as a difference, a field of a predicate's item, or a text that lacks its quotes. */
  meant?: { readonly as: 'key' | 'field' | 'text'; readonly text: string };
}

/** A literal key at its place. */
export interface ReachedKey {
  readonly key: string | number;
  readonly offset: number;
  readonly length: number;
}

/** The names and functions that a tree uses, in source order. */
export interface Uses {
  names: readonly NameUse[];
  calls: readonly string[];
  /** Variables made with `let`; none may be a name of the environment. */
  variables: readonly string[];
}

const TEXT_TESTS: ReadonlySet<string> = new Set(['==', '!=', 'contains', 'startsWith', 'endsWith']);
const ITEM_WORDS: ReadonlySet<string> = new Set('item it i x e el elem element entry value val row obj o'.split(' '));

/** Collects the names of the environment and the functions that a tree uses; variables and items are not names. */
export function collectUses(ast: Node): Uses {
  const collector: Collector = {
    names: [],
    calls: new Set(),
    variables: new Set(),
    scope: new Map(),
    predicates: 0,
    keys: new Map(),
    compared: new Set(),
  };
  visit(collector, ast, NOWHERE);
  collector.names.sort((a, b) => a.offset - b.offset);
  return { names: collector.names, calls: [...collector.calls], variables: [...collector.variables] };
}

interface Collector {
  names: NameUse[];
  calls: Set<string>;
  variables: Set<string>;
  /** The variables of `let`, with what their values may be. */
  scope: Map<string, readonly Origin[]>;
  /** How many predicates are around. */
  predicates: number;
  /** The keys that names are parts of. */
  keys: Map<Node, string>;
  /** What is compared as a text may be. */
  compared: Set<Node>;
}

/** A member read from a node; `isOptional` is that of `?.`. */
interface Key extends ReachedKey {
  readonly isOptional: boolean;
}

/** A name that a value may come from, and the keys to it. */
interface Origin {
  readonly use: NameUse;
  readonly keys: readonly Key[];
}

/** Where the value of a node goes. */
interface Way {
  /** The members right behind it, outermost last. */
  readonly path: readonly Key[];
  /** Those that are read of it after something between. */
  readonly reached: readonly Key[];
  /** Takes down the names that the value may be. */
  readonly origins?: Origin[] | undefined;
}

const NOWHERE: Way = { path: [], reached: [] };

function visit(collector: Collector, node: Node, way: Way): void {
  switch (node.kind) {
    case 'name':
      addName(collector, node, way);
      return;
    case 'fallback':
      if (!collector.scope.has(node.name)) {
        collector.names.push({ name: node.name, offset: node.at, length: node.atLength, path: [], optional: true });
      }
      return;
    case 'chain':
      visit(collector, node.body, way);
      return;
    case 'member': {
      const { name: key, isOptional, at: offset, atLength: length } = node;
      visit(collector, node.object, { ...way, path: [{ key, isOptional, offset, length }, ...way.path] });
      return;
    }
    case 'index':
      visitIndex(collector, node, way);
      return;
    case 'let':
      visitLet(collector, node, way);
      return;
    case 'predicate':
      collector.predicates++;
      visit(collector, node.body, NOWHERE);
      collector.predicates--;
      return;
    default:
      if (node.kind === 'binary') addDashedKey(collector, node);
      if (node.kind === 'binary' && TEXT_TESTS.has(node.operator)) addCompared(collector, node);
      if (node.kind === 'call') collector.calls.add(node.name);
      for (const child of listChildren(node)) visit(collector, child, goOn(node, child, way));
  }
}

/** A side is no text where the other is certainly none. */
function addCompared({ compared }: Collector, { left, right }: NodeOf<'binary'>): void {
  const isOther = (side: Node): boolean => side.kind === 'literal' && typeof side.value !== 'string';
  if (!isOther(left)) compared.add(right);
  if (!isOther(right)) compared.add(left);
}

/** Where the value of a part goes. */
function goOn(node: Node, child: Node, way: Way): Way {
  const onward: Way = { path: [], reached: [...way.path, ...way.reached], origins: way.origins };
  if (node.kind === 'conditional') return child === node.test && child !== node.then ? NOWHERE : onward;
  if (node.kind === 'sequence') return child === node.items.at(-1) ? onward : NOWHERE;
  if (node.kind === 'binary' && node.operator === '??') return onward;
  if (node.kind === 'binary' && node.operator === 'in' && child === node.right)
    return { path: [], reached: readLiteral(node.left) };
  if (node.kind !== 'call' || node.name !== 'get' || child !== node.args[0]) return NOWHERE;
  const key = readLiteral(node.args[1]);
  return key.length > 0 ? { ...onward, reached: [...key, ...onward.reached] } : NOWHERE;
}

function readLiteral(node: Node | undefined): readonly Key[] {
  if (node?.kind !== 'literal' || (typeof node.value !== 'string' && typeof node.value !== 'number')) return [];
  return [{ key: node.value, isOptional: false, offset: node.offset, length: node.length }];
}

function addName(collector: Collector, node: Extract<Node, { kind: 'name' }>, way: Way): void {
  const { name, offset, length } = node;
  const keys = [...way.path, ...way.reached];
  const known = collector.scope.get(name);
  if (known) {
    for (const origin of known) addReached(origin, keys, way);
    return;
  }
  const { path } = way;
  const use: NameUse = { name, offset, length, path: path.map(({ key }) => key) };
  if (name === '$env' && path[0]?.isOptional === true) use.optional = true;
  if (isBuiltinName(name)) use.function = true;
  const key = collector.keys.get(node);
  if (key !== undefined) use.meant = { as: 'key', text: key };
  else if (collector.predicates > 0) use.meant = { as: 'field', text: writeField(name, use.path) };
  else if (path.length === 0 && collector.compared.has(node)) use.meant = { as: 'text', text: JSON.stringify(name) };
  collector.names.push(use);
  if (way.reached.length > 0) use.reached = [keys];
  way.origins?.push({ use, keys });
}

function addReached({ use, keys: before }: Origin, behind: readonly Key[], { origins }: Way): void {
  const keys = [...before, ...behind];
  if (behind.length > 0) use.reached = [...(use.reached ?? []), keys];
  origins?.push({ use, keys });
}

/** `.price` for `price` and for `item.price`, as other languages call the item; `#` for the item itself. */
function writeField(name: string, path: NameUse['path']): string {
  if (!ITEM_WORDS.has(name)) return `.${name}`;
  const [key] = path;
  return typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : '#';
}

function addDashedKey({ keys }: Collector, node: Node): void {
  const found = findDashedKey(node);
  for (const name of found?.names ?? []) if (!keys.has(name)) keys.set(name, found?.text ?? '');
}

function visitIndex(collector: Collector, node: Extract<Node, { kind: 'index' }>, way: Way): void {
  const { index, object, isOptional } = node;
  const [key] = readLiteral(index);
  if (key) {
    visit(collector, object, { ...way, path: [{ ...key, isOptional }, ...way.path] });
    return;
  }
  visit(collector, object, NOWHERE);
  visit(collector, index, NOWHERE);
}

function visitLet(collector: Collector, node: Extract<Node, { kind: 'let' }>, way: Way): void {
  const origins: Origin[] = [];
  visit(collector, node.value, { ...NOWHERE, origins });
  collector.variables.add(node.name);
  const hidden = collector.scope.get(node.name);
  collector.scope.set(node.name, origins);
  visit(collector, node.body, { path: [], reached: [...way.path, ...way.reached], origins: way.origins });
  if (hidden) collector.scope.set(node.name, hidden);
  else collector.scope.delete(node.name);
}

/** How a key, field or text is written that reads as an unknown name. */
export function describeMeant({ as, text }: NonNullable<NameUse['meant']>): string {
  if (as === 'text') return `where a text is meant, put it in quotes: \`${text}\``;
  return as === 'key'
    ? `a key with \`-\` in it is written \`${text}\``
    : text === '#'
      ? 'the item itself is written `#`'
      : `a field of the item is written \`${text}\``;
}
