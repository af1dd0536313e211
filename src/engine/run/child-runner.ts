import { setKey, type Value } from '../../expr/index.ts';
import type { ChildStep, ChildSteps, RunStepOptions, RunStepsOptions } from '../../model/action/children.ts';
import type { CalledOutcome, ChildOutcome, SequenceOutcome } from '../../model/action/outcome.ts';
import { isBad, type Problem, type Skip, type StepPosition } from '../../model/events.ts';
import type { Replay } from '../../model/inputs.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listSteps, toPlanAddress } from '../../model/walk-steps.ts';
import type { Stop } from '../../stop/stop.ts';
import type { StopError } from '../../stop/stop-error.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Context } from '../names/context.ts';
import { createLocals, type Locals } from '../names/locals.ts';
import { addCapturedBefore, addReplayed } from '../names/replayed.ts';
import { describeChild, isStoppedByControl, toRecord } from '../outcome/child-problems.ts';
import { isRefusal, worstOutcome } from '../outcome/problems.ts';
import { createRoundPreparation, type Preparation } from '../prepare/preparation.ts';
import { prepareCalls } from './prepare-calls.ts';
import { type ListEnd, type ListPolicy, runList } from './run-list.ts';
import type { RunsSteps } from './runs-steps.ts';
import type { Attempt, Capture, Frame, StepEnd } from './step-types.ts';

/** What a control's `io` runs its children with. */
export type ChildIo = Pick<ChildSteps, 'runStep' | 'runSteps' | 'runFlow'>;

/** What the children of a control's attempt came to, as far as the control cannot judge it away. */
export interface ChildrenEnd {
  /** What the control gets, while it is not to end. */
  startUnder(stop: Stop): ChildIo;
  /** Of children that failed or errored, but for probes. */
  readonly problems: readonly Problem[];
  /** Variables of children that passed; of those that ran several times, those of the last round. */
  readonly captures: Readonly<Record<string, Value>>;
  /** Why a child was not started any more. */
  readonly stop: StopError | undefined;
  /** Why a child was not even tried: no error of the system under test. */
  readonly refusal?: Problem | undefined;
  /** Why nothing ran of the flow that the step calls. */
  readonly skip?: Skip | undefined;
}

export interface ChildOptions {
  readonly attempt: Attempt;
  readonly ledger: Ledger;
  readonly runner: RunsSteps;
}

/** Runs the children of one attempt of a control. */
export class ChildRunner implements ChildrenEnd {
  readonly problems: Problem[] = [];
  readonly captures: { [name: string]: Value } = {};
  stop: StopError | undefined;
  refusal: Problem | undefined;
  skip: Skip | undefined;
  readonly #facts: FlowFacts;
  readonly #services: Services;
  readonly #options: ChildOptions;
  readonly #runs = new Map<StepPlan, number>();
  /** The round that each variable is of. */
  readonly #rounds = new Map<string, number>();
  #prepared: Promise<Preparation> | undefined;

  constructor(facts: FlowFacts, services: Services, options: ChildOptions) {
    this.#facts = facts;
    this.#services = services;
    this.#options = options;
  }

