import type { Difference } from '../compare/difference.ts';
import { type Env, Frame, type Host, type Thunk } from '../evaluate/frame.ts';
import type { FunctionDef } from '../evaluate/function-def.ts';
import { Trace } from '../evaluate/trace.ts';
import type { Node } from '../syntax/ast.ts';
import { type ExprError, placeError } from '../values/error.ts';
import { Budget } from '../values/limits.ts';
import type { Value } from '../values/value.ts';
import { type Comparison, findComparison } from './explain-difference.ts';
import { type LoopExplanation, listLoops } from './explain-loops.ts';
import { listParts, type Part } from './explain-parts.ts';
import { collectHints } from './hints.ts';

/** What came out of one evaluation, and why. */
export interface Explanation {
  value?: Value;
  error?: ExprError;
  /** Names, paths, calls and comparisons in source order; those of predicates are reported by `loops`. */
  parts: readonly Part[];
  /** Calls with a predicate that did not give what was wanted, and the items that decided; none when the value is true. */
  loops: readonly LoopExplanation[];
  /** Where lists, maps or long texts differ that an `==` found unequal. */
  difference?: readonly Difference[];
  /** How many differences there are, when more than are listed. */
  differenceCount?: number;
  /** The two sides of the first comparison of lists or maps, when they are not too large to be shown side by side. */
  compared?: Comparison;
  hints: readonly string[];
  /** Those of the hints that quote a value, or a part of one. */
  quotes: readonly string[];
}

/** What is explained. */
interface ExplainInput {
  source: string;
  ast: Node;
  /** The tree compiled so that it keeps the values of its nodes. */
  run: Thunk;
  env: Env;
  host: Host | undefined;
  functions: ReadonlyMap<string, FunctionDef>;
}

/** Evaluates once and explains the outcome. */
export function explainNode(input: ExplainInput): Explanation {
  const { source, ast } = input;
  const trace = new Trace();
  const outcome = runOnce(input, trace);
  const parts = listParts({ source, trace, root: ast });
  if ('value' in outcome && outcome.value === true) return { ...outcome, parts, loops: [], hints: [], quotes: [] };
  const { differences, ...comparison } = findComparison({ ...input, budget: new Budget(input.host) }, trace);
  return {
    ...outcome,
    parts,
    loops: listLoops(source, ast, trace),
    ...(differences.length > 0 && { difference: differences }),
    ...comparison,
    ...collectHints({ ...input, trace, differences, ...outcome }),
  };
}

function runOnce(input: ExplainInput, trace: Trace): { value: Value } | { error: ExprError } {
  try {
    return { value: input.run(new Frame(input.env, input.host, trace)) };
  } catch (error) {
    return { error: placeError(error, 0, input.source.length) };
  }
}
