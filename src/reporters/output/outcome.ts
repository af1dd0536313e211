import type { Location, Outcome, OutcomeCounts, Problem } from '../../model/events.ts';
import type { Paint } from '../../util/paint.ts';
import { cleanLine } from './text.ts';

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

/** How many there are, whatever came of them. */
export function sumOf({ passed, failed, errored, skipped }: OutcomeCounts): number {
  return passed + failed + errored + skipped;
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

/** The text that a location of one line covers. */
function excerptOf(location: Location | undefined): string | undefined {
  if (!location || location.endLine !== location.line) return undefined;
  const line = location.excerpt?.find((one) => one.line === location.line);
  const { column, endColumn } = location.shown ?? location;
  const text = line?.text.slice(column - 1, endColumn - 1).trim() ?? '';
  // The quotes of YAML are no part of the expression.
  return text.replace(/^(["'])(.*)\1$/, '$2') || undefined;
}
