import { describeType, type Part, type Value } from '../expr/index.ts';

/** The values that made an expression what it is. */
export interface Explained {
  /** Why it could not be evaluated; absent when it was. */
  readonly error?: string | undefined;
  /** The parts of the expression with the values they had, outermost last. */
  readonly parts: readonly ExplainedPart[];
  /** Calls such as `all(list, …)` whose items were the cause, with the first items that decided. */
  readonly loops?: readonly ExplainedLoop[] | undefined;
  readonly differences?: readonly ExplainedDifference[] | undefined;
  /** How many differences there are, when more than are listed. */
  readonly differenceCount?: number | undefined;
  /** Both sides of a comparison with several differences, when they are not large. */
  readonly compared?: ExplainedComparison | undefined;
}

/** A part of an expression and the value it had. */
export interface ExplainedPart {
  /** Offset and length in the expression's text. */
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  readonly type: string;
  readonly value: Value;
}

/** A call with a predicate and the items that made its value what it is. */
export interface ExplainedLoop {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  /** What the call gave; absent when it ended with an error. */
  readonly value?: Value | undefined;
  readonly itemCount: number;
  /** Items that were looked at, and those of them that the predicate held for. */
  readonly seenCount: number;
  readonly matchCount: number;
  readonly items: readonly ExplainedItem[];
}

/** What one item of a loop came to. */
export interface ExplainedItem {
  readonly index: number;
  /** `body.items[3]`. */
  readonly path: string;
  /** The item itself. */
  readonly value: Value;
  /** Whether the predicate held; absent when it gave no bool. */
  readonly isMatch?: boolean | undefined;
  /** Parts of the predicate with the values they had for this item. */
  readonly parts: readonly ExplainedPart[];
  readonly loops: readonly ExplainedLoop[];
}

export interface ExplainedComparison {
  /** How the actual side is written in the expression. */
  readonly path: string;
  readonly expected: Value;
  readonly actual: Value;
}

/** A place where two values differ; in the actual value, or where a missing one was expected. */
export interface ExplainedDifference {
  /** `changed` when absent; `missing` and `extra` places are on one side alone; `order`: the same items in another order. */
  readonly kind?: 'changed' | 'missing' | 'extra' | 'order' | undefined;
  readonly path: string;
  /** Where it stands in the expected value, when that is elsewhere. */
  readonly expectedPath?: string | undefined;
  /** Of `order`: the one item that stands elsewhere. */
  readonly move?: { readonly from: string; readonly to: string } | undefined;
  readonly expected?: Value | undefined;
  readonly actual?: Value | undefined;
}

/** A part of an expression as reports have it. */
export function describePart({ offset, length, text, value }: Part): ExplainedPart {
  return { offset, length, text, type: describeType(value), value };
}
