import { openRun, type Run } from '../../engine/flows/open-run.ts';
import type { FlowRest } from '../../engine/lifetimes/flow-part.ts';
import type { FlowRun, RunOptions, RunOutcome } from '../../engine/lifetimes/run-options.ts';
import type { LoadPlan, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { OpenKeySource } from '../../model/load/reconcile.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import type { Segment } from '../executors/segment.ts';
import { WHOLE } from '../executors/slice.ts';
import type { ThresholdSummary } from '../metrics/load-summary.ts';
import { METRICS, Meter } from '../metrics/meter.ts';
import type { Output } from '../metrics/samples.ts';
import { evaluateThreshold } from '../thresholds/evaluate.ts';
import { GeneratorHealth } from './generator-health.ts';
import { StepsOfFlows } from './known-steps.ts';
import { OnceParts } from './once-parts.ts';
import { OutputFeed } from './output-feed.ts';
import { Reconciling } from './reconciling.ts';
import { waitUntil } from './scenario-io.ts';
import { ScenarioWork, type Work } from './scenario-work.ts';
import { findSetup, type SetupData } from './setup-data.ts';
import { StepSampler } from './step-sampler.ts';
import { VerdictBook } from './verdict-book.ts';

const TICK_MS = 1000;
/** Thresholds are looked at with each so-manieth tick. */
const TICKS_OF_THRESHOLDS = 2;

/** What one of several processes is to know. */
export interface LoadShare {
  /** The part of the load that this process runs; absent: all of it. */
  readonly segment?: Segment | undefined;
  /** Scenarios begin then, and not before; ms since 1970. */
  readonly startAtMs?: number | undefined;
}

/** What runs scenarios in threads. */
export interface LoadThreads {
  readonly count: number;
  openWork(load: LoadRun): Work;
}

/** Which parts of a load this process runs. */
export interface LoadParts {
  /** `setups`: what was left by setups that ran elsewhere. */
  readonly setup: boolean | { readonly setups: readonly SetupData[] };
  readonly scenarios: boolean;
  /** `after_failure`: just where a setup failed. */
  readonly teardown: boolean | 'after_failure';
}

export interface LoadOptions extends LoadShare {
  readonly plan: LoadPlan;
  /** What is run of a flow: with each row of its data. */
  readonly flowsOf: (flow: FlowPlan) => readonly FlowRun[];
  readonly engine: Omit<RunOptions, 'consumers'>;
  readonly outputs: readonly Output[];
  readonly tags: ReadonlyMap<string, string>;
  readonly allowsEmptyThresholds: boolean;
  readonly parts: LoadParts;
  readonly openKeySource: OpenKeySource;
  /** Absent: scenarios run in this thread. */
  readonly threads?: LoadThreads | undefined;
  /** Called about once a second while scenarios run. */
  onTick(load: LoadRun): void;
}

/** What a load came to, before it is put into words. */
export interface LoadEnd {
  readonly outcome: RunOutcome;
  /** Why no scenario ran. */
  readonly notBegun?: string | undefined;
  readonly abortedBy?: ThresholdSummary | undefined;
}

/** A load that runs: its scenarios at the same time, between one setup and one teardown of each flow. */
export class LoadRun {
  readonly options: LoadOptions;
  readonly meter: Meter;
  readonly book = new VerdictBook();
  readonly health: GeneratorHealth;
  readonly feed: OutputFeed;
  readonly work: Work;
  /** Absent where nothing says what became of what was accepted. */
  readonly reconciling: Reconciling | undefined;
  /** What setups left, where no scenario follows them here. */
  setups: readonly SetupData[] = [];
  readonly #sampler: StepSampler;
  readonly #steps = new StepsOfFlows();
  readonly startedWall: number;
  readonly #startedAt: number;
  #loadStartedAt: number | undefined;
  #loadEndedAt: number | undefined;
  #indexCount = 0;
  #abortedBy: ThresholdSummary | undefined;

  constructor(options: LoadOptions) {
    const { clock } = options.engine;
    this.options = options;
    this.meter = new Meter({ tags: options.tags, keepsRaw: options.outputs.some(({ wantsRaw }) => wantsRaw) });
    this.feed = new OutputFeed(options.outputs, this.meter, () => this.listThresholds());
    this.startedWall = clock.now();
    this.#startedAt = clock.monotonic();
    this.health = new GeneratorHealth(clock, options.threads?.count);
    const { plan, engine, openKeySource } = options;
    this.reconciling = plan.reconcile && new Reconciling(plan.reconcile, openKeySource, engine);
    this.#sampler = new StepSampler(this.book, () => this.now(), this.reconciling);
    this.work = this.#createWork();
  }

  /** ms since 1970, with fraction. */
  now(): number {
    return this.startedWall + this.options.engine.clock.monotonic() - this.#startedAt;
  }

  /** How long scenarios have been running, ms, without what is not counted. */
  get elapsedMs(): number {
    const { clock } = this.options.engine;
    if (this.#loadStartedAt === undefined) return 0;
    const ms = (this.#loadEndedAt ?? clock.monotonic()) - this.#loadStartedAt;
    return Math.max(0, ms - this.options.plan.warmUpMs);
  }

  get plan(): LoadPlan {
    return this.options.plan;
  }

  /** What was wrong last, of whatever. */
  get lastProblem(): string | undefined {
    return this.#sampler.lastProblem;
  }

  listThresholds(): readonly ThresholdSummary[] {
    const { meter, elapsedMs } = this;
    const options = { meter, elapsedMs, allowsEmpty: this.options.allowsEmptyThresholds };
    return this.plan.thresholds.map((threshold) => evaluateThreshold(threshold, options));
  }

  async run(): Promise<LoadEnd> {
    const { engine } = this.options;
    const run = openRun({ ...engine, consumers: [this.#sampler] });
    let notBegun: string | undefined;
    try {
      notBegun = (await run.startServices()) ?? (await this.#runParts(run));
    } catch (error) {
      // What was measured is told all the same, and all that is open is closed.
      run.reportBug(error);
    }
    const outcome = await run.finish();
    return { outcome, notBegun, abortedBy: this.#abortedBy };
  }

  /** Setup, scenarios, teardown; gives why no scenario ran. */
  async #runParts(run: Run): Promise<string | undefined> {
    const { engine, parts: wanted, plan } = this.options;
    const { meter } = this;
    const follow = { sampler: this.#sampler, meter, now: () => this.now(), nextIndex: () => this.#nextIndex() };
    const parts = new OnceParts({
      run,
      clock: engine.clock,
      timeoutMs: plan.setupTimeoutMs,
      wire: plan.wire,
      stepsOf: (flow) => this.#steps.of(flow),
      ...follow,
    });
    let problem: string | undefined;
    try {
      problem = await this.#setUp(parts);
      if (problem !== undefined || run.work.asked) return problem;
      if (wanted.scenarios) problem = await this.#runMiddle(run, parts);
      else this.setups = parts.listSetups();
      return problem;
    } finally {
      const isDone = problem === undefined && !run.work.asked;
      try {
        if (wanted.teardown === true || (wanted.teardown === 'after_failure' && !isDone)) await parts.tearDown();
      } finally {
        await parts.close();
        await this.reconciling?.close();
      }
    }
  }

  async #setUp(parts: OnceParts): Promise<string | undefined> {
    const { parts: wanted, flowsOf, plan } = this.options;
    for (const scenario of plan.scenarios) {
      const isWanted = wanted.setup === true;
      const made = typeof wanted.setup === 'object' ? findSetup(wanted.setup.setups, scenario) : undefined;
      const terms = { isWanted, made, needsNames: wanted.scenarios && scenario === this.#accepting };
      const problem = await parts.setUp(scenario, flowsOf(scenario.flow)[0], terms);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** What is between setup and teardown. */
  async #runMiddle(run: Run, parts: OnceParts): Promise<string | undefined> {
    const { reconciling, meter } = this;
    const accepting = this.#accepting;
    const unready = await this.work.prepare();
    if (unready !== undefined) return unready;
    const problem = accepting && (await reconciling?.begin(parts.restOf(accepting), run.work));
    if (problem !== undefined) return problem;
    if (!run.work.asked) await this.#runScenarios(run, (scenario) => parts.restOf(scenario));
    await reconciling?.finish(meter, { stop: run.work, now: () => this.now() });
    return undefined;
  }

  /** Each thread has its own numbers. */
  #nextIndex(): number {
    return this.#indexCount++ * ((this.options.threads?.count ?? 0) + 1);
  }

  get #accepting(): ScenarioPlan | undefined {
    return this.plan.scenarios.find(({ flow }) => flow === this.plan.reconcile?.flow);
  }

  #createWork(): Work {
    const { plan, flowsOf, engine, segment, threads, allowsEmptyThresholds } = this.options;
    if (threads) return threads.openWork(this);
    const { clock, identity } = engine;
    const { slice } = segment ?? { slice: WHOLE };
    const measures = { meter: this.meter, sampler: this.#sampler, health: this.health, steps: this.#steps };
    const place = { slice, now: () => this.now(), nextIndex: () => this.#nextIndex() };
    const about = { plan, flowsOf, clock, seed: identity.seed, allowsEmptyThresholds };
    return new ScenarioWork({ ...about, measures, place });
  }

  async #runScenarios(run: Run, restOf: (scenario: ScenarioPlan) => FlowRest | undefined): Promise<void> {
    const { clock } = this.options.engine;
    const stop = new Stop(run.work);
    await waitUntil({ clock, stop }, clock.monotonic() + (this.options.startAtMs ?? 0) - clock.now());
    const endTicks = this.#startTicks(stop);
    this.#loadStartedAt = clock.monotonic();
    try {
      await this.work.run({ run, stop, restOf });
    } finally {
      this.#loadEndedAt = clock.monotonic();
      endTicks();
      stop.leave();
    }
  }

  /** Once a second: what is there, what outputs take, what thresholds say; gives what ends it. */
  #startTicks(stop: Stop): () => void {
    const { clock } = this.options.engine;
    const { meter, health } = this;
    const none = meter.tagSets.get({});
    const startedAt = clock.monotonic();
    // Whoever only hands out the work is not late with it.
    if (!this.options.threads)
      health.start((ms) => meter.add(METRICS.generator_event_loop_delay, none, { value: ms, atMs: this.now() }));
    let count = 0;
    let cancel: () => void = () => undefined;
    const tick = (): void => {
      count += 1;
      this.#sampleGauges();
      this.feed.handOut(this.now());
      if (count % TICKS_OF_THRESHOLDS === 0) this.#abortWhereCrossed(stop);
      this.options.onTick(this);
      cancel = clock.after(startedAt + (count + 1) * TICK_MS - clock.monotonic(), tick);
    };
    cancel = clock.after(TICK_MS, tick);
    return () => {
      cancel();
      health.stop();
      this.feed.handOut(this.now());
    };
  }

  #sampleGauges(): void {
    const atMs = this.now();
    const none = this.meter.tagSets.get({});
    const { active, there } = this.work.users;
    this.meter.add(METRICS.vus, none, { value: active, atMs });
    this.meter.add(METRICS.vus_max, none, { value: there, atMs });
    this.meter.add(METRICS.generator_cpu, none, { value: this.health.look(), atMs });
  }

  #abortWhereCrossed(stop: Stop): void {
    if (!this.plan.thresholds.some(({ abortOnFail }) => abortOnFail) || stop.asked) return;
    const { elapsedMs } = this;
    // During the warm-up nothing is counted that could be held against a threshold.
    if (elapsedMs === 0) return;
    for (const [index, found] of this.listThresholds().entries()) {
      const plan = this.plan.thresholds[index];
      if (found.passed || found.value === null || !plan?.abortOnFail || elapsedMs < plan.delayAbortMs) continue;
      this.#abortedBy = found;
      stop.end(new StopError('stopped', `the threshold ${found.metric} ${found.threshold} is crossed`, { graceMs: 0 }));
      return;
    }
  }
}
