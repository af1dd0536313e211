import type { Env } from '../../expr/index.ts';
import type { Detail, Problem, Skip } from '../../model/events.ts';
import type { Between } from '../../model/load/between.ts';
import type { StepMeasures } from '../../model/load/measures.ts';
import type { RetryPolicy, StepPlan } from '../../model/plan.ts';
import type { Stop } from '../../stop/stop.ts';
import { formatDuration } from '../../util/duration.ts';
import type { CalledEnd, FlowCall } from '../lifetimes/called.ts';
import { CalledFlows } from '../lifetimes/called-flows.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Context } from '../names/context.ts';
import { surround } from '../names/surroundings.ts';
import { withCaptures } from '../names/with-captured.ts';
import { describeFailure } from '../outcome/acted.ts';
import { checkCondition } from '../outcome/check-expression.ts';
import { isFinalProblem, locateProblem, worstOutcome } from '../outcome/problems.ts';
import { Preparer } from '../prepare/preparer.ts';
import { refuseHidden } from '../recorded/hidden-reads.ts';
import { notJudged } from '../recorded/take-done.ts';
import { AttemptRunner, NOTHING_JUDGED } from './attempt-runner.ts';
import { Pauses } from './pauses.ts';
import { computeDelay } from './retry.ts';
import { addNames } from './run-list.ts';
import type { RunsSteps } from './runs-steps.ts';
import { StepEvents } from './step-events.ts';
import type { AttemptEnd, Begin, Frame, StepEnd } from './step-types.ts';
import { findMissingNeed } from './teardown-needs.ts';
import { armWatches, judgeWatches, placeWatch } from './watching.ts';

/** An attempt with how long it took, ms. */
interface TimedAttempt {
  readonly end: AttemptEnd;
  readonly durationMs: number;
}

type Attempts = readonly [TimedAttempt, ...TimedAttempt[]];

/** Runs the steps of one execution of a flow, each with its condition and its attempts, and reports what became of them. */
export abstract class StepRunner implements RunsSteps {
  readonly preparer: Preparer;
  readonly called: CalledFlows;
  readonly pauses: Pauses | undefined;
  readonly #facts: FlowFacts;
  readonly #ledger: Ledger;
  readonly #services: Services;
  readonly #events: StepEvents;
  readonly #attempts: AttemptRunner;

  constructor(facts: FlowFacts, ledger: Ledger, services: Services) {
    this.#facts = facts;
    this.#ledger = ledger;
    this.#services = services;
    this.preparer = new Preparer(facts, services);
    this.called = new CalledFlows(facts, ledger, services);
    const { pause } = services.policy;
    this.pauses = pause && new Pauses(pause, facts, { ledger, services });
    this.#events = new StepEvents(facts, ledger, services);
    this.#attempts = new AttemptRunner(facts, services, { ledger, events: this.#events, runner: this });
  }

  abstract callFlow(call: FlowCall): Promise<CalledEnd>;

