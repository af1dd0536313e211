import type { Location, Outcome, OutcomeCounts, Problem, StepFinished } from '../model/events.ts';
import type { Paint } from '../util/paint.ts';
import { listNames } from '../util/suggest.ts';
import { cleanLine } from './text.ts';

const MAX_NAMES = 20;

const MARKS = { passed: '✓', failed: '✗', errored: '!', skipped: '·' } as const satisfies Record<Outcome, string>;

/** The mark of an outcome, in its colour. */
export function markOf(outcome: Outcome, paint: Paint): string {
  return paintOutcome(MARKS[outcome], outcome, paint);
}

/** A text in the colour of an outcome. */
export function paintOutcome(text: string, outcome: Outcome, paint: Paint): string {
  if (outcome === 'passed') return paint.green(text);
  if (outcome === 'failed') return paint.red(text);
  return outcome === 'errored' ? paint.yellow(text) : paint.dim(text);
}

/** Whether a step or flow ended with something wrong. */
export function isBad(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

/** Counts in words: `8 passed, 1 failed, 6 not reached`; what is 0 is left out. */
export function describeCounts(counts: OutcomeCounts, notReached = 0): string {
  const skipped = Math.max(0, counts.skipped - notReached);
  const parts = [
    [counts.passed, 'passed'],
    [counts.failed, 'failed'],
    [counts.errored, 'errored'],
    [skipped, 'skipped'],
    [counts.skipped - skipped, 'not reached'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return shown.length === 0 ? 'no steps' : shown.join(', ');
}

/** A problem in one line: the expression that was false, else the first line of the message. */
export function describeProblem(problem: Problem): string {
  // Of one that cannot be evaluated the place is a part, and the message says more.
  const isFalse = problem.kind === 'assertion' && problem.explained?.error === undefined;
  const expression = isFalse ? excerptOf(problem.location) : undefined;
  return cleanLine(expression ?? problem.message.split('\n')[0] ?? '');
}

/** Whether a problem of a flow says again what a step of its teardown has shown. */
export function isToldByStep(problem: Problem, steps: ReadonlySet<string>): boolean {
  return problem.kind === 'teardown' && problem.location !== undefined && steps.has(placeOf(problem.location));
}

/** Whether a problem says no more than that the run was interrupted, which its end tells. */
export function isToldByEnd({ kind, signal, clues = [], hints = [] }: Problem): boolean {
  return kind === 'interrupted' && signal !== undefined && clues.length + hints.length === 0;
}

/** The steps of a teardown that was cut off. */
export interface LeftUndone {
  /** Those that were running. */
  readonly unended: readonly string[];
  /** Those that did not run. */
  readonly unreached: readonly string[];
}

/** A problem of a flow; that its teardown was cut off comes with the steps that this left undone. */
export function nameLeftUndone(problem: Problem, { unended, unreached }: LeftUndone): Problem {
  if (problem.kind !== 'teardown' || problem.location) return problem;
  const steps = [
    ...(unreached.length > 0 ? [`teardown did not run: ${listNames(unreached, MAX_NAMES)}`] : []),
    ...(unended.length > 0 ? [`teardown did not end: ${listNames(unended, MAX_NAMES)}`] : []),
  ];
  if (steps.length === 0) return problem;
  const message = [...(problem.signal === undefined ? [problem.message] : []), ...steps].join('; ');
  return { ...problem, message };
}

/** The place of a step's first problem, to tell problems apart. */
export function placeOfProblem(step: StepFinished): string {
  return placeOf(step.problems[0]?.location ?? step.location);
}

function placeOf({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** The text that a location of one line covers. */
function excerptOf(location: Location | undefined): string | undefined {
  if (!location || location.endLine !== location.line) return undefined;
  const line = location.excerpt?.find((one) => one.line === location.line);
  const text = line?.text.slice(location.column - 1, location.endColumn - 1).trim() ?? '';
  // The quotes of YAML are no part of the expression.
  return text.replace(/^(["'])(.*)\1$/, '$2') || undefined;
}
