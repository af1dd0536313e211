import { setKey, type Value } from '../expr/index.ts';
import type { FlowAmongOthers } from '../model/action/other-flows.ts';
import { ActionError } from '../model/action/outcome.ts';
import type { Resource } from '../model/action/resources.ts';
import { COMPANION_KINDS, COMPANION_ROOTS, keyOfCompanion } from '../model/companions/companion.ts';
import type { CompanionPlan } from '../model/companions/companion-plan.ts';
import type { CompanionIo, RunServices } from '../model/companions/run-services.ts';
import type { ProjectCompanion } from '../model/companions/service-plan.ts';
import type { FlowCompanions } from '../model/companions/services-in-use.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Problem } from '../model/events.ts';
import { toLocation } from '../model/location.ts';
import type { Stop } from '../stop/stop.ts';
import { StopError, stoppedByControl } from '../stop/stop-error.ts';
import { listNames } from '../util/suggest.ts';
import { type Companion, CompanionError, type CompanionOrigin, nameWithPlace } from './companion.ts';
import { type GuardLink, openGuard } from './guard-link.ts';
import type { ServiceHost } from './host.ts';

/** How long what the last request caused may take to be printed, or to end a service, ms. */
const LAST_MS = 50;

/** What flows see of companions: by root, by name. */
export type CompanionValues = Readonly<Record<string, Value>>;

/** What a companion is made with. */
export interface CompanionTools {
  readonly io: CompanionIo;
  /** Opens the guard when first asked for it. */
  readonly guard: () => GuardLink;
  /** What the others give by now. */
  readonly values: () => CompanionValues;
}

export interface RunServicesOptions {
  /** Those that are to be started, each behind those that it needs. */
  readonly plans: readonly ProjectCompanion[];
  /** Which services their stubs stand in for, or could. */
  readonly mocks: ReadonlyMap<string, boolean>;
  readonly host: ServiceHost;
  readonly create: (plan: ProjectCompanion, tools: CompanionTools) => Companion;
}

/** Makes the companions of a run; none runs yet. */
export function createRunServices(options: RunServicesOptions): RunServices {
  return new StartedServices(options);
}

class StartedServices implements RunServices {
  readonly #options: RunServicesOptions;
  readonly #companions = new Map<string, Companion>();
  /** In the order in which they were started. */
  readonly #started: Companion[] = [];
  #guard: GuardLink | undefined;
  #stop: Stop | undefined;
  #restarts = 0;
  readonly #moved = new Map<string, string>();

  constructor(options: RunServicesOptions) {
    this.#options = options;
  }

