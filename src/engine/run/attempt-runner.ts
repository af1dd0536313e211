import type { Env } from '../../expr/index.ts';
import type { Done } from '../../model/action/done.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { StepPlan } from '../../model/plan.ts';
import { type Bounded, runBounded } from '../../stop/run-bounded.ts';
import type { Stop } from '../../stop/stop.ts';
import type { StopError } from '../../stop/stop-error.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Services } from '../lifetimes/services.ts';
import { renderName } from '../names/render-name.ts';
import { type Surroundings, surround } from '../names/surroundings.ts';
import { type Acted, describeFailure, type Failure } from '../outcome/acted.ts';
import { NO_CHILDREN } from '../outcome/no-children.ts';
import { worstOutcome } from '../outcome/problems.ts';
import { describeStop, describeThrown } from '../outcome/thrown.ts';
import { OfflineStep } from '../recorded/offline-step.ts';
import { listSettings } from '../recorded/settings-digest.ts';
import { describeDone } from '../recorded/take-done.ts';
import { readAcceptedKey } from './accepted-key.ts';
import { type ChildIo, ChildRunner, type ChildrenEnd } from './child-runner.ts';
import { hidePieces } from './hide-pieces.ts';
import { type Judged, type JudgeOptions, judge } from './judge.ts';
import { learnPasswords, learnSecrets, listSecretCaptures, withholdAnswer } from './learn-secrets.ts';
import { nameEmpty } from './name-empty.ts';
import { recordValues } from './record-values.ts';
import type { RunsSteps } from './runs-steps.ts';
import type { StepEvents } from './step-events.ts';
import { createNotes, keepRemark, listNotes, StepIo, type StepIoOptions } from './step-io.ts';
import type { Attempt, AttemptEnd, BegunStep, StepNotes } from './step-types.ts';

/** Of a step in which nothing ran: nobody was asked, and nothing is expected. */
export const NOTHING_JUDGED = { summary: '', result: undefined, problems: [], captures: [], details: [] } as const;

/** How much later than its own deadline an action that keeps one is aborted, ms. */
const BACKSTOP_MS = 1000;

export interface AttemptHelpers {
  readonly ledger: Ledger;
  readonly events: StepEvents;
  /** Runs the children of controls. */
  readonly runner: RunsSteps;
}

interface StartOptions extends Pick<StepIoOptions, 'timeoutMs' | 'stop' | 'around' | 'kept'> {
  readonly config: unknown;
  readonly children: ChildIo;
}

/** Runs steps once: renders, prepares, acts, checks, captures. */
export class AttemptRunner {
  readonly #facts: FlowFacts;
  readonly #services: Services;
  readonly #helpers: AttemptHelpers;

  constructor(facts: FlowFacts, services: Services, helpers: AttemptHelpers) {
    this.#facts = facts;
    this.#services = services;
    this.#helpers = helpers;
  }

