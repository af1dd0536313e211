import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { groupChildren } from '../names/outside-needs.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type OutsideNames, OwnValues } from './own-values.ts';

/** Warns of waits that stand before all that could cause what they wait for: those for nothing, and those for what this flow alone causes. */
export function warnEarlyWaits(flow: PlannedFlow, outside: OutsideNames, findings: Findings): void {
  const steps = [...flow.setup, ...flow.steps];
  const first = steps.findIndex(mayCause);
  const cause = steps[first];
  if (!cause) return;
  warnVainWait(flow, { steps, cause, outside }, findings);
  warnQuietWaits(steps, undefined, findings);
}

/**
 * Of steps that run one after another, and that nothing of this flow came before: what they wait for in vain. Before a branch nothing
 * happened either, but before the second round of a loop the first one did.
 */
function warnQuietWaits(steps: readonly PlannedStep[], after: PlannedStep | undefined, findings: Findings): void {
  const first = steps.findIndex(mayCause);
  const cause = steps[first] ?? after;
  if (!cause) return;
  const before = first === -1 ? steps : steps.slice(0, first);
  for (const step of listSteps(before, ownChildren)) reportQuietWait(step, cause, findings);
  const { action, children } = cause;
  if (cause === after || action.control?.branches !== 'either') return;
  const next = steps.slice(first + 1).find(mayCause) ?? after;
  for (const group of groupChildren(action, children)) warnQuietWaits(group, next, findings);
}

function reportQuietWait(step: PlannedStep, cause: PlannedStep, findings: Findings): void {
  const absence = step.foresight.expected?.absence;
  if (absence === undefined) return;
  const noun = step.action.result.items?.noun ?? 'thing';
  const message = `\`${step.id}\` waits for no ${noun} before anything could cause one: \`${cause.id}\` comes after it`;
  findings.warn(CODES.earlyWait, message, step.config.spanAt([absence]), [
    'move it behind the step that must not cause it',
  ]);
}

interface Early {
  readonly steps: readonly PlannedStep[];
  readonly cause: PlannedStep;
  readonly outside: OutsideNames;
}

/** Of the first step that does something: what it waits for by a value of this flow nobody can have sent. */
function warnVainWait(flow: PlannedFlow, { steps, cause, outside }: Early, findings: Findings): void {
  const step = steps.find(({ action }) => !action.traits?.isLocal);
  if (!step || step.expectsError || step.skip !== undefined) return;
  const { noun = 'thing', number = '' } = step.action.result.items ?? {};
  const { awaited, bounds = {} } = step.foresight;
  if (!awaited || !bounds[number]?.atLeast || !new OwnValues(flow, outside).awaits(step)) return;
  const message = `\`${step.id}\` waits for a ${noun} of this flow before anything could cause one: \`${cause.id}\` comes after it`;
  findings.warn(CODES.earlyWait, message, step.span, ['move it behind the step that causes it']);
}

/** Whether something may come of a step, or of one inside it. */
function mayCause(step: PlannedStep): boolean {
  return listSteps([step]).some(({ action, foresight, children }) => {
    const { awaited, expected, reading } = foresight;
    const onlyLooks = action.traits?.isLook === true || (awaited ?? expected?.absence ?? reading) !== undefined;
    return children.length === 0 && !action.traits?.isLocal && !onlyLooks;
  });
}