  get values(): CompanionValues {
    const { mocks } = this.#options;
    const byRoot: { [root: string]: { [name: string]: Value } } = {};
    for (const kind of COMPANION_KINDS) byRoot[COMPANION_ROOTS[kind]] = {};
    for (const { plan, values } of this.#companions.values())
      setKey(byRoot[COMPANION_ROOTS[plan.kind]] ?? {}, plan.name, { ...values });
    for (const [name, isOn] of mocks) {
      const { url = null } = this.#companions.get(keyOfCompanion({ kind: 'stub', name }))?.values ?? {};
      if (isOn) setKey(byRoot['services'] ?? {}, name, { url });
    }
    return { ...byRoot, mocks: Object.fromEntries(mocks) };
  }

  get restarts(): number {
    return this.#restarts;
  }

  get moved(): ReadonlyMap<string, string> {
    return this.#moved;
  }

  get began(): RunServices['began'] {
    const list = (wanted: CompanionOrigin): readonly string[] =>
      this.#started
        .filter(({ origin }) => origin === wanted)
        .map(({ plan }) => (plan.kind === 'service' ? plan.name : keyOfCompanion(plan)));
    return { started: list('started'), found: list('found') };
  }

  async start(io: CompanionIo): Promise<readonly Problem[]> {
    const { plans, host, create } = this.#options;
    const { stop } = io;
    this.#stop = stop;
    const guard = (): GuardLink => (this.#guard ??= openGuard(host));
    const tools = { io, guard, values: () => this.values };
    for (const plan of plans) this.#companions.set(keyOfCompanion(plan), create(plan, tools));
    // Nothing is lost by ending what is not ready yet.
    return await stop.idle((own) => this.#startAll(own));
  }

  /** Those that need nothing of each other start at the same time; the first that fails ends the others. */
  async #startAll(stop: Stop): Promise<readonly Problem[]> {
    const begun = new Map<Companion, Promise<void>>();
    const begin = (companion: Companion): Promise<void> => {
      const needs = companion.plan.needs.flatMap((key) => this.#companions.get(key) ?? []);
      const starting = begun.get(companion) ?? startBehind(companion, needs);
      begun.set(companion, starting);
      return starting;
    };
    const startBehind = async (companion: Companion, needs: readonly Companion[]): Promise<void> => {
      await Promise.all(needs.map(begin));
      stop.throwIfEnded({ at: 'waiting' });
      this.#started.push(companion);
      await companion.start(stop);
    };
    const problems: Problem[] = [];
    const all = [...this.#companions.values()].map((companion) =>
      begin(companion).catch((error: unknown) => {
        // Where the run was interrupted that is all there is to say.
        if (!(error instanceof StopError)) problems.push(describeProblem(error, companion.plan));
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
    if (service.state !== 'stopped')
      throw new ActionError({
        kind: 'service',
        message: `service \`${name}\` runs already`,
        hints: [
          'what a flow names runs before its first step: leave the step out, or write `service_restart` for a new start',
        ],
      });
    try {
      await this.#startAgain(service, stop);
      return [];
    } catch (error) {
      if (!(error instanceof CompanionError)) throw error;
      throw new ActionError({ kind: 'service', message: error.message });
    }
  }

  async restore(): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    const stop = this.#stop;
    if (!stop || stop.asked) return problems;
    for (const one of this.#started.filter(({ state }) => state === 'stopped')) {
      await this.#startAgain(one, stop).catch((error: unknown) => problems.push(describeProblem(error, one.plan)));
    }
    return problems;
  }

  /** Starts one that was stopped, and keeps which address it left. */
  async #startAgain(one: Companion, stop: Stop): Promise<void> {
    const before = originOf(one.values['url']);
    await one.start(stop);
    this.#restarts++;
    const now = originOf(one.values['url']);
    if (before !== undefined && now !== undefined && before !== now) this.#moved.set(before, one.plan.name);
    if (now !== undefined) this.#moved.delete(now);
  }

  openFlow(flow: FlowAmongOthers): FlowCompanions {
    const { clock } = this.#options.host;
    const since = clock.now();
    const resources = new Map<string, Resource<unknown>>();
    for (const companion of this.#started) {
      const [key, resource] = companion.openFlow?.(flow) ?? [];
      if (key !== undefined && resource) resources.set(key, resource);
    }
    const listPrinted: FlowCompanions['listPrinted'] = async () => {
      await clock.sleep(LAST_MS);
      const all = this.#started.map(async (one) => ({
        service: one.plan.name,
        ...(await one.listPrinted?.(since, flow)),
      }));
      return (await Promise.all(all)).flatMap(({ service, lines = [], omitted = 0 }) =>
        lines.length === 0 ? [] : [{ service, lines, omitted }],
      );
    };
    return { resources, listPrinted };
  }

  get isOneLost(): boolean {
    return this.#started.some(({ state }) => state === 'lost');
  }

  async finish(): Promise<readonly Problem[]> {
    await this.#options.host.clock.sleep(LAST_MS);
    return (await Promise.all(this.#started.map((one) => one.finish()))).flat();
  }

  async close(isHurried: () => boolean): Promise<readonly string[]> {
    const said: string[] = [];
    for (const companion of this.#started.toReversed()) said.push(...(await companion.close(isHurried)));
    await this.#guard?.close();
    return said;
  }

  #find(name: string): Companion {
    const service = this.#companions.get(keyOfCompanion({ kind: 'service', name }));
    if (service) return service;
    if (this.#options.mocks.get(name)) {
      const message = `service \`${name}\` does not run here: its stub stands in for it`;
      throw new ActionError({ kind: 'authoring', message, hints: ['`mocks` in testmesh.yaml says so'] });
    }
    const services = [...this.#companions.values()].filter(({ plan }) => plan.kind === 'service');
    const known = listNames(services.map(({ plan }) => plan.name));
    throw new ActionError({ kind: 'authoring', message: `service \`${name}\` does not run here: ${known} do` });
  }
}

function describeProblem(error: unknown, plan: CompanionPlan): Problem {
  if (error instanceof CompanionError)
    return { outcome: 'errored', kind: error.isMistake ? 'authoring' : 'service', message: error.message };
  if (error instanceof ActionError) {
    const { message, hints = [], ...rest } = error.problem;
    const why = [message, ...hints].join('; ');
    return { ...rest, outcome: 'errored', message: `${nameWithPlace(plan)} is not started: ${why}` };
  }
  if (!(error instanceof DiagnosticError)) throw error;
  const { span = plan.span, message } = error.diagnostic;
  const place = nameWithPlace({ ...plan, span });
  return { outcome: 'errored', kind: 'authoring', message: `${place}: ${message}`, location: toLocation(span) };
}

function originOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : undefined;
}
