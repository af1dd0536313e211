import type { CapturePlan, NameRef } from '../../model/plan.ts';
import { listPhases, listSteps, ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { CODES, type Findings } from '../read/findings.ts';

const BEFORE = /(?:\{\{|\$\{|<<)\s*$/;
const BEHIND = /^\s*(?:\}\}?|>>)/;

/** Warns of captured lists that become a part of an address: `/orders/[7]`. */
export function warnPastedLists(flow: PlannedFlow, findings: Findings): void {
  const steps = listSteps(listPhases(flow), ownChildrenAndCleanups);
  const captures = steps.flatMap(({ output }) => output);
  if (!captures.some(({ isList }) => isList)) return;
  for (const { foresight, ownNeeds } of steps) {
    for (const ref of ownNeeds) {
      const given = captures.filter(({ name }) => name === ref.name);
      const [capture] = given;
      const isAddress = ref.where === 'config' && ref.setting !== undefined && ref.setting === foresight.address;
      if (!capture || !isAddress || !given.every(({ isList }) => isList) || !isPasted(ref)) continue;
      const message = `\`${ref.name}\` is a list, since \`${capture.text.text}\` may lead to several values: as JSON, \`[…]\`, it becomes a part of the address`;
      findings.warn(CODES.pastedList, message, ref.span, [suggestOne(capture)]);
    }
  }
}

/** Whether the name stands in its placeholder alone. */
function isPasted({ span, path }: NameRef): boolean {
  const { text } = span.file;
  return path.length === 0 && BEFORE.test(text.slice(0, span.start)) && BEHIND.test(text.slice(span.end));
}

function suggestOne({ name, text: { text } }: CapturePlan): string {
  const one = text.replace(/\[-1:\]/g, '[-1]').replace(/\[0?:1\]/g, '[0]');
  return one === text || /[*?:]|\.\./.test(one)
    ? `take one of it: \`{{${name}[0]}}\``
    : `capture one value: \`${one}\``;
}
