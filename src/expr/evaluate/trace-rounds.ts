import type { Node } from '../syntax/ast.ts';
import type { Value } from '../values/value.ts';
import type { Thunk } from './frame.ts';
import { Trace } from './trace.ts';

/** Where a loop keeps its item and its position. */
interface Slots {
  readonly item: number;
  readonly index: number;
}

/** Gives each round of a loop a trace of its own, which the trace around it keeps. */
export function traceRounds(call: Node, body: Thunk, slots: Slots): Thunk {
  return (frame) => {
    const outer = frame.trace;
    const trace = new Trace();
    const position = Number(frame.slots[slots.index]);
    const item = frame.slots[slots.item] ?? null;
    let value: Value | undefined;
    frame.trace = trace;
    try {
      value = body(frame);
      return value;
    } finally {
      frame.trace = outer;
      outer?.addRound(call, { position, item, value, trace });
    }
  };
}
