import { setKey, type Value } from '../../expr/index.ts';
import type { ChildStep, ChildSteps, RunStepOptions, RunStepsOptions } from '../../model/action/children.ts';
import type { CalledOutcome, ChildOutcome, SequenceOutcome } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import { toPlanAddress } from '../names/addresses.ts';
import type { Context } from '../names/context.ts';
import { createLocals } from '../names/locals.ts';
import { addReplayed } from '../names/replayed.ts';
import { worstOutcome } from '../outcome/problems.ts';
import { createRoundPreparation, type Preparation } from '../prepare/preparation.ts';
import { prepareKnown } from '../prepare/prepare-steps.ts';
import { endWithEither } from '../stop/end-with-either.ts';
import { type StopError, toStopError } from '../stop/stop.ts';
import type { Stopping } from '../stop/stopping.ts';
import type { AttemptOptions } from './attempt-options.ts';
import { prepareCalls } from './prepare-calls.ts';
import { runSequence, type SequenceEnd } from './run-sequence.ts';
import type { Capture, Frame, StepEnd } from './step-types.ts';

/** What a control's `io` runs its children with. */
export type ChildIo = Pick<ChildSteps, 'runStep' | 'runSteps' | 'runFlow'>;

/** Runs the children of one attempt of a control, and keeps what the control cannot judge away. */
export interface ChildRunner {
  /** What the control gets, while it is not to end. */
  startUnder(stopping: Stopping): ChildIo;
  /** Of children that failed or errored, but for probes. */
  readonly problems: readonly Problem[];
  /** Variables of children that passed; of those that ran several times, those of the last round. */
  readonly captures: Readonly<Record<string, Value>>;
  /** Why a child was not started any more. */
  readonly stop: StopError | undefined;
}

const refuse = (): Promise<never> => Promise.reject(new Error('the action has no child steps'));

/** Of a step without children. */
export const NO_CHILDREN: ChildRunner = {
  startUnder: () => ({ runStep: refuse, runSteps: refuse, runFlow: refuse }),
  problems: [],
  captures: {},
  stop: undefined,
};

/** Makes the runner of a control's attempt. */
export function createChildRunner(options: AttemptOptions): ChildRunner {
  return new Children(options);
}

class Children implements ChildRunner {
  readonly problems: Problem[] = [];
  readonly captures: { [name: string]: Value } = {};
  stop: StopError | undefined;
  readonly #options: AttemptOptions;
  readonly #runs = new Map<StepPlan, number>();
  /** The round that each variable is of. */
  readonly #rounds = new Map<string, number>();
  #prepared: Promise<Preparation> | undefined;

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  startUnder({ signal }: Stopping): ChildIo {
    return {
      runStep: (child, choices = {}) => {
        const step = this.#find(child);
        return endWithEither(signal, choices.signal, (own) => this.#runStep(step, { signal, own }, choices));
      },
      runSteps: (children, choices = {}) => {
        const steps = children.map((child) => this.#find(child));
        return endWithEither(signal, choices.signal, (own) => this.#runSteps(steps, { signal, own }, choices));
      },
      runFlow: (input) => this.#runFlow(input, signal),
    };
  }

  async #runStep(child: StepPlan, { signal, own }: Signals, choices: RunStepOptions): Promise<ChildOutcome> {
    const { scope, frame } = this.#options;
    const isProbe = (choices.isProbe ?? false) || frame.isProbe;
    const reason = isProbe ? undefined : this.#findStop();
    if (reason) {
      this.stop = reason;
      throw reason;
    }
    this.#count(child);
    const { bindings } = choices;
    const end = await this.#options.runStep(scope, child, {
      ...this.#frameOf(child, own),
      isProbe,
      context: bindings ? frame.context.withBindings(bindings) : frame.context,
      locals: createLocals(frame.locals, bindings),
      preparation: await this.#prepare(signal),
    });
    // What a look comes to is its control's to judge; what steps inside of the look come to is the look's.
    if (!choices.isProbe) this.#addProblem(child, end);
    this.#keep(end.captures, 0);
    return toChildOutcome(end);
  }

