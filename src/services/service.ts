import { resolve } from 'node:path';
import type { FlowAmongOthers } from '../model/action/other-flows.ts';
import { ActionError } from '../model/action/outcome.ts';
import type { ServicePlan, ServiceSettings } from '../model/companions/service-plan.ts';
import type { Problem } from '../model/events.ts';
import type { Stop } from '../stop/stop.ts';
import { listNames } from '../util/suggest.ts';
import {
  type Companion,
  CompanionError,
  type CompanionOrigin,
  type CompanionState,
  type EndOptions,
  nameWithPlace,
} from './companion.ts';
import { ComposeRun } from './compose-run.ts';
import { findInstance, isContinuous } from './find-instance.ts';
import type { GuardLink } from './guard-link.ts';
import type { ServiceHost } from './host.ts';
import { findKeptPort } from './keep-port.ts';
import { chooseLines, type PrintedLines, ServiceOutput } from './output.ts';
import { ServiceProcess } from './service-process.ts';
import type { ServiceRun } from './service-run.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const STOP_MS = 10_000;
const SHOWN_LINES = 12;

export interface ServiceOptions {
  readonly plan: ServicePlan;
  readonly host: ServiceHost;
  readonly guard: () => GuardLink;
  /** Fills in the placeholders of its settings. */
  readonly render: (plan: ServicePlan) => ServiceSettings;
  /** Hears of each variable that it is given, for secrets. */
  readonly learn: (name: string, text: string) => void;
  /** Hears why it ended though nobody stopped it. */
  readonly onLoss?: ((message: string) => void) | undefined;
}

