import { renderAgain } from '../fold/again.ts';
import type { FlowFailures } from '../fold/failures.ts';
import { markOf } from '../output/outcome.ts';
import { cleanLine, cutTo, padTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';

/** The whole text stands above already. */
const MAX_TEXT_COLUMNS = 160;

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
  const indent = isOneOfSeveral ? '     ' : '   ';
  const head = isOneOfSeveral ? [` ${describeOwner(flow, context)}`] : [];
  const again = renderAgain(flow, { isFileShared }, context.again);
  const { trace } = flow;
  return [
    ...[...head, ...renderFailureLines(flow, indent, context)],
    ...(again ? [`${indent}again: ${again}`] : []),
    ...(trace ? [`${indent}trace: ${cleanLine([trace.traceId, trace.url ?? ''].join('   ')).trimEnd()}`] : []),
  ];
}

/** The failures in columns. */
export function renderFailureLines(
  { failures, more }: FlowFailures,
  indent: string,
  context: TreeContext,
): readonly string[] {
  const labels = failures.map((failure) => failure.address || '(the flow)');
  const labelWidth = Math.min(40, Math.max(...labels.map((label) => label.length)));
  const placeWidth = Math.min(60, Math.max(...failures.map((failure) => failure.place.length)));
  const lines = failures.map((failure, index) => {
    const start = `${padTo(labels[index] ?? '', labelWidth)}   ${padTo(failure.place, placeWidth)}   `;
    const room = Math.min(MAX_TEXT_COLUMNS, context.lineWidth - indent.length - start.length);
    return `${indent}${start}${cutTo(failure.text, Math.max(40, room))}`;
  });
  return more > 0 ? [...lines, `${indent}… and ${more} more`] : lines;
}

function describeOwner(flow: FlowFailures, context: TreeContext): string {
  const outcome = flow.failures[0]?.outcome ?? 'failed';
  return `${markOf(outcome, context.paint)} ${context.paint.bold(cleanLine(flow.name))}   ${cleanLine(flow.file)}`;
}
