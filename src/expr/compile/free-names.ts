import { isBuiltinName } from '../builtins/builtin-table.ts';
import { listChildren, type Node } from '../syntax/ast.ts';
import { findDashedKey } from '../syntax/dashed-key.ts';

/** A use of a name: where it stands, and the members read from it that are known without evaluating. */
export interface NameUse {
  name: string;
  offset: number;
  length: number;
  /** For `create_user.body.id` it is `['body', 'id']`. */
  path: readonly (string | number)[];
  /** The name may be unknown: it has a fallback, or is `$env?.name`. */
  optional?: true;
  /** The name is also that of a built-in function: where it is unknown, its value is nil. */
  function?: true;
  /** What may be meant where the name is unknown: a key with `-` in it that reads as a difference, or a field of a predicate's item. */
  meant?: { readonly as: 'key' | 'field'; readonly text: string };
}

/** The names and functions that a tree uses, in source order. */
export interface Uses {
  names: readonly NameUse[];
  calls: readonly string[];
  /** Variables made with `let`; none may be a name of the environment. */
  variables: readonly string[];
}

const ITEM_WORDS: ReadonlySet<string> = new Set('item it i x e el elem element entry value val row obj o'.split(' '));

/** Collects the names of the environment and the functions that a tree uses; variables and items are not names. */
export function collectUses(ast: Node): Uses {
  const collector: Collector = {
    names: [],
    calls: new Set(),
    variables: new Set(),
    scope: new Set(),
    predicates: 0,
    keys: new Map(),
  };
  visit(collector, ast, []);
  collector.names.sort((a, b) => a.offset - b.offset);
  return { names: collector.names, calls: [...collector.calls], variables: [...collector.variables] };
}

interface Collector {
  names: NameUse[];
  calls: Set<string>;
  variables: Set<string>;
  scope: Set<string>;
  /** How many predicates are around. */
  predicates: number;
  /** The keys that names are parts of. */
  keys: Map<Node, string>;
}

/** A member read from a node, outermost last; `isOptional` is that of `?.`. */
type Path = readonly { key: string | number; isOptional: boolean }[];

function visit(collector: Collector, node: Node, path: Path): void {
  switch (node.kind) {
    case 'name':
      addName(collector, node, path);
      return;
    case 'fallback':
      if (!collector.scope.has(node.name)) {
        collector.names.push({ name: node.name, offset: node.at, length: node.atLength, path: [], optional: true });
      }
      return;
    case 'chain':
      visit(collector, node.body, path);
      return;
    case 'member':
      visit(collector, node.object, [{ key: node.name, isOptional: node.isOptional }, ...path]);
      return;
    case 'index':
      visitIndex(collector, node, path);
      return;
    case 'let':
      visitLet(collector, node);
      return;
    case 'predicate':
      collector.predicates++;
      visit(collector, node.body, []);
      collector.predicates--;
      return;
    default:
      if (node.kind === 'binary') addDashedKey(collector, node);
      if (node.kind === 'call') collector.calls.add(node.name);
      for (const child of listChildren(node)) visit(collector, child, []);
  }
}

function addName(collector: Collector, node: Extract<Node, { kind: 'name' }>, path: Path): void {
  const { name, offset, length } = node;
  if (collector.scope.has(name)) return;
  const use: NameUse = { name, offset, length, path: path.map(({ key }) => key) };
  if (name === '$env' && path[0]?.isOptional === true) use.optional = true;
  if (isBuiltinName(name)) use.function = true;
  const key = collector.keys.get(node);
  if (key !== undefined) use.meant = { as: 'key', text: key };
  else if (collector.predicates > 0) use.meant = { as: 'field', text: writeField(name, use.path) };
  collector.names.push(use);
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

function visitIndex(collector: Collector, node: Extract<Node, { kind: 'index' }>, path: Path): void {
  const { index, object, isOptional } = node;
  if (index.kind === 'literal' && (typeof index.value === 'string' || typeof index.value === 'number')) {
    visit(collector, object, [{ key: index.value, isOptional }, ...path]);
    return;
  }
  visit(collector, object, []);
  visit(collector, index, []);
}

function visitLet(collector: Collector, node: Extract<Node, { kind: 'let' }>): void {
  visit(collector, node.value, []);
  collector.variables.add(node.name);
  const isNew = !collector.scope.has(node.name);
  collector.scope.add(node.name);
  visit(collector, node.body, []);
  if (isNew) collector.scope.delete(node.name);
}

/** How a key or field is written that reads as an unknown name. */
export function describeMeant({ as, text }: NonNullable<NameUse['meant']>): string {
  return as === 'key'
    ? `a key with \`-\` in it is written \`${text}\``
    : text === '#'
      ? 'the item itself is written `#`'
      : `a field of the item is written \`${text}\``;
}
