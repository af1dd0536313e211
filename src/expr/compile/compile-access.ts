import { callMethod } from '../builtins/date-methods.ts';
import type { Frame, Thunk } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { readIndex, readMember, readSlice } from '../values/access.ts';
import { ExprError, placeError } from '../values/error.ts';
import { admitValue, isPlainMap, readKey, type Value } from '../values/value.ts';
import { compileEnvAccess, isEnv } from './compile-names.ts';
import type { Compiler } from './compiler.ts';

/** A part of a chain of dots; undefined says that an optional dot met nil and the rest is skipped. */
type Link = (frame: Frame) => Value | undefined;

/** A node that reads from another one. */
type AccessNode = NodeOf<'member'> | NodeOf<'index'> | NodeOf<'slice'> | NodeOf<'method'>;

/** Compiles `.name`, `[index]`, `[from:to]` and `.method(…)` where no optional dot is involved. */
export function compileAccess(compiler: Compiler, node: AccessNode): Thunk {
  if ((node.kind === 'member' || node.kind === 'index') && isEnv(node.object)) return compileEnvAccess(compiler, node);
  const object = compiler.compile(node.object);
  if (node.kind === 'member') return compilePlainMember(compiler.source, node, object);
  const read = compileReader(compiler, node);
  const position = takeLiteralPosition(node);
  return (frame) => {
    const target = object(frame);
    if (Array.isArray(target) && position < target.length) return admitValue(target[position]);
    try {
      return read(target, frame);
    } catch (error) {
      throw nameTarget(compiler.source, node, error);
    }
  };
}

/** The position that an index states outright; beyond every list where it does not. */
function takeLiteralPosition(node: AccessNode): number {
  const value = node.kind === 'index' && node.index.kind === 'literal' ? node.index.value : undefined;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : Number.POSITIVE_INFINITY;
}

function compilePlainMember(source: string, node: NodeOf<'member'>, object: Thunk): Thunk {
  const { name } = node;
  return (frame) => {
    const target = object(frame);
    if (isPlainMap(target)) return readKey(target, name) ?? null;
    try {
      return readMember(target, name);
    } catch (error) {
      throw nameTarget(source, node, error);
    }
  };
}

/** Compiles a chain of dots: nil before `?.` makes all of it nil. */
export function compileChain(compiler: Compiler, node: NodeOf<'chain'>): Thunk {
  const link = compileLink(compiler, node.body);
  return (frame) => link(frame) ?? null;
}

function compileLink(compiler: Compiler, node: Node): Link {
  if (!isAccess(node) || isEnv(node.object)) return compiler.compile(node);
  const object = compileLink(compiler, node.object);
  const read = compileReader(compiler, node);
  const { isOptional } = node;
  return (frame) => {
    const target = object(frame);
    if (target === undefined || (target === null && isOptional)) return undefined;
    try {
      return read(target, frame);
    } catch (error) {
      throw nameTarget(compiler.source, node, error);
    }
  };
}

function isAccess(node: Node): node is AccessNode {
  return node.kind === 'member' || node.kind === 'index' || node.kind === 'slice' || node.kind === 'method';
}

function compileReader(compiler: Compiler, node: AccessNode): (object: Value, frame: Frame) => Value {
  switch (node.kind) {
    case 'member': {
      const { name } = node;
      return (object) => readMember(object, name);
    }
    case 'index': {
      const index = compiler.compile(node.index);
      return (object, frame) => readIndex(object, index(frame));
    }
    case 'slice':
      return compileSliceReader(compiler, node);
    default:
      return compileMethodReader(compiler, node);
  }
}

function compileSliceReader(compiler: Compiler, node: NodeOf<'slice'>): (object: Value, frame: Frame) => Value {
  const from = node.from && compiler.compile(node.from);
  const to = node.to && compiler.compile(node.to);
  return (object, frame) => readSlice(object, { from: from?.(frame), to: to?.(frame) }, frame);
}

function compileMethodReader(compiler: Compiler, node: NodeOf<'method'>): (object: Value, frame: Frame) => Value {
  const args = node.args.map((arg) => compiler.compile(arg));
  // Months and weekdays are plain numbers; only the method that made one knows its name.
  const origin = node.object.kind === 'method' ? node.object.name : undefined;
  return (object, frame) =>
    callMethod({ object, name: node.name, args: args.map((arg) => arg(frame)), origin, budget: frame });
}

/** Says in an error about nil which part of the source was nil. */
function nameTarget(source: string, node: AccessNode, error: unknown): ExprError {
  const placed = placeError(error, node.at, node.atLength);
  if (placed === error || !placed.message.endsWith(' of nil')) return placed;
  const { object } = node;
  const text = source.slice(object.offset, object.offset + object.length);
  const message = `${placed.message.replace(/ of nil$/, '')}: \`${text}\` is nil`;
  return new ExprError(placed.kind, message, { offset: node.at, length: node.atLength, hint: placed.hint });
}
