import { DiagnosticError } from '../../model/diagnostic.ts';
import type { StepPosition } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import { runBounded } from '../../stop/run-bounded.ts';
import type { Stop } from '../../stop/stop.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Context } from '../names/context.ts';
import { surround } from '../names/surroundings.ts';
import { type BeforeSteps, createBeforeSteps } from './before-steps.ts';
import { namesToPrepare, type Preparation } from './preparation.ts';
import { StepPrepareIo } from './prepare-io.ts';

export interface PrepareFailure {
  readonly step: StepPlan;
  readonly error: unknown;
}

export interface PrepareKnownOptions {
  readonly preparation: Preparation;
  readonly context: Context;
  readonly stop: Stop;
  /** Where this run of a step stands. */
  readonly positionOf: (step: StepPlan) => StepPosition;
  /** Only these; absent: all. */
  readonly among?: ReadonlySet<StepPlan> | undefined;
}

export interface PreparePlace {
  readonly position: StepPosition;
  readonly preparation: Preparation;
  readonly context: Context;
  readonly stream: string;
  readonly stop: Stop;
}

/** Lets the steps of a flow prepare themselves, as soon as what they need is known. */
export class Preparer {
  /** What is to be called right before steps. */
  readonly beforeSteps: BeforeSteps;
  readonly #facts: FlowFacts;
  readonly #services: Services;

  constructor(facts: FlowFacts, services: Services) {
    this.#facts = facts;
    this.#services = services;
    this.beforeSteps = createBeforeSteps(facts.plan);
  }

  /** Prepares all steps whose names are known by now; errors are kept for when they run, and given in the steps' order. */
  async prepareKnown(options: PrepareKnownOptions): Promise<readonly PrepareFailure[]> {
    const { errors } = options.preparation;
    const ready = listReady(options);
    await Promise.all(ready.map((step) => this.#prepareEarly(step, options)));
    return ready.flatMap((step) => (errors.has(step) ? [{ step, error: errors.get(step) }] : []));
  }

  /** Prepares a step that runs now, if it is not; throws what went wrong, now or before. */
  async ensurePrepared(step: StepPlan, place: PreparePlace): Promise<void> {
    const { pending, errors } = place.preparation;
    if (errors.has(step)) {
      const error = errors.get(step);
      errors.delete(step);
      pending.set(step, new Set());
      throw error;
    }
    if (pending.has(step)) await this.#prepare(step, place);
  }

  /** Prepares a step now, whatever was before; gives whether that went well: why not is kept for when it runs. */
  async prepareNow(step: StepPlan, place: PreparePlace): Promise<boolean> {
    if (this.#facts.replay?.recorded) return true;
    const { errors } = place.preparation;
    errors.delete(step);
    const end = await runBounded({
      after: this.#services.clock.after,
      parent: place.stop,
      start: (stop) => this.#prepare(step, { ...place, stop }),
    });
    if (end.kind === 'stopped') errors.set(step, end.reason);
    else if (end.kind === 'threw') errors.set(step, end.error);
    return !errors.has(step);
  }

  async #prepareEarly(step: StepPlan, options: PrepareKnownOptions): Promise<void> {
    const { preparation, context, stop: parent, positionOf } = options;
    const { pending, errors } = preparation;
    const end = await runBounded({
      after: this.#services.clock.after,
      parent,
      start: (stop) => {
        const position = positionOf(step);
        const own = context.inPhase(step.phase);
        return this.#prepare(step, { position, preparation, context: own, stream: position.address, stop });
      },
    });
    if (end.kind === 'stopped') errors.set(step, end.reason);
    else if (end.kind === 'threw' && !isStillUnknown(end.error, pending.has(step))) errors.set(step, end.error);
  }

  /** @throws DiagnosticError when the settings cannot be rendered yet; then the step stays to be prepared */
  async #prepare(step: StepPlan, place: PreparePlace): Promise<void> {
    const { context, stream, position, preparation, stop } = place;
    const { env, host } = surround(this.#facts.run, this.#services, { context, id: step.id, attempt: 1, stream });
    const config = (step.preparation?.config ?? step.config).render(env, host);
    const timeoutMs = step.timeoutMs?.render(env, host) ?? this.#services.policy.stepTimeoutMs;
    preparation.pending.delete(step);
    const options = { step, position, preparation, timeoutMs, attempt: 1, stop, beforeSteps: this.beforeSteps };
    await step.action.preparation?.prepare?.(config, new StepPrepareIo(this.#facts, this.#services, options));
  }
}

/** The steps whose names are known, and whose providers have ended. */
function listReady({ preparation, context, among }: PrepareKnownOptions): readonly StepPlan[] {
  const { pending, ended } = preparation;
  const ready = [...pending].filter(([step, providers]) => {
    if (among && !among.has(step)) return false;
    for (const provider of providers) if (!ended.has(provider)) return false;
    return [...namesToPrepare(step)].every((name) => context.get(name) !== undefined);
  });
  return ready.map(([step]) => step);
}

/** Whether settings could not be rendered yet; a later look may find what is missing. */
function isStillUnknown(error: unknown, isPending: boolean): boolean {
  return isPending && error instanceof DiagnosticError;
}
