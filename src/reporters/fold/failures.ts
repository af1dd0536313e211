import { printJson } from '../../expr/index.ts';
import type { Outcome, Problem, StepFinished } from '../../model/events.ts';
import type { FlowAbout } from '../../model/flow-about.ts';
import type { SentTrace } from '../../model/flow-output.ts';
import { describeProblem } from '../output/outcome.ts';
import { cleanLine } from '../output/text.ts';

const MAX_VALUES = 500;

/** One thing that is listed once more at the end. */
export interface Failure {
  /** Address of the step; empty for the flow itself. */
  readonly address: string;
  /** Whether it has something to do only with the whole flow: it undoes what another step did, or judges it. */
  readonly isOfFlow: boolean;
  readonly outcome: Outcome;
  /** `file:line`. */
  readonly place: string;
  readonly text: string;
  /** The text with the values that made it so: others that have the same may fail for the same reason; absent where that is not known. */
  readonly values?: string | undefined;
}

/** What was wrong in an attempt at the flow that others followed. */
export interface EarlierFailure extends Failure {
  readonly attempt: number;
}

/** It as a line. */
export function describeEarlier({ attempt, address, outcome, place, text }: EarlierFailure): string {
  return `attempt ${attempt}: ${[address, outcome, place, text].filter((part) => part !== '').join('   ')}`;
}

/** What was wrong in one flow. */
export interface FlowFailures {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** The row of its data. */
  readonly row?: number | undefined;
  /** The trace that went out with what it sent. */
  readonly trace?: SentTrace | undefined;
  readonly failures: readonly Failure[];
  /** How many more there were. */
  readonly more: number;
}

/** Makes the failure of a step, at the place of the first of the problems that are its own. */
export function toStepFailure({ step, location, outcome, output }: StepFinished, own: readonly Problem[]): Failure {
  const [problem] = own;
  const { file, line } = problem?.location ?? location;
  return {
    address: cleanLine(step.address),
    isOfFlow: step.role === 'cleanup' || step.role === 'watch',
    outcome,
    place: `${cleanLine(file)}:${line}`,
    text: problem ? describeProblem(problem) : cleanLine(output.summary),
    values: problem && describeValues(problem),
  };
}

/** What would be the same where the cause is: whom nobody answers at, what an expression was false of. */
function describeValues(problem: Problem): string | undefined {
  if (problem.kind === 'connection') return problem.message;
  const { explained } = problem;
  if (!explained || explained.error !== undefined || explained.parts.length === 0) return undefined;
  const text = printJson([describeProblem(problem), ...explained.parts.map((part) => [part.text, part.value])]);
  return text.length <= MAX_VALUES ? text : undefined;
}

/** Makes the failure of a flow itself. */
export function toFlowFailure(about: FlowAbout, problem: Problem): Failure {
  const { file, line } = problem.location ?? about;
  const place = `${cleanLine(file)}:${line}`;
  return { address: '', isOfFlow: true, outcome: problem.outcome, place, text: describeProblem(problem) };
}
