import type { FlowAbout, FlowFinished, Outcome, Problem, StepFinished } from '../model/events.ts';
import { quoteShell } from '../util/shell-quote.ts';
import { describeProblem, markOf } from './outcome.ts';
import { cleanLine, cutTo, padTo } from './text.ts';
import type { TreeContext } from './tree-context.ts';

/** One thing that is listed once more at the end. */
export interface Failure {
  /** Address of the step; empty for the flow itself. */
  readonly address: string;
  readonly outcome: Outcome;
  /** `file:line`. */
  readonly place: string;
  readonly text: string;
}

/** What was wrong in one flow. */
export interface FlowFailures {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** The row of its data. */
  readonly row?: number | undefined;
  readonly failures: readonly Failure[];
  /** How many more there were. */
  readonly more: number;
}

const MAX_ADDRESSES = 5;
/** The whole text stands above already. */
const MAX_TEXT_COLUMNS = 160;

/** Makes the failure of a step, at the place of its first problem. */
export function toStepFailure(step: StepFinished): Failure {
  const problem = step.problems[0];
  const location = problem?.location ?? step.location;
  return {
    address: cleanLine(step.step.address),
    outcome: step.outcome,
    place: `${cleanLine(location.file)}:${location.line}`,
    text: problem ? describeProblem(problem) : cleanLine(step.output.summary),
  };
}

/** Makes the failure of a flow itself. */
export function toFlowFailure(flow: FlowFinished, problem: Problem): Failure {
  const { file, line } = problem.location ?? flow.about;
  return { address: '', outcome: problem.outcome, place: `${cleanLine(file)}:${line}`, text: describeProblem(problem) };
}

/** What else there is beside a flow in its run. */
export interface FlowCompany {
  /** Whether the run has other flows. */
  readonly isOneOfSeveral: boolean;
  /** Whether its file has other flows: then a step's id alone does not say which is meant. */
  readonly isFileShared: boolean;
}

/** Lists failures in columns, and the command that runs them again. */
export function renderFailures(
  flow: FlowFailures,
  { isOneOfSeveral, isFileShared }: FlowCompany,
  context: TreeContext,
): readonly string[] {
  const { failures, more } = flow;
  const indent = isOneOfSeveral ? '     ' : '   ';
  const labels = failures.map((failure) => failure.address || '(the flow)');
  const labelWidth = Math.min(40, Math.max(...labels.map((label) => label.length)));
  const placeWidth = Math.min(60, Math.max(...failures.map((failure) => failure.place.length)));
  const lines = failures.map((failure, index) => {
    const start = `${padTo(labels[index] ?? '', labelWidth)}   ${padTo(failure.place, placeWidth)}   `;
    const room = Math.min(MAX_TEXT_COLUMNS, context.lineWidth - indent.length - start.length);
    return `${indent}${start}${cutTo(failure.text, Math.max(40, room))}`;
  });
  const head = isOneOfSeveral ? [` ${describeOwner(flow, context)}`] : [];
  const rest = more > 0 ? [`${indent}… and ${more} more`] : [];
  const again = renderAgain(flow, isFileShared);
  return [...head, ...lines, ...rest, ...(again ? [`${indent}again: ${again}`] : [])];
}

/** Whether the flow stands in a file that can be named again. */
export function isFileBased(flow: Pick<FlowAbout, 'file'>): boolean {
  return flow.file !== '' && !flow.file.startsWith('<');
}

function describeOwner(flow: FlowFailures, context: TreeContext): string {
  const outcome = flow.failures[0]?.outcome ?? 'failed';
  return `${markOf(outcome, context.paint)} ${context.paint.bold(cleanLine(flow.name))}   ${cleanLine(flow.file)}`;
}

function renderAgain(flow: FlowFailures, isFileShared: boolean): string | undefined {
  if (!isFileBased(flow)) return undefined;
  const addresses = [...new Set(flow.failures.map((failure) => failure.address))];
  const row = flow.row === undefined ? '' : ` --row ${flow.row}`;
  const run = `testmesh run ${quoteShell(flow.file)}${row}`;
  if (isFileShared) return run;
  // A cleanup has something to do only after its step. A flow that failed by itself, or in many places, is run again as a whole.
  const isCleanup = addresses.some((address) => address.includes('.'));
  if (isCleanup || addresses.includes('') || addresses.length > MAX_ADDRESSES || flow.more > 0) return run;
  return `${run} --only ${quoteShell(addresses.join(','))}`;
}
