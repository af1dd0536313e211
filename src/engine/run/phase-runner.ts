import { isBad, type Skip, type StepPosition } from '../../model/events.ts';
import type { Phase } from '../../model/phase.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { StopError } from '../../stop/stop-error.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Context } from '../names/context.ts';
import type { Locals } from '../names/locals.ts';
import { addReplayed } from '../names/replayed.ts';
import type { Preparation } from '../prepare/preparation.ts';
import type { PrepareFailure } from '../prepare/preparer.ts';
import { type CleanupSteps, planCleanups, splitCleanups } from './cleanups.ts';
import { type ListPolicy, type RanStep, runList } from './run-list.ts';
import type { RunsSteps } from './runs-steps.ts';
import type { BegunStep, Frame, StepEnd } from './step-types.ts';
import { armWatches, judgeWatches } from './watching.ts';

const DEFAULT_TEARDOWN_MS = 30_000;

export interface PhaseOptions {
  readonly phase: Phase;
  readonly steps: readonly StepPlan[];
  readonly context: Context;
  /** Why none of them runs. */
  readonly skip?: Skip | undefined;
  /** Whether the phase has been reported. */
  readonly isContinued?: boolean;
  /** Those of the steps that undo what ran. */
  readonly cleanups?: CleanupSteps | undefined;
  /** What came already of the first of them. */
  readonly begun?: BegunStep | undefined;
}

/** What became of a phase. */
export interface PhaseEnd {
  readonly context: Context;
  readonly ends: readonly RanStep[];
  /** Whether a step failed or errored and the flow does not go on. */
  readonly isBroken: boolean;
  /** Why it was ended before it was done. */
  readonly stop: StopError | undefined;
}

export interface PhaseHelpers {
  readonly ledger: Ledger;
  readonly runner: RunsSteps;
  readonly preparation: Preparation;
}

/** Runs the phases of one execution of a flow. */
export class PhaseRunner {
  readonly #facts: FlowFacts;
  readonly #services: Services;
  readonly #helpers: PhaseHelpers;

  constructor(facts: FlowFacts, services: Services, helpers: PhaseHelpers) {
    this.#facts = facts;
    this.#services = services;
    this.#helpers = helpers;
  }

