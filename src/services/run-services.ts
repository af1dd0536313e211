import { setKey, type Value } from '../expr/index.ts';
import { ActionError } from '../model/action/outcome.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Problem } from '../model/events.ts';
import { toLocation } from '../model/location.ts';
import type { RunServices, ServiceIo } from '../model/run-services.ts';
import type { ServicePlan, ServiceSettings } from '../model/service-plan.ts';
import type { ServicePrinted } from '../model/service-printed.ts';
import type { Stop } from '../stop/stop.ts';
import { StopError, stoppedByControl } from '../stop/stop-error.ts';
import { listNames } from '../util/suggest.ts';
import { type GuardLink, openGuard } from './guard-link.ts';
import type { ServiceHost } from './host.ts';
import { Service, ServiceError } from './service.ts';

/** How long what the last request caused may take to be printed, or to end a service, ms. */
const LAST_MS = 50;

export interface RunServicesOptions {
  /** Those that are to be started, each behind those that it needs. */
  readonly plans: readonly ServicePlan[];
  readonly host: ServiceHost;
  /** Fills in the placeholders of a service's settings, with the names that the others give by then. */
  readonly render: (plan: ServicePlan, values: Value) => ServiceSettings;
}

/** Makes the services of a run; none runs yet. */
export function createRunServices(options: RunServicesOptions): RunServices {
  return new StartedServices(options);
}

class StartedServices implements RunServices {
  readonly #options: RunServicesOptions;
  readonly #services = new Map<string, Service>();
  /** In the order in which they were started. */
  readonly #started: Service[] = [];
  /** Of all flows that began. */
  readonly #traceIds = new Set<string>();
  #guard: GuardLink | undefined;
  #stop: Stop | undefined;

  constructor(options: RunServicesOptions) {
    this.#options = options;
  }

  get values(): Value {
    const all: { [name: string]: Value } = {};
    for (const [name, { values }] of this.#services) setKey(all, name, { ...values });
    return all;
  }

  async start({ stop, learn }: ServiceIo): Promise<readonly Problem[]> {
    const { plans, host, render } = this.#options;
    this.#stop = stop;
    const guard = openGuard(host);
    this.#guard = guard;
    for (const plan of plans) {
      const options = { plan, host, guard, learn, render: () => render(plan, this.values) };
      this.#services.set(plan.name, new Service(options));
    }
    // Nothing is lost by ending what is not ready yet.
    return await stop.idle((own) => this.#startAll(own));
  }

  /** Those that need nothing of each other start at the same time; the first that fails ends the others. */
  async #startAll(stop: Stop): Promise<readonly Problem[]> {
    const begun = new Map<string, Promise<void>>();
    const begin = (service: Service): Promise<void> => {
      const { name, needs } = service.plan;
      const starting =
        begun.get(name) ??
        startBehind(
          service,
          needs.flatMap((need) => this.#services.get(need) ?? []),
        );
      begun.set(name, starting);
      return starting;
    };
    const startBehind = async (service: Service, needs: readonly Service[]): Promise<void> => {
      await Promise.all(needs.map(begin));
      stop.throwIfEnded({ at: 'waiting' });
      this.#started.push(service);
      await service.start(stop);
    };
    const problems: Problem[] = [];
    const all = [...this.#services.values()].map((service) =>
      begin(service).catch((error: unknown) => {
        // Where the run was interrupted that is all there is to say.
        if (!(error instanceof StopError)) problems.push(describeProblem(error));
        stop.end(stoppedByControl('another service did not start'));
      }),
    );
    await Promise.all(all);
    return problems.slice(0, 1);
  }

  async stopOne(name: string, how: 'stop' | 'kill'): Promise<readonly string[]> {
    return await this.#find(name).stop({ isKill: how === 'kill' });
  }

  async startOne(name: string, stop: Stop): Promise<readonly []> {
    const service = this.#find(name);
    if (!service.isStopped) throw new ActionError({ kind: 'service', message: `service \`${name}\` runs already` });
    try {
      await service.start(stop);
      return [];
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ActionError({ kind: 'service', message: error.message });
    }
  }

  async restore(): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    const stop = this.#stop;
    if (!stop || stop.asked) return problems;
    for (const service of this.#started.filter(({ isStopped }) => isStopped)) {
      await service.start(stop).catch((error: unknown) => problems.push(describeProblem(error)));
    }
    return problems;
  }

  watchFlow(traceId: string): () => Promise<readonly ServicePrinted[]> {
    const { clock } = this.#options.host;
    const since = clock.now();
    this.#traceIds.add(traceId);
    return async () => {
      await clock.sleep(LAST_MS);
      return this.#started.flatMap(({ plan, output }) => {
        const printed = output.listSince(since, { own: traceId, all: this.#traceIds });
        return printed.lines.length === 0 ? [] : [{ service: plan.name, ...printed }];
      });
    };
  }

  get isOneLost(): boolean {
    return this.#started.some(({ isLost }) => isLost);
  }

  async finish(): Promise<readonly Problem[]> {
    await this.#options.host.clock.sleep(LAST_MS);
    const lost = this.#started.filter(({ isLost }) => isLost);
    return await Promise.all(lost.map(async (service) => describeProblem(await service.explainLoss())));
  }

  async close(isHurried: () => boolean): Promise<readonly string[]> {
    const said: string[] = [];
    for (const service of this.#started.toReversed()) said.push(...(await service.stop({ isHurried })));
    await this.#guard?.close();
    return said;
  }

  #find(name: string): Service {
    const service = this.#services.get(name);
    if (service) return service;
    const known = listNames([...this.#services.keys()]);
    throw new ActionError({ kind: 'authoring', message: `service \`${name}\` does not run here: ${known} do` });
  }
}

function describeProblem(error: unknown): Problem {
  if (error instanceof ServiceError) return { outcome: 'errored', kind: 'service', message: error.message };
  if (!(error instanceof DiagnosticError)) throw error;
  const { span, message } = error.diagnostic;
  return { outcome: 'errored', kind: 'authoring', message, location: span && toLocation(span) };
}
