import type { Run } from '../../engine/flows/open-run.ts';
import type { FlowRest } from '../../engine/lifetimes/flow-part.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { LoadPlan, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { WireTerms } from '../../model/load/wire-terms.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import { CapacityBook } from '../capacity/capacity-book.ts';
import type { Slice } from '../executors/slice.ts';
import { METRICS, type Meter } from '../metrics/meter.ts';
import { EngineUser, type ScenarioCounts } from './engine-user.ts';
import { GeneratorHealth } from './generator-health.ts';
import type { IterationTerms } from './iteration.ts';
import type { StepsOfFlows } from './known-steps.ts';
import { createRandomNumbers } from './random-numbers.ts';
import { RowChoice } from './row-choice.ts';
import { runScenario } from './run-scenario.ts';
import type { ScenarioIo } from './scenario-io.ts';
import type { StepSampler } from './step-sampler.ts';
import { StepTags } from './step-tags.ts';
import { withEnv } from './with-env.ts';

/** What runs scenarios, and how far they are. */
export interface Work {
  readonly counts: ReadonlyMap<ScenarioPlan, ScenarioCounts>;
  readonly users: { readonly active: number; readonly there: number };
  /** Of scenarios that look for a capacity. */
  readonly capacities: readonly CapacityBook[];
  /** What is to be said of it. */
  readonly notes: readonly string[];
  /** What was wrong outside of all iterations. */
  readonly problems: readonly string[];
  /** Why it is not what was planned that ran. */
  readonly lost?: string | undefined;
  /** Makes itself ready; gives why it cannot begin. */
  prepare(): Promise<string | undefined>;
  /** Runs all scenarios to their ends. */
  run(about: WorkAbout): Promise<void>;
}

export interface WorkAbout {
  readonly run: Run;
  /** Ends all of it before its time. */
  readonly stop: Stop;
  /** What its setup left for a scenario. */
  restOf(scenario: ScenarioPlan): FlowRest | undefined;
}

export interface ScenarioWorkOptions {
  readonly plan: LoadPlan;
  readonly clock: Clock;
  readonly seed: number;
  readonly measures: WorkMeasures;
  readonly place: WorkPlace;
  readonly allowsEmptyThresholds: boolean;
  /** What is run of a flow: with each row of its data. */
  flowsOf(flow: FlowPlan): readonly FlowRun[];
}

/** Where it goes what is measured. */
export interface WorkMeasures {
  readonly meter: Meter;
  readonly sampler: StepSampler;
  readonly health: GeneratorHealth;
  readonly steps: StepsOfFlows;
}

export interface WorkPlace {
  /** The part of all virtual users, iterations and arrivals that is run here. */
  readonly slice: Slice;
  /** ms since 1970, with fraction. */
  now(): number;
  /** The number of the next execution of a flow in its run. */
  nextIndex(): number;
}

/** Runs the scenarios of a load in this thread, at the same time. */
export class ScenarioWork implements Work {
  readonly counts = new Map<ScenarioPlan, ScenarioCounts>();
  readonly capacities: CapacityBook[] = [];
  readonly notes: string[] = [];
  readonly problems = [];
  readonly #options: ScenarioWorkOptions;
  readonly #random: () => number;
  #vuCount = 0;
  #active = 0;
  #there = 0;

  constructor(options: ScenarioWorkOptions) {
    this.#options = options;
    // Those who share a load do not pause at the same times.
    this.#random = createRandomNumbers(options.seed + options.place.slice.at(0));
  }

