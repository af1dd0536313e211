import { listSteps } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

/** Warns of waits for nothing that end before the flow does anything that could cause something. */
export function warnEarlyWaits(flow: PlannedFlow, findings: Findings): void {
  const steps = [...flow.setup, ...flow.steps];
  const first = steps.findIndex(mayCause);
  const cause = steps[first];
  if (!cause) return;
  for (const step of steps.slice(0, first)) {
    const { absence } = step.foresight;
    const noun = step.action.result.items?.noun ?? 'thing';
    if (absence === undefined) continue;
    const message = `\`${step.id}\` waits for no ${noun} before anything could cause one: \`${cause.id}\` comes after it`;
    findings.warn(CODES.earlyWait, message, step.config.spanAt([absence]), [
      'move it behind the step that must not cause it',
    ]);
  }
}

/** Whether something may come of a step, or of one inside it. */
function mayCause(step: PlannedStep): boolean {
  return listSteps([step]).some(({ action, foresight, children }) => {
    const { awaited, absence, reading } = foresight;
    const onlyLooks = action.traits?.isLook === true || (awaited ?? absence ?? reading) !== undefined;
    return children.length === 0 && !action.traits?.isLocal && !onlyLooks;
  });
}
