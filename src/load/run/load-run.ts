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
import { EngineUser, type ScenarioCounts } from './engine-user.ts';
import { GeneratorHealth } from './generator-health.ts';
import { StepsOfFlows } from './known-steps.ts';
import { OnceParts } from './once-parts.ts';
import { OutputFeed } from './output-feed.ts';
import { createRandomNumbers } from './random-numbers.ts';
import { Reconciling } from './reconciling.ts';
import { RowChoice } from './row-choice.ts';
import { runScenario } from './run-scenario.ts';
import { type ScenarioIo, waitUntil } from './scenario-io.ts';
import { StepSampler } from './step-sampler.ts';
import { StepTags } from './step-tags.ts';
import { VerdictBook } from './verdict-book.ts';
import { withEnv } from './with-env.ts';

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

export interface LoadOptions extends LoadShare {
  readonly plan: LoadPlan;
  /** What is run of a flow: with each row of its data. */
  readonly flowsOf: (flow: FlowPlan) => readonly FlowRun[];
  readonly engine: Omit<RunOptions, 'consumers'>;
  readonly outputs: readonly Output[];
  readonly tags: ReadonlyMap<string, string>;
  readonly allowsEmptyThresholds: boolean;
  /** Whether setup and teardown run. */
  readonly phases: { readonly setup: boolean; readonly teardown: boolean };
  readonly openKeySource: OpenKeySource;
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
  readonly counts = new Map<ScenarioPlan, ScenarioCounts>();
  /** Absent where nothing says what became of what was accepted. */
  readonly reconciling: Reconciling | undefined;
  readonly #sampler: StepSampler;
  readonly #random: () => number;
  readonly #steps = new StepsOfFlows();
  /** What is to be said of it. */
  readonly notes: string[] = [];
  readonly startedWall: number;
  readonly #startedAt: number;
  #loadStartedAt: number | undefined;
  #loadEndedAt: number | undefined;
  #vuCount = 0;
  #indexCount = 0;
  #active = 0;
  #there = 0;
  #abortedBy: ThresholdSummary | undefined;

