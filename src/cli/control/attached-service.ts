import type { FlowAmongOthers } from '../../model/action/other-flows.ts';
import type { ServicePlan, ServiceSettings } from '../../model/companions/service-plan.ts';
import type { Problem } from '../../model/events.ts';
import {
  type Companion,
  CompanionError,
  type CompanionState,
  type EndOptions,
  nameWithPlace,
} from '../../services/companion.ts';
import { chooseLines, type PrintedLines } from '../../services/output.ts';
import type { Attached } from './attach.ts';
import type { UpCompanion } from './protocol.ts';
import { checkPrint } from './settings-print.ts';

export interface AttachedServiceOptions {
  readonly plan: ServicePlan;
  /** As it runs there. */
  readonly found: UpCompanion;
  readonly attached: Attached;
  /** As this run would start it. */
  readonly render: () => ServiceSettings;
  readonly learn: (name: string, text: string) => void;
}

/** A service that runs in `testmesh up`. */
export class AttachedService implements Companion {
  readonly plan: ServicePlan;
  readonly origin = 'attached';
  readonly #options: AttachedServiceOptions;
  #values: Readonly<Record<string, string>> = {};
  #isChecked = false;
  #isStopped = false;
  #loss: string | undefined;

  constructor(options: AttachedServiceOptions) {
    const { plan, attached } = options;
    this.plan = plan;
    this.#options = options;
    attached.onLoss((name, message) => {
      if (name === undefined || name === plan.name) this.#loss ??= message;
    });
  }

  get values(): Readonly<Record<string, string>> {
    return this.#values;
  }

  get state(): CompanionState {
    if (this.#isStopped) return 'stopped';
    return this.#loss === undefined ? 'running' : 'lost';
  }

  async start(): Promise<void> {
    const { found, learn } = this.#options;
    const isFirst = !this.#isChecked;
    if (isFirst) this.#check();
    this.#isChecked = true;
    const runs = isFirst && !found.isEnded;
    // Its names are texts, as those of every service.
    this.#values = runs ? (found.values as Readonly<Record<string, string>>) : await this.#startThere();
    this.#isStopped = false;
    for (const [name, text] of Object.entries(this.#values)) learn(name, text);
  }

  async stop({ isKill = false }: EndOptions = {}): Promise<readonly string[]> {
    this.#isStopped = true;
    const said = await this.#options.attached.peer.call('stop', {
      name: this.plan.name,
      how: isKill ? 'kill' : 'stop',
    });
    this.#loss = undefined;
    return said;
  }

  /** It goes on. */
  async close(): Promise<readonly string[]> {
    return [];
  }

  async finish(): Promise<readonly Problem[]> {
    if (this.state !== 'lost') return [];
    return [{ outcome: 'errored', kind: 'service', message: `${nameWithPlace(this.plan)} ${this.#loss}` }];
  }

  async listPrinted(since: number, flow: FlowAmongOthers): Promise<PrintedLines> {
    const { peer } = this.#options.attached;
    const lines = await peer.call('printed', { name: this.plan.name, since }).catch(() => []);
    return chooseLines(lines, flow);
  }

  #check(): void {
    const { plan, found, render, learn } = this.#options;
    const settings = render();
    const given = [...plan.envFile, ...Object.entries(settings.env ?? {})];
    for (const [name, value] of given) if (value !== null) learn(name, String(value));
    checkPrint(plan, settings, found.print);
  }

  async #startThere(): Promise<Readonly<Record<string, string>>> {
    try {
      this.#loss = undefined;
      return await this.#options.attached.peer.call('start', { name: this.plan.name });
    } catch (error) {
      throw new CompanionError(error instanceof Error ? error.message : String(error));
    }
  }
}
