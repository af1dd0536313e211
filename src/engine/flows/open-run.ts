import type { Host } from '../../expr/index.ts';
import { EVENT_VERSION, isBad, type Outcome, type Problem, type RunEvent } from '../../model/events.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { Stop } from '../../stop/stop.ts';
import { formatDuration } from '../../util/duration.ts';
import { listNames } from '../../util/suggest.ts';
import { createHub, type Hub } from '../events/hub.ts';
import { learnDerived, learnText } from '../events/learn-text.ts';
import { createSecrets, type Secrets } from '../events/secrets.ts';
import { closeResources } from '../lifetimes/close-resources.ts';
import type { FlowPlace, FlowRest } from '../lifetimes/flow-part.ts';
import { FlowRegister } from '../lifetimes/flow-register.ts';
import { createHostMaker, type OuterServices } from '../lifetimes/host-maker.ts';
import { createResources, type OwnedResources } from '../lifetimes/resources.ts';
import { decodeRest, encodeRest, type RestData } from '../lifetimes/rest-data.ts';
import type { FlowRun, RunOptions, RunOutcome } from '../lifetimes/run-options.ts';
import { holdServices, RUN_SERVICES } from '../lifetimes/run-services.ts';
import type { SessionServices } from '../lifetimes/services.ts';
import { addTo, countOutcomes, isAuthoringProblem, worstOutcome } from '../outcome/problems.ts';
import { openSettings } from './open-settings.ts';
import { type FlowOutcome, Session } from './session.ts';

/** How long the running steps have to end after the first signal, ms. */
const INTERRUPT_GRACE_MS = 2000;
/** So many texts a session keeps from flow to flow: what each learns anew costs more than to keep it. */
const KEPT_SECRETS = 8;

export interface SessionOptions {
  /** Whether what a flow learns to be secret is masked in its own session alone, and soon forgotten: for millions of flows. */
  readonly hasOwnSecrets?: boolean;
  /** Ends its flows before the run ends; made below `Run.work`. */
  readonly work?: Stop;
}

/** A run: what lives as long as it, and the sessions that its flows run in. */
export class Run {
  /** Ends setup and steps of all its flows. */
  readonly work: Stop;
  readonly #options: RunOptions;
  readonly #hub: Hub;
  readonly #secrets: Secrets;
  readonly #resources: OwnedResources;
  readonly #startedAt: number;
  readonly #servicesFor: ReturnType<typeof keepServices>;
  readonly #streams = new Map<string, number>();
  readonly #register = new FlowRegister();
  readonly #outcomes = new Set<Outcome>();
  readonly #flows = countOutcomes([]);
  readonly #steps = countOutcomes([]);
  /** Of what lived longer than a flow. */
  readonly #problems: Problem[] = [];
  #flowCount = 0;
  #flaky = 0;
  #hasBug = false;
  #hasMistake = false;
  #hasIdleFlow = false;
  #cancelGrace: (() => void) | undefined;

  constructor(options: RunOptions) {
    const { clock, consumers, interrupt, annotate, kept } = options;
    this.#options = options;
    this.work = new Stop(interrupt.work);
    this.#secrets = kept?.secrets ?? createSecrets();
    this.#hub = createHub({ consumers, secrets: this.#secrets, clock, annotate });
    // What is asked for the length of a run goes to what is kept, where something is.
    this.#resources = createResources({ clock, lifetime: kept ? 'session' : 'run', around: kept?.resources });
    this.#servicesFor = keepServices(options, this.#secrets);
    this.#startedAt = clock.monotonic();
    this.work.onAsk((reason) => {
      this.#cancelGrace = clock.after(INTERRUPT_GRACE_MS, () => this.work.end(reason));
    });
    const { version: testmesh, runId, seed, isSeedFixed, flowCount = 0 } = options.identity;
    const started = { testmesh, runId, seed, isSeedFixed, flowCount };
    this.#hub.emit({ type: 'run_started', at: clock.now(), version: EVENT_VERSION, ...started });
  }

