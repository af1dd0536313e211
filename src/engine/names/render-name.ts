import type { Env, Host } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';

/** The step's name for people, as it is for these names. */
export function renderName(step: StepPlan, env: Env, host: Host): string | undefined {
  const name: unknown = step.name?.render(env, host);
  return name === undefined ? undefined : String(name);
}
