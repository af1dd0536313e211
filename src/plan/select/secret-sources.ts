import { toPlainRef } from '../../model/plain-ref.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listPhases, listSteps, toPlanAddress } from '../../model/walk-steps.ts';
import { isPasswordName } from '../../util/hidden-fields.ts';

/** Whether a step gives what another one needs by a name. */
export type Gives = (step: StepPlan, name: string) => boolean;

/**
 * The addresses with those of steps that give what no record keeps, the secrets that these need: each before the step that needs it.
 * Undefined where such a step cannot be chosen with it, as it stands inside of another control.
 */
export function withSecretSources(flow: FlowPlan, addresses: readonly string[]): readonly string[] | undefined {
  const found: string[] = [];
  const gives: Gives = (step, name) => givesSecret(step, name, flow.secrets);
  const add = (address: string): boolean => {
    if (found.includes(address)) return true;
    for (const source of listSources(flow, address, gives)) {
      const beside = placeBeside(source.address, address);
      if (beside === undefined || !add(beside)) return false;
    }
    if (!found.includes(address)) found.push(address);
    return true;
  };
  return addresses.every(add) ? found : undefined;
}

/** For each name that a step needs, the last step before it that gives it. */
export function listSources(flow: FlowPlan, address: string, gives: Gives): readonly StepPlan[] {
  const steps = listSteps(listPhases(flow));
  const at = steps.findIndex((step) => step.address === toPlanAddress(address));
  return (steps[at]?.needs ?? []).map(toPlainRef).flatMap(({ name }) => {
    const source = steps.slice(0, at).findLast((step) => gives(step, name));
    return source ? [source] : [];
  });
}

/** Whether a name stands for a secret that the step captures or makes, or for its result, in which one is. */
function givesSecret(step: StepPlan, name: string, secrets: readonly string[]): boolean {
  if (step.provides.includes(name))
    return secrets.includes(name) || step.output.some((one) => one.name === name && isHidden(one));
  if (step.id !== name && step.address !== name) return false;
  const { calls } = step;
  if (calls)
    return calls.secrets.length > 0 || listSteps(listPhases(calls)).some(({ output }) => output.some(isHidden));
  return step.provides.some((one) => secrets.includes(one)) || step.output.some(isHidden);
}

function isHidden({ name, text, secret }: StepPlan['output'][number]): boolean {
  return secret || isPasswordName(name) || isPasswordName(text.text);
}

/** The address of a step as it is reached from another: in the same round, where both stand in one loop. */
export function placeBeside(source: string, address: string): string | undefined {
  const parent = source.slice(0, source.lastIndexOf('>') + 1);
  if (parent === '') return source;
  const around = address.slice(0, address.lastIndexOf('>') + 1);
  return toPlanAddress(around) === parent ? `${around}${source.slice(parent.length)}` : undefined;
}
