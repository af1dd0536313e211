import type { FlowPlan, RecordPlan } from '../../model/plan.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';
import { CODES, type Findings } from '../read/findings.ts';

/** Steps may record the same metric: it has to be the same kind of thing in all of them. */
export function checkRecorded(flows: readonly FlowPlan[], findings: Findings): void {
  const known = new Map<string, { readonly plan: RecordPlan; readonly step: string }>();
  for (const { id: step, record } of flows.flatMap((flow) => listSteps(listPhases(flow), childrenAndCleanups)))
    for (const plan of record ?? []) {
      const first = known.get(plan.name);
      if (!first) known.set(plan.name, { plan, step });
      else if (first.plan.kind !== plan.kind || first.plan.unit !== plan.unit)
        findings.error(
          CODES.wrongValue,
          `\`${plan.name}\` is a ${describe(plan)} here and a ${describe(first.plan)} in step \`${first.step}\``,
          plan.span,
          ['make them the same, or give one of them another name'],
        );
    }
}

function describe({ kind, unit }: RecordPlan): string {
  return unit === 'none' ? kind : `${kind} in ${unit}`;
}