  /** Runs the steps of a phase; those of teardown all, the others up to the first that breaks it. */
  async run(options: PhaseOptions): Promise<PhaseEnd> {
    const { phase, steps, isContinued = false } = options;
    const { clock, emit, wants } = this.#services;
    const { caller, index: flow } = this.#facts;
    if (!wants.brief && steps.length > 0 && caller === undefined && !isContinued)
      emit({ type: 'phase_started', at: clock.now(), flow, phase, stepCount: steps.length });
    const policy = this.#createPolicy(options);
    return runList(this.#helpers.runner, steps, { context: options.context.inPhase(phase), policy });
  }

  /** Runs what undoes a flow: the cleanups of its steps, last-first, its teardown, and the cleanups of its setup, last-first. */
  async runTeardown(teardown: readonly StepPlan[], context: Context): Promise<PhaseEnd> {
    const { policy, stops } = this.#services;
    const { isTeardownSkipped, teardownTimeoutMs = DEFAULT_TEARDOWN_MS } = policy;
    const { ledger } = this.#helpers;
    const { own, ofSetup } = splitCleanups(ledger.takeCleanups());
    const undo = planCleanups(this.#facts, own);
    const undoSetup = planCleanups(this.#facts, ofSetup);
    const steps = [...undo.keys(), ...teardown, ...undoSetup.keys()];
    const skip: Skip | undefined = isTeardownSkipped ? { kind: 'kept', reason: 'what ran is kept' } : undefined;
    if (!isTeardownSkipped && steps.length > 0 && !policy.pause) stops.limitTeardown(teardownTimeoutMs);
    const cleanups = new Map([...undo, ...undoSetup]);
    const known = this.#addLeftovers(context);
    const end = await this.run({ phase: 'teardown', steps, context: known, skip, cleanups });
    const more = planCleanups(this.#facts, ledger.takeCleanups());
    return more.size === 0 ? end : this.#undoTeardown(more, end);
  }

  /** Prepares what watches the steps; gives whether that went well. */
  arm(watches: readonly StepPlan[], context: Context): Promise<boolean> {
    return armWatches(this.#helpers.runner, watches, (watch) =>
      this.#frameOf(watch, context.inPhase('steps'), 'watch'),
    );
  }

  /** Prepares what looks at the steps unasked; gives what could be. */
  async armLookers(lookers: readonly StepPlan[] = [], context: Context): Promise<readonly StepPlan[]> {
    const ready: StepPlan[] = [];
    for (const looker of lookers) if (await this.arm([looker], context)) ready.push(looker);
    return ready;
  }

  /** Lets what watches the steps judge them; gives these with what it came to. */
  async judge(watches: readonly StepPlan[], steps: PhaseEnd, role: 'watch' | 'look' = 'watch'): Promise<PhaseEnd> {
    const { ends, context, isBroken } = steps;
    const isAfterFailure = isBroken || ends.some(({ end }) => isBad(end.outcome));
    const frameOf = (watch: StepPlan) => ({ ...this.#frameOf(watch, context, role), isAfterFailure });
    const { work: stop } = this.#services.stops;
    return { ...steps, ends: [...ends, ...(await judgeWatches(this.#helpers.runner, watches, { stop, frameOf }))] };
  }

  /** Prepares what has become known; gives what cannot be. */
  prepare(context: Context): Promise<readonly PrepareFailure[]> {
    const { runner, preparation } = this.#helpers;
    const { work: stop } = this.#services.stops;
    return runner.preparer.prepareKnown({ preparation, context, stop, positionOf: this.#facts.positionOf });
  }

  #createPolicy({ phase, skip, cleanups, begun, steps }: PhaseOptions): ListPolicy {
    const { ledger, preparation } = this.#helpers;
    const isTeardown = phase === 'teardown';
    const stop = this.#services.stops.of(phase);
    return {
      skip,
      goesOn: isTeardown,
      frameOf: (step, context) => {
        const role = cleanups?.has(step) ? 'cleanup' : undefined;
        const frame = this.#frameOf(step, addLocals(context, cleanups?.get(step)), role);
        return begun && step === steps[0] ? { ...frame, begun } : frame;
      },
      findStop: (after?: StepEnd) => (after && after.outcome !== 'errored' ? undefined : stop.asked),
      afterStep: (step, { outcome }, { context, isBroken }) => {
        if (outcome !== 'passed') ledger.markBroken(step.id);
        preparation.ended.add(step);
        if (isBroken || preparation.pending.size === 0) return undefined;
        return this.prepare(context).then(() => undefined);
      },
    };
  }

  #frameOf(step: StepPlan, context: Context, role: StepPosition['role']): Frame {
    const { replay } = this.#facts;
    const { preparation } = this.#helpers;
    const place = this.#facts.positionOf(step);
    const { address } = place;
    const seen = replay && address.includes('>') ? addReplayed(context, replay, nameParent(address)) : context;
    const stop = this.#services.stops.of(step.phase);
    const position = role ? { ...place, role: place.role ?? role } : place;
    return { position, context: seen, stop, stream: address, preparation };
  }

  /** Runs the cleanups of teardown's own steps. */
  async #undoTeardown(undo: CleanupSteps, before: PhaseEnd): Promise<PhaseEnd> {
    const end = await this.run({
      phase: 'teardown',
      steps: [...undo.keys()],
      context: before.context,
      isContinued: true,
      cleanups: undo,
    });
    return { ...end, ends: [...before.ends, ...end.ends], stop: before.stop ?? end.stop };
  }

  /** What a branch captured before it failed is seen by teardown alone: what it made is to be removed. */
  #addLeftovers(context: Context): Context {
    let known = context;
    for (const [name, value] of this.#helpers.ledger.leftovers)
      if (context.get(name) === undefined) known = known.withCapture(name, value);
    return known;
  }
}

/** Of a step that runs without the control around it. */
function nameParent(address: string): string {
  return address.slice(0, address.lastIndexOf('>'));
}

function addLocals(context: Context, locals: Locals | undefined): Context {
  return locals ? context.withBindings(locals.toRecord()) : context;
}
