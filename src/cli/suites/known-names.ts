import type { Secrets } from '../../engine/events/secrets.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { createContext } from '../../engine/names/context.ts';
import { registerSecrets, renderVariables } from '../../engine/names/flow-variables.ts';
import type { Env, Host, Value } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import { isPasswordName } from '../../util/hidden-fields.ts';
import { isSecretLike } from '../../util/secret-name.ts';

/** The names of a flow that have a value before it runs: what is given, its rows and variables without a random or time part, and what a record gives. */
export class KnownNames implements Env {
  readonly #names: Env;
  readonly #hidden = new Set<string>();

  /** What is secret among them is made known to `secrets`. */
  constructor(run: FlowRun, { secrets, host }: { secrets: Secrets; host: Host }) {
    const { plan, inputs, replay } = run;
    const declared = new Map<string, Value>();
    const builtIns = new Map<string, Value>(plan.nameTemplate ? [] : [['FLOW_NAME', plan.name]]);
    const context = createContext({ inputs, replay, declared, builtIns });
    const volatile = plan.declared.filter(({ isVolatile }) => isVolatile).map(({ name }) => name);
    const unknown = new Set([...volatile, ...(inputs.sharedNames ?? [])]);
    const options = { plan, inputs, replay, context, declared, createHost: () => host, unknown };
    // One that needs what only the run knows stays unknown.
    renderVariables(options);
    registerSecrets(secrets, new Set([...plan.secrets, ...inputs.secretNames]), options);
    for (const name of context.keys()) {
      const value = context.get(name);
      if (typeof value === 'string' && (isPasswordName(name) || isSecretLike(name, value))) secrets.add(value);
    }
    this.#names = context;
  }

  get(name: string): Value | undefined {
    return this.#hidden.has(name) ? undefined : this.#names.get(name);
  }

  keys(): Iterable<string> {
    return [...this.#names.keys()].filter((name) => !this.#hidden.has(name));
  }

  /** From here on a step has run: what it captured is known to the run alone. */
  hideResultsOf({ id, address, provides }: StepPlan): void {
    for (const name of [id, address, ...provides, 'steps']) this.#hidden.add(name);
  }

  /** The names as the steps inside of a control see them. */
  hideBindingsOf({ bindings = [] }: StepPlan): void {
    for (const name of bindings) this.#hidden.add(name);
  }
}
