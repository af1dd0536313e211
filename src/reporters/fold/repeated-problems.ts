import type { Location, Problem, StepFinished } from '../../model/events.ts';
import { listNames } from '../../util/suggest.ts';

const MAX_NAMES = 20;

/** Whether a problem of a flow says again what a step of its teardown has shown. */
export function isShownByStep(problem: Problem, places: ReadonlySet<string>): boolean {
  return problem.kind === 'teardown' && problem.location !== undefined && places.has(placeOf(problem.location));
}

/** Whether a problem says no more than that the run was interrupted, which its end reports. */
export function isShownByEnd({ kind, signal, clues = [], hints = [] }: Problem): boolean {
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
    ...(unended.length > 0 ? [`teardown did not finish: ${listNames(unended, MAX_NAMES)}`] : []),
  ];
  if (steps.length === 0) return problem;
  const message = [...(problem.signal === undefined ? [problem.message] : []), ...steps].join('; ');
  return { ...problem, message };
}

/** The place of a step's first problem, to tell problems apart. */
export function placeOfProblem(step: StepFinished): string {
  return placeOf(step.problems[0]?.location ?? step.location);
}

/** What two problems have in common that say the same. */
export function keyOfProblem({ kind, message, location }: Problem): string {
  return `${kind}\n${message}\n${location && placeOf(location)}`;
}

function placeOf({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}
