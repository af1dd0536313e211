import { type Builtin, builtins, listBuiltinNames } from '../builtins/builtin-table.ts';
import type { Frame, Thunk } from '../evaluate/frame.ts';
import { emptyHost, type FunctionDef } from '../evaluate/function-def.ts';
import type { NodeOf } from '../syntax/ast.ts';
import { placeError } from '../values/error.ts';
import { findMisspelt } from '../values/nearest.ts';
import { admitValue } from '../values/value.ts';
import { compilePredicateCall, isPredicateFunction } from './compile-predicates.ts';
import { type Compiler, createCheckError, placeErrors } from './compiler.ts';
import { suggestForExpectation } from './foreign-expectations.ts';
import { suggestForComparison, suggestForFunction, suggestNearly, writeRounded } from './foreign-functions.ts';
import { TEXT_CALLS } from './key-reads.ts';
import { remarkNearCall, remarkNearTest } from './near-tests.ts';
import { createMeanRemark } from './remarks.ts';
import { remarkTest } from './text-remarks.ts';

/** Those that make another text of their first argument, which tells as much. */
const DERIVING: ReadonlySet<string> = new Set(['replace', 'split', 'splitAfter', 'fromBase64']);

/** Those that give a number though there is none to take it of. */
const GIVES_ZERO: ReadonlySet<string> = new Set(['mean', 'median', 'sum']);
/** Compiles a call of a built-in function, one with a predicate, or one that was added. */
export function compileCall(compiler: Compiler, node: NodeOf<'call'>): Thunk {
  const { name } = node;
  if (isPredicateFunction(name, node.args)) return placeErrors(node, compilePredicateCall(compiler, node));
  const builtin = builtins.get(name);
  if (builtin !== undefined && name === 'len') return compileLength(compiler, node, builtin);
  if (builtin !== undefined) return placeErrors(node, compileBuiltin(compiler, node, builtin));
  const added = compiler.functions.get(name);
  if (added === undefined) throw createUnknownFunction(compiler, node);
  return placeErrors(node, compileAdded(compiler, node, added));
}

/** The most used function: a list's length costs nothing. */
function compileLength(compiler: Compiler, node: NodeOf<'call'>, builtin: Builtin): Thunk {
  checkCount(node, builtin.minArgs, builtin.maxArgs);
  const [first] = node.args;
  const argument = first === undefined ? () => null : compiler.compile(first);
  return (frame) => {
    const value = argument(frame);
    if (Array.isArray(value)) return value.length;
    try {
      if (typeof value === 'string') frame.spend(value.length);
      return builtin.call([value], frame);
    } catch (error) {
      throw placeError(error, node.at, node.atLength);
    }
  };
}

function compileBuiltin(compiler: Compiler, node: NodeOf<'call'>, builtin: Builtin): Thunk {
  checkCount(node, builtin.minArgs, builtin.maxArgs, compiler.source);
  const call = DERIVING.has(node.name) ? tellDerived(builtin.call) : builtin.call;
  const args = node.args.map((arg) => compiler.compile(arg));
  const [first, second] = args;
  if (first !== undefined && args.length === 1 && GIVES_ZERO.has(node.name) && compiler.pointers === undefined) {
    const remark = createMeanRemark(compiler, node);
    return (frame) => {
      const value = chargeArgument(first, frame);
      remark(value, frame);
      return admitValue(call([value], frame));
    };
  }
  if (first !== undefined && args.length === 1)
    return (frame) => admitValue(call([chargeArgument(first, frame)], frame));
  if (TEXT_CALLS.has(node.name)) return compileTextCall(compiler, node, call);
  if (first !== undefined && second !== undefined && args.length === 2) {
    return (frame) => admitValue(call([chargeArgument(first, frame), chargeArgument(second, frame)], frame));
  }
  return (frame) =>
    admitValue(
      call(
        args.map((arg) => chargeArgument(arg, frame)),
        frame,
      ),
    );
}

