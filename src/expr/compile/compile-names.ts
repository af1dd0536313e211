import { isBuiltinName } from '../builtins/builtin-table.ts';
import type { Frame, Thunk } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { suggestForName } from '../syntax/foreign-words.ts';
import { findNearestKey } from '../values/nearest.ts';
import { setKey, type Value, type ValueMap } from '../values/value.ts';
import { type Compiler, createCheckError, createEvaluationError } from './compiler.ts';
import { suggestForNamespace } from './foreign-namespaces.ts';
import { collectUses, describeMeant } from './free-names.ts';

/** Compiles a name: a variable of `let`, `$env`, or a name of the environment. */
export function compileName(compiler: Compiler, node: NodeOf<'name'>): Thunk {
  const { name } = node;
  const slot = compiler.variables.get(name);
  if (slot !== undefined) return (frame) => frame.slots[slot] ?? null;
  if (name === '$env') return (frame) => collectNames(frame);
  const isFunction = isBuiltinName(name);
  if (compiler.knowsName !== undefined && !isFunction && !compiler.knowsName(name)) {
    throw createCheckError(node, `unknown name \`${name}\``, suggestFor(compiler, node, compiler.nameList()));
  }
  return (frame) => {
    const value = frame.env.get(name);
    if (value !== undefined) return value;
    const missing = frame.env.explainMissing?.(name);
    if (missing) throw createEvaluationError(node, missing.message, missing.hint);
    if (isFunction) return null;
    throw createEvaluationError(node, `unknown name \`${name}\``, suggestFor(compiler, node, frame.env.keys()));
  };
}

/** Compiles `${NAME:-fallback}`: the text when the name is unknown, nil or empty. */
export function compileFallback(compiler: Compiler, node: NodeOf<'fallback'>): Thunk {
  const { name, text } = node;
  const slot = compiler.variables.get(name);
  return (frame) => {
    const value = slot === undefined ? frame.env.get(name) : frame.slots[slot];
    return value === undefined || value === null || value === '' ? text : value;
  };
}

/** Compiles `let x = value; body`; a name of the environment or of a function cannot be reused. */
export function compileLet(compiler: Compiler, node: NodeOf<'let'>): Thunk {
  const { name } = node;
  if (isBuiltinName(name)) throw createCheckError(node, `\`${name}\` is a function and cannot be a variable`);
  if (compiler.functions.has(name)) throw createCheckError(node, `\`${name}\` is a function and cannot be a variable`);
  if (compiler.variables.has(name)) throw createCheckError(node, `the variable \`${name}\` already exists`);
  if (name === '$env' || compiler.knowsName?.(name) === true) throw createCheckError(node, describeTaken(name));
  const value = compiler.compile(node.value);
  const slot = compiler.takeSlot();
  compiler.variables.set(name, slot);
  const body = compiler.compile(node.body);
  compiler.variables.delete(name);
  return (frame) => {
    if (frame.env.get(name) !== undefined) throw createEvaluationError(node, describeTaken(name));
    frame.slots[slot] = value(frame);
    return body(frame);
  };
}

/** Compiles `#`, `#index` and `#acc`. */
export function compilePointer(compiler: Compiler, node: NodeOf<'pointer'>): Thunk {
  const { pointers } = compiler;
  const slots = {
    '': pointers?.item,
    index: pointers?.hasIndex ? pointers.index : undefined,
    acc: pointers?.accumulator,
  };
  const slot = slots[node.name];
  if (slot === undefined) {
    throw createCheckError(
      node,
      `\`#${node.name}\` has no meaning here`,
      '`#index` exists in `map` and `reduce`, `#acc` only in `reduce`',
    );
  }
  return (frame) => frame.slots[slot] ?? null;
}

/** Compiles an access to `$env`, which need not build the map of all names. */
export function compileEnvAccess(compiler: Compiler, node: NodeOf<'member'> | NodeOf<'index'>): Thunk {
  if (node.kind === 'index' && node.index.kind === 'literal' && typeof node.index.value === 'string') {
    checkEnvName(compiler, node, node.index.value);
  }
  if (node.kind === 'index') {
    const index = compiler.compile(node.index);
    return (frame) => {
      const name = index(frame);
      if (typeof name === 'string') return frame.env.get(name) ?? null;
      throw createEvaluationError(node, 'a name of `$env` must be a string');
    };
  }
  const { name, isOptional } = node;
  if (!isOptional) checkEnvName(compiler, node, name);
  return (frame) => {
    const value = frame.env.get(name);
    if (value !== undefined) return value;
    if (isOptional) return null;
    throw createEvaluationError(node, `unknown name \`${name}\``, suggestName(name, frame.env.keys()));
  };
}

function checkEnvName(compiler: Compiler, node: Node, name: string): void {
  if (compiler.knowsName?.(name) !== false) return;
  throw createCheckError(node, `unknown name \`${name}\``, suggestName(name, compiler.nameList()));
}

/** Whether the node is the word `$env`, not a variable of that name. */
export function isEnv(node: Node): boolean {
  return node.kind === 'name' && node.name === '$env';
}

function collectNames(frame: Frame): ValueMap {
  const map: { [key: string]: Value } = {};
  for (const name of frame.env.keys()) {
    frame.makeItems(1);
    const value = frame.env.get(name);
    if (value !== undefined) setKey(map, name, value);
  }
  return map;
}

function describeTaken(name: string): string {
  return `\`${name}\` is already a name and cannot be a variable`;
}

/** What an unknown name may stand for: a word of another language, a known name, a key or a field that was written as a name. */
function suggestFor(compiler: Compiler, node: NodeOf<'name'>, known: Iterable<string>): string | undefined {
  const meant = collectUses(compiler.ast).names.find((use) => use.offset === node.offset)?.meant;
  if (meant?.as === 'key') return describeMeant(meant);
  const namespaced = suggestForNamespace(compiler.source, node.offset);
  return namespaced ?? suggestForName(node.name) ?? suggestName(node.name, known) ?? (meant && describeMeant(meant));
}

function suggestName(name: string, known: Iterable<string>): string | undefined {
  const nearest = findNearestKey(name, known);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}