  startUnder(stop: Stop): ChildIo {
    return {
      runStep: (child, choices = {}) => this.#runStep(this.#find(child), choices.stop ?? stop, choices),
      runSteps: (children, choices = {}) => {
        const steps = children.map((child) => this.#find(child));
        return this.#runSteps(steps, choices.stop ?? stop, choices);
      },
      runFlow: (input) => this.#runFlow(input, stop),
    };
  }

  async #runStep(child: StepPlan, stop: Stop, choices: RunStepOptions): Promise<ChildOutcome> {
    const { runner, attempt } = this.#options;
    const { frame, step } = attempt;
    const role = choices.isProbe ? 'look' : frame.position.role;
    const reason = role === 'look' ? undefined : this.#findStop();
    if (reason) {
      this.stop = reason;
      throw reason;
    }
    this.#count(child);
    const { bindings } = choices;
    const end = await runner.run(child, {
      ...this.#frameOf(child, stop),
      position: {
        ...this.#positionOf(child),
        role,
        ...(choices.isProbe && { round: (this.#runs.get(child) ?? 1) - 1 }),
      },
      context: bindings ? frame.context.withBindings(bindings) : frame.context,
      locals: createLocals(frame.locals, bindings),
      captures: choices.isProbe ? [...step.output, ...(frame.captures ?? [])] : undefined,
      preparation: await this.#prepare(stop),
    });
    // What a look comes to is its control's to judge; what steps inside of the look come to is the look's.
    if (!choices.isProbe) this.#addProblem(child, end);
    this.#keep(end.captures, 0);
    return toChildOutcome(end);
  }

  async #runSteps(steps: readonly StepPlan[], stop: Stop, choices: RunStepsOptions): Promise<SequenceOutcome> {
    const { runner, attempt } = this.#options;
    const { frame } = attempt;
    const { bindings, carried, iteration, skip } = choices;
    const { replay } = this.#facts;
    const bound = addCarried(bindings ? frame.context.withBindings(bindings) : frame.context, carried);
    const context = replay ? this.#addReplayed(bound, replay, steps, choices) : bound;
    if (iteration === undefined) for (const step of steps) this.#count(step);
    const around = await this.#prepare(stop);
    const isRound = iteration !== undefined && skip === undefined;
    const place = { stop, iteration, context };
    const preparation = isRound ? await this.#prepareRound(steps, around, place) : around;
    const locals = createLocals(frame.locals, carried ? { ...bindings, ...carried } : bindings);
    const policy = this.#createPolicy(steps, { locals, preparation, skip, ...place });
    return this.#endList(await runList(runner, steps, { context, policy }), iteration ?? 0);
  }

  #addReplayed(context: Context, replay: Replay, steps: readonly StepPlan[], choices: RunStepsOptions): Context {
    const address = this.#addressOf(choices.iteration);
    const replayed = addReplayed(context, replay, address);
    // What is carried would hide what the round itself captured in its place.
    return choices.carried ? addCapturedBefore(replayed, replay, address, steps[0]?.id ?? '') : replayed;
  }

  #createPolicy(steps: readonly StepPlan[], list: ChildList): ListPolicy {
    const { stop, iteration, locals, preparation, skip } = list;
    const { preparer } = this.#options.runner;
    const positionOf = (step: StepPlan): StepPosition => this.#positionOf(step, iteration);
    return {
      skip,
      frameOf: (step, context) => ({ ...this.#frameOf(step, stop, iteration), context, locals, preparation }),
      findStop: (after) => (after ? undefined : (stop.reason ?? this.#findStop())),
      afterStep: (step, end, { context, isBroken }) => {
        keepLocals(locals, step, end);
        preparation.ended.add(step);
        if (isBroken || preparation.pending.size === 0) return undefined;
        // Of these steps alone: others see other names.
        const among = new Set(listSteps(steps));
        return preparer.prepareKnown({ preparation, context, stop, positionOf, among }).then(() => undefined);
      },
    };
  }

  #endList({ ends, stop, context }: ListEnd, round: number): SequenceOutcome {
    const results: { [id: string]: Value } = {};
    const captured: Capture[] = [];
    let last: SequenceOutcome['last'];
    for (const { step, end } of ends) {
      this.#addProblem(step, end);
      if (end.named !== undefined) setKey(results, step.id, end.named);
      last = end.result ?? last;
      captured.push(...end.captures);
    }
    const outcome = worstOutcome(ends.map(({ end }) => end.outcome));
    if (stop && stop === this.#findStop()) this.stop = stop;
    if (stop || isBad(outcome)) this.#leave(captured);
    else this.#keep(captured, round);
    const isStopped = ends.some(({ end }) => isStoppedByControl(end));
    return { outcome, results, captures: toRecord(captured), last, env: context, isCut: stop !== undefined, isStopped };
  }

  async #runFlow(input: Readonly<Record<string, Value>>, stop: Stop): Promise<CalledOutcome> {
    const { runner, attempt } = this.#options;
    const called = await runner.callFlow({ input, stop, ...attempt });
    for (const { step: child, end } of called.ends) this.#addProblem(child, end);
    this.problems.push(...called.problems);
    this.skip = called.skip;
    return called;
  }

  #find(child: ChildStep): StepPlan {
    const { step } = this.#options.attempt;
    const found = step.children.find((candidate) => candidate === child);
    if (!found) throw new Error(`\`${child.address}\` is not a child of \`${step.address}\``);
    return found;
  }

  /** Why no further child may start; a probe may, as long as its control runs. */
  #findStop(): StopError | undefined {
    const { step, frame } = this.#options.attempt;
    return frame.position.role === 'look' ? undefined : this.#services.stops.of(step.phase).asked;
  }

  #frameOf(child: StepPlan, stop: Stop, iteration?: number): Omit<Frame, 'context' | 'locals' | 'preparation'> {
    const { step, frame, attempt } = this.#options.attempt;
    const below = child.address.slice(toPlanAddress(step.address).length);
    const stream = `${frame.stream}#${attempt}${below}[${iteration ?? this.#runs.get(child) ?? 1}]`;
    return { position: this.#positionOf(child, iteration), stop, stream };
  }

  #positionOf(child: StepPlan, iteration?: number): StepPosition {
    const { step, frame } = this.#options.attempt;
    const { address: parent, depth, role } = frame.position;
    const below = child.address.slice(toPlanAddress(step.address).length);
    // `>left>check` stands in a branch, `>check` in none.
    const branch = below.slice(1, -child.id.length - 1) || undefined;
    const address = `${this.#addressOf(iteration)}${below}`;
    return { address, parent, round: iteration, branch, depth: depth + 1, role };
  }