  async run(attempt: Attempt): Promise<AttemptEnd> {
    const { step, frame } = attempt;
    const { context, stream } = frame;
    const { begun } = frame;
    const moment = { context, id: step.id, attempt: attempt.attempt, stream };
    const around = begun?.around ?? surround(this.#facts.run, this.#services, moment);
    const kept = begun?.kept ?? createNotes(this.#services.wants);
    const { measures } = kept;
    const named = this.#nameStep(step, around);
    this.#helpers.events.started(attempt, named.name);
    const acted = named.failure ?? (begun ? this.#describeBegun(step, begun) : await this.#act(attempt, around, kept));
    const { ledger } = this.#helpers;
    const captures = listSecretCaptures(attempt, ledger);
    const { env, host } = around;
    for (const result of kept.rejected) learnSecrets({ ledger, env, host }, captures, result);
    const skip = acted.kind === 'done' && acted.children.problems.length === 0 ? acted.children.skip : undefined;
    const expected = skip
      ? { ...NOTHING_JUDGED, env }
      : this.#judgeSafely(acted, {
          ledger,
          step,
          captures,
          env,
          host,
          isRecorded: this.#helpers.ledger.recorded !== undefined,
          onRemark: keepRemark(kept),
          onCheck: keepCheck(kept),
        });
    const judged =
      step.record && expected.problems.length === 0 ? this.#record(step, expected, around, kept) : expected;
    if (measures && step.acceptedKey) measures.key = readAcceptedKey(step, judged, host);
    const worst = worstOutcome(judged.problems.map((problem) => problem.outcome));
    const outcome = worst !== 'skipped' ? worst : skip ? 'skipped' : 'passed';
    return {
      outcome,
      skip,
      name: named.name,
      summary: judged.summary,
      result: judged.result,
      problems: judged.problems,
      captures: judged.captures,
      details: judged.details,
      env: judged.env,
      notes: outcome === 'passed' ? listNotes(kept) : kept.notes,
      exchange: captures.length > 0 && !judged.result ? withhold(kept.exchange) : kept.exchange,
      measures,
      done: this.#describeDone(step, acted, kept, judged),
    };
  }

  /** What judges it once more without doing it, where anybody wants that. */
  #describeDone(step: StepPlan, acted: Acted, { settings }: StepNotes, { summary }: Judged): Done | undefined {
    return settings && this.#services.wants.settings ? { settings, ...describeDone(step, acted, summary) } : undefined;
  }

