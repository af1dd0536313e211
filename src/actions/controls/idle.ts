import type { SequenceOutcome } from '../../model/action/outcome.ts';

/** Whether steps were to run, and none of them did. */
export function isIdle(rounds: readonly (SequenceOutcome | undefined)[]): boolean {
  const begun = rounds.filter((round) => round !== undefined);
  return begun.length > 0 && begun.every(({ outcome, isCut }) => outcome === 'skipped' && !isCut);
}

/** Says of a control that none of its steps ran. */
export function describeIdle(therefore: string, where = 'inside'): string {
  return `no step ran ${where}, since all were skipped: ${therefore}`;
}
