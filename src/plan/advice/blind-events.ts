import type { Value } from '../../expr/index.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { createItemLooks, MESSAGES } from './item-looks.ts';
import { addLooks, listJudgedSteps, listRefs } from './judged-steps.ts';

/** Rules of `match` that do not look at what a message says. */
const OUTSIDE_RULES: Readonly<Record<string, string>> = {
  key: 'its key',
  headers: 'its headers',
  trace: 'its trace',
};
/** What a message has besides its content. */
const ENVELOPE: ReadonlySet<string> = new Set(['topic', 'partition', 'offset', 'key', 'headers', 'timestamp']);

/** Warns of events that are found by their key or headers, and whose content nobody looks at. */
export function warnBlindEvents(flow: PlannedFlow, findings: Findings): void {
  for (const judged of listJudgedSteps(flow)) {
    const { step } = judged;
    if (step.action.name !== 'kafka_consumer' || step.expectsError || step.fields.misspelt.has('assert')) continue;
    const { match, count } = step.authored as Readonly<Record<string, Value | undefined>>;
    const isMap = typeof match === 'object' && match !== null;
    const rules = isMap ? Object.keys(match) : [];
    const isOutside = rules.length > 0 && rules.every((rule) => Object.hasOwn(OUTSIDE_RULES, rule));
    if (count === 0 || !isOutside) continue;
    const looks = createItemLooks(MESSAGES);
    addLooks(judged, listRefs(flow), looks);
    const isSeen = looks.isWhole || looks.isAbsence || [...looks.fields].some((field) => !ENVELOPE.has(field));
    if (isSeen) continue;
    const by = rules.map((rule) => OUTSIDE_RULES[rule]).join(' and ');
    const message = `nobody looks at what the message of \`${step.id}\` says: it is found by ${by} alone`;
    findings.warn(CODES.unseenEvent, message, step.span, [
      'compare it, as in `message.value == {…}`, or say under `match.value` what it has to hold',
    ]);
  }
}