  #nameStep(step: StepPlan, { env, host }: Surroundings): { name?: string | undefined; failure?: Failure } {
    try {
      return { name: renderName(step, env, host) };
    } catch (error) {
      return { failure: describeFailure(error, this.#services) };
    }
  }

  #judgeSafely(acted: Acted, options: JudgeOptions): Judged {
    try {
      return judge(options, acted);
    } catch (error) {
      return judge(options, describeFailure(error, this.#services));
    }
  }

  /** What a step measures of its own is a part of what it has to be. */
  #record(step: StepPlan, judged: Judged, { host }: Surroundings, { measures }: StepNotes): Judged {
    const describe = (error: unknown) => describeFailure(error, this.#services).thrown.problem;
    const { values, problems } = recordValues(step, judged, { host, describe });
    measures?.values.push(...values);
    return problems.length === 0 ? judged : { ...judged, problems, captures: [] };
  }

  /** Renders the settings of a step and lets its action do its work, within the step's time; offline, takes what that came to. */
  async #act(attempt: Attempt, around: Surroundings, kept: StepNotes): Promise<Acted> {
    const { step, frame } = attempt;
    const { env } = around;
    const { recorded } = this.#helpers.ledger;
    try {
      const config = this.#render(step, around, kept);
      const offline =
        recorded && new OfflineStep(recorded, { step, frame, around, config, settings: kept.settings ?? [] });
      const taken = offline?.takeInstead();
      if (taken) {
        kept.exchange = offline?.exchange;
        return taken;
      }
      const timeoutMs = step.timeoutMs?.render(env, around.host) ?? this.#defaultTimeout(step);
      const isControl = step.children.length > 0;
      const { runner, ledger } = this.#helpers;
      const children = isControl
        ? new ChildRunner(this.#facts, this.#services, { attempt, runner, ledger })
        : NO_CHILDREN;
      const bounded = await runBounded({
        after: this.#services.clock.after,
        parent: frame.stop,
        timeout: timeoutMs === undefined ? undefined : limitStep(step, timeoutMs),
        isPatient: isControl,
        start: (stop) => {
          const own = children.startUnder(stop);
          const childIo = offline ? offline.surround(own) : own;
          return this.#start(attempt, { config, timeoutMs, stop, around, kept, children: childIo });
        },
      });
      const end = offline ? offline.endEarly(bounded) : bounded;
      const acted = this.#hideActed(this.#describeActed(end, children), { step, env, config });
      const whole = isControl && acted.kind !== 'done' ? { ...acted, children } : acted;
      return offline ? offline.judgeOwn(whole) : whole;
    } catch (error) {
      return describeFailure(error, this.#services);
    }
  }

  #render(step: StepPlan, { env, host }: Surroundings, kept: StepNotes): unknown {
    const config = step.config.render(env, host);
    learnPasswords(step, config, this.#helpers.ledger);
    if (this.#services.wants.settings || this.#helpers.ledger.recorded) {
      const { maskText } = this.#helpers.ledger.secrets;
      kept.settings = listSettings(step, config, { env, host, maskText });
    }
    return config;
  }

  #start(attempt: Attempt, own: StartOptions): Promise<ActionOutcome> {
    const { step, frame } = attempt;
    const { position, preparation, isAfterFailure } = frame;
    const { beforeSteps } = this.#helpers.runner.preparer;
    const { config, ...more } = own;
    const run = (): Promise<ActionOutcome> => {
      const { secrets } = this.#helpers.ledger;
      const place = { step, position, preparation, attempt: attempt.attempt, isAfterFailure, beforeSteps };
      return step.action.run(config, new StepIo(this.#facts, this.#services, { ...place, ...more, secrets }));
    };
    const called = beforeSteps.call(position.address);
    // Most steps have nothing to wait for before they run.
    return called || step.action.preparation?.prepare ? this.#prepare(attempt, own.stop, called).then(run) : run();
  }

  #describeBegun(step: StepPlan, { bounded, config, around }: BegunStep): Acted {
    return this.#hideActed(this.#describeActed(bounded, NO_CHILDREN), { step, env: around.env, config });
  }

  #hideActed(acted: Acted, { step, env, config }: { step: StepPlan; env: Env; config: unknown }): Acted {
    if (acted.kind === 'done') return acted;
    const thrown = hidePieces(nameEmpty(acted.thrown, step, env), config, this.#helpers.ledger.secrets);
    return { ...acted, thrown };
  }

  async #prepare({ step, frame }: Attempt, stop: Stop, called: Promise<void> | undefined): Promise<void> {
    await called;
    if (!step.action.preparation?.prepare) return;
    const { position, preparation, context, stream } = frame;
    await this.#helpers.runner.preparer.ensurePrepared(step, { position, preparation, context, stream, stop });
  }

  /** A control takes as long as its children, which have their own timeouts. */
  #defaultTimeout(step: StepPlan): number | undefined {
    return step.children.length > 0 ? undefined : this.#services.policy.stepTimeoutMs;
  }

  #describeActed(bounded: Bounded<ActionOutcome>, children: ChildrenEnd): Acted {
    if (bounded.kind === 'stopped') return describeStopped(bounded.reason, bounded.error);
    if (children.stop) return describeStopped(children.stop, undefined);
    if (bounded.kind === 'threw') return describeFailure(bounded.error, this.#services);
    return { kind: 'done', outcome: bounded.value, children };
  }
}

function limitStep(step: StepPlan, timeoutMs: number): { ms: number; message: string } {
  const message = `step \`${step.id}\` took longer than its timeout of ${timeoutMs} ms`;
  return { ms: step.action.traits?.ownsDeadline ? timeoutMs + BACKSTOP_MS : timeoutMs, message };
}

function keepCheck({ measures }: StepNotes): JudgeOptions['onCheck'] {
  return measures && (({ text }, holds) => void measures.checks.push({ text: text.text, holds }));
}

function withhold(build: StepNotes['exchange']): StepNotes['exchange'] {
  return build && (() => withholdAnswer(build()));
}

/** What was ended before it was done, with what it still said about itself. */
function describeStopped(stop: StopError, error: unknown): Acted {
  const thrown = error === undefined ? undefined : describeThrown(error);
  const peer = thrown?.data['peer'];
  const { clues, hints } = thrown?.problem ?? {};
  const problem = { ...describeStop(stop, typeof peer === 'string' ? peer : undefined), clues, hints };
  const details = thrown?.details ?? [];
  const data = thrown?.data ?? {};
  const source = stop.kind === 'timeout' ? 'action' : 'flow';
  return { kind: 'threw', thrown: { problem, details, data, source } };
}
