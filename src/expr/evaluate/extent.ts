import type { Thunk } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import { createBudgetError } from '../values/error.ts';
import { LIMITS } from '../values/limits.ts';
import { isKeyedMap, isList, isMap, type Value } from '../values/value.ts';

/** Refuses results that stand for too many parts: few lists that hold each other many times are a huge text in JSON. */
export function limitExtent(node: Node, run: Thunk): Thunk {
  // What is only read from the environment has been bounded by where it came from.
  if (['literal', 'name', 'member', 'index', 'chain', 'comparison', 'unary'].includes(node.kind)) return run;
  return (frame) => {
    const value = run(frame);
    if (typeof value === 'object' && value !== null) checkExtent(value);
    return value;
  };
}

function checkExtent(value: Value): void {
  if (measure(value, new Map(), 0) <= LIMITS.parts) return;
  throw createBudgetError(`the value has more than ${LIMITS.parts} parts, counting each as often as it occurs`);
}

function measure(value: Value, known: Map<Value, number>, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > LIMITS.dataDepth) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  let size = 1;
  for (const item of listItems(value)) size += measure(item, known, depth + 1);
  known.set(value, size);
  return size;
}

function listItems(value: Value): Iterable<Value> {
  if (isList(value)) return value;
  if (isKeyedMap(value)) return value.values();
  return isMap(value) ? Object.values(value) : [];
}
