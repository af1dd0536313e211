import { learnText } from '../../engine/events/learn-text.ts';
import { createSecrets } from '../../engine/events/secrets.ts';
import { openSettings } from '../../engine/flows/open-settings.ts';
import { closeResources } from '../../engine/lifetimes/close-resources.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import type { RunOptions } from '../../engine/lifetimes/run-options.ts';
import { RUN_SERVICES } from '../../engine/lifetimes/run-services.ts';
import type { SessionServices } from '../../engine/lifetimes/services.ts';
import { keyOfCompanion } from '../../model/companions/companion.ts';
import type { CompanionIo, RunServices } from '../../model/companions/run-services.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import type { Companion } from '../../services/companion.ts';
import { type GuardLink, openGuard } from '../../services/guard-link.ts';
import type { CompanionTools } from '../../services/run-services.ts';
import type { Beside } from '../commands/run-command.ts';
import { createCompanions, createMaker, createServiceHost } from '../companions/create-companions.ts';
import { createOwnSession } from '../companions/own-session.ts';
import type { Attached } from '../control/attach.ts';
import type { Terminal } from '../process/terminal.ts';
import { describeCompanionState } from './companion-state.ts';
import { KeptCompanion } from './kept-companion.ts';

export interface KeptServicesOptions {
  readonly terminal: Terminal;
  readonly version: string;
  readonly stops: OuterStops;
}

interface Kept {
  readonly companion: Companion;
  /** What it was made of. */
  readonly state: string;
}

/** Services, stubs, proxies and connections that stay while runs come and go; of those that change each is ended, and started again for the next run that needs it. */
export class KeptServices {
  readonly #options: KeptServicesOptions;
  readonly #session: SessionServices;
  /** In the order in which they were made. */
  readonly #companions = new Map<string, Kept>();
  readonly #told = new Set<string>();
  #guard: GuardLink | undefined;
  #note: (text: string) => void = () => undefined;
  #current: RunServices | undefined;
  #count = 0;

  constructor(options: KeptServicesOptions) {
    this.#options = options;
    const { terminal, version, stops } = options;
    const warn = (text: string): void => terminal.writeError(`${this.#session.secrets.maskText(text)}\n`);
    this.#session = createOwnSession({ terminal, version, stops, warn, name: 'watch' });
  }

  /** What a run has of the others; one that all later ones take values from teaches them its secrets. */
  keptFor({ isLearnt }: { isLearnt: boolean }): NonNullable<RunOptions['kept']> {
    const { resources, secrets } = this.#session;
    return { resources, secrets: isLearnt ? secrets : createSecrets(secrets) };
  }

  /** Gives a run what it needs, as testmesh.yaml says it now: what runs of it goes on, the rest is started with the run. */
  async open(beside: Beside, up: Attached | undefined): Promise<RunServices | undefined> {
    await this.#endChanged(beside);
    if (beside.plans.length === 0 && beside.mocks.size === 0) return undefined;
    const { clock, identity } = this.#session;
    const options = { ...beside, clock, runId: identity.runId, seed: identity.seed };
    const hooks = up && (await import('../control/use-attached.ts')).useAttached(up, options);
    const host = createServiceHost(options);
    const make = createMaker(options, host);
    const attach = (plan: ProjectCompanion, tools: CompanionTools): Companion => {
      const elsewhere = hooks?.attach?.(plan, tools);
      if (elsewhere) return elsewhere;
      this.#note = tools.io.note;
      const key = keyOfCompanion(plan);
      const known = this.#companions.get(key);
      if (known) return new KeptCompanion(known.companion, { isOld: true, told: this.#told });
      const guard = (): GuardLink => (this.#guard ??= openGuard(host));
      const companion = make(plan, { guard, io: this.#createIo(), values: () => (this.#current ?? services).values });
      this.#companions.set(key, { companion, state: describeCompanionState(plan, beside) });
      return new KeptCompanion(companion, { isOld: false, told: this.#told });
    };
    const services = createCompanions(options, { attach });
    this.#current = services;
    const value = followCurrent(() => this.#current ?? services);
    await this.#session.resources.open(RUN_SERVICES, async () => ({ value, close: async () => undefined }));
    return services;
  }

  /** Ends all; gives a line for each that did not end as asked. */
  async close(): Promise<readonly string[]> {
    const { stops } = this.#options;
    const said = await this.#end([...this.#companions.keys()]);
    await this.#guard?.close();
    await closeResources({ ...this.#session, stops }, this.#session.resources, '`--watch`');
    return said.map((text) => this.#session.secrets.maskText(text));
  }

  /** Ends what is written in another way by now, what ended by itself, and what needs one of these. */
  async #endChanged(beside: Beside): Promise<void> {
    const plans = new Map(beside.plans.map((plan) => [keyOfCompanion(plan), plan]));
    const ended = new Set<string>();
    for (const [key, { companion, state }] of this.#companions) {
      const plan = plans.get(key);
      const isOther = plan !== undefined && describeCompanionState(plan, beside) !== state;
      const { needs } = plan ?? companion.plan;
      if (isOther || companion.state === 'lost' || needs.some((need) => ended.has(need))) ended.add(key);
    }
    for (const text of await this.#end([...ended])) this.#note(text);
  }

  async #end(keys: readonly string[]): Promise<readonly string[]> {
    const said: string[] = [];
    for (const key of keys.toReversed()) {
      const known = this.#companions.get(key);
      this.#companions.delete(key);
      said.push(...((await known?.companion.close(() => this.#options.stops.undo.reason !== undefined)) ?? []));
    }
    return said;
  }

  #createIo(): CompanionIo {
    const session = this.#session;
    return {
      stop: this.#options.stops.work,
      note: (text) => this.#note(text),
      learn: (name, text) => void learnText(session.secrets, name, text),
      openSettings: (plan, inputs) =>
        openSettings(session, { plan, inputs }, { index: this.#count++, stream: `companions/${plan.name}` }),
    };
  }
}

/** What is there by now, for what outlives the run that started it. */
function followCurrent(current: () => RunServices): ServicesInUse {
  return {
    get values() {
      return current().values;
    },
    get restarts() {
      return current().restarts;
    },
    get moved() {
      return current().moved;
    },
    stopOne: (name, how) => current().stopOne(name, how),
    startOne: (name, stop) => current().startOne(name, stop),
    restore: () => current().restore(),
    openFlow: (flow) => current().openFlow(flow),
  };
}
