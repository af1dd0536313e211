import type { PlannedFlow } from '../flow/plan-flow.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { createItemReads } from './item-reads.ts';
import { addLooks, listJudgedSteps, listRefs } from './judged-steps.ts';

/** Warns of events that are found by their key or headers, and whose content nobody looks at. */
export function warnBlindEvents(flow: PlannedFlow, findings: Findings): void {
  for (const judged of listJudgedSteps(flow)) {
    const { step } = judged;
    const { foundBy = [], look = '' } = step.foresight.awaited ?? {};
    const looks = createItemReads(step.action);
    if (!looks || foundBy.length === 0 || step.expectsError || step.fields.misspelt.has('assert')) continue;
    addLooks(judged, listRefs(flow), looks);
    const { noun, envelope = [] } = looks.items;
    const isSeen = looks.isWhole || looks.isAbsence || [...looks.fields].some((field) => !envelope.includes(field));
    if (isSeen) continue;
    const message = `the content of the ${noun} of \`${step.id}\` is never checked: it is found only by ${foundBy.join(' and ')}`;
    findings.warn(CODES.unseenEvent, message, step.span, [look]);
  }
}
