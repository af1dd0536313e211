import { type Loop, loops } from '../builtins/predicate-builtins.ts';
import type { Frame, Thunk } from '../evaluate/frame.ts';
import { traceRounds } from '../evaluate/trace-rounds.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { countNodes } from '../syntax/count-nodes.ts';
import { describeType } from '../values/describe.ts';
import { createRunError } from '../values/error.ts';
import { admitValue, isList, type Value } from '../values/value.ts';
import { type Compiler, createCheckError, type Pointers } from './compiler.ts';
import { createLoopRemark } from './remarks.ts';

/** What has an answer though there is no item: a claim of all of them holds. */
const CLAIMS: ReadonlySet<string> = new Set(['all', 'any', 'none']);

/** Whether the call has a predicate: `count(list)` and `sum(list)` have none. */
export function isPredicateFunction(name: string, args: readonly Node[]): boolean {
  return loops.has(name) && args.some((arg) => arg.kind === 'predicate');
}

/** Compiles a call with a predicate to a loop over its list. */
export function compilePredicateCall(compiler: Compiler, node: NodeOf<'call'>): Thunk {
  const [listNode, predicateNode, extraNode] = node.args;
  const run = loops.get(node.name);
  if (listNode === undefined || predicateNode?.kind !== 'predicate' || run === undefined) {
    throw createCheckError(node, `\`${node.name}\` needs a list and a predicate`);
  }
  const list = compiler.compile(listNode);
  const extra = extraNode === undefined ? undefined : compiler.compile(extraNode);
  const pointers: Pointers = {
    item: compiler.takeSlot(),
    index: compiler.takeSlot(),
    hasIndex: node.name === 'map' || node.name === 'reduce',
    accumulator: node.name === 'reduce' ? compiler.takeSlot() : undefined,
  };
  const plain = compileBody(compiler, predicateNode, pointers);
  const body = compiler.isTraced ? traceRounds(node, plain, pointers) : plain;
  const cost = countNodes(predicateNode);
  // Within a predicate a list is one of many, and one without items says little.
  const isOuter = compiler.pointers === undefined;
  const { source, ast } = compiler;
  const remark = isOuter ? createLoopRemark(node, { source, ast, isClaim: CLAIMS.has(node.name) }) : undefined;
  return (frame) => {
    const items = takeList(list(frame), node.name);
    const value = admitValue(run(createLoop({ frame, items, body, pointers, cost }), extra?.(frame)));
    remark?.(items, frame);
    return value;
  };
}

function compileBody(compiler: Compiler, node: NodeOf<'predicate'>, pointers: Pointers): Thunk {
  const outer = compiler.pointers;
  compiler.pointers = pointers;
  const body = compiler.compile(node.body);
  compiler.pointers = outer;
  return body;
}

function takeList(value: Value, name: string): readonly Value[] {
  if (isList(value)) return value;
  const hint = value === null ? 'use `?? []` where nil is expected' : undefined;
  throw createRunError(`\`${name}\` needs an array, got ${describeType(value)}`, hint);
}

function createLoop(parts: {
  frame: Frame;
  items: readonly Value[];
  body: Thunk;
  pointers: Pointers;
  cost: number;
}): Loop {
  const { frame, items, body, pointers, cost } = parts;
  const { item, index, accumulator } = pointers;
  return {
    items,
    budget: frame,
    evaluate(position, accumulated = null) {
      frame.spend(cost);
      frame.slots[item] = admitValue(items[position]);
      frame.slots[index] = position;
      if (accumulator !== undefined) frame.slots[accumulator] = accumulated;
      return body(frame);
    },
  };
}
