import type { TakeArrival } from '../../actions/stub/wire/stub-front.ts';
import { learnText } from '../../engine/events/learn-text.ts';
import { openSettings } from '../../engine/flows/open-settings.ts';
import { closeResources } from '../../engine/lifetimes/close-resources.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { RUN_SERVICES } from '../../engine/lifetimes/run-services.ts';
import type { SessionServices } from '../../engine/lifetimes/services.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { CompanionIo, OpenedSettings, RunServices } from '../../model/companions/run-services.ts';
import type { Problem } from '../../model/events.ts';
import type { OpenStarter } from '../../services/starter.ts';
import type { Paint } from '../../util/paint.ts';
import { type CompanionHooks, type CompanionsOptions, createCompanions } from '../companions/create-companions.ts';
import { openRunProxy } from '../companions/open-run-proxy.ts';
import { openRunStub, type WatchArrival } from '../companions/open-run-stub.ts';
import { createOwnSession } from '../companions/own-session.ts';
import { ControlServer, type UpState } from '../control/control-server.ts';
import type { Terminal } from '../process/terminal.ts';
import { describeAddresses, describeLine, describeTraffic } from './up-lines.ts';

export interface RunningUpOptions extends Omit<CompanionsOptions, 'clock' | 'runId' | 'seed'> {
  readonly stops: OuterStops;
  readonly terminal: Terminal;
  readonly version: string;
  readonly pid: number;
  readonly paint: Paint;
  /** Whether only addresses and what went wrong are printed. */
  readonly isQuiet: boolean;
}

/** Services, stubs and proxies that stay, for the runs that come and go meanwhile. */
export class RunningUp {
  readonly #options: RunningUpOptions;
  readonly #session: SessionServices;
  readonly #services: RunServices;
  readonly #state: UpState = { services: new Map(), stubs: new Map(), proxies: new Map() };
  readonly #control: ControlServer;
  #tellStarted: (isStarted: boolean) => void = () => undefined;

  constructor(options: RunningUpOptions) {
    this.#options = options;
    const { terminal, version, pid, stops } = options;
    const warn = (text: string): void => terminal.writeError(`${this.#mask(text)}\n`);
    this.#session = createOwnSession({ terminal, version, stops, warn, name: 'up' });
    const { clock, identity } = this.#session;
    const { runId, seed } = identity;
    this.#services = createCompanions({ ...options, clock, runId, seed }, this.#createHooks());
    const started = new Promise<boolean>((resolve) => {
      this.#tellStarted = resolve;
    });
    const about = { version, pid, runId, seed };
    this.#control = new ControlServer({ about, started, warn, state: this.#state, stop: stops.work });
  }

  /** Listens for runs. @throws the system's error when the socket cannot be made */
  listen(path: string): Promise<void> {
    return this.#control.listen(path);
  }

  /** Starts all; gives why one is not there. */
  async start(): Promise<readonly Problem[]> {
    const { stops } = this.#options;
    const value = this.#services;
    await this.#session.resources.open(RUN_SERVICES, async () => ({ value, close: async () => undefined }));
    let count = 0;
    const io: CompanionIo = {
      stop: stops.work,
      note: (text) => this.warn(`note: ${text}`),
      learn: (name, text) => void learnText(this.#session.secrets, name, text),
      openSettings: (plan, inputs) =>
        openSettings(this.#session, { plan, inputs }, { index: count++, stream: `companions/${plan.name}` }),
    };
    const problems = await this.#services.start(io);
    this.#tellStarted(problems.length === 0);
    return problems;
  }

  /** The addresses of what runs, a line each. */
  listAddresses(): readonly string[] {
    return describeAddresses(this.#services).map((line) => this.#mask(line));
  }

  /** Ends all; gives a line for each that did not end as asked. */
  async close(): Promise<readonly string[]> {
    const { stops } = this.#options;
    this.#tellStarted(false);
    await this.#control.close();
    const said = await this.#services.close(() => stops.undo.reason !== undefined);
    await closeResources(this.#session, this.#session.resources, '`testmesh up`');
    return said.map((text) => this.#mask(text));
  }

  /** Prints what went wrong. */
  warn(text: string): void {
    this.#options.terminal.writeError(`${this.#mask(text)}\n`);
  }

  #createHooks(): CompanionHooks {
    return {
      onService: (service) => {
        const { name } = service.plan;
        this.#state.services.set(name, service);
        service.output.onLine((text) => this.#print(name, text));
      },
      onLoss: (plan, message) => {
        this.warn(message);
        this.#control.noteLoss(plan.name);
      },
      open: (plan, opened) => this.#open(plan, opened),
    };
  }

  async #open(plan: StarterPlan, opened: OpenedSettings): Promise<OpenStarter> {
    const { name } = plan;
    const { config } = opened;
    if (plan.kind === 'proxy') {
      const running = await openRunProxy(plan, opened);
      this.#state.proxies.set(name, { plan, running, config });
      return running;
    }
    const running = await openRunStub(plan, opened, this.#watch(name));
    this.#state.stubs.set(name, { plan, running, config });
    return running;
  }

  /** Prints each request with its answer. */
  #watch(name: string): WatchArrival {
    const { clock } = this.#session;
    return (arrival, reply) =>
      ({
        send: (answer, fault) => {
          const traffic = { arrival, fault, status: answer.status, ms: clock.now() - arrival.atMs };
          this.#print(`stubs.${name}`, describeTraffic(traffic));
          return reply.send(answer, fault);
        },
        fail: () => reply.fail(),
      }) satisfies Parameters<TakeArrival>[1];
  }

  #print(name: string, text: string): void {
    const { terminal, paint, isQuiet } = this.#options;
    if (!isQuiet) terminal.write(`${this.#mask(describeLine(name, text, paint))}\n`);
  }

  #mask(text: string): string {
    return this.#session.secrets.maskText(text);
  }
}
