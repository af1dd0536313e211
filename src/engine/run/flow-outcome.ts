import { isBad, type Outcome, type OutcomeCounts, type Problem } from '../../model/events.ts';
import { countOutcomes, locateProblem, worstOutcome } from '../outcome/problems.ts';
import { describeStop } from '../outcome/thrown.ts';
import type { PhaseEnd } from './phase-runner.ts';

export interface FlowPhases {
  readonly setup: PhaseEnd;
  readonly steps: PhaseEnd;
  readonly teardown: PhaseEnd;
}

/** Everything that is wrong with the flow itself: what was wrong before its steps, what cut it off, its teardown. */
export function listFlowProblems(
  before: readonly Problem[],
  { setup, steps, teardown }: FlowPhases,
): readonly Problem[] {
  const cut = setup.stop ?? steps.stop;
  const problems = [...before];
  if (cut && before.length === 0) problems.push(describeStop(cut));
  for (const { step, end } of teardown.ends) {
    if (end.outcome !== 'failed' && end.outcome !== 'errored') continue;
    const message = `teardown step \`${step.id}\` ${end.outcome}: ${end.problems[0]?.message ?? end.summary}`;
    problems.push(
      locateProblem({ outcome: 'errored', kind: 'teardown', message, location: end.problems[0]?.location }, step),
    );
  }
  if (teardown.stop) problems.push({ ...describeStop(teardown.stop), kind: 'teardown' });
  return problems;
}

/**
 * The outcome of a flow: the worst of setup's and steps', and of its own problems; it passed only when one of `steps` did something.
 * A teardown that failed makes it errored, unless it failed.
 */
export function judgeFlow(problems: readonly Problem[], phases: FlowPhases, hasActed: boolean): Outcome {
  const setup = listOutcomes(phases.setup);
  const steps = listOutcomes(phases.steps);
  const own = problems.map((problem) => problem.outcome);
  const worst = worstOutcome([...setup, ...steps, ...own]);
  if (worst !== 'passed')
    return worst === 'skipped' && steps.length === 0 ? worstOutcome(listOutcomes(phases.teardown)) : worst;
  return steps.length === 0 || hasActed ? 'passed' : 'skipped';
}

/** Whether one of its steps failed. */
export function haveFailed({ setup, steps }: FlowPhases): boolean {
  return [setup, steps].flatMap(listOutcomes).some(isBad);
}

/** Counts the steps of all phases. */
export function countSteps({ setup, steps, teardown }: FlowPhases): OutcomeCounts {
  return countOutcomes([setup, steps, teardown].flatMap(listOutcomes));
}

function listOutcomes({ ends }: PhaseEnd): readonly Outcome[] {
  return ends.map(({ end }) => end.outcome);
}