  async run(step: StepPlan, frame: Frame): Promise<StepEnd> {
    if (step.skip !== undefined) return this.skip(step, frame, { kind: 'skip', reason: step.skip });
    const lost = this.#ledger.recorded?.findLost(step);
    if (lost !== undefined) return this.skip(step, frame, notJudged(lost));
    const begin = frame.begun?.begin ?? this.#events.begin();
    let policy: RetryPolicy | undefined;
    if (step.when || step.retry) {
      const { context, stream } = frame;
      const moment = { context, id: step.id, attempt: 1, stream, hostStream: `${stream}#when` };
      const { env, host } = surround(this.#facts.run, this.#services, moment);
      const refused = step.when && this.#ledger.recorded ? refuseHidden(step.when, env) : undefined;
      const condition = refused ?? (step.when ? checkCondition(step.when, env, host) : true);
      if (condition === false)
        return this.skip(
          step,
          frame,
          { kind: 'when', reason: 'when is false' },
          step.when?.expression.listDoubts(env, false, { host }),
        );
      if (condition !== true) return this.#failBeforeStart(step, { frame, begin, env, problem: condition });
      try {
        // What it came to at last is what was recorded.
        if (!this.#ledger.recorded || step.children.length > 0) policy = step.retry?.render(env, host);
      } catch (error) {
        const { problem } = describeFailure(error, this.#services).thrown;
        return this.#failBeforeStart(step, { frame, begin, env, problem });
      }
    }
    const { watches = [] } = step;
    const isReady = watches.length === 0 || (await armWatches(this, watches, (watch) => placeWatch(watch, frame)));
    if (!isReady) return this.#endUnready(step, frame, begin);
    const first = await this.#attempts.run({ step, frame, attempt: 1 });
    const attempts: Attempts = policy
      ? await this.#tryAgain(step, frame, { policy, first: { end: first, durationMs: this.#since(begin.monotonicMs) } })
      : [{ end: first, durationMs: 0 }];
    if (step.cleanup) this.#ledger.addCleanup({ step, address: frame.position.address, locals: frame.locals });
    const end = this.#finish(step, { frame, begin, attempts });
    if (step.think && this.#services.policy.thinks) await thinkAfter(step.think, frame, this.#services);
    return end;
  }

  /** Reports that a step does not run. */
  skip(step: StepPlan, frame: Frame, why: Skip, notes: readonly string[] = []): StepEnd {
    const end = this.#events.skipped(step, frame, why, notes);
    this.#ledger.recorded?.note(step, frame.position.address, end);
    return end;
  }

  /** In teardown a step that needs what nobody captured has nothing to do: gives why. */
  findMissing(step: StepPlan, context: Context): Skip | undefined {
    if (step.phase !== 'teardown') return undefined;
    const { plan } = this.#facts;
    const createHost = () => this.#services.createHost(`${step.address}#needs`);
    const reason = findMissingNeed(step, { plan, context, createHost, isBroken: (id) => this.#ledger.isBroken(id) });
    return reason === undefined ? undefined : { kind: 'not_needed', reason };
  }

  #failBeforeStart(step: StepPlan, { frame, begin, env, problem }: EarlyFailure): StepEnd {
    const problems = [locateProblem(problem, step)];
    const end = {
      outcome: 'errored',
      summary: problem.kind,
      result: undefined,
      problems,
      captures: [],
      details: [],
      env,
    } as const;
    this.#events.finished(step, { frame, begin, end, attempts: 0, notes: [] });
    return end;
  }

  async #tryAgain(
    step: StepPlan,
    frame: Frame,
    { policy, first }: { policy: RetryPolicy; first: TimedAttempt },
  ): Promise<Attempts> {
    const attempts: [TimedAttempt, ...TimedAttempt[]] = [first];
    const random = this.#services.random.derive(`${frame.stream}#retry`);
    for (let attempt = 2; attempt <= policy.maxAttempts; attempt++) {
      const last = attempts[attempts.length - 1]?.end;
      if (!last || last.problems.length === 0 || last.problems.some(isFinalProblem)) break;
      if (!(await this.#waitForRetry(frame.stop, computeDelay(policy, attempt - 1, random.random())))) break;
      const startedAt = this.#services.clock.monotonic();
      const end = await this.#attempts.run({ step, frame, attempt });
      attempts.push({ end, durationMs: this.#since(startedAt) });
    }
    return attempts;
  }

  #since(startedAt: number): number {
    return this.#services.clock.monotonic() - startedAt;
  }

  /** Gives whether there is to be another attempt: none once the flow is being stopped. */
  async #waitForRetry(parent: Stop, ms: number): Promise<boolean> {
    try {
      await parent.idle(({ signal }) => this.#services.clock.sleep(ms, signal));
      return true;
    } catch {
      return false;
    }
  }

  /** What watches a step cannot do so: it does not run. */
  async #endUnready(step: StepPlan, frame: Frame, begin: Begin): Promise<StepEnd> {
    this.#events.started({ step, frame, attempt: 1 }, undefined);
    const end = await this.#judgeWatches(step, frame, { ...NOTHING_JUDGED, outcome: 'errored', env: frame.context });
    this.#events.finished(step, { frame, begin, end, attempts: 0, notes: [] });
    return end;
  }

  async #judgeWatches(step: StepPlan, frame: Frame, end: StepEnd): Promise<StepEnd> {
    const isAfterFailure = end.outcome !== 'passed';
    const seen = { ...frame, context: addNames(frame.context, step, end), isAfterFailure };
    const frameOf = (watch: StepPlan) => placeWatch(watch, seen);
    const judged = await judgeWatches(this, step.watches ?? [], { stop: frame.stop, frameOf });
    const problems = judged.flatMap((watch) => watch.end.problems);
    if (problems.length === 0) return end;
    const outcome = worstOutcome([end.outcome, ...problems.map((problem) => problem.outcome)]);
    return { ...end, outcome, problems: [...end.problems, ...problems], captures: [] };
  }

  #finish(
    step: StepPlan,
    { frame, begin, attempts }: { frame: Frame; begin: Begin; attempts: Attempts },
  ): StepEnd | Promise<StepEnd> {
    const { end: last } = attempts[attempts.length - 1] ?? attempts[0];
    const { outcome, skip, summary, problems, captures, exchange, env, name, notes } = last;
    const result = step.isAround ? undefined : last.result;
    const details = attempts.length === 1 ? last.details : [...last.details, describeAttempts(attempts)];
    const named = result && withCaptures(result, captures);
    const own = { outcome, skip, summary, result, named, problems, captures, details, env };
    const report = (end: StepEnd): StepEnd => {
      const measures = joinMeasures(attempts);
      const about = { frame, begin, end, attempts: attempts.length, name, skip, notes, exchange, measures };
      this.#events.finished(step, { ...about, done: last.done });
      this.#ledger.recorded?.note(step, frame.position.address, end);
      // Ends are kept until the flow is over, and an exchange holds all that was sent and received: only a look's is asked for.
      return frame.position.role === 'look' ? { ...end, exchange } : end;
    };
    return step.watches ? this.#judgeWatches(step, frame, own).then(report) : report(own);
  }
}

/** Waits as a user does before the next step, unless nothing more is to begin. */
export async function thinkAfter(
  { minMs, maxMs }: Between,
  { stop, stream }: Pick<Frame, 'stop' | 'stream'>,
  { clock, random }: Pick<Services, 'clock' | 'random'>,
): Promise<void> {
  const ms = minMs + (maxMs - minMs) * random.derive(`${stream}#think`).random();
  await stop.idle(({ signal }) => clock.sleep(ms, signal)).catch(() => undefined);
}

/** All that was sent, and what the last attempt was held against. */
function joinMeasures(attempts: Attempts): StepMeasures | undefined {
  if (attempts.length === 1) return attempts[0].end.measures;
  const all = attempts.flatMap(({ end }) => end.measures ?? []);
  const last = all[all.length - 1];
  if (!last) return undefined;
  return { ...last, requests: all.flatMap(({ requests }) => requests), values: all.flatMap(({ values }) => values) };
}

interface EarlyFailure {
  readonly frame: Frame;
  readonly begin: Begin;
  readonly env: Env;
  readonly problem: Problem;
}

function describeAttempts(attempts: Attempts): Detail {
  const lines = attempts.map(({ end, durationMs }, index) => {
    const [problem] = end.problems;
    const why = problem ? `: ${problem.message}` : '';
    return `${index + 1}  ${end.outcome} after ${formatDuration(durationMs)}${why}`;
  });
  return { title: 'attempts', lines };
}
