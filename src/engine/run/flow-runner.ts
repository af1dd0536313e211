import { setKey, type Value } from '../../expr/index.ts';
import type { SoFar } from '../../model/action/resources.ts';
import type { Detail, Outcome, OutcomeCounts, Problem, Skip } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { Phase } from '../../model/phase.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listPhases } from '../../model/walk-steps.ts';
import type { ChosenSteps } from '../lifetimes/chosen-steps.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Context } from '../names/context.ts';
import { describeFailure } from '../outcome/acted.ts';
import { countSteps, type FlowPhases, haveFailed, judgeFlow, listFlowProblems } from './flow-outcome.ts';
import { type PhaseEnd, type PhaseHelpers, PhaseRunner } from './phase-runner.ts';
import { isFatal, prepareCalls } from './prepare-calls.ts';
import { NOT_REACHED, type RanStep } from './run-list.ts';
import type { BegunStep } from './step-types.ts';

/** How a flow ended. */
export interface FlowEnd {
  readonly outcome: Outcome;
  readonly skip?: Skip | undefined;
  readonly counts: OutcomeCounts;
  readonly problems: readonly Problem[];
  readonly captures: Readonly<Record<string, Value>>;
  /** What was looked at besides, for those who ask. */
  readonly details?: readonly Detail[] | undefined;
  /** Undefined for a flow that was not begun. */
  readonly phases: FlowPhases | undefined;
}

/** Steps that passed, each run plainly, and what is known of the one after them. */
export interface RanPlainly {
  readonly ends: readonly RanStep[];
  readonly context: Context;
  /** What came of the next one, where its action ran. */
  readonly begun: BegunStep | undefined;
}

export interface FlowOptions {
  readonly context: Context;
  readonly chosen: ChosenSteps;
  /** Those that run; absent: all. */
  readonly phases?: readonly Phase[] | undefined;
  /** What watches the steps. */
  readonly watches?: readonly StepPlan[] | undefined;
  /** What looks at them, and judges nothing. */
  readonly unasked?: readonly StepPlan[] | undefined;
  /** What was wrong before the first step: then none runs but teardown's. */
  readonly broken: readonly Problem[];
  /** What ran of `steps` already. */
  readonly ran?: RanPlainly | undefined;
  /** Asked before the verdict what else was found wanting. */
  finish?(names: Context, so: SoFar): Promise<readonly Problem[]>;
}

/** Runs one execution of a flow whose variables are made: setup, steps and teardown, or some of them. */
export class FlowRunner {
  readonly #facts: FlowFacts;
  readonly #services: Services;
  readonly #helpers: PhaseHelpers;
  readonly #phases: PhaseRunner;

  constructor(facts: FlowFacts, services: Services, helpers: PhaseHelpers) {
    this.#facts = facts;
    this.#services = services;
    this.#helpers = helpers;
    this.#phases = new PhaseRunner(facts, services, helpers);
  }

