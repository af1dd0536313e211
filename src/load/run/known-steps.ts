import type { Env } from '../../expr/index.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';

type IsExpected = (status: number) => boolean;

const isUsual: IsExpected = (status) => status >= 200 && status <= 399;

/** What the samples of a flow's steps depend on besides what happened. */
export class KnownSteps {
  readonly #byAddress = new Map<string, IsExpected>();
  readonly #local = new Set<string>();
  readonly #marks = new Set<string>();
  readonly #accepting = new Set<string>();

  constructor(flow: FlowPlan) {
    for (const step of listSteps(listPhases(flow), childrenAndCleanups)) {
      const own = readAssertions(step);
      if (own) this.#byAddress.set(step.address, own);
      if (step.action.traits?.isAlone) this.#marks.add(step.address);
      if (step.acceptedKey) this.#accepting.add(step.address);
      // Of a control its steps say whether anybody answered.
      if (step.action.traits?.isLocal || step.children.length > 0) this.#local.add(step.address);
    }
  }

  /** Whether an answer is as expected: what assertions on nothing but `status` accept, else 200 to 399. `address` may have the rounds of loops in it. */
  isExpected(address: string, status: number): boolean {
    return (this.#byAddress.get(toPlain(address)) ?? isUsual)(status);
  }

  /** Whether what a step has accepted is reconciled. */
  isAccepting(address: string): boolean {
    return this.#accepting.size > 0 && this.#accepting.has(toPlain(address));
  }

  /** Whether a step changes what all others stand on, such as a fault. */
  isMark(address: string): boolean {
    return this.#marks.size > 0 && this.#marks.has(toPlain(address));
  }

  /** Whether a step touches nothing outside by itself. */
  isLocal(address: string): boolean {
    return this.#local.has(toPlain(address));
  }
}

/** What was found out of each flow. */
export class StepsOfFlows {
  readonly #known = new Map<FlowPlan, KnownSteps>();

  of(flow: FlowPlan): KnownSteps {
    const known = this.#known.get(flow) ?? new KnownSteps(flow);
    this.#known.set(flow, known);
    return known;
  }
}

/** `each[3]>get` is `each>get`. */
function toPlain(address: string): string {
  return address.includes('[') ? address.replaceAll(/\[[^\]]*\]/g, '') : address;
}

function readAssertions({ assert }: StepPlan): IsExpected | undefined {
  const ofStatus = assert.filter(
    ({ expression }) =>
      expression.isPure && expression.names.length > 0 && expression.names.every(({ name }) => name === 'status'),
  );
  if (ofStatus.length === 0) return undefined;
  const known = new Map<number, boolean>();
  return (status) => {
    let answer = known.get(status);
    if (answer === undefined) {
      answer = status > 0 && ofStatus.every(({ expression }) => holds(() => expression.evaluate(statusOnly(status))));
      known.set(status, answer);
    }
    return answer;
  };
}

function statusOnly(status: number): Env {
  return { get: (name) => (name === 'status' ? status : undefined), keys: () => ['status'] };
}

function holds(evaluate: () => unknown): boolean {
  try {
    return evaluate() === true;
  } catch {
    return false;
  }
}