  #addressOf(iteration: number | undefined): string {
    const { address } = this.#options.attempt.frame.position;
    return iteration === undefined ? address : `${address}[${iteration}]`;
  }

  #count(child: StepPlan): void {
    this.#runs.set(child, (this.#runs.get(child) ?? 0) + 1);
  }

  /** When a control is tried again, its children prepare themselves anew before the first of them runs. */
  #prepare(stop: Stop): Promise<Preparation> | Preparation {
    const { step, frame, attempt } = this.#options.attempt;
    if (attempt === 1) return frame.preparation;
    const place = { stop, iteration: undefined, context: frame.context };
    this.#prepared ??= this.#prepareRound(step.children, frame.preparation, place);
    return this.#prepared;
  }

  async #prepareRound(all: readonly StepPlan[], around: Preparation, place: ListPlace): Promise<Preparation> {
    const steps = this.#facts.replay?.recorded ? [] : all;
    const preparation = createRoundPreparation(steps, { isReplay: this.#facts.replay !== undefined }, around);
    const { stop, iteration, context } = place;
    const positionOf = (step: StepPlan): StepPosition => this.#positionOf(step, iteration);
    const options = { preparation, context, stop, positionOf };
    const { preparer, called } = this.#options.runner;
    if (preparation.pending.size > 0) await preparer.prepareKnown(options);
    await prepareCalls(called, { ...options, steps });
    return preparation;
  }

  /** A child's failure is its control's, whatever that makes of it; one that the control stopped is none. */
  #addProblem(child: StepPlan, end: StepEnd): void {
    if (end.outcome === 'skipped' || end.outcome === 'passed') return;
    this.refusal ??= end.problems.find(isRefusal);
    if (!isStoppedByControl(end)) this.problems.push(describeChild(child, end));
  }

  #keep(captures: readonly Capture[], round: number): void {
    for (const { name, value } of captures) {
      if ((this.#rounds.get(name) ?? 0) > round) continue;
      this.#rounds.set(name, round);
      setKey(this.captures, name, value);
    }
  }

  #leave(captures: readonly Capture[]): void {
    for (const { name, value } of captures) this.#options.ledger.leftovers.set(name, value);
  }
}

/** Where a list of children runs. */
interface ListPlace {
  /** Ends these children: with the control, or because the control wants it. */
  readonly stop: Stop;
  readonly iteration: number | undefined;
  readonly context: Context;
}

interface ChildList extends ListPlace {
  readonly locals: Locals;
  readonly preparation: Preparation;
  readonly skip: Skip | undefined;
}

function addCarried(context: Context, carried: RunStepsOptions['carried'] = {}): Context {
  let names = context;
  for (const [name, value] of Object.entries(carried)) names = names.withCapture(name, value);
  return names;
}

function keepLocals(locals: Locals, step: StepPlan, { named, captures }: StepEnd): void {
  if (named !== undefined) locals.set(step.id, named);
  for (const { name, value } of captures) locals.set(name, value);
}

function toChildOutcome({ captures, ...end }: StepEnd): ChildOutcome {
  return { ...end, captures: toRecord(captures) };
}
