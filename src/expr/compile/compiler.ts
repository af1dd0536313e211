import type { Thunk } from '../evaluate/frame.ts';
import type { FunctionDef } from '../evaluate/function-def.ts';
import type { Node } from '../syntax/ast.ts';
import { ExprError, placeError } from '../values/error.ts';

/** What the compilation of a node needs from the whole; handed to the functions that compile one kind of node. */
export interface Compiler {
  readonly source: string;
  /** Whether the values of nodes are kept while they are evaluated. */
  readonly isTraced: boolean;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly knowsName: ((name: string) => boolean) | undefined;
  readonly nameList: () => Iterable<string>;
  /** Slots of the variables that are visible now. */
  readonly variables: Map<string, number>;
  /** Slots of the innermost predicate. */
  pointers: Pointers | undefined;
  takeSlot(): number;
  compile(node: Node): Thunk;
}

/** Slots that hold the item, its position and the accumulator of a predicate. */
export interface Pointers {
  item: number;
  index: number;
  /** Whether the predicate may say `#index`. */
  hasIndex: boolean;
  accumulator: number | undefined;
}

/** Makes an error found before evaluation, at the place a node points to. */
export function createCheckError(node: Node, message: string, hint?: string): ExprError {
  return new ExprError('check', message, { offset: node.at, length: node.atLength, hint });
}

/** Makes an error found during evaluation, at the place a node points to. */
export function createEvaluationError(node: Node, message: string, hint?: string): ExprError {
  return new ExprError('run', message, { offset: node.at, length: node.atLength, hint });
}

/** Wraps a thunk so that an error without a place gets the node's. */
export function placeErrors(node: Node, thunk: Thunk): Thunk {
  const { at, atLength } = node;
  return (frame) => {
    try {
      return thunk(frame);
    } catch (error) {
      throw placeError(error, at, atLength);
    }
  };
}
