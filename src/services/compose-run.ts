import type { ComposeSettings } from '../model/companions/service-plan.ts';
import type { Stop } from '../stop/stop.ts';
import { explainDocker } from './explain-docker.ts';
import type { GuardLink } from './guard-link.ts';
import type { ServiceHost } from './host.ts';
import { ServiceOutput } from './output.ts';
import { type ProcessSpec, ServiceProcess } from './service-process.ts';
import type { ServiceRun, StopOptions } from './service-run.ts';

const LOOK_MS = 25;
/** How long a command that ends or asks something may take besides the time that it is given, ms. */
const COMMAND_MS = 10_000;

export interface ComposeSpec extends Omit<ProcessSpec, 'command' | 'signal'> {
  readonly compose: ComposeSettings;
}

const GONE = 'ended: its container does not run any more';

/** What a compose command came to, with the last line that it printed, and what is known of why. */
interface Ended {
  readonly how: string;
  readonly isGood: boolean;
  readonly last: string;
  readonly why: string | undefined;
}

/** So many of the lines that docker printed may say why. */
const SAID_LINES = 20;

/** A service of a compose file: `docker compose` starts and stops its container, and follows what it prints. */
export class ComposeRun implements ServiceRun {
  readonly #spec: ComposeSpec;
  readonly #host: ServiceHost;
  readonly #guard: GuardLink;
  #follower: ServiceProcess | undefined;
  /** Whether it ran before, and goes on. */
  #isFound = false;
  #failure: string | undefined;

  constructor(spec: ComposeSpec, host: ServiceHost, guard: GuardLink) {
    this.#spec = spec;
    this.#host = host;
    this.#guard = guard;
  }

  get hasBegun(): boolean {
    return this.#follower !== undefined;
  }

  get hasEnded(): boolean {
    return this.#failure !== undefined || (this.#follower?.hasEnded ?? false);
  }

  get ended(): Promise<string> {
    if (this.#failure !== undefined) return Promise.resolve(this.#failure);
    return (this.#follower?.ended ?? Promise.resolve('')).then(() => GONE);
  }

  /** Its output may go on for a while after its container. */
  async check(): Promise<void> {
    if (!this.hasEnded && !(await this.isRunning().catch(() => true))) this.#failure = GONE;
  }

  listLeft(): readonly number[] {
    return [];
  }

  /** Whether its container runs. @throws Error when that cannot be asked */
  async isRunning(): Promise<boolean> {
    const { how, isGood, last, why } = await this.#call(['ps', '-q', '--status', 'running', this.#name]);
    if (!isGood) throw new Error(why ?? `\`docker compose ps\` ${how}${last === '' ? '' : `: ${last}`}`);
    return last !== '';
  }

  /** Starts its container, and follows what it prints from then on. */
  async start(stop: Stop): Promise<void> {
    const { clock } = this.#host;
    this.#guard.undo(this.#key, this.#undo());
    const since = new Date(clock.now()).toISOString();
    const up = this.#run(['up', '-d', this.#name], this.#spec.output);
    const stopped = new Promise<undefined>((settle) => stop.onEnd(() => settle(undefined)));
    const end = await Promise.race([up.ended, stopped]);
    await up.stop({ signal: 'SIGTERM', timeoutMs: COMMAND_MS });
    if (end !== 'ended with exit code 0') {
      this.#failure = end?.startsWith('could not') ? end : `is not started: \`docker compose up\` ${end}`;
      return;
    }
    this.#follow(['--since', since]);
  }

  /** Uses a container that runs already: follows all that it printed, and leaves it running. */
  use(): void {
    this.#isFound = true;
    this.#follow([]);
  }

  async stop({ signal, timeoutMs, isHurried = () => false }: StopOptions): Promise<readonly string[]> {
    const said = this.#isFound ? [] : await this.#stopContainer(signal === 'SIGKILL', timeoutMs, isHurried);
    await this.#follower?.stop({ signal: 'SIGKILL', timeoutMs: 0 });
    return said;
  }

  async #stopContainer(isKill: boolean, timeoutMs: number, isHurried: () => boolean): Promise<readonly string[]> {
    const seconds = String(Math.ceil(timeoutMs / 1000));
    const words = isKill ? ['kill', this.#name] : ['stop', '-t', seconds, this.#name];
    const ended = await this.#call(words, timeoutMs + COMMAND_MS, isHurried);
    const isCut = !ended.isGood && isHurried() && !isKill;
    const last = isCut ? await this.#call(['kill', this.#name]) : ended;
    if (!last.isGood && this.#failure === undefined)
      return [
        `its container could not be stopped: \`docker compose\` ${last.how}${last.last === '' ? '' : `: ${last.last}`}`,
      ];
    this.#guard.forgetUndo(this.#key);
    return isCut ? ['it was killed'] : [];
  }

  #follow(words: readonly string[]): void {
    const all = ['logs', '-f', '--no-log-prefix', ...words, this.#name];
    this.#follower = this.#run(all, this.#spec.output, this.#spec.name);
  }

  /** Runs a command to its end, or until it is hurried or takes too long. */
  async #call(
    words: readonly string[],
    timeoutMs = COMMAND_MS,
    isHurried: () => boolean = () => false,
  ): Promise<Ended> {
    const { clock } = this.#host;
    const output = new ServiceOutput(clock);
    const run = this.#run(words, output);
    const startedAt = clock.monotonic();
    while (!run.hasEnded && !isHurried() && clock.monotonic() - startedAt < timeoutMs) await clock.sleep(LOOK_MS);
    const how = run.hasEnded ? await run.ended : 'did not end in time';
    await run.stop({ signal: 'SIGKILL', timeoutMs: 0 });
    const [last = ''] = output.listLast(1);
    const isGood = how === 'ended with exit code 0';
    return { how, isGood, last, why: isGood ? undefined : explainDocker([how, ...output.listLast(SAID_LINES)]) };
  }

  /** Under a name of its own, so that what ends it does not end what follows the output. */
  #run(words: readonly string[], output: ServiceOutput, name = `${this.#spec.name} ${words[0]}`): ServiceProcess {
    const spec = { ...this.#spec, command: this.#command(words), signal: 'SIGTERM' as const, output, name };
    return new ServiceProcess(spec, this.#host, this.#guard);
  }

  #command(words: readonly string[]): readonly string[] {
    return ['docker', 'compose', '-f', this.#spec.compose.file, ...words];
  }

  /** What the guard does when this process is gone. */
  #undo(): Parameters<GuardLink['undo']>[1] {
    const { cwd, env } = this.#spec;
    return { command: this.#command(['stop', this.#name]), cwd, env };
  }

  get #name(): string {
    return this.#spec.compose.service;
  }

  get #key(): string {
    return `compose ${this.#spec.name}`;
  }
}
