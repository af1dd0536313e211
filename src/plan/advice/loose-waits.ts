import { hasTrait } from '../../model/action/traits.ts';
import { listPhases, listSteps, ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { listMadeNames } from './made-names.ts';

/** Warns of waits that anything satisfies, with a field that the flow has to tell what is meant. */
export function warnLooseWaits(flow: PlannedFlow, findings: Findings): void {
  const steps = listSteps(listPhases(flow), ownChildrenAndCleanups);
  for (const [index, step] of steps.entries()) {
    const { loose } = step.foresight.awaited ?? {};
    if (!loose) continue;
    const field = findField(flow, steps.slice(0, index));
    const help = field ? `say which one is meant, for example \`${loose.pick(field.name, field.value)}\`` : loose.help;
    findings.warn(CODES.looseWait, loose.message, step.config.spanAt([loose.setting]), [help]);
  }
}

/** A field that the awaited may have: what the flow made before, else what it sent. */
function findField(flow: PlannedFlow, before: readonly PlannedStep[]): { name: string; value: string } | undefined {
  const made = listMadeNames(flow);
  const captured = before.flatMap(({ output }) => output.map(({ name }) => name)).filter((name) => made.has(name));
  const declared = flow.declared.map(({ name }) => name).filter((name) => made.has(name));
  const name = captured.findLast((one) => /id$/i.test(one)) ?? captured.at(-1);
  if (name !== undefined) return { name, value: `"{{${name}}}"` };
  return findSent(before) ?? (declared[0] === undefined ? undefined : { name: 'id', value: `"{{${declared[0]}}}"` });
}

/** The first field that the last step that made something sent with a value of one word. */
function findSent(before: readonly PlannedStep[]): { name: string; value: string } | undefined {
  const maker = before.findLast(({ action, authored }) => hasTrait(action.traits?.creates, authored));
  const sent = maker?.foresight.sent?.value;
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return undefined;
  const fields = Object.entries(sent).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  const [name, value] = fields.find(([, text]) => /^\{\{.*\}\}$/.test(String(text))) ?? fields[0] ?? [];
  return name === undefined ? undefined : { name, value: JSON.stringify(value) };
}
