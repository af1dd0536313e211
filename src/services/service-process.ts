import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { GuardLink } from './guard-link.ts';
import type { ServiceHost } from './host.ts';
import type { ServiceOutput } from './output.ts';
import { listGroup, listMarked, RUN_MARK, SERVICE_MARK } from './processes.ts';
import type { ServiceRun, StopOptions } from './service-run.ts';

const LOOK_MS = 25;
/** How long output may come after its process ended, and what was killed may take to be gone, ms. */
const DRAIN_MS = 100;
const KILL_MS = 2_000;

export interface ProcessSpec {
  readonly name: string;
  readonly command: string | readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The signal by which the guard ends it. */
  readonly signal: NodeJS.Signals;
  readonly output: ServiceOutput;
}

/** A process of a service, the leader of a group of its own, with all that it starts. */
export class ServiceProcess implements ServiceRun {
  readonly ended: Promise<string>;
  readonly #host: ServiceHost;
  readonly #guard: GuardLink;
  readonly #spec: ProcessSpec;
  readonly #child: ChildProcess;

  constructor(spec: ProcessSpec, host: ServiceHost, guard: GuardLink) {
    this.#spec = spec;
    this.#host = host;
    this.#guard = guard;
    const { command, cwd, name } = spec;
    const env = { ...spec.env, [RUN_MARK]: host.mark, [SERVICE_MARK]: name };
    const options = { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
    const [program = '', ...words] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
    this.#child = spawn(program, words, options);
    if (this.#child.pid !== undefined) guard.watch(this.#child.pid, spec.signal);
    this.#readOutput();
    this.ended = this.#watchEnd();
  }

  get hasBegun(): boolean {
    return this.#child.pid !== undefined;
  }

  get hasEnded(): boolean {
    return !this.hasBegun || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  listLeft(): readonly number[] {
    const marked = listMarked({ [RUN_MARK]: this.#host.mark, [SERVICE_MARK]: this.#spec.name });
    return marked.filter((pid) => pid !== this.#child.pid);
  }

  async stop({ signal, timeoutMs, isHurried = () => false }: StopOptions): Promise<readonly string[]> {
    const { pid: group } = this.#child;
    if (group === undefined) return [];
    const { clock } = this.#host;
    const inGroup = new Set(listGroup(group) ?? [group]);
    const strays = this.listLeft().filter((pid) => !inGroup.has(pid));
    this.#signal(group, signal);
    const startedAt = clock.monotonic();
    const mayGoOn = (): boolean => !isHurried() && clock.monotonic() - startedAt < timeoutMs;
    while (this.#isAlive(group) && mayGoOn()) await clock.sleep(LOOK_MS);
    const said = strays.length > 0 ? [`processes that it had started in sessions of their own were ended too`] : [];
    if (this.#isAlive(group)) {
      if (signal !== 'SIGKILL') said.push(describeKill(signal, timeoutMs, isHurried()));
      const killedAt = clock.monotonic();
      do {
        this.#signal(group, 'SIGKILL');
        await clock.sleep(LOOK_MS);
      } while (this.#isAlive(group) && clock.monotonic() - killedAt < KILL_MS);
    }
    if (this.#isAlive(group)) said.push('it could not be ended');
    else this.#guard.forget(group);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    return said;
  }

  #signal(group: number, signal: NodeJS.Signals): void {
    this.#host.kill(-group, signal);
    for (const pid of this.listLeft()) if (!listGroup(group)?.includes(pid)) this.#host.kill(pid, signal);
  }

  /** Whether it, its group, or what left that still runs. What ended and is not reaped by its parent counts for nothing. */
  #isAlive(group: number): boolean {
    if (!this.hasEnded) return true;
    const others = this.#host.kill(-group, 0) && (listGroup(group)?.length ?? 1) > 0;
    return others || this.listLeft().length > 0;
  }

  #readOutput(): void {
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      const taker = this.#spec.output.openStream();
      stream?.setEncoding('utf8').on('data', taker.write).on('end', taker.flush).on('error', taker.flush);
    }
  }

  #watchEnd(): Promise<string> {
    const child = this.#child;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${describeSpawnError(error, this.#spec)}`));
      child.once('exit', (code, signal) => {
        const end = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
        // A process that it left behind may hold its output open.
        const drained = Promise.race([closed, this.#host.clock.sleep(DRAIN_MS)]);
        void drained.then(() => resolve(end));
      });
    });
  }
}

function describeKill(signal: string, timeoutMs: number, isHurried: boolean): string {
  if (isHurried) return 'it was killed';
  return `it did not end within ${timeoutMs / 1000} s of ${signal}, and was killed`;
}

function describeSpawnError(error: NodeJS.ErrnoException, { command, cwd }: ProcessSpec): string {
  if (error.code !== 'ENOENT') return error.message;
  return typeof command !== 'string' && existsSync(cwd)
    ? `there is no program \`${command[0]}\` on the PATH`
    : `there is no folder ${cwd}`;
}