  async run(options: FlowOptions): Promise<FlowEnd> {
    const { context, broken } = options;
    const before = [...broken, ...this.#limitTime(context)];
    if (before.length === 0) before.push(...(await this.#prepare(options)));
    const phases = await this.#runPhases(options, before.length > 0);
    const own = listFlowProblems(before, phases);
    const isAfterFailure = own.length > 0 || haveFailed(phases);
    const found = (await options.finish?.(phases.steps.context, { isAfterFailure })) ?? [];
    const problems = [...own, ...found];
    const outcome = judgeFlow(problems, phases, this.#helpers.ledger.hasActed);
    const skip = outcome === 'skipped' ? this.#reportThatNothingRan() : undefined;
    return { outcome, skip, counts: countSteps(phases), problems, captures: listCaptures(phases), phases };
  }

  async #runPhases(options: FlowOptions, isBroken: boolean): Promise<FlowPhases> {
    const { context, chosen, phases } = options;
    const has = (phase: Phase): boolean => phases?.includes(phase) ?? true;
    const run = (phase: 'setup' | 'steps', from: Context, isReached: boolean): Promise<PhaseEnd> | PhaseEnd => {
      if (!has(phase)) return { context: from, ends: [], isBroken: false, stop: undefined };
      const skip = isReached ? undefined : NOT_REACHED;
      return this.#phases.run({ phase, steps: chosen[phase], context: from, skip });
    };
    const setup = await run('setup', context, !isBroken);
    const isReached = !(isBroken || setup.isBroken || setup.stop !== undefined);
    const watches = isReached && has('steps') ? (options.watches ?? []) : [];
    const areReady = watches.length === 0 || (await this.#phases.arm(watches, setup.context));
    const lookers = isReached && has('steps') ? await this.#phases.armLookers(options.unasked, setup.context) : [];
    const ran = options.ran
      ? await this.#goOn(chosen.steps, options.ran)
      : await run('steps', setup.context, isReached && areReady);
    const steps = watches.length === 0 ? ran : await this.#phases.judge(watches, ran);
    if (lookers.length > 0) await this.#phases.judge(lookers, ran, 'look');
    // What steps did is undone with them, even where the flow's own teardown is another part's.
    const isUndone = has('teardown') || has('steps');
    const teardown = isUndone
      ? await this.#phases.runTeardown(has('teardown') ? chosen.teardown : [], steps.context)
      : { ...steps, ends: [], isBroken: false, stop: undefined };
    return { setup, steps, teardown };
  }

  /** Runs the steps behind those that ran. */
  async #goOn(steps: readonly StepPlan[], { ends, context, begun }: RanPlainly): Promise<PhaseEnd> {
    const rest = steps.slice(ends.length);
    const ran = await this.#phases.run({ phase: 'steps', steps: rest, context, begun, isContinued: true });
    return { ...ran, ends: [...ends, ...ran.ends] };
  }

  /** Starts the flow's time; gives the problem of a timeout that cannot be made. */
  #limitTime(context: Context): readonly Problem[] {
    const { stops, policy, createHost } = this.#services;
    try {
      const timeoutMs = this.#facts.plan.timeoutMs?.render(context, createHost('timeout')) ?? policy.flowTimeoutMs;
      if (timeoutMs !== undefined && !policy.pause) stops.limitFlow(timeoutMs);
      return [];
    } catch (error) {
      return [describeFailure(error, this.#services).thrown.problem];
    }
  }

  /** Prepares what can be before the first step; a peer that is needed in any case and does not answer is the flow's problem. */
  async #prepare({ context, chosen }: FlowOptions): Promise<readonly Problem[]> {
    const { runner, preparation } = this.#helpers;
    const { positionOf } = this.#facts;
    const steps = listPhases(chosen);
    const own = preparation.pending.size === 0 ? [] : await this.#phases.prepare(context);
    // What a called flow waits for may happen before the call.
    const options = { preparation, context, stop: this.#services.stops.work, positionOf, steps };
    const hasChildren = !this.#facts.replay?.recorded && steps.some(({ children }) => children.length > 0);
    const called = hasChildren ? await prepareCalls(runner.called, options) : [];
    const fatal = [...own.filter((failure) => isFatal(failure, preparation)), ...called];
    return fatal.map(({ step, error }): Problem => {
      const { problem } = describeFailure(error, this.#services).thrown;
      const message = `step \`${step.id}\` cannot be prepared: ${problem.message}`;
      return { ...problem, outcome: 'errored', message, location: problem.location ?? toLocation(step.span) };
    });
  }

  /** What the author skips is left out on purpose; conditions that leave out all may be wrong. */
  #reportThatNothingRan(): Skip {
    const { clock, emit } = this.#services;
    const { leftOut } = this.#helpers.ledger;
    if (leftOut.has('not_judged')) return { kind: 'nothing_ran', reason: 'nothing of it could be judged' };
    const isMeant = [...leftOut].join() === 'skip';
    const text = `nothing ran in flow \`${this.#facts.run.flowName}\`: all its steps were skipped`;
    emit({ type: 'run_noted', at: clock.now(), level: isMeant ? 'info' : 'warning', text });
    return isMeant
      ? { kind: 'skip', reason: 'all its steps are skipped' }
      : { kind: 'nothing_ran', reason: 'no step ran' };
  }
}

/** The variables that steps set, but for secrets. */
function listCaptures({ setup, steps, teardown }: FlowPhases): Readonly<Record<string, Value>> {
  const captures: { [name: string]: Value } = {};
  for (const { end } of [...setup.ends, ...steps.ends, ...teardown.ends]) {
    for (const { name, value, isSecret } of end.captures) if (!isSecret) setKey(captures, name, value);
  }
  return captures;
}
