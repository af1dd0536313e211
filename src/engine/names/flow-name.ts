import type { Env, Host } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { describeThrown } from '../outcome/thrown.ts';

/** The name of a flow for people, with its placeholders filled in. */
export interface FlowName {
  /** As it was written when it cannot be made. */
  readonly text: string;
  /** Why it cannot be made. */
  findProblem(): { problem: Problem; error: unknown } | undefined;
}

type Named = Pick<FlowPlan, 'name' | 'nameTemplate'>;

/** Makes the name when it is first asked for, of the names that the flow has then. */
export function createFlowName(plan: Named, names: () => { env: Env; host: Host }): FlowName {
  return new LazyName(plan, names);
}

class LazyName implements FlowName {
  readonly #plan: Named;
  readonly #names: () => { env: Env; host: Host };
  #made: string | undefined;
  #isBeingMade = false;

  constructor(plan: Named, names: () => { env: Env; host: Host }) {
    this.#plan = plan;
    this.#names = names;
  }

  get text(): string {
    try {
      return this.#make();
    } catch {
      return this.#plan.name;
    }
  }

  findProblem(): ReturnType<FlowName['findProblem']> {
    try {
      this.#make();
      return undefined;
    } catch (error) {
      return { problem: describeThrown(error).problem, error };
    }
  }

  #make(): string {
    const { name, nameTemplate } = this.#plan;
    // A name that is asked for while it is made would be a part of itself.
    if (this.#made !== undefined || !nameTemplate || this.#isBeingMade) return this.#made ?? name;
    const { env, host } = this.#names();
    this.#isBeingMade = true;
    try {
      this.#made = String(nameTemplate.render(env, host));
    } finally {
      this.#isBeingMade = false;
    }
    return this.#made;
  }
}
