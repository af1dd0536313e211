import { listBuiltinNames } from '../builtins/builtin-table.ts';
import { callMethod } from '../builtins/date-methods.ts';
import type { Frame, MissingName, Thunk } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { readIndex, readMember, readSlice } from '../values/access.ts';
import { describeType } from '../values/describe.ts';
import { ExprError, placeError } from '../values/error.ts';
import { findMisspelt } from '../values/nearest.ts';
import { admitValue, isPlainMap, readKey, type Value } from '../values/value.ts';
import { compileEnvAccess, isEnv } from './compile-names.ts';
import { type Compiler, createEvaluationError } from './compiler.ts';
import { suggestForMethod } from './foreign-functions.ts';
import { createSkipRemark } from './remarks.ts';

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
      throw nameTarget(compiler.source, node, error, frame);
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
  const whole = node.object.kind === 'name' ? `${node.object.name}.${name}` : undefined;
  return (frame) => {
    const target = object(frame);
    if (isPlainMap(target)) {
      const value = readKey(target, name);
      if (value !== undefined) return value;
      const missing = whole === undefined ? undefined : frame.env.explainMissing?.(whole);
      if (missing) throw createEvaluationError(node, missing.message, missing.hint);
      return null;
    }
    try {
      return readMember(target, name);
    } catch (error) {
      throw nameTarget(source, node, error, frame);
    }
  };
}

/** Compiles a chain of dots: nil before `?.` makes all of it nil. */
export function compileChain(compiler: Compiler, node: NodeOf<'chain'>): Thunk {
  const link = compileLink(compiler, node.body);
  const remark = createSkipRemark(compiler.source, compiler.ast, node);
  if (!remark) return (frame) => link(frame) ?? null;
  return (frame) => {
    const value = link(frame);
    if (value === undefined) remark(frame);
    return value ?? null;
  };
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
      throw nameTarget(compiler.source, node, error, frame);
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
  const textOf = ({ offset, length }: Node) => compiler.source.slice(offset, offset + length);
  return (object, frame) => {
    const suggest = () => {
      const value = { text: textOf(node.object), type: describeType(object) };
      return suggestMethod(compiler, node.name, value, node.args.map(textOf));
    };
    return callMethod({ object, name: node.name, args: args.map((arg) => arg(frame)), origin, budget: frame, suggest });
  };
}

/** A method that no value has: how it is written, or the function of that name. */
function suggestMethod(
  compiler: Compiler,
  name: string,
  value: { text: string; type: string },
  args: readonly string[],
): string | undefined {
  const known = suggestForMethod(name, value, args);
  if (known !== undefined) return known;
  const functions = [...listBuiltinNames(), ...compiler.functions.keys()];
  const nearest = functions.includes(name) ? name : findMisspelt(name, functions);
  if (nearest !== undefined) return `functions go in front: \`${nearest}(${[value.text, ...args].join(', ')})\``;
  if (value.type.startsWith('time.')) return undefined;
  return `only dates and durations have methods: functions go in front, as in \`type(${value.text})\``;
}

/** Says in an error about nil which part of the source was nil. */
function nameTarget(source: string, node: AccessNode, error: unknown, frame: Frame): ExprError {
  const { object } = node;
  const placed = nameInHint(
    placeError(error, node.at, node.atLength),
    source.slice(object.offset, object.offset + object.length),
  );
  if (placed === error || !placed.message.endsWith(' of nil')) return placed;
  const missing = explainMember(object, frame);
  if (missing) return createEvaluationError(object, missing.message, missing.hint);
  const text = source.slice(object.offset, object.offset + object.length);
  const message = `${placed.message.replace(/ of nil$/, '')}: \`${text}\` is nil`;
  return new ExprError(placed.kind, message, { offset: node.at, length: node.atLength, hint: placed.hint });
}

const MAX_NAMED = 60;

/** A hint such as ``did you mean `len(…)`?`` with what is read from in its place. */
function nameInHint(error: ExprError, text: string): ExprError {
  if (!error.hint?.includes('…') || text.length > MAX_NAMED) return error;
  const { kind, message, offset, length, hint, cause } = error;
  return new ExprError(kind, message, { offset, length, hint: hint.replaceAll('…', text), cause });
}

/** Of `steps.pay`: why the environment has no such key. */
function explainMember(node: Node, { env }: Frame): MissingName | undefined {
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const { object } = node;
  const key = node.kind === 'member' ? node.name : node.index.kind === 'literal' ? node.index.value : undefined;
  return object.kind === 'name' && typeof key === 'string' ? env.explainMissing?.(object.name, key) : undefined;
}
