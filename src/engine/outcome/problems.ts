import { ExprError, isOverBudget } from '../../expr/index.ts';
import { toQuotes } from '../../model/clues.ts';
import type { DiagnosticError } from '../../model/diagnostic.ts';
import type { Location, Outcome, OutcomeCounts, Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { StepPlan } from '../../model/plan.ts';
import { positionAt, type Span } from '../../model/source-file.ts';

const BUDGET = 'budget';
const AUTHORING = 'authoring';
const WORST_FIRST: readonly Outcome[] = ['failed', 'errored', 'passed', 'skipped'];

/** The worst of outcomes: failed, errored, passed, skipped; skipped when there is none. */
export function worstOutcome(outcomes: Iterable<Outcome>): Outcome {
  const all = new Set(outcomes);
  return WORST_FIRST.find((outcome) => all.has(outcome)) ?? 'skipped';
}

/** Counts outcomes. */
export function countOutcomes(outcomes: Iterable<Outcome>): Record<Outcome, number> {
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  for (const outcome of outcomes) counts[outcome]++;
  return counts;
}

/** Adds counts to others. */
export function addTo(sums: Record<Outcome, number>, counts: OutcomeCounts): void {
  sums.passed += counts.passed;
  sums.failed += counts.failed;
  sums.errored += counts.errored;
  sums.skipped += counts.skipped;
}

/** The problem of a value that could not be rendered. */
export function describeDiagnostic({ diagnostic }: DiagnosticError): Problem {
  return {
    outcome: 'errored',
    kind: diagnostic.kind ?? 'placeholder',
    code: diagnostic.code,
    message: diagnostic.message,
    location: diagnostic.span && toLocation(diagnostic.span),
    explained: diagnostic.explained,
    clues: toQuotes(diagnostic.help),
  };
}

/** The problem of an error that nobody foresaw. */
export function describeBug(error: unknown): Problem {
  return {
    outcome: 'errored',
    kind: 'internal',
    message: `a bug in testmesh: ${describeError(error)}`,
    hints: ['please report it with the stack that the tool printed'],
  };
}

/** Whether the problem is a mistake of the flow's author, found as it ran. */
export function isAuthoringProblem({ kind }: Problem): boolean {
  return kind === AUTHORING;
}

/** Whether to try again gives the same: nothing was asked of anybody, or the evaluation costs too much. */
export function isFinalProblem({ kind }: Problem): boolean {
  return kind === AUTHORING || kind === BUDGET;
}

/** Whether the step was not even tried: what it was given is wrong, or missing. */
export function isRefusal(problem: Problem): boolean {
  return isFinalProblem(problem) || problem.kind === 'placeholder' || problem.kind === 'when';
}

/**
 * The kind and outcome of the problem of an expression: an evaluation that costs too much, or that lacks what is read from outside
 * of its values, says nothing of the system under test.
 */
export function rankExpressionError(
  error: unknown,
  otherwise: Pick<Problem, 'outcome' | 'kind'>,
): Pick<Problem, 'outcome' | 'kind'> {
  if (isOverBudget(error)) return { outcome: 'errored', kind: BUDGET };
  return error instanceof ExprError && error.kind === 'outside' ? { outcome: 'errored', kind: AUTHORING } : otherwise;
}

/** The message of whatever was thrown. */
function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The problem with the step's place, when it has none of its own. */
export function locateProblem(problem: Problem, step: StepPlan): Problem {
  return problem.location ? problem : { ...problem, location: toLocation(step.span) };
}

const placeByStep = new WeakMap<StepPlan, Location>();

/** The place of a step without the lines around it; made once. */
export function placeOfStep(step: StepPlan): Location {
  let place = placeByStep.get(step);
  if (!place) {
    place = placeOfSpan(step.span);
    placeByStep.set(step, place);
  }
  return place;
}

function placeOfSpan({ file, start, end }: Span): Location {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return { file: file.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