  async #runSteps(
    steps: readonly StepPlan[],
    { signal, own }: Signals,
    choices: RunStepsOptions,
  ): Promise<SequenceOutcome> {
    const { scope, frame } = this.#options;
    const { bindings, iteration, skipReason } = choices;
    const bound = bindings ? frame.context.withBindings(bindings) : frame.context;
    const context = scope.replay ? addReplayed(bound, scope.replay, this.#addressOf(iteration)) : bound;
    const frameOf = (step: StepPlan) => this.#frameOf(step, own, iteration);
    if (iteration === undefined) for (const step of steps) this.#count(step);
    const around = await this.#prepare(signal);
    const isRound = iteration !== undefined && skipReason === undefined;
    const preparation = isRound ? await this.#prepareRound(steps, { around, context, frameOf }) : around;
    const end = await runSequence(scope, {
      steps,
      context,
      locals: createLocals(frame.locals, bindings),
      preparation,
      findStop: () => (own.aborted ? toStopError(own.reason) : this.#findStop()),
      skipReason,
      runStep: this.#options.runStep,
      frameOf,
    });
    return this.#endSequence(end, iteration ?? 0);
  }

  #endSequence({ ends, stop }: SequenceEnd, round: number): SequenceOutcome {
    const results: { [id: string]: Value } = {};
    const captured: Capture[] = [];
    let last: SequenceOutcome['last'];
    for (const { step, end } of ends) {
      this.#addProblem(step, end);
      if (end.result) setKey(results, step.id, end.result);
      last = end.result ?? last;
      captured.push(...end.captures);
    }
    const outcome = worstOutcome(ends.map(({ end }) => end.outcome));
    if (stop && stop === this.#findStop()) this.stop = stop;
    if (stop || outcome === 'failed' || outcome === 'errored') this.#leave(captured);
    else this.#keep(captured, round);
    const isStopped = ends.some(({ end }) => isStoppedByControl(end));
    return { outcome, results, captures: toRecord(captured), last, isCut: stop !== undefined, isStopped };
  }

  async #runFlow(input: Readonly<Record<string, Value>>, signal: AbortSignal): Promise<CalledOutcome> {
    const { scope, step, frame, attempt } = this.#options;
    const called = await scope.run.callFlow(scope, { step, frame, attempt, input, signal });
    for (const { step: child, end } of called.ends) this.#addProblem(child, end);
    this.problems.push(...called.problems);
    return called;
  }

  #find(child: ChildStep): StepPlan {
    const { step } = this.#options;
    const found = step.children.find((candidate) => candidate === child);
    if (!found) throw new Error(`\`${child.address}\` is no child of \`${step.address}\``);
    return found;
  }

  /** Why no further child may start; a probe may, as long as its control runs. */
  #findStop(): StopError | undefined {
    const { scope, step, frame } = this.#options;
    if (frame.isProbe) return undefined;
    return step.phase === 'teardown' ? scope.stops.teardownStopping : scope.stops.stopping;
  }

  #frameOf(
    child: StepPlan,
    signal: AbortSignal,
    iteration?: number,
  ): Omit<Frame, 'context' | 'locals' | 'preparation'> {
    const { step, frame, attempt } = this.#options;
    const below = child.address.slice(toPlanAddress(step.address).length);
    return {
      address: `${this.#addressOf(iteration)}${below}`,
      signal,
      depth: frame.depth + 1,
      isProbe: frame.isProbe,
      stream: `${frame.stream}#${attempt}${below}[${iteration ?? this.#runs.get(child) ?? 1}]`,
    };
  }

  #addressOf(iteration: number | undefined): string {
    const { address } = this.#options.frame;
    return iteration === undefined ? address : `${address}[${iteration}]`;
  }

  #count(child: StepPlan): void {
    this.#runs.set(child, (this.#runs.get(child) ?? 0) + 1);
  }

  /** When a control is tried again, its children prepare themselves anew before the first of them runs. */
  #prepare(signal: AbortSignal): Promise<Preparation> | Preparation {
    const { step, frame, attempt } = this.#options;
    if (attempt === 1) return frame.preparation;
    const frameOf = (child: StepPlan) => this.#frameOf(child, signal);
    this.#prepared ??= this.#prepareRound(step.children, {
      around: frame.preparation,
      context: frame.context,
      frameOf,
    });
    return this.#prepared;
  }

  async #prepareRound(steps: readonly StepPlan[], round: RoundOptions): Promise<Preparation> {
    const isReplay = this.#options.scope.replay !== undefined;
    const preparation = createRoundPreparation(steps, { isReplay }, round.around);
    const [first] = steps;
    if (!first) return preparation;
    const { context, frameOf } = round;
    const addressOf = (step: StepPlan): string => frameOf(step).address;
    const options = { preparation, context, signal: frameOf(first).signal, addressOf };
    const { scope } = this.#options;
    if (preparation.pending.size > 0) await prepareKnown(scope, options);
    await prepareCalls(scope, { ...options, steps });
    return preparation;
  }

  /** A child's failure is its control's, whatever that makes of it; one that the control stopped is none. */
  #addProblem(child: StepPlan, end: StepEnd): void {
    if (end.outcome === 'skipped' || end.outcome === 'passed') return;
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
    for (const { name, value } of captures) this.#options.scope.leftovers.set(name, value);
  }
}

interface Signals {
  /** Ends the control. */
  readonly signal: AbortSignal;
  /** Ends these children: with the control, or because the control wants it. */
  readonly own: AbortSignal;
}

interface RoundOptions {
  readonly around: Preparation;
  readonly context: Context;
  readonly frameOf: (step: StepPlan) => Pick<Frame, 'address' | 'signal'>;
}

function isStoppedByControl({ problems }: StepEnd): boolean {
  return problems[0]?.kind === 'stopped';
}

/** The problem that a child's failure is for its control; the child's own report tells the rest. */
function describeChild(child: StepPlan, end: StepEnd): Problem {
  const [first] = end.problems;
  const message = `step \`${child.id}\` ${end.outcome}${first ? `: ${first.message}` : ''}`;
  const outcome = end.outcome === 'failed' ? 'failed' : 'errored';
  return { outcome, kind: 'child', code: first?.code, message, location: first?.location };
}

function toChildOutcome({ captures, ...end }: StepEnd): ChildOutcome {
  return { ...end, captures: toRecord(captures) };
}

function toRecord(captures: readonly Capture[]): Readonly<Record<string, Value>> {
  const values: { [name: string]: Value } = {};
  for (const { name, value } of captures) setKey(values, name, value);
  return values;
}