/** A service of the run, which may be stopped and started again. */
export class Service implements Companion {
  readonly plan: ServicePlan;
  readonly output: ServiceOutput;
  readonly #options: ServiceOptions;
  #values: Readonly<Record<string, string>> = {};
  #settings: ServiceSettings | undefined;
  /** The one that it had, where it may choose one. */
  #port: string | undefined;
  #run: ServiceRun | undefined;
  /** Whether an instance that ran before is used as it is. */
  #isFound = false;
  #isPrepared = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.output = new ServiceOutput(options.host.clock);
  }

  get values(): Readonly<Record<string, string>> {
    return this.#values;
  }

  /** What it was started with; undefined before. */
  get settings(): ServiceSettings | undefined {
    return this.#settings;
  }

  get origin(): CompanionOrigin {
    return this.#isFound ? 'found' : 'started';
  }

  get state(): CompanionState {
    const { hasEnded = this.#isFound ? false : undefined } = this.#run ?? {};
    if (hasEnded === undefined) return 'stopped';
    return hasEnded ? 'lost' : 'running';
  }

  async start(stop: Stop): Promise<void> {
    const settings = this.#options.render(this.plan);
    this.#settings = settings;
    this.#port = await findKeptPort(settings, this.#values['url']);
    const compose = this.#openCompose(settings);
    this.#isFound = await this.#useInstance(settings, compose);
    this.#run = this.#isFound ? compose : await this.#begin(settings, compose, stop);
    const named = this.#run ? await this.#waitUntilReady(settings, this.#run, stop) : {};
    this.#values = { ...findUrl(settings), ...named };
    for (const [name, text] of Object.entries(this.#values)) this.#options.learn(name, text);
    if (this.#run) void this.#watchLoss(this.#run);
  }

  async stop(options: EndOptions = {}): Promise<readonly string[]> {
    if (this.#isFound) {
      const message = `service \`${this.plan.name}\` ran before, and is used as it is: it is not stopped`;
      throw new ActionError({
        kind: 'service',
        message,
        hints: ['end it, and it is started with the run; or take `reuse` away'],
      });
    }
    return await this.#end(options);
  }

  close(isHurried: () => boolean): Promise<readonly string[]> {
    return this.#end({ isHurried });
  }

  /** What it printed, and that it ended where nobody stopped it. */
  async listPrinted(since: number, flow: FlowAmongOthers): Promise<PrintedLines> {
    const end = this.state === 'lost' ? await this.#run?.ended : undefined;
    const { lines, omitted } = chooseLines(this.output.listSince(since), flow);
    const last = end === undefined ? [] : [{ text: `(the service ${end})`, isTraced: false }];
    return { lines: [...lines, ...last], omitted };
  }

  async finish(): Promise<readonly Problem[]> {
    await this.#run?.check?.();
    if (this.state !== 'lost') return [];
    const { message } = this.#explain(`${await this.#run?.ended} while the flows ran`);
    return [{ outcome: 'errored', kind: 'service', message }];
  }

  /** Ends what runs of it. */
  async #end({ isKill = false, isHurried }: EndOptions): Promise<readonly string[]> {
    const ended = this.#run;
    this.#run = undefined;
    const { signal = 'SIGTERM', timeout: timeoutMs = STOP_MS } = this.#settings?.stop ?? {};
    const said = await ended?.stop({ signal: isKill ? 'SIGKILL' : signal, timeoutMs, isHurried });
    return (said ?? []).map((text) => `service \`${this.plan.name}\`: ${text}`);
  }

  /** Uses an instance that ran before, where there is one; undefined where the service has to be started. @throws CompanionError where it may not be used */
  async #useInstance(settings: ServiceSettings, compose: ComposeRun | undefined): Promise<boolean> {
    const instance = await findInstance(settings.ready, compose).catch((error: Error) => {
      throw this.#explain(`is not started: ${error.message}`);
    });
    if (!instance) return false;
    const fault = instance.fault ?? this.#whyNotUsed(settings);
    if (fault !== undefined) throw this.#explain(`is not started: ${instance.text}; ${fault}`);
    compose?.use();
    return true;
  }

  #whyNotUsed({ reuse }: ServiceSettings): string | undefined {
    const { follows } = this.plan;
    if (reuse !== true) return 'end it, or let `reuse: true` use it as it is';
    if (isContinuous(this.#options.host.env)) return '`reuse` does not hold where `CI` is set';
    if (follows.length === 0) return undefined;
    return `whether it asks ${listNames(follows)} of this run is not known: end it, or start all with \`testmesh up\``;
  }

  /** Runs its preparation, and starts it. */
  async #begin(settings: ServiceSettings, compose: ComposeRun | undefined, stop: Stop): Promise<ServiceRun> {
    const { prepare, command = '' } = settings;
    if (prepare !== undefined && !this.#isPrepared) await this.#prepare(prepare, stop);
    this.#isPrepared = true;
    if (!compose) return this.#spawn(command);
    await compose.start(stop);
    return compose;
  }

  /** Gives the names that its line gives. */
  async #waitUntilReady(
    { ready }: ServiceSettings,
    run: ServiceRun,
    stop: Stop,
  ): Promise<Readonly<Record<string, string>>> {
    const { output } = this;
    const { clock } = this.#options.host;
    const { readLine } = this.plan;
    const waited = await waitUntilReady({ ready, readLine, run, output, clock, stop });
    if (!('fault' in waited)) return waited.found;
    const error = this.#explain(waited.fault);
    await this.#end({ isKill: true });
    throw error;
  }

  async #watchLoss(watched: ServiceRun): Promise<void> {
    const { onLoss } = this.#options;
    if (!onLoss) return;
    const end = await watched.ended;
    if (this.#run === watched) onLoss(this.#explain(end).message);
  }

  /** An error about it, with its place and the last lines that it printed. */
  #explain(what: string): CompanionError {
    const lines = this.output.listLast(SHOWN_LINES).map((text) => `\n    │ ${text}`);
    const silence = this.#run?.hasBegun ? '; it printed nothing' : '';
    const printed = lines.length === 0 ? silence : `; it printed last${lines.join('')}`;
    return new CompanionError(`${nameWithPlace(this.plan)} ${what}${printed}`);
  }

  async #prepare(command: string | readonly string[], stop: Stop): Promise<void> {
    const run = this.#spawn(command);
    const stopped = new Promise<undefined>((settle) => stop.onEnd(() => settle(undefined)));
    const end = await Promise.race([run.ended, stopped]);
    await run.stop({ signal: 'SIGKILL', timeoutMs: 0 });
    stop.throwIfEnded({ at: 'running' });
    if (end !== 'ended with exit code 0') throw this.#explain(`is not started: its \`prepare\` ${end}`);
  }

  #spawn(command: string | readonly string[]): ServiceProcess {
    const { host, guard } = this.#options;
    const signal = this.#settings?.stop?.signal ?? 'SIGTERM';
    return new ServiceProcess({ ...this.#describeRun(), command, signal }, host, guard());
  }

  #openCompose({ compose }: ServiceSettings): ComposeRun | undefined {
    const { host, guard } = this.#options;
    return compose && new ComposeRun({ ...this.#describeRun(), compose }, host, guard());
  }

  #describeRun() {
    const { cwd = '.' } = this.#settings ?? {};
    return {
      name: this.plan.name,
      cwd: resolve(this.#options.host.directory, cwd),
      env: this.#makeEnvironment(),
      output: this.output,
    };
  }

  #makeEnvironment(): Record<string, string | undefined> {
    const { host, learn } = this.#options;
    const own: Record<string, string | undefined> = Object.fromEntries(this.plan.envFile);
    for (const [name, value] of Object.entries(this.#settings?.env ?? {}))
      own[name] = value === null ? undefined : String(value);
    if (this.#port !== undefined) own['PORT'] = this.#port;
    const all = { ...host.env, ...own };
    for (const [name, text] of Object.entries(all)) if (text !== undefined) learn(name, text);
    return all;
  }
}

/** Its address: as written, else that of the look at it. */
function findUrl({ url, ready }: ServiceSettings): { url?: string } {
  if (url !== undefined) return { url };
  return ready.http === undefined ? {} : { url: new URL(ready.http).origin };
}
