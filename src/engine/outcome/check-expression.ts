import {
  describeType,
  type Env,
  type Explanation,
  ExprError,
  type Host,
  isOverBudget,
  type LoopExplanation,
  type RoundExplanation,
  type Value,
} from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import { toQuotes } from '../../model/clues.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import type { Problem } from '../../model/events.ts';
import { describePart, type ExplainedItem, type ExplainedLoop } from '../../model/explained.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { toLocation } from '../../model/location.ts';
import { readsNothing } from '../../model/missing-value.ts';
import type { AssertionPlan } from '../../model/plan.ts';
import { listLearnt } from './denied-keys.ts';
import { findUnknownKey, type KnownThings } from './item-keys.ts';
import { describeDiagnostic, isFinalProblem, rankExpressionError } from './problems.ts';
import { listenWhile, type OnRemark } from './take-value.ts';

interface WatchedHost {
  readonly host: Host;
  readonly onRemark?: OnRemark | undefined;
}

/** The problem of an expression that is false or cannot be evaluated, explained from one evaluation; undefined when it is true. */
export function checkExpression(at: ExpressionAt, env: Env, given: WatchedHost): Problem | undefined {
  const explanation = explainListening(at, env, given);
  return explanation && describeFalse(at, explanation);
}

/** The same of what is claimed to hold: it does not where it reads a key that what it reads it of cannot have. */
export function checkClaim(at: ExpressionAt, env: Env, given: WatchedHost): Problem | undefined {
  const problem = checkExpression(at, env, given) ?? findUnknownKey(at, env);
  if (!problem && given.onRemark) for (const text of listLearnt(at, env)) given.onRemark(text);
  return problem;
}

/** Explains one evaluation, unless it gives true; what it remarks is heard meanwhile. */
function explainListening(at: ExpressionAt, env: Env, { host, onRemark }: WatchedHost): Explanation | undefined {
  if (!onRemark || !at.expression.mayRemark) return explainUnlessTrue(at, env, host);
  return listenWhile(host, onRemark, () => explainUnlessTrue(at, env, host));
}

/** Explains one evaluation, unless it gives true. */
function explainUnlessTrue(at: ExpressionAt, env: Env, host: Host): Explanation | undefined {
  const quiet = at.expression.isPure ? evaluateQuietly(at, env, host) : undefined;
  if (quiet === true) return undefined;
  const explanation = explainAfter(quiet, at, env, host);
  // A bug is no verdict on the system under test.
  if (explanation.error?.cause !== undefined) throw explanation.error.cause;
  return explanation.value === true ? undefined : explanation;
}

/** A pure expression gives the same once more, so the fast way may go first; gives the error when there is one. */
function evaluateQuietly({ expression }: ExpressionAt, env: Env, host: Host): Value | ExprError {
  try {
    return expression.evaluate(env, host);
  } catch (error) {
    if (error instanceof ExprError) return error;
    throw error;
  }
}

/** Explains by evaluating once more; not what costs too much already. */
function explainAfter(
  quiet: Value | ExprError | undefined,
  { expression }: ExpressionAt,
  env: Env,
  host: Host,
): Explanation {
  if (!(quiet instanceof ExprError) || !isOverBudget(quiet)) return expression.explain(env, host);
  const hints = quiet.hint === undefined ? [] : [quiet.hint];
  return { error: quiet, parts: [], loops: [], hints, quotes: hints };
}

const FALSE = { outcome: 'failed', kind: 'assertion' } as const;
const MISTAKE = { outcome: 'errored', kind: 'authoring' } as const;

function describeFalse(at: ExpressionAt, explanation: Explanation): Problem {
  const { text } = at;
  const { error, value = null, parts, loops, difference, differenceCount, compared, hints, quotes } = explanation;
  const isPlaced = error !== undefined && error.length > 0;
  const span = isPlaced ? text.locate(error.offset, error.length) : text.span;
  return {
    // What reads nothing says nothing of the system under test.
    ...rankExpressionError(error, error && at.expression.names.length === 0 ? MISTAKE : FALSE),
    message: `\`${text.text.trim()}\` ${error ? `cannot be evaluated: ${error.message}` : describeValue(value)}`,
    location: toLocation(span),
    explained: {
      error: error?.message,
      parts: parts.map(describePart),
      ...(loops.length > 0 && { loops: loops.map(describeLoop) }),
      differences: difference,
      ...(differenceCount !== undefined && { differenceCount }),
      ...(compared && { compared }),
    },
    clues: hints.map((text) => ({ text, isQuote: quotes.includes(text) })),
  };
}

