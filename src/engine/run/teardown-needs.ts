import type { Host } from '../../expr/index.ts';
import { followPath } from '../../model/missing-value.ts';
import { toPlainRef } from '../../model/plain-ref.ts';
import type { FlowPlan, NameRef, StepPlan } from '../../model/plan.ts';
import { listPhases, listSteps } from '../../model/walk-steps.ts';
import type { Context } from '../names/context.ts';

/** What is known when a teardown step is about to run. */
export interface Known {
  readonly plan: FlowPlan;
  readonly context: Context;
  /** Makes what its settings are tried with, only when a name is missing. */
  createHost(): Host;
  /** Whether the step with this id did not pass. */
  isBroken(id: string): boolean;
}

/**
 * Why a teardown step has nothing to do: it needs a value that no step captured. Undefined when it needs none, or can do without
 * (`${user_id:-none}`).
 */
export function findMissingNeed(step: StepPlan, known: Known): string | undefined {
  const missing = step.needs.map(toPlainRef).find((need) => isMissing(need, known));
  if (!missing) return undefined;
  const provider = findProvider(known.plan, missing);
  if (!provider) return undefined;
  const isResult = provider.id === missing.name;
  // What was not captured is nil behind the id of its step, and no name by itself: neither is to be sent.
  const isCaptureOfId = isResult && provider.output.some(({ name }) => name === missing.path[0]);
  if (!isCaptureOfId && canDoWithout(step, known)) return undefined;
  const what = [missing.name, ...missing.path].join('.');
  const verb = isResult && !isCaptureOfId ? 'given' : 'captured';
  return `needs \`${what}\`, which \`${provider.id}\` would have ${verb}`;
}

/** Whether a name has no value, or it is the result of a step that did not pass and lacks what is asked of it. */
function isMissing(need: NameRef, { context, isBroken }: Known): boolean {
  const value = context.get(need.name);
  if (value === undefined) return true;
  return isBroken(need.name) && need.path.length > 0 && followPath(value, need.path) === undefined;
}

function canDoWithout(step: StepPlan, { context, createHost }: Known): boolean {
  const host = createHost();
  try {
    step.when?.expression.evaluate(context, host);
    step.config.render(context, host);
    return true;
  } catch {
    return false;
  }
}

function findProvider(plan: FlowPlan, { name }: NameRef): StepPlan | undefined {
  const steps = listSteps(listPhases(plan));
  return steps.find((step) => step.id === name || step.provides.includes(name));
}