/** A call that looks for a text: one that has to be absent may stand there in another case. */
function compileTextCall(compiler: Compiler, node: NodeOf<'call'>, call: Builtin['call']): Thunk {
  const [text = node, wanted = node] = node.args;
  const args = node.args.map((arg) => compiler.compile(arg));
  const kind = TEXT_CALLS.get(node.name) ?? 'contains';
  const at = { source: compiler.source, ast: compiler.ast, node, text, wanted };
  return (frame) => {
    const values = args.map((arg) => chargeArgument(arg, frame));
    const value = admitValue(call(values, frame));
    const [one = null, two = null] = values;
    remarkTest(at, two, frame);
    if (value === false || value === -1) remarkNearTest(at, kind, [one, two], frame);
    return value;
  };
}

/** The same call, of which whoever listens hears; it may be asked of other texts. */
function tellDerived(call: Builtin['call']): Builtin['call'] {
  return (args, frame) => {
    const value = call(args, frame);
    const [text, ...rest] = args;
    if (typeof text === 'string') frame.host?.onDerive?.(text, (other) => call([other, ...rest], frame));
    return value;
  };
}

/** Evaluates an argument and counts its size as work, since most functions look at all of it. */
function chargeArgument(argument: Thunk, frame: Frame) {
  const value = argument(frame);
  if (typeof value === 'string' || Array.isArray(value)) frame.spend(value.length);
  return value;
}

function compileAdded(compiler: Compiler, node: NodeOf<'call'>, added: FunctionDef): Thunk {
  checkCount(node, added.minArgs, added.maxArgs);
  const args = node.args.map((arg) => compiler.compile(arg));
  const plain: Builtin['call'] = (values, frame) => added.call(values, frame.host ?? emptyHost, frame);
  const call = added.derives ? tellDerived(plain) : plain;
  const at = { source: compiler.source, ast: compiler.ast, node };
  return (frame) => {
    const values = args.map((arg) => chargeArgument(arg, frame));
    frame.spend(100);
    const value = admitValue(call(values, frame));
    const { host } = frame;
    if (value === false && added.nearly && host) remarkNearCall(at, () => added.nearly?.(values, host), frame);
    if (typeof value === 'string') frame.makeText(value.length);
    if (Array.isArray(value)) frame.makeItems(value.length);
    return value;
  };
}

function checkCount(node: NodeOf<'call'>, minArgs: number, maxArgs: number, source = ''): void {
  const count = node.args.length;
  if (count >= minArgs && count <= maxArgs) return;
  const range =
    minArgs === maxArgs ? `${minArgs}` : maxArgs === Infinity ? `at least ${minArgs}` : `${minArgs} to ${maxArgs}`;
  const noun = range === '1' || range === 'at least 1' ? 'argument' : 'arguments';
  const [value, digits] = node.args.map((arg) => source.slice(arg.offset, arg.offset + arg.length));
  const isRounding = node.name === 'round' && value !== undefined && digits !== undefined;
  const hint = isRounding ? `write \`${writeRounded(value, digits)}\`` : undefined;
  throw createCheckError(node, `\`${node.name}\` takes ${range} ${noun}, got ${count}`, hint);
}

function createUnknownFunction(compiler: Compiler, node: NodeOf<'call'>) {
  const { name } = node;
  const isData = compiler.knowsName?.(name) === true || compiler.variables.has(name);
  const message = isData ? `\`${name}\` is a value and cannot be called` : `unknown function \`${name}\``;
  const args = node.args.map((arg) => compiler.source.slice(arg.offset, arg.offset + arg.length));
  const isNot = /(?:\bnot\s|!)\s*$/.test(compiler.source.slice(0, node.offset));
  const foreign =
    suggestForExpectation(node, compiler.ast) ??
    suggestForFunction(name, args, isNot) ??
    (isData ? undefined : suggestForComparison(name, args, isNot));
  const nearest = foreign === undefined && findMisspelt(name, [...listBuiltinNames(), ...compiler.functions.keys()]);
  return createCheckError(
    node,
    message,
    foreign ?? (nearest ? `did you mean \`${nearest}\`?` : suggestNearly(name, args)),
  );
}
