import type { Run } from '../../engine/flows/open-run.ts';
import type { FlowOutcome, Session } from '../../engine/flows/session.ts';
import type { FlowRest } from '../../engine/lifetimes/flow-part.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { ScenarioPlan } from '../../model/load/load-plan.ts';
import type { Turn } from '../../model/load/measures.ts';
import type { WireTerms } from '../../model/load/wire-terms.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import { formatDuration } from '../../util/duration.ts';
import { METRICS, type Meter } from '../metrics/meter.ts';
import { Iteration } from './iteration.ts';
import type { KnownSteps } from './known-steps.ts';
import { describeOwner, type SetupData } from './setup-data.ts';
import type { StepSampler } from './step-sampler.ts';
import { StepTags } from './step-tags.ts';
import { withEnv } from './with-env.ts';

export interface OncePartsOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly sampler: StepSampler;
  readonly meter: Meter;
  stepsOf(flow: FlowPlan): KnownSteps;
  now(): number;
  readonly wire: WireTerms;
  nextIndex(): number;
}

export interface SetupTerms {
  readonly isWanted: boolean;
  /** Whether the names of the flow are asked for though it has no setup. */
  readonly needsNames: boolean;
  /** What it left elsewhere. */
  readonly made?: SetupData | undefined;
}

interface Prepared {
  readonly scenario: ScenarioPlan;
  readonly flow: FlowRun;
  readonly session: Session;
  readonly stop: Stop;
  readonly rest: FlowRest | undefined;
}

/** Runs setup and teardown of each flow once for the whole load: for each variables that scenarios give it. */
export class OnceParts {
  readonly #options: OncePartsOptions;
  readonly #prepared = new Map<string, Prepared>();
  readonly #numbers = new Map<FlowPlan, number>();

  readonly #turn: Turn;

  constructor(options: OncePartsOptions) {
    this.#options = options;
    // What runs once is there for what it finds out.
    this.#turn = { vu: 0, iteration: 0, iterationTotal: 0, wire: { ...options.wire, dropsBodies: false } };
  }

  /** Runs the setup of a scenario's flow, unless that was done, here or elsewhere, or is not wanted, and makes its variables where their names are needed; gives why it failed. */
  async setUp(
    scenario: ScenarioPlan,
    first: FlowRun | undefined,
    { isWanted, needsNames, made }: SetupTerms,
  ): Promise<string | undefined> {
    const key = this.#keyOf(scenario);
    if (!first || this.#prepared.has(key)) return undefined;
    const { run, clock, timeoutMs } = this.#options;
    const flow = withEnv(first, scenario);
    const stop = new Stop(run.work);
    // What it learns to be secret, the steps of all may show.
    const session = run.openSession({ work: stop });
    const restored = made && run.decodeRest(made.rest, flow.plan);
    const prepared = { scenario, flow, session, stop, rest: restored };
    this.#prepared.set(key, prepared);
    const runsSetup = isWanted && !made && flow.plan.setup.length > 0;
    if (!runsSetup && !needsNames) return undefined;
    const why = new StopError('timeout', `setup took longer than \`setup_timeout\` of ${formatDuration(timeoutMs)}`);
    const cancel = clock.after(timeoutMs, () => stop.end(why));
    const { outcome, rest } = await this.#runPart(prepared, 'setup', runsSetup ? ['setup'] : []);
    cancel();
    this.#prepared.set(key, { ...prepared, rest });
    if (outcome === 'passed' || outcome === 'skipped') return undefined;
    if (run.work.asked) return undefined;
    const { lastProblem } = this.#options.sampler;
    return `the setup of flow "${flow.plan.name}" ${outcome}${lastProblem === undefined ? '' : `: ${lastProblem}`}`;
  }

  /** What the setups left, for those who did not see them. */
  listSetups(): readonly SetupData[] {
    return [...this.#prepared.values()].flatMap(({ scenario, rest }) =>
      rest ? [{ ...describeOwner(scenario), rest: this.#options.run.encodeRest(rest) }] : [],
    );
  }

  restOf(scenario: ScenarioPlan): FlowRest | undefined {
    return this.#prepared.get(this.#keyOf(scenario))?.rest;
  }

  /** Runs the teardown of each flow whose setup ran. */
  async tearDown(): Promise<void> {
    for (const prepared of this.#prepared.values()) {
      const { plan } = prepared.flow;
      if (plan.teardown.length > 0 || (prepared.rest?.cleanups.length ?? 0) > 0)
        await this.#runPart(prepared, 'teardown');
    }
  }

  async close(): Promise<void> {
    for (const { session, stop } of this.#prepared.values()) {
      await session.close();
      stop.leave();
    }
  }

  async #runPart(
    { flow, session, stop, rest }: Prepared,
    phase: Phase,
    phases: readonly Phase[] = [phase],
  ): Promise<FlowOutcome> {
    const { sampler, meter, now, stepsOf } = this.#options;
    const { plan } = flow;
    const index = this.#options.nextIndex();
    const tags = new StepTags({ meter, common: {}, isWarmUp: false });
    const terms = { flowId: plan.id, tags, steps: stepsOf(plan), isWarmUp: false };
    const iteration = new Iteration(terms, { meter, origin: { vu: 0, iter: 0 }, stop });
    sampler.follow(index, iteration);
    const place = { index, stream: `${plan.id}/${phase}`, turn: this.#turn };
    try {
      return await session.runFlow(flow, { phases, after: rest, place });
    } finally {
      sampler.leave(index);
      const { sentBytes, receivedBytes } = iteration;
      if (sentBytes > 0) meter.add(METRICS.data_sent, tags.base, { value: sentBytes, atMs: now() });
      if (receivedBytes > 0) meter.add(METRICS.data_received, tags.base, { value: receivedBytes, atMs: now() });
    }
  }

  #keyOf({ flow, env }: ScenarioPlan): string {
    let number = this.#numbers.get(flow);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(flow, number);
    }
    return `${number} ${JSON.stringify([...env].map(([name, value]) => [name, String(value)]))}`;
  }
}