  /** Opens what some flows share, one after another: a flow of `run`, a virtual user of `load`. */
  openSession({ hasOwnSecrets = false, work = this.work }: SessionOptions = {}): Session {
    const { clock } = this.#options;
    const own = hasOwnSecrets ? createSecrets(this.#secrets) : undefined;
    const resources = createResources({ clock, lifetime: 'session', around: this.#resources });
    return new Session(this.#createServices(resources, work, own), {
      placeOf: (flow) => this.placeOf(flow),
      enterFlow: () => {
        own?.forgetBeyond(KEPT_SECRETS);
        return this.#register.enter();
      },
      onEnd: (outcome) => this.#count(outcome),
      onProblems: (problems) => this.#problems.push(...problems),
    });
  }

  /** Starts the services of the run; gives why no flow can run. */
  async startServices(): Promise<string | undefined> {
    const { runServices, clock } = this.#options;
    if (!runServices) return undefined;
    const hold = async () => holdServices(runServices, this.#options, (event) => this.#hub.emit(event));
    await this.#resources.open(RUN_SERVICES, hold);
    const startedAt = clock.monotonic();
    const session = this.#createServices(this.#resources, this.work);
    const problems = await runServices.start({
      stop: this.work,
      note: (text) => this.note(text),
      learn: (name, text) => void learnText(this.#secrets, name, text),
      openSettings: (plan, inputs) =>
        openSettings(session, { plan, inputs }, { index: -1, stream: `companions/${plan.name}` }),
    });
    this.#problems.push(...problems);
    this.#hasMistake ||= problems.some(isAuthoringProblem);
    if (problems.length > 0) return 'not reached: a service is not there';
    const { started, found } = runServices.began;
    if (!this.work.asked && started.length > 0)
      this.note(`started ${listNames(started)} in ${formatDuration(clock.monotonic() - startedAt)}`);
    for (const name of found) this.note(`\`${name}\` ran before, and is used as it is`);
    return undefined;
  }

  /** Why no further flow can run: a service ended. */
  findLostService(): string | undefined {
    return this.#options.runServices?.isOneLost ? 'not reached: a service ended' : undefined;
  }

  /** What an execution of a flow left, as data for another process or thread. */
  encodeRest(rest: FlowRest): RestData {
    return encodeRest(rest, this.#secrets);
  }

  /** What an execution elsewhere left; what is secret of it is masked in the whole run. */
  decodeRest(data: RestData, plan: FlowPlan): FlowRest {
    return decodeRest(data, plan, this.#secrets);
  }

  /** Reports a line that belongs to no flow. */
  note(text: string): void {
    this.#hub.emit({ type: 'run_noted', at: this.#options.clock.now(), level: 'info', text });
  }

  /** Ends the run: asks what lived as long as it, closes it, reports the verdict, and closes the consumers. */
  async finish(): Promise<RunOutcome> {
    const { clock, identity, interrupt } = this.#options;
    this.#problems.push(...(await this.#resources.finish({ isAfterFailure: false })));
    const problems = this.#problems;
    const emit = (event: RunEvent): void => this.#hub.emit(event);
    await closeResources({ clock, stops: interrupt, emit }, this.#resources, 'the run');
    this.#cancelGrace?.();
    for (const { outcome, message } of problems) {
      this.#outcomes.add(outcome);
      emit({ type: 'run_noted', at: clock.now(), level: 'error', text: message });
    }
    const verdict = {
      outcome: worstOutcome(this.#outcomes),
      interrupted: interrupt.work.asked?.signal,
      flows: this.#flows,
      steps: this.#steps,
      problems,
    };
    const durationMs = clock.monotonic() - this.#startedAt;
    const flaky = this.#flaky;
    const ended = { ...verdict, flaky: flaky === 0 ? undefined : flaky, durationMs };
    emit({ type: 'run_finished', at: clock.now(), runId: identity.runId, ...ended });
    const unwritten = await this.#hub.close();
    this.work.leave();
    // A signal that came while the reports were being written has been taken from the process, so the exit code must show it.
    return {
      ...verdict,
      interrupted: interrupt.work.asked?.signal,
      flaky,
      unwritten,
      hasBug: this.#hasBug,
      hasMistake: this.#hasMistake,
      hasIdleFlow: this.#hasIdleFlow,
    };
  }

  #createServices(resources: OwnedResources, work: Stop, own?: Secrets): SessionServices {
    const { clock, identity, policy = {}, interrupt } = this.#options;
    const onDerive: Host['onDerive'] = own && ((text, derive) => learnDerived(own, text, derive));
    return {
      identity,
      policy,
      clock,
      resources,
      wants: this.#hub.wants,
      stops: { work, undo: interrupt.undo },
      secrets: own ?? this.#secrets,
      emit: (event) => {
        this.#hasMistake ||= 'problems' in event && (event.problems ?? []).some(isAuthoringProblem);
        this.#hub.emit(event, own);
      },
      hostsIn: (directory, random) => createHostMaker(this.#servicesFor(directory), random, onDerive),
      reportBug: (error) => this.reportBug(error),
    };
  }

  /** The next place: a flow has the same randomness whichever others run; of one that runs several times each has its own. */
  placeOf({ plan, row, repeat = 1 }: FlowRun): FlowPlace {
    const ofRow = row ? `${plan.id}[row ${row.number}]` : plan.id;
    const name = repeat > 1 ? `${ofRow}[repeat ${repeat}]` : ofRow;
    const count = (this.#streams.get(name) ?? 0) + 1;
    this.#streams.set(name, count);
    return { index: this.#flowCount++, stream: `${name}[${count}]` };
  }

  /** The place of another attempt at a flow, with randomness of its own. */
  placeAgain({ stream }: FlowPlace, attempt: number): FlowPlace {
    return { index: this.#flowCount++, stream: `${stream}/attempt ${attempt}` };
  }

  /** Reports a mistake of testmesh itself: the run cannot be green after it. */
  reportBug(error: unknown): void {
    this.#hasBug = true;
    this.#options.onBug?.(error, (text) => this.#secrets.maskText(text));
  }

  #count({ outcome, skip, role, retry, steps }: FlowOutcome): void {
    if (retry === 'follows') return;
    if (role !== undefined) {
      // That nothing else ran is nothing that these make good.
      if (isBad(outcome)) this.#outcomes.add(outcome);
      return;
    }
    if (retry === 'flaky') this.#flaky++;
    this.#hasIdleFlow ||= skip?.kind === 'nothing_ran';
    this.#outcomes.add(outcome);
    // Nobody knows of a flow that an interruption kept from running.
    if (skip?.kind === 'not_reached' && this.#options.interrupt.work.asked) this.#outcomes.add('errored');
    this.#flows[outcome]++;
    addTo(this.#steps, steps);
  }
}

/** Gives what functions read from outside of the flows of a directory, always as the same object; what looks like a secret among it is masked. */
export function keepServices(
  { services, clock }: Pick<RunOptions, 'services' | 'clock'>,
  secrets: Secrets,
): (directory: string) => OuterServices {
  const kept = new Map<string, OuterServices>();
  return (directory) => {
    const known = kept.get(directory);
    if (known) return known;
    const given = services(directory);
    const readEnv = (name: string): string | undefined => learnText(secrets, name, given.readEnv?.(name));
    const onDerive: Host['onDerive'] = (text, derive) => learnDerived(secrets, text, derive);
    const all = { ...given, readEnv, onDerive, now: () => clock.now(), cpuMs: () => clock.cpuMs() };
    kept.set(directory, all);
    return all;
  };
}

/** Opens a run and reports that it began; its flows run in sessions, and `finish` gives what became of it. */
export function openRun(options: RunOptions): Run {
  return new Run(options);
}
