import type { FlowsAround } from '../../engine/flows/around-flows.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Value } from '../../expr/index.ts';
import type { PlannedRun } from '../commands/plan-run.ts';

/** What the flow before all others gave. */
interface Given {
  readonly values: ReadonlyMap<string, Value>;
  readonly secretNames: readonly string[];
}

/** `before_all` and `after_all` of runs that follow each other: they run once for all of them, and again where somebody wants all anew. */
export class KeptAround {
  #given: Given | undefined;
  #after: { readonly flow: FlowRun; readonly planned: PlannedRun } | undefined;

  /** Whether the flow before the others has to run, or again. */
  needsBefore({ around }: PlannedRun, isAnew: boolean): boolean {
    return around.before !== undefined && (isAnew || this.#given === undefined);
  }

  /** What is around a run: the flow after all others waits for the end of the session. */
  take(planned: PlannedRun, needsBefore: boolean): FlowsAround {
    const { before, after, restored } = planned.around;
    if (after) this.#after = { flow: after, planned };
    if (!needsBefore) return this.#given ? this.#restore(this.#given) : { restored };
    this.#given = undefined;
    const onGiven: FlowsAround['onGiven'] = (values, secretNames) => {
      this.#given = { values, secretNames };
    };
    return { before, onGiven };
  }

  /** A run of nothing but the flow after all others, where it has to run; it is not asked for twice. */
  takeEnd(): PlannedRun | undefined {
    const { flow: after, planned } = this.#after ?? {};
    this.#after = undefined;
    const given = this.#given && this.#restore(this.#given);
    return planned && { ...planned, runs: [], whole: [], diagnostics: [], notes: [], around: { ...given, after } };
  }

  #restore({ values, secretNames }: Given): FlowsAround {
    return { restored: values, secretNames };
  }
}