  get users(): Work['users'] {
    return { active: this.#active, there: this.#there };
  }

  async prepare(): Promise<undefined> {}

  async run(about: WorkAbout): Promise<void> {
    const { scenarios } = this.#options.plan;
    const running = scenarios.map(async (scenario) => {
      try {
        await runScenario(scenario, this.#createIo(scenario, about));
      } catch (error) {
        about.stop.end(new StopError('stopped', 'a bug in testmesh', { graceMs: 0 }));
        throw error;
      }
    });
    // None goes on after the load is over.
    await Promise.allSettled(running);
    await Promise.all(running);
  }

  #createIo(scenario: ScenarioPlan, { run, stop, restOf }: WorkAbout): ScenarioIo {
    const { clock, seed, measures, place } = this.#options;
    const { meter, sampler, health } = measures;
    const { slice, now, nextIndex } = place;
    const counts: ScenarioCounts = { begun: 0, done: 0, failed: 0, interrupted: 0, dropped: 0 };
    this.counts.set(scenario, counts);
    const warmUntil = clock.monotonic() + this.#options.plan.warmUpMs;
    const book = this.#createCapacity(scenario);
    const termsAt = this.#createTerms(scenario, { warmUntil, book });
    const flows = this.#options.flowsOf(scenario.flow).map((flow) => withEnv(flow, scenario));
    const own = new Stop(stop);
    own.onAsk(({ message }) => !stop.asked && this.notes.push(`scenario \`${scenario.name}\` ended: ${message}`));
    const rows = new RowChoice({ flows, mode: scenario.dataMode, slice, seed, stop: own });
    rows.noteBegun(0);
    const around = { name: scenario.name, clock, run, stop, sampler, meter };
    const terms = { ...around, rows, after: restOf(scenario), counts, termsAt };
    const wire = shareLinks(this.#options.plan.wire, slice);
    const ofUser = { slice, now, nextIndex, wire, onBug: (error: unknown) => run.reportBug(error) };
    return {
      clock,
      stop: own,
      slice,
      capacity: book && { book, warmUntil },
      random: this.#random,
      openUser: () => new EngineUser(terms, { ...ofUser, vu: slice.at(this.#vuCount++) + 1 }),
      onDropped: (count) => {
        const { tags, isWarmUp } = termsAt(clock.monotonic());
        if (isWarmUp) return;
        counts.dropped += count;
        book?.open?.noteDropped(count);
        meter.add(METRICS.dropped_iterations, tags.base, { value: count, atMs: now() });
      },
      onLag: (ms) => {
        const { tags, isWarmUp } = termsAt(clock.monotonic());
        const sample = { value: ms, atMs: now() };
        if (isWarmUp) return meter.addRaw(METRICS.scheduler_lag, tags.base, sample);
        health.noteLag(ms);
        book?.open?.noteBegun(ms);
        meter.add(METRICS.scheduler_lag, tags.base, sample);
      },
      onBehind: (count, due) => {
        if (!termsAt(clock.monotonic()).isWarmUp) health.noteBehind(count, due);
      },
      onUsers: ({ active = 0, there = 0 }) => {
        this.#active += active;
        this.#there += there;
      },
    };
  }

  #createCapacity(scenario: ScenarioPlan): CapacityBook | undefined {
    const { executor, name } = scenario;
    if (executor.kind !== 'find-capacity') return undefined;
    const { plan, clock, measures, place, allowsEmptyThresholds: allowsEmpty } = this.#options;
    const { meter } = measures;
    const tags = meter.tagSets.get({ ...Object.fromEntries(scenario.tags), scenario: name });
    const onRate = (rate: number): void => {
      const value = (rate * 1000) / executor.timeUnitMs;
      meter.add(METRICS.arrival_rate, tags, { value, atMs: place.now() });
    };
    const terms = { scenario: name, executor, checks: plan.checks, allowsEmpty, clock };
    const book = new CapacityBook({ ...terms, createHealth: () => new GeneratorHealth(clock), onRate });
    this.capacities.push(book);
    return book;
  }

  /** What is said of iterations: of those that begin during the warm-up something else, and of those of one rate whose they are. */
  #createTerms(
    scenario: ScenarioPlan,
    { warmUntil, book }: { warmUntil: number; book: CapacityBook | undefined },
  ): (atMs: number) => IterationTerms {
    const { measures } = this.#options;
    const { meter } = measures;
    const common = { ...Object.fromEntries(scenario.tags), scenario: scenario.name };
    const about = { scenario: scenario.name, flowId: scenario.flow.id, steps: measures.steps.of(scenario.flow) };
    const counted = {
      ...about,
      tags: new StepTags({ meter, common, isWarmUp: false }),
      isWarmUp: false,
      hold: undefined,
    };
    const warmTags = new StepTags({ meter, common: { ...common, phase: 'warm_up' }, isWarmUp: true });
    const warm = { ...counted, tags: warmTags, isWarmUp: true };
    let ofHold: IterationTerms = counted;
    return (atMs) => {
      if (atMs < warmUntil) return warm;
      if (ofHold.hold !== book?.open) ofHold = { ...counted, hold: book?.open };
      return ofHold;
    };
  }
}

/** Of the connections that all virtual users share those of this part of the load, one at least. */
function shareLinks(wire: WireTerms, slice: Slice): WireTerms {
  const { pool, perUser } = wire.links;
  return pool === undefined ? wire : { ...wire, links: { pool: Math.max(1, slice.count(pool)), perUser } };
}
