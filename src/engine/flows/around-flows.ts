import type { Value } from '../../expr/index.ts';
import { isBad, type Override, type Problem, type Skip } from '../../model/events.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { Stop } from '../../stop/stop.ts';
import type { FlowPlace, MadeFlowNames } from '../lifetimes/flow-part.ts';
import type { FlowRun, RunOptions } from '../lifetimes/run-options.ts';
import type { Run } from './open-run.ts';
import { takeNamedOutput } from './take-output.ts';
import { withoutMissing } from './without-missing.ts';

/** What runs once, before and after all other flows, and what they are given of it. */
export interface FlowsAround {
  readonly before?: FlowRun | undefined;
  readonly after?: FlowRun | undefined;
  /** What a record of an earlier run gives in the place of `before`. */
  readonly restored?: ReadonlyMap<string, Value> | undefined;
  /** Which names of it are secret. */
  readonly secretNames?: readonly string[] | undefined;
  /** Hears what `before` gives, once it has passed. */
  readonly onGiven?: (values: ReadonlyMap<string, Value>, secretNames: readonly string[]) => void;
}

/** Runs the flow before all others and the one after them, and gives the others what the first captured. */
export class AroundFlows {
  readonly #run: Run;
  readonly #around: FlowsAround;
  readonly #undo: Stop;
  /** Of the first, which is reported before all others. */
  readonly #place: FlowPlace | undefined;
  readonly #values: Map<string, Value>;
  #secretNames: readonly string[];
  #hasBegun = false;

  constructor(run: Run, around: FlowsAround, { interrupt }: Pick<RunOptions, 'interrupt'>) {
    this.#run = run;
    this.#around = around;
    this.#undo = interrupt.undo;
    this.#place = around.before && run.placeOf(around.before);
    this.#values = new Map(around.restored);
    this.#secretNames = around.secretNames ?? [];
  }

  /** Runs the first; gives why no other flow can run. */
  async begin(): Promise<Skip | undefined> {
    const { before } = this.#around;
    if (this.#run.work.asked) return undefined;
    this.#hasBegun = true;
    if (!before) return undefined;
    const session = this.#run.openSession();
    try {
      const onNames = (made: MadeFlowNames) => this.#take(before.plan, made);
      const { outcome, rest } = await session.runFlow(before, { place: this.#place, onNames });
      this.#secretNames = [...rest.secretNames];
      if (!isBad(outcome)) {
        this.#around.onGiven?.(this.#values, this.#secretNames);
        return undefined;
      }
      return { kind: 'not_reached', reason: `not reached: \`before_all\` ${outcome}` };
    } finally {
      await session.close();
    }
  }

  /** The flow with what the first one captured. */
  give(flow: FlowRun): FlowRun {
    if (this.#values.size === 0) return flow;
    const { plan, inputs, inputsOf } = flow;
    return {
      ...flow,
      inputs: this.#addTo(inputs, plan),
      inputsOf: inputsOf && ((called) => this.#addTo(inputsOf(called), called)),
    };
  }

  /** Runs the last, once the first was begun: also after an interruption, until the second signal. */
  async end(): Promise<void> {
    const { after } = this.#around;
    if (!after || !this.#hasBegun) return;
    const { sharedNames = [] } = after.inputs;
    const missing = new Set([...sharedNames].filter((name) => !this.#values.has(name)));
    const plan = withoutMissing(after.plan, missing);
    const work = new Stop(this.#undo);
    const session = this.#run.openSession({ work });
    try {
      await session.runFlow(this.give({ ...after, plan }), { place: this.#run.placeOf(after) });
    } finally {
      await session.close();
      work.leave();
    }
  }

  #addTo(inputs: FlowInputs, { declared }: FlowPlan): FlowInputs {
    const known = new Set(inputs.overrides.map(({ name }) => name));
    const overrides = declared.flatMap(({ name }): readonly Override[] =>
      this.#values.has(name) && !known.has(name) ? [{ name, from: 'before_all' }] : [],
    );
    return {
      ...inputs,
      shared: this.#values,
      secretNames: [...inputs.secretNames, ...this.#secretNames],
      overrides: [...inputs.overrides, ...overrides],
    };
  }

  #take({ output, setup, steps }: FlowPlan, { env, ledger, host, isAfterFailure }: MadeFlowNames): readonly Problem[] {
    if (!output) {
      for (const name of [...setup, ...steps].flatMap(({ provides }) => provides)) {
        const value = env.get(name);
        if (value !== undefined) this.#values.set(name, value);
      }
      return [];
    }
    const { output: named, failures } = takeNamedOutput(output, { env, ledger, host });
    for (const [name, value] of Object.entries(named)) this.#values.set(name, value);
    for (const { name, secret } of output) if (secret) ledger.keepSecret(name, named[name] ?? null);
    return isAfterFailure ? [] : failures;
  }
}
