import { isEqual, type Value } from '../../expr/index.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { renderVariables, type VariableOptions } from './flow-variables.ts';

/** Holds a flow's declared variables; those that are made of what a service gives follow it when it is started again. */
export function holdVariables(
  { companionUses = [] }: FlowPlan,
  services: ServicesInUse | undefined,
  options: () => VariableOptions,
): Map<string, Value> {
  const areFollowing = companionUses.some(({ kind, variable }) => kind === 'service' && variable !== undefined);
  return services && areFollowing ? new FollowingVariables(services, options) : new Map();
}

/** Declared variables that are made again once a service was started again. What is random or a time stays as it is, unless it is made of what changed. */
class FollowingVariables extends Map<string, Value> {
  readonly #services: Pick<ServicesInUse, 'restarts'>;
  readonly #options: () => VariableOptions;
  #seen: number;
  /** Those that have another value, while all are made again. */
  #changed: Set<string> | undefined;
  /** Whether what is being made reads one of them. */
  #isMadeOfChanged = false;

  constructor(services: Pick<ServicesInUse, 'restarts'>, options: () => VariableOptions) {
    super();
    this.#services = services;
    this.#options = options;
    this.#seen = services.restarts;
  }

  override get(name: string): Value | undefined {
    if (this.#changed?.has(name)) this.#isMadeOfChanged = true;
    if (this.#services.restarts !== this.#seen) this.#makeAgain();
    return super.get(name);
  }

  override set(name: string, value: Value): this {
    if (!this.#changed) return super.set(name, value);
    const isKept = !this.#isMadeOfChanged && this.#isFixed(name);
    this.#isMadeOfChanged = false;
    if (isKept || isEqual(value, super.get(name) ?? null)) return this;
    this.#changed.add(name);
    return super.set(name, value);
  }

  #makeAgain(): void {
    this.#seen = this.#services.restarts;
    this.#changed = new Set();
    renderVariables(this.#options());
    this.#changed = undefined;
  }

  #isFixed(name: string): boolean {
    const { declared, companionUses = [] } = this.#options().plan;
    const isVolatile = declared.some((one) => one.name === name && one.isVolatile);
    return isVolatile && !companionUses.some(({ variable }) => variable === name);
  }
}
