import { resolve } from 'node:path';
import type { FlowAmongOthers } from '../model/action/other-flows.ts';
import type { ServicePlan, ServiceSettings } from '../model/companions/service-plan.ts';
import type { Problem } from '../model/events.ts';
import type { Stop } from '../stop/stop.ts';
import { type Companion, CompanionError, type CompanionState, type EndOptions, nameWithPlace } from './companion.ts';
import type { GuardLink } from './guard-link.ts';
import type { ServiceHost } from './host.ts';
import { chooseLines, type PrintedLines, ServiceOutput } from './output.ts';
import { isTaken } from './ready.ts';
import { type ProcessSpec, ServiceProcess } from './service-process.ts';
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
  readonly isElsewhere = false;
  readonly output: ServiceOutput;
  readonly #options: ServiceOptions;
  #values: Readonly<Record<string, string>> = {};
  #settings: ServiceSettings | undefined;
  #process: ServiceProcess | undefined;
  #isPrepared = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.output = new ServiceOutput(options.host.clock);
  }

  get values(): Readonly<Record<string, string>> {
    return this.#values;
  }

  get state(): CompanionState {
    const { hasEnded } = this.#process ?? {};
    if (hasEnded === undefined) return 'stopped';
    return hasEnded ? 'lost' : 'running';
  }

  async start(stop: Stop): Promise<void> {
    const settings = this.#options.render(this.plan);
    this.#settings = settings;
    const { ready, prepare, command } = settings;
    if (prepare !== undefined && !this.#isPrepared) await this.#prepare(prepare, stop);
    this.#isPrepared = true;
    if (await isTaken(ready)) {
      const where = ready.http ?? ready.tcp;
      throw this.explain(`is not started: something else already answers at ${where}, and would be taken for it`);
    }
    this.#process = this.#spawn(command);
    const { clock } = this.#options.host;
    const { readLine } = this.plan;
    const waited = await waitUntilReady({ ready, readLine, run: this.#process, output: this.output, clock, stop });
    if ('fault' in waited) {
      const error = this.explain(waited.fault);
      await this.stop({ isKill: true });
      throw error;
    }
    this.#values = { ...findUrl(settings), ...waited.found };
    for (const [name, text] of Object.entries(this.#values)) this.#options.learn(name, text);
    void this.#watchLoss(this.#process);
  }

  async stop(options: EndOptions = {}): Promise<readonly string[]> {
    const ended = this.#process;
    this.#process = undefined;
    const { signal = 'SIGTERM', timeout: timeoutMs = STOP_MS } = this.#settings?.stop ?? {};
    const { isKill = false, isHurried } = options;
    const said = await ended?.stop({ signal: isKill ? 'SIGKILL' : signal, timeoutMs, isHurried });
    return (said ?? []).map((text) => `service \`${this.plan.name}\`: ${text}`);
  }

  close(isHurried: () => boolean): Promise<readonly string[]> {
    return this.stop({ isHurried });
  }

  listPrinted(since: number, flow: FlowAmongOthers): PrintedLines {
    return chooseLines(this.output.listSince(since), flow);
  }

  /** What it was started with; undefined before. */
  get settings(): ServiceSettings | undefined {
    return this.#settings;
  }

  async finish(): Promise<readonly Problem[]> {
    if (this.state !== 'lost') return [];
    const { message } = this.explain(`${await this.#process?.ended} while the flows ran`);
    return [{ outcome: 'errored', kind: 'service', message }];
  }

  async #watchLoss(watched: ServiceProcess): Promise<void> {
    const { onLoss } = this.#options;
    if (!onLoss) return;
    const end = await watched.ended;
    if (this.#process === watched) onLoss(this.explain(end).message);
  }

  /** An error about it, with its place and the last lines that it printed. */
  explain(what: string): CompanionError {
    const lines = this.output.listLast(SHOWN_LINES).map((text) => `\n    │ ${text}`);
    const silence = this.#process?.hasBegun ? '; it printed nothing' : '';
    const printed = lines.length === 0 ? silence : `; it printed last${lines.join('')}`;
    return new CompanionError(`${nameWithPlace(this.plan)} ${what}${printed}`);
  }

  async #prepare(command: ServiceSettings['command'], stop: Stop): Promise<void> {
    const run = this.#spawn(command);
    const stopped = new Promise<undefined>((settle) => stop.onEnd(() => settle(undefined)));
    const end = await Promise.race([run.ended, stopped]);
    await run.stop({ signal: 'SIGKILL', timeoutMs: 0 });
    stop.throwIfEnded({ at: 'running' });
    if (end !== 'ended with exit code 0') throw this.explain(`is not started: its \`prepare\` ${end}`);
  }

  #spawn(command: ServiceSettings['command']): ServiceProcess {
    const { host, guard } = this.#options;
    const { cwd = '.', stop } = this.#settings ?? {};
    const spec: ProcessSpec = {
      name: this.plan.name,
      command,
      cwd: resolve(host.directory, cwd),
      env: this.#makeEnvironment(),
      signal: stop?.signal ?? 'SIGTERM',
      output: this.output,
    };
    return new ServiceProcess(spec, host, guard());
  }

  #makeEnvironment(): Record<string, string | undefined> {
    const { host, learn } = this.#options;
    const own: Record<string, string | undefined> = Object.fromEntries(this.plan.envFile);
    for (const [name, value] of Object.entries(this.#settings?.env ?? {}))
      own[name] = value === null ? undefined : String(value);
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
