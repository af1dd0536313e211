import type { RecordedRun, RecordedStep } from '../../model/inputs.ts';
import { toPlainRef } from '../../model/plain-ref.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { StepEnd } from '../run/step-types.ts';

/** Why a step does not run that `--skip` names: what it gave is what the record has. */
export const LEFT_OUT = 'left out by --skip';

/** What a recorded run left for one execution of a flow in which nothing is done: each step takes what became of it, in turn. */
export class RecordedSteps {
  readonly #run: RecordedRun;
  /** How many were taken, by address. */
  readonly #taken: Map<string, number>;
  /** The addresses of those that are not judged, with why where that is not told elsewhere. */
  readonly #unjudged: Map<string, string | undefined>;
  /** Names that have no value here though the record may have one, with why. */
  readonly #lost = new Map<string, string>();

  constructor(run: RecordedRun, shared?: { taken: Map<string, number>; unjudged: Map<string, string | undefined> }) {
    this.#run = run;
    this.#taken = shared?.taken ?? new Map();
    this.#unjudged = shared?.unjudged ?? new Map();
  }

  get runId(): string {
    return this.#run.runId;
  }

  /** That of a flow that this one calls: names are its own. */
  openBelow(): RecordedSteps {
    return new RecordedSteps(this.#run, { taken: this.#taken, unjudged: this.#unjudged });
  }

  /** How often a step ran at an address. */
  count(address: string): number {
    return this.#run.steps.get(address)?.length ?? 0;
  }

  /** Whether there is a further look at an address: one that was cut off is none. */
  hasLook(address: string): boolean {
    const look = this.#run.steps.get(address)?.[this.#taken.get(address) ?? 0];
    return look !== undefined && look.finished.problems[0]?.kind !== 'stopped';
  }

  /** Notes that what is done at an address cannot be judged. */
  leave(address: string, why?: string): void {
    this.#unjudged.set(address, why);
  }

  /** Why not all that a control runs is judged. */
  findUnjudgedBelow(address: string): string | undefined {
    for (const [one, why] of this.#unjudged)
      if (one.startsWith(`${address}>`) || one.startsWith(`${address}[`))
        return why ?? `\`${one}\` in it is not judged`;
    return undefined;
  }

  /** What became of the next run of a step; undefined where there was none. */
  take(address: string): RecordedStep | undefined {
    const taken = this.#taken.get(address) ?? 0;
    this.#taken.set(address, taken + 1);
    return this.#run.steps.get(address)?.[taken];
  }

  /** Why a step cannot be judged: it needs a name that a step before it did not give. */
  findLost({ needs, ownNeeds = needs }: StepPlan): string | undefined {
    if (this.#lost.size === 0) return undefined;
    for (const { name, path } of ownNeeds.map(toPlainRef)) {
      const why = this.#lost.get(name);
      if (why !== undefined) return `it needs \`${[name, ...path].join('.')}\`: ${why}`;
    }
    return undefined;
  }

  /** Notes which names a step gave, and which it did not give that the record may have. */
  note(step: StepPlan, address: string, { result, captures, skip, outcome }: StepEnd): void {
    if (skip?.kind === 'not_judged') this.leave(address);
    if (skip?.reason === LEFT_OUT) return;
    const given = new Set(captures.map(({ name }) => name));
    if (result !== undefined) given.add(step.id);
    const end = skip?.kind === 'not_judged' ? 'is not judged' : skip ? 'does not run' : outcome;
    for (const name of [...step.provides, step.id]) {
      if (given.has(name)) this.#lost.delete(name);
      else this.#lost.set(name, `\`${step.id}\` ${end}`);
    }
  }
}
