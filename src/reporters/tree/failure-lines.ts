import type { FlowAbout } from '../../model/flow-about.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { FlowFailures } from '../fold/failures.ts';
import type { Again } from '../output/options.ts';
import { markOf } from '../output/outcome.ts';
import { cleanLine, cutTo, padTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';

const MAX_ADDRESSES = 5;
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

/** Whether the flow stands in a file that can be named again. */
export function isFileBased(flow: Pick<FlowAbout, 'file'>): boolean {
  return flow.file !== '' && !flow.file.startsWith('<');
}

function describeOwner(flow: FlowFailures, context: TreeContext): string {
  const outcome = flow.failures[0]?.outcome ?? 'failed';
  return `${markOf(outcome, context.paint)} ${context.paint.bold(cleanLine(flow.name))}   ${cleanLine(flow.file)}`;
}

/** The command that runs a flow, or some of its rows, again. */
export function renderAgain(
  flow: FlowFailures,
  { isFileShared, rows }: Pick<FlowCompany, 'isFileShared'> & { readonly rows?: string | undefined },
  again: Again,
): string | undefined {
  if (!isFileBased(flow)) return undefined;
  const addresses = [...new Set(flow.failures.map((failure) => failure.address))];
  const row = flow.row === undefined ? [] : [`--row ${rows ?? flow.row}`];
  const run = ['testmesh run', quoteShell(flow.file), ...again.words, ...row].join(' ');
  if (isFileShared) return run;
  // A cleanup has something to do only after its step. A flow that failed by itself, or in many places, is run again as a whole.
  const isOfFlow = flow.failures.some((failure) => failure.isOfFlow);
  if (isOfFlow || addresses.length > MAX_ADDRESSES || flow.more > 0) return run;
  const chosen = again.choose ? again.choose(flow.file, addresses) : addresses;
  return chosen ? `${run} --only ${quoteShell(chosen.join(','))}` : run;
}
