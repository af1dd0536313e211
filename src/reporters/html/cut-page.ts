import { isBad } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import type { FlowPage, Side, StepPage } from './pages.ts';

/** What is left out when the file would get too large, the first first; assertions and problems never are. */
export const CUTS = [
  'bodies of steps that passed',
  'rows and messages of steps that passed',
  'what is beyond 256 KB of a body',
  'all but the lines of steps that passed, and what is beyond 8 KB of a body',
] as const;

const LARGE_BODY = 256 * 1024;
const SMALL_BODY = 8 * 1024;

/** The page of a flow without what the first `level` cuts take away. */
export function cutPage(page: FlowPage, level: number): FlowPage {
  if (level === 0) return page;
  const steps = page.steps.map((step) => (isBad(step.outcome) ? cutFailed(step, level) : cutPassed(step, level)));
  return { ...page, steps, cut: `left out, so that the file stays small: ${CUTS.slice(0, level).join('; ')}` };
}

function cutPassed(step: StepPage, level: number): StepPage {
  if (level >= CUTS.length) return { ...step, wire: { sides: [] }, seen: { details: [], logs: [], captures: [] } };
  const sides = step.wire.sides.map((side) => {
    const withoutBody = side.body === undefined ? side : { ...side, body: undefined, cut: describeBody(side.body) };
    if (level < 2 || !withoutBody.table) return withoutBody;
    return { ...withoutBody, table: undefined, cut: `${countOf(withoutBody.table.rows.length, 'row')}, left out` };
  });
  const seen = level < 2 ? step.seen : { ...step.seen, details: [] };
  return { ...step, wire: { ...step.wire, sides }, seen };
}

function cutFailed(step: StepPage, level: number): StepPage {
  if (level < 3) return step;
  const most = level >= CUTS.length ? SMALL_BODY : LARGE_BODY;
  return { ...step, wire: { ...step.wire, sides: step.wire.sides.map((side) => cutBody(side, most)) } };
}

function cutBody(side: Side, most: number): Side {
  const { body } = side;
  if (body === undefined || body.length <= most) return side;
  return { ...side, body: body.slice(0, most), cut: `… and ${body.length - most} more characters, left out` };
}

function describeBody({ length }: string): string {
  return `${countOf(length, 'character')}, left out`;
}