function describeLoop({ rounds, ...loop }: LoopExplanation): ExplainedLoop {
  return { ...loop, items: rounds.map(describeItem) };
}

function describeItem({ index, path, item, gave, parts, loops }: RoundExplanation): ExplainedItem {
  const isMatch = typeof gave === 'boolean' ? { isMatch: gave } : {};
  return { index, path, value: item, ...isMatch, parts: parts.map(describePart), loops: loops.map(describeLoop) };
}

function describeValue(value: Explanation['value'] = null): string {
  return value === false ? 'is false' : `is not a bool: expected true, got ${describeType(value)}`;
}

export interface AssertionOptions extends WatchedHost {
  readonly env: Env;
  /** Whether the action itself found its result wanting: then only what is plainly false is reported, not what cannot be evaluated. */
  readonly isIncomplete: boolean;
  readonly asides?: ActionOutcome['asides'];
  readonly things?: KnownThings | undefined;
  /** Called with each that was evaluated. */
  readonly onCheck?: ((assertion: AssertionPlan, holds: boolean) => void) | undefined;
}

/** Evaluates all assertions; gives a problem for each that does not hold. */
export function checkAssertions(assertions: readonly AssertionPlan[], options: AssertionOptions): readonly Problem[] {
  const { env, host, isIncomplete, asides = {}, things } = options;
  const problems: Problem[] = [];
  for (const assertion of assertions) {
    const explanation = explainListening(assertion, env, options);
    if (isIncomplete && explanation?.error) continue;
    const problem = explanation
      ? addAsides(assertion, describeFalse(assertion, explanation), asides)
      : findUnknownKey(assertion, env, things);
    options.onCheck?.(assertion, !problem);
    if (!problem) continue;
    problems.push(isFinalProblem(problem) ? problem : addMessage(assertion, problem, env, host));
  }
  return problems;
}

/** Whether all of these hold, which are pure; says nothing of those that do not. */
export function holdQuietly(
  assertions: readonly AssertionPlan[],
  { env, host, things }: Pick<AssertionOptions, 'env' | 'host' | 'things'>,
): boolean {
  for (const assertion of assertions)
    if (evaluateQuietly(assertion, env, host) !== true || findUnknownKey(assertion, env, things)) return false;
  return true;
}

/** What the action has to say of the keys that the assertion reads. */
function addAsides(
  { expression }: AssertionPlan,
  problem: Problem,
  asides: NonNullable<ActionOutcome['asides']>,
): Problem {
  const said = new Set(expression.names.flatMap(({ name }) => (Object.hasOwn(asides, name) ? asides[name]?.() : [])));
  return said.size === 0 ? problem : { ...problem, clues: [...toQuotes([...said]), ...(problem.clues ?? [])] };
}

/** Puts the author's own words first. */
function addMessage({ message }: AssertionPlan, problem: Problem, env: Env, host: Host): Problem {
  if (!message) return problem;
  try {
    return { ...problem, message: `${message.render(env, host)}: ${problem.message}` };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const hint = `its message cannot be made: ${describeDiagnostic(error).message}`;
    return { ...problem, hints: [...(problem.hints ?? []), hint] };
  }
}

/** Whether a `when` holds; a problem when that cannot be said. */
export function checkCondition(at: ExpressionAt, env: Env, host: Host): boolean | Problem {
  // Most conditions are a matter of course either way: only one that cannot be answered is explained.
  const answer = at.expression.isPure ? evaluateQuietly(at, env, host) : undefined;
  if (typeof answer === 'boolean') return answer;
  const explanation = explainAfter(answer, at, env, host);
  if (typeof explanation.value === 'boolean') return explanation.value;
  const problem = describeFalse(at, explanation);
  const isMissing = explanation.value === null || readsNothing(at.expression.names, env);
  const kind = isMissing ? 'when' : 'authoring';
  const rank = rankExpressionError(explanation.error, { outcome: 'errored', kind });
  return { ...problem, ...rank, message: `\`when\`: ${problem.message}` };
}
