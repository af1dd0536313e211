import { encodeValue, type Value } from '../../expr/index.ts';
import type { LoadPlan, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import type { ScenarioCounts } from '../run/engine-user.ts';
import type { Work, WorkAbout } from '../run/scenario-work.ts';
import type { FromThread, Report, ServiceValues, StopData, ThreadPort } from './messages.ts';
import { addReport, type Told } from './report.ts';

export interface ThreadWorkOptions {
  readonly plan: LoadPlan;
  readonly ports: readonly ThreadPort[];
  /** How the load is known: each thread has to have planned the same. */
  readonly load: string;
  readonly told: Told;
  /** What flows see of the services of the run. */
  serviceValues(): ServiceValues | undefined;
}

/** Runs the scenarios of a load in threads, each a part of all virtual users, iterations and arrivals. */
export class ThreadWork implements Work {
  readonly #options: ThreadWorkOptions;
  readonly #threads: readonly Thread[];
  /** A capacity is looked for by one thread alone. */
  readonly capacities = [];
  readonly #notes = new Set<string>();
  readonly problems: string[] = [];
  /** Why what was planned is not what ran: a thread is gone. */
  lost: string | undefined;

  constructor(options: ThreadWorkOptions) {
    this.#options = options;
    this.#threads = options.ports.map((port) => new Thread(port));
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  get counts(): ReadonlyMap<ScenarioPlan, ScenarioCounts> {
    return new Map(
      this.#options.plan.scenarios.map((scenario, index) => {
        const sum: ScenarioCounts = { begun: 0, done: 0, failed: 0, interrupted: 0, dropped: 0 };
        for (const { latest } of this.#threads)
          for (const key of Object.keys(sum) as (keyof ScenarioCounts)[]) sum[key] += latest?.counts[index]?.[key] ?? 0;
        return [scenario, sum];
      }),
    );
  }

  get users(): Work['users'] {
    let [active, there] = [0, 0];
    for (const { latest } of this.#threads) {
      active += latest?.users.active ?? 0;
      there += latest?.users.there ?? 0;
    }
    return { active, there };
  }

  async prepare(): Promise<string | undefined> {
    const loads = await Promise.all(
      this.#threads.map((thread) => Promise.race([thread.ready, thread.gone.then(toGone)])),
    );
    for (const [index, load] of loads.entries()) {
      if (typeof load === 'object') return `${this.#name(index)} could not begin: ${load.why}`;
      if (load !== this.#options.load)
        return `${this.#name(index)} has read other flows: a file changed while the load was about to begin`;
    }
    return undefined;
  }

  async run({ run, stop, restOf }: WorkAbout): Promise<void> {
    const { plan, told, serviceValues } = this.#options;
    const rests = plan.scenarios.map((scenario) => {
      const rest = restOf(scenario);
      return rest && run.encodeRest(rest);
    });
    const services = encodeAll(serviceValues());
    const release = this.#passOn(stop);
    try {
      await Promise.all(
        this.#threads.map(async (thread, index) => {
          thread.onReport = (report) => addReport(told, report);
          thread.onBug = (error) => run.reportBug(error);
          thread.port.post({ type: 'begin', rests, services });
          const end = await Promise.race([thread.done, thread.gone.then(toGone)]);
          if ('why' in end) this.#lose(`${this.#name(index)} ended before its time: ${end.why}`, stop);
          else this.#note(end);
        }),
      );
    } finally {
      release();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ port }) => port.close()));
  }

  #note({ notes, problems }: Extract<FromThread, { type: 'done' }>): void {
    for (const note of notes) this.#notes.add(note);
    this.problems.push(...problems);
  }

  /** Without one of them the load is not the one that was planned. */
  #lose(why: string, stop: Stop): void {
    this.lost ??= why;
    stop.end(new StopError('stopped', why, { graceMs: 0 }));
  }

  /** Whatever ends the load ends it in each thread. */
  #passOn(stop: Stop): () => void {
    const post = (how: 'ask' | 'end', reason: StopError): void => {
      for (const { port } of this.#threads) port.post({ type: 'stop', how, ...describeStop(reason) });
    };
    const leave = [stop.onAsk((reason) => post('ask', reason)), stop.onEnd((reason) => post('end', reason))];
    return () => {
      for (const call of leave) call();
    };
  }

  #name(index: number): string {
    return `thread ${index + 1} of ${this.#threads.length}`;
  }
}

/** What is known of one thread. */
class Thread {
  readonly port: ThreadPort;
  readonly ready: Promise<string>;
  readonly done: Promise<Extract<FromThread, { type: 'done' }>>;
  readonly gone: Promise<string>;
  latest: Pick<Report, 'counts' | 'users'> | undefined;
  onReport: (report: Report) => void = () => undefined;
  onBug: (error: Error) => void = () => undefined;

  constructor(port: ThreadPort) {
    this.port = port;
    let [onReady, onDone]: [(load: string) => void, (end: Extract<FromThread, { type: 'done' }>) => void] = [
      () => undefined,
      () => undefined,
    ];
    this.ready = new Promise((resolve) => {
      onReady = resolve;
    });
    this.done = new Promise((resolve) => {
      onDone = resolve;
    });
    this.gone = new Promise((resolve) => port.onEnd(resolve));
    port.onMessage((message) => {
      if (message.type === 'ready') onReady(message.load);
      else if (message.type === 'done') onDone(message);
      else if (message.type === 'bug') this.onBug(toError(message));
      else {
        const { counts, users } = message.report;
        this.latest = { counts, users };
        this.onReport(message.report);
      }
    });
  }
}

function toGone(why: string): { readonly why: string } {
  return { why };
}

function toError({ message, stack }: { message: string; stack: string | undefined }): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function encodeAll(values: ServiceValues | undefined): unknown {
  return values && encodeValue({ ...values } as Value);
}

function describeStop({ kind, message, graceMs, signal }: StopError): StopData {
  return { kind, message, details: { graceMs, signal } };
}
