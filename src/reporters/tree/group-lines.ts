import { takeShown } from '../../util/take-shown.ts';
import { renderAgain } from '../fold/again.ts';
import { type FailureGroup, writeRanges } from '../fold/failure-groups.ts';
import { markOf } from '../output/outcome.ts';
import { nameOfFlow } from '../output/problem-text.ts';
import { cleanLine, cutTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';
import { type FlowCompany, renderFailureLines, renderFailures } from './failure-lines.ts';

const MAX_MEMBERS = 20;
const MAX_RANGES = 200;

/** The failures of a flow, or once for all flows or rows that fail alike. */
export function renderGroup(group: FailureGroup, company: FlowCompany, context: TreeContext): readonly string[] {
  const { first, members } = group;
  if (members.length === 1) return renderFailures(first, company, context);
  const { paint } = context;
  const mark = markOf(first.failures[0]?.outcome ?? 'failed', paint);
  const rows = members.flatMap(({ name: _, file, row = 0 }) => (file === first.file && row > 0 ? [row] : []));
  const isOfOneFlow = rows.length === members.length && !company.isFileShared;
  const lines = renderFailureLines(first, '     ', context);
  if (isOfOneFlow) {
    const ranges = writeRanges([...new Set(rows)]);
    const head = `${mark} ${paint.bold(cleanLine(nameOfFlow(first)))}   ${cleanLine(first.file)}   ${members.length} rows fail alike`;
    const isShort = ranges.length <= MAX_RANGES;
    const again = renderAgain(first, { ...company, rows: isShort ? ranges : undefined }, context.again);
    const where = isShort ? ranges.replaceAll(',', ', ') : cutTo(ranges.replaceAll(',', ', '), MAX_RANGES);
    return [` ${head}: ${where}`, ...lines, ...(again ? [`     again: ${again}`] : [])];
  }
  const { shown, hidden } = takeShown(members, MAX_MEMBERS);
  const again = renderAgain(first, company, context.again);
  return [
    ` ${mark} ${paint.bold(`${members.length} flows fail alike`)}`,
    ...lines,
    ...shown.map(({ name, place }) => `       ${cleanLine(name)}   ${place}`),
    ...(hidden > 0 ? [`       … and ${hidden} more`] : []),
    ...(again ? [`     the first again: ${again}`] : []),
  ];
}
