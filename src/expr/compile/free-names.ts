import { isBuiltinName } from '../builtins/builtin-table.ts';
import { listChildren, type Node } from '../syntax/ast.ts';

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
}

/** The names and functions that a tree uses, in source order. */
export interface Uses {
  names: readonly NameUse[];
  calls: readonly string[];
  /** Variables made with `let`; none may be a name of the environment. */
  variables: readonly string[];
}

/** Collects the names of the environment and the functions that a tree uses; variables and items are not names. */
export function collectUses(ast: Node): Uses {
  const collector: Collector = { names: [], calls: new Set(), variables: new Set(), scope: new Set() };
  visit(collector, ast, []);
  collector.names.sort((a, b) => a.offset - b.offset);
  return { names: collector.names, calls: [...collector.calls], variables: [...collector.variables] };
}

interface Collector {
  names: NameUse[];
  calls: Set<string>;
  variables: Set<string>;
  scope: Set<string>;
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
    default:
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
  collector.names.push(use);
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
