import { openRun, type Run } from '../../engine/flows/open-run.ts';
import type { FlowRest } from '../../engine/lifetimes/flow-part.ts';
import type { FlowRun, RunOptions } from '../../engine/lifetimes/run-options.ts';
import type { LoadPlan, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import type { Slice } from '../executors/slice.ts';
import { METRICS, Meter } from '../metrics/meter.ts';
import { GeneratorHealth } from '../run/generator-health.ts';
import { StepsOfFlows } from '../run/known-steps.ts';
import { ScenarioWork } from '../run/scenario-work.ts';
import { StepSampler } from '../run/step-sampler.ts';
import { VerdictBook } from '../run/verdict-book.ts';
import type { FromThread, ToThread } from './messages.ts';
import { GatheredKeys, takeReport } from './report.ts';

/** So often it is told what happened. */
const REPORT_MS = 250;

export interface ThreadLoadOptions {
  readonly plan: LoadPlan;
  readonly engine: Omit<RunOptions, 'consumers' | 'interrupt' | 'onBug'>;
  readonly tags: ReadonlyMap<string, string>;
  /** Whether samples are told one by one. */
  readonly keepsRaw: boolean;
  /** The part of the load that runs here. */
  readonly slice: Slice;
  /** The numbers that executions of flows have here among those of the run. */
  readonly indices: Slice;
  flowsOf(flow: FlowPlan): readonly FlowRun[];
  /** The run's services as flows see them. */
  holdServices(values: unknown): RunOptions['runServices'];
  post(message: FromThread): void;
}

/** The part of a load that one thread runs; what it measures it tells, and keeps nothing. */
export class ThreadLoad {
  readonly #options: ThreadLoadOptions;
  readonly #meter: Meter;
  readonly #book = new VerdictBook();
  readonly #health: GeneratorHealth;
  readonly #accepted = new GatheredKeys();
  readonly #sampler: StepSampler;
  readonly #work: ScenarioWork;
  /** Ends the scenarios, and nothing else of the run. */
  readonly #stop = new Stop();
  readonly #startedWall: number;
  readonly #startedAt: number;
  #indexCount = 0;

  constructor(options: ThreadLoadOptions) {
    const { plan, engine, tags, keepsRaw, slice, indices, flowsOf } = options;
    const { clock, identity } = engine;
    this.#options = options;
    this.#startedWall = clock.now();
    this.#startedAt = clock.monotonic();
    this.#meter = new Meter({ tags, keepsRaw });
    this.#health = new GeneratorHealth(clock);
    const now = (): number => this.#now();
    this.#sampler = new StepSampler(this.#book, now, this.#accepted);
    const measures = { meter: this.#meter, sampler: this.#sampler, health: this.#health, steps: new StepsOfFlows() };
    const place = { slice, now, nextIndex: () => indices.at(this.#indexCount++) };
    const about = { plan, flowsOf, clock, seed: identity.seed, allowsEmptyThresholds: false };
    this.#work = new ScenarioWork({ ...about, measures, place });
  }

  /** Does as it is told. */
  take(message: ToThread): void {
    if (message.type === 'begin') return void this.#run(message);
    const reason = new StopError(message.kind, message.message, message.details);
    if (message.how === 'ask') this.#stop.ask(reason);
    else this.#stop.end(reason);
  }

  async #run({ rests, services }: Extract<ToThread, { type: 'begin' }>): Promise<void> {
    const { plan, engine, post, holdServices } = this.#options;
    const run = openRun({
      ...engine,
      consumers: [this.#sampler],
      interrupt: { work: new Stop(), undo: new Stop() },
      runServices: holdServices(services),
      onBug: (error, mask) => this.#tellBug(error, mask),
    });
    await run.startServices();
    const restOf = new Map(
      plan.scenarios.map((scenario, index) => {
        const rest = rests[index];
        return [scenario, rest && run.decodeRest(rest, scenario.flow)] as const;
      }),
    );
    await this.#runScenarios(run, (scenario) => restOf.get(scenario));
    const { problems, unwritten } = await run.finish();
    for (const { message, trace } of unwritten) post({ type: 'bug', message, stack: trace });
    this.#report();
    post({ type: 'done', notes: this.#work.notes, problems: problems.map(({ message }) => message) });
  }

  async #runScenarios(run: Run, restOf: (scenario: ScenarioPlan) => FlowRest | undefined): Promise<void> {
    const { clock } = this.#options.engine;
    const none = this.#meter.tagSets.get({});
    const add = (ms: number): void =>
      this.#meter.add(METRICS.generator_event_loop_delay, none, { value: ms, atMs: this.#now() });
    this.#health.start(add);
    let cancel = (): void => undefined;
    const tick = (): void => {
      this.#report();
      cancel = clock.after(REPORT_MS, tick);
    };
    cancel = clock.after(REPORT_MS, tick);
    try {
      await this.#work.run({ run, stop: this.#stop, restOf });
    } finally {
      cancel();
      this.#health.stop();
    }
  }

  #report(): void {
    const untold = { meter: this.#meter, book: this.#book, health: this.#health, accepted: this.#accepted };
    this.#options.post({ type: 'report', report: takeReport({ ...untold, work: this.#work }) });
  }

  #tellBug(error: unknown, mask: (text: string) => string): void {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    this.#options.post({ type: 'bug', message: mask(message), stack: stack && mask(stack) });
  }

  #now(): number {
    return this.#startedWall + this.#options.engine.clock.monotonic() - this.#startedAt;
  }
}
