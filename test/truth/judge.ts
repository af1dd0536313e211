import type { Claim } from './claims.ts';
import type { ExampleRun } from './run-example.ts';

export interface Verdict {
  isTrue: boolean;
  /** In a few words what was seen. */
  text: string;
}

/** Whether a run with a defect is red where the claim is made, as a failure, with its cause in the report. */
export function judgeDefect(claim: Claim, { code, output, firstBad }: ExampleRun): Verdict {
  if (code === 0) return { isTrue: false, text: 'UNCAUGHT: green' };
  if (code === null) return { isTrue: false, text: 'HANGS: ended by force' };
  if (firstBad === undefined) return { isTrue: false, text: `NO STEP FAILED: exit code ${code}` };
  const { id, outcome } = firstBad;
  if (id !== claim.step) return { isTrue: false, text: `ELSEWHERE: ${id} ${outcome}` };
  if (code !== 1 || outcome !== 'failed')
    return { isTrue: false, text: `NOT A FAILURE: ${outcome}, exit code ${code}` };
  const missing = claim.cause.filter((text) => !output.includes(text));
  if (missing.length > 0) return { isTrue: false, text: `CAUSE NOT NAMED: ${missing.join(', ')}` };
  return { isTrue: true, text: claim.cause.join(' … ') };
}

/** Whether a healthy run is green. */
export function judgeHealthy({ code, firstBad }: ExampleRun): Verdict {
  if (code === 0 && firstBad === undefined) return { isTrue: true, text: 'green' };
  const where = firstBad === undefined ? '' : ` at ${firstBad.id}: ${describeProblem(firstBad)}`;
  return { isTrue: false, text: `RED, exit code ${code}${where}` };
}

function describeProblem({ problems, outcome }: NonNullable<ExampleRun['firstBad']>): string {
  return problems[0]?.message ?? outcome;
}
