import { isEqual, type MissingName, type Value } from '../../expr/index.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import type { Problem } from '../../model/events.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { DeclaredNames } from './context.ts';
import { registerSecrets, renderVariables, type VariableOptions } from './flow-variables.ts';

/** The flow of which a variable is, as it is when they are made again. */
export interface FollowingFlow {
  readonly variables: VariableOptions;
  readonly ledger: Pick<Ledger, 'secrets' | 'secretNames'>;
}

/** Holds a flow's declared variables; those that are made of what a service gives follow it when it is started again. */
export function holdVariables(
  { companionUses = [] }: FlowPlan,
  services: ServicesInUse | undefined,
  flow: () => FollowingFlow,
): Map<string, Value> & DeclaredNames {
  const areFollowing = companionUses.some(({ kind, variable }) => kind === 'service' && variable !== undefined);
  return services && areFollowing ? new FollowingVariables(services, flow) : new Map();
}

/** Declared variables that are made again once a service was started again. What is random or a time stays as it is, unless it is made of what changed. */
class FollowingVariables extends Map<string, Value> {
  readonly #services: Pick<ServicesInUse, 'restarts'>;
  readonly #flow: () => FollowingFlow;
  #seen: number;
  /** Those that have another value, while all are made again. */
  #changed: Set<string> | undefined;
  /** Whether what is being made reads one of them. */
  #isMadeOfChanged = false;
  readonly #failed = new Map<string, Problem>();

  constructor(services: Pick<ServicesInUse, 'restarts'>, flow: () => FollowingFlow) {
    super();
    this.#services = services;
    this.#flow = flow;
    this.#seen = services.restarts;
  }

  override get(name: string): Value | undefined {
    if (this.#changed?.has(name)) this.#isMadeOfChanged = true;
    if (this.#services.restarts !== this.#seen) this.#makeAgain();
    return super.get(name);
  }

  override set(name: string, value: Value): this {
    if (!this.#changed) return super.set(name, value);
    if (this.#takeKept(name) || isEqual(value, super.get(name) ?? null)) return this;
    this.#changed.add(name);
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    if (!this.#changed) return super.delete(name);
    if (this.#takeKept(name)) return false;
    this.#changed.add(name);
    return super.delete(name);
  }

  /** Why a variable has no value any more. */
  explainMissing(name: string): MissingName | undefined {
    const problem = this.has(name) ? undefined : this.#failed.get(name);
    return (
      problem && {
        message: `\`${name}\` could not be made again after a service was started again: ${problem.message}`,
      }
    );
  }

  #makeAgain(): void {
    this.#seen = this.#services.restarts;
    this.#changed = new Set();
    const { variables, ledger } = this.#flow();
    this.#failed.clear();
    renderVariables(variables, this.#failed);
    this.#changed = undefined;
    registerSecrets(ledger.secrets, ledger.secretNames, variables);
  }

  /** Whether what was just made stays as it was. */
  #takeKept(name: string): boolean {
    const isKept = !this.#isMadeOfChanged && this.#isFixed(name);
    this.#isMadeOfChanged = false;
    return isKept;
  }

  #isFixed(name: string): boolean {
    const { declared, companionUses = [] } = this.#flow().variables.plan;
    const isVolatile = declared.some((one) => one.name === name && one.isVolatile);
    return isVolatile && !companionUses.some(({ variable }) => variable === name);
  }
}
