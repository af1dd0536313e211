import type { Run } from '../../engine/flows/open-run.ts';
import type { Session } from '../../engine/flows/session.ts';
import type { FlowPart, FlowRest } from '../../engine/lifetimes/flow-part.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { Outcome } from '../../model/events.ts';
import type { WireTerms } from '../../model/load/wire-terms.ts';
import { Stop } from '../../stop/stop.ts';
import type { StopError } from '../../stop/stop-error.ts';
import type { Slice } from '../executors/slice.ts';
import { METRICS, type Meter } from '../metrics/meter.ts';
import { Iteration, type IterationTerms } from './iteration.ts';
import type { RowChoice } from './row-choice.ts';
import type { StepSampler } from './step-sampler.ts';
import type { IterationEnd, VirtualUser } from './virtual-user.ts';

/** What the virtual users of a scenario share. */
export interface UserTerms {
  readonly name: string;
  readonly clock: Clock;
  readonly run: Run;
  /** Ends the iterations of all. */
  readonly stop: Stop;
  readonly sampler: StepSampler;
  readonly meter: Meter;
  /** What runs, with which row of its data. */
  readonly rows: RowChoice;
  readonly after: FlowRest | undefined;
  readonly counts: ScenarioCounts;
  /** What is said of iterations that begin at a time, as `monotonic`. */
  termsAt(atMs: number): IterationTerms;
}

/** What became of the iterations of a scenario. */
export interface ScenarioCounts {
  begun: number;
  done: number;
  failed: number;
  interrupted: number;
  dropped: number;
}

export interface UserPlace {
  /** The part of all virtual users and iterations that is run here, with the numbers they have among all. */
  readonly slice: Slice;
  /** From 1. */
  readonly vu: number;
  readonly wire: WireTerms;
  /** ms since 1970, with fraction. */
  now(): number;
  nextIndex(): number;
  onBug(error: unknown): void;
}

const STEPS: FlowPart['phases'] = ['steps'];

/** A virtual user that runs the steps of its flow with the engine, in a session of its own. */
export class EngineUser implements VirtualUser {
  readonly #terms: UserTerms;
  readonly #place: UserPlace;
  readonly #stop: Stop;
  readonly #session: Session;
  #count = 0;

  constructor(terms: UserTerms, place: UserPlace) {
    this.#terms = terms;
    this.#place = place;
    this.#stop = new Stop(terms.stop);
    this.#session = terms.run.openSession({ hasOwnSecrets: true, work: this.#stop });
  }

  async iterate(intendedAt?: number): Promise<IterationEnd> {
    const { clock, counts, sampler, meter } = this.#terms;
    const { vu } = this.#place;
    const iter = this.#count++;
    const total = this.#place.slice.at(counts.begun++);
    const startedAt = clock.monotonic();
    const terms = this.#terms.termsAt(startedAt);
    const iteration = new Iteration(terms, { meter, origin: { vu, iter }, stop: this.#stop });
    const index = this.#place.nextIndex();
    sampler.follow(index, iteration);
    try {
      const flow = this.#chooseFlow(total);
      const part = this.#describePart({ index, iter, total });
      let outcome: Outcome = 'skipped';
      try {
        if (flow) outcome = (await this.#session.runFlow(flow, part)).outcome;
      } catch (error) {
        outcome = 'errored';
        this.#place.onBug(error);
      }
      const end = this.#judge(outcome);
      this.#measure(iteration, { end, startedAt, intendedAt });
      return end;
    } finally {
      sampler.leave(index);
    }
  }

  interrupt(reason: StopError): void {
    this.#stop.end(reason);
  }

  async close(): Promise<void> {
    await this.#session.close();
    this.#stop.leave();
  }

  /** Undefined when no row is left. */
  #chooseFlow(total: number): FlowRun | undefined {
    const { rows, counts } = this.#terms;
    const flow = rows.choose({ vu: this.#place.vu, total });
    rows.noteBegun(counts.begun);
    return flow;
  }

  #describePart({ index, iter, total }: Record<'index' | 'iter' | 'total', number>): FlowPart {
    const { name, after } = this.#terms;
    const { vu, wire } = this.#place;
    const turn = { vu, iteration: iter, iterationTotal: total, wire };
    return { phases: STEPS, after, place: { index, stream: `${name}/${vu}/${iter}`, turn } };
  }

  #judge(outcome: Outcome): IterationEnd {
    if (outcome === 'passed') return 'passed';
    if (this.#stop.asked !== undefined && outcome !== 'failed') return 'interrupted';
    return outcome === 'skipped' ? 'passed' : 'failed';
  }

  #measure(
    iteration: Iteration,
    about: { end: IterationEnd; startedAt: number; intendedAt: number | undefined },
  ): void {
    const { end, startedAt, intendedAt } = about;
    const { clock, counts } = this.#terms;
    const { tags, isWarmUp } = iteration.terms;
    const atMs = this.#place.now();
    const endedAt = clock.monotonic();
    const add = (metric: (typeof METRICS)[keyof typeof METRICS], value: number) =>
      iteration.add(metric, tags.base, { value, atMs });
    if (iteration.sentBytes > 0) add(METRICS.data_sent, iteration.sentBytes);
    if (iteration.receivedBytes > 0) add(METRICS.data_received, iteration.receivedBytes);
    if (end === 'interrupted') {
      if (!isWarmUp) counts.interrupted += 1;
      return;
    }
    add(METRICS.iterations, 1);
    add(METRICS.iteration_duration, endedAt - startedAt);
    add(METRICS.iteration_failed, end === 'failed' ? 1 : 0);
    if (intendedAt !== undefined) add(METRICS.iteration_response_time, endedAt - Math.min(intendedAt, startedAt));
    if (isWarmUp) return;
    counts.done += 1;
    if (end === 'failed') counts.failed += 1;
  }
}