  constructor(options: LoadOptions) {
    const { clock } = options.engine;
    this.options = options;
    this.meter = new Meter({ tags: options.tags, keepsRaw: options.outputs.some(({ wantsRaw }) => wantsRaw) });
    this.feed = new OutputFeed(options.outputs, this.meter, () => this.listThresholds());
    this.startedWall = clock.now();
    this.#startedAt = clock.monotonic();
    this.health = new GeneratorHealth(clock);
    const { plan, engine, openKeySource } = options;
    this.reconciling = plan.reconcile && new Reconciling(plan.reconcile, openKeySource, engine);
    this.#sampler = new StepSampler(this.book, () => this.now(), this.reconciling);
    this.#random = createRandomNumbers(options.engine.identity.seed);
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

  get users(): { readonly active: number; readonly there: number } {
    return { active: this.#active, there: this.#there };
  }

  get plan(): LoadPlan {
    return this.options.plan;
  }

  listThresholds(): readonly ThresholdSummary[] {
    const { meter, elapsedMs } = this;
    const options = { meter, elapsedMs, allowsEmpty: this.options.allowsEmptyThresholds };
    return this.plan.thresholds.map((threshold) => evaluateThreshold(threshold, options));
  }

  async run(): Promise<LoadEnd> {
    const { engine } = this.options;
    const run = openRun({ ...engine, consumers: [this.#sampler] });
    const notBegun = (await run.startServices()) ?? (await this.#runParts(run));
    const outcome = await run.finish();
    return { outcome, notBegun, abortedBy: this.#abortedBy };
  }

  /** Setup, scenarios, teardown; gives why no scenario ran. */
  async #runParts(run: Run): Promise<string | undefined> {
    const { engine, phases, flowsOf, plan } = this.options;
    const { meter, reconciling } = this;
    const accepting = plan.scenarios.find(({ flow }) => flow === plan.reconcile?.flow);
    const follow = { sampler: this.#sampler, meter, now: () => this.now(), nextIndex: () => this.#indexCount++ };
    const parts = new OnceParts({
      run,
      clock: engine.clock,
      timeoutMs: plan.setupTimeoutMs,
      stepsOf: (flow) => this.#steps.of(flow),
      ...follow,
    });
    try {
      for (const scenario of plan.scenarios) {
        const terms = { isWanted: phases.setup, needsNames: scenario === accepting };
        const problem = await parts.setUp(scenario, flowsOf(scenario.flow)[0], terms);
        if (problem !== undefined) return problem;
      }
      const problem = accepting && (await reconciling?.begin(parts.restOf(accepting), run.work));
      if (problem !== undefined) return problem;
      if (!run.work.asked) await this.#runScenarios(run, (scenario) => parts.restOf(scenario));
      await reconciling?.finish(meter, { stop: run.work, now: () => this.now() });
      return undefined;
    } finally {
      if (phases.teardown) await parts.tearDown();
      await parts.close();
      await reconciling?.close();
    }
  }

  async #runScenarios(run: Run, restOf: (scenario: ScenarioPlan) => FlowRest | undefined): Promise<void> {
    const { clock } = this.options.engine;
    const stop = new Stop(run.work);
    await waitUntil({ clock, stop }, clock.monotonic() + (this.options.startAtMs ?? 0) - clock.now());
    const endTicks = this.#startTicks(stop);
    this.#loadStartedAt = clock.monotonic();
    try {
      await Promise.all(
        this.plan.scenarios.map((scenario) =>
          runScenario(scenario, this.#createIo(scenario, { run, stop, after: restOf(scenario) })),
        ),
      );
    } finally {
      this.#loadEndedAt = clock.monotonic();
      endTicks();
      stop.leave();
    }
  }

  #createIo(
    scenario: ScenarioPlan,
    { run, stop, after }: { run: Run; stop: Stop; after: FlowRest | undefined },
  ): ScenarioIo {
    const { engine, segment } = this.options;
    const { clock } = engine;
    const { meter, plan } = this;
    const { slice } = segment ?? { slice: WHOLE };
    const counts: ScenarioCounts = { begun: 0, done: 0, failed: 0, interrupted: 0, dropped: 0 };
    this.counts.set(scenario, counts);
    const common = { ...Object.fromEntries(scenario.tags), scenario: scenario.name };
    const about = { scenario: scenario.name, flowId: scenario.flow.id, steps: this.#steps.of(scenario.flow) };
    const counted = { ...about, tags: new StepTags(meter.tagSets, common), isWarmUp: false };
    const warm = { ...about, tags: new StepTags(meter.tagSets, { ...common, phase: 'warm_up' }), isWarmUp: true };
    const warmUntil = clock.monotonic() + plan.warmUpMs;
    const termsAt = (atMs: number) => (atMs < warmUntil ? warm : counted);
    const flows = this.options.flowsOf(scenario.flow).map((flow) => withEnv(flow, scenario));
    const own = new Stop(stop);
    own.onAsk(({ message }) => !stop.asked && this.notes.push(`scenario \`${scenario.name}\` ended: ${message}`));
    const rows = new RowChoice({ flows, mode: scenario.dataMode, slice, seed: engine.identity.seed, stop: own });
    rows.noteBegun(0);
    const around = { name: scenario.name, clock, run, stop, sampler: this.#sampler, meter };
    const terms = { ...around, rows, after, counts, termsAt };
    const place = {
      slice,
      now: () => this.now(),
      nextIndex: () => this.#indexCount++,
      onBug: (error: unknown) => run.reportBug(error),
    };
    return {
      clock,
      stop: own,
      slice,
      random: this.#random,
      openUser: () => new EngineUser(terms, { ...place, vu: slice.at(this.#vuCount++) + 1 }),
      onDropped: (count) => {
        const { tags, isWarmUp } = termsAt(clock.monotonic());
        if (isWarmUp) return;
        counts.dropped += count;
        meter.add(METRICS.dropped_iterations, tags.base, { value: count, atMs: this.now() });
      },
      onLag: (ms) => {
        const { tags, isWarmUp } = termsAt(clock.monotonic());
        const sample = { value: ms, atMs: this.now() };
        if (isWarmUp) return meter.addRaw(METRICS.scheduler_lag, tags.base, sample);
        this.health.noteLag(ms);
        meter.add(METRICS.scheduler_lag, tags.base, sample);
      },
      onUsers: ({ active = 0, there = 0 }) => {
        this.#active += active;
        this.#there += there;
      },
    };
  }

  /** Once a second: what is there, what outputs take, what thresholds say; gives what ends it. */
  #startTicks(stop: Stop): () => void {
    const { clock } = this.options.engine;
    const { meter, health } = this;
    const none = meter.tagSets.get({});
    const startedAt = clock.monotonic();
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
    this.meter.add(METRICS.vus, none, { value: this.#active, atMs });
    this.meter.add(METRICS.vus_max, none, { value: this.#there, atMs });
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
