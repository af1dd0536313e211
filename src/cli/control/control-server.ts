import { createServer, type Server, type Socket } from 'node:net';
import type { FaultTarget } from '../../actions/fault/fault-target.ts';
import type { Arrival } from '../../actions/stub/received.ts';
import type { Reply } from '../../actions/stub/wire/stub-front.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Resource } from '../../model/action/resources.ts';
import { type CompanionKind, describeCompanion } from '../../model/companions/companion.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Service } from '../../services/service.ts';
import type { Stop } from '../../stop/stop.ts';
import type { RunProxy } from '../companions/open-run-proxy.ts';
import type { RunStub } from '../companions/open-run-stub.ts';
import { Peer } from './peer.ts';
import type { ProxyOfFlow, RunCalls, SentAnswer, ServiceValues, UpCalls, UpFacts } from './protocol.ts';
import { printSettings } from './settings-print.ts';

/** What `testmesh up` has running, by name. */
export interface UpState {
  readonly services: Map<string, Service>;
  readonly stubs: Map<string, Running<RunStub>>;
  readonly proxies: Map<string, Running<RunProxy>>;
}

/** A stub or a proxy with what it was started with. */
export interface Running<Kind> {
  readonly plan: ProjectCompanion;
  readonly running: Kind;
  readonly config: unknown;
}

export interface ControlOptions {
  readonly about: { readonly version: string; readonly pid: number; readonly runId: string; readonly seed: number };
  readonly state: UpState;
  /** Whether all runs, once that is known. */
  readonly started: Promise<boolean>;
  readonly stop: Stop;
  readonly warn: (text: string) => void;
}

type RunPeer = Peer<RunCalls, UpCalls>;

/** The private socket over which runs use what `testmesh up` has started: one run at a time. */
export class ControlServer {
  readonly #options: ControlOptions;
  readonly #server: Server;
  readonly #peers = new Set<RunPeer>();
  readonly #proxies = new Map<string, Resource<FaultTarget>>();
  #run: { readonly peer: RunPeer; readonly pid: number } | undefined;
  #releasing: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(options: ControlOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens for the owner alone. @throws the system's error when it cannot */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The socket is made at once, so nobody else's file gets this mode.
      const before = process.umask(0o177);
      this.#server.listen({ path }, () => resolve());
      process.umask(before);
    });
  }

  /** Tells the run that uses it that a service ended. */
  noteLoss(name: string): void {
    this.#run?.peer.notify('lost', { name, message: 'has ended in `testmesh up`, which says why' });
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) peer.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#releasing;
  }

  #accept(socket: Socket): void {
    const { version, pid } = this.#options.about;
    const only = <Given, Result>(handle: (given: Given) => Result) => {
      return (given: Given): Result => {
        if (this.#run?.peer !== peer) throw new Error('no run is attached');
        return handle(given);
      };
    };
    const peer: RunPeer = new Peer<RunCalls, UpCalls>(socket, {
      greet: () => ({ version, pid }),
      attach: (given) => this.#attach(peer, given.pid),
      start: only(({ name }) => this.#start(name)),
      stop: only(({ name, how }) => this.#find(name).stop({ isKill: how === 'kill' })),
      printed: only(({ name, since }) => this.#find(name).output.listSince(since)),
      serve: only(({ stub }) => this.#serve(peer, stub)),
      openProxy: only((given) => this.#openProxy(given)),
      setFaults: only(async (given) => {
        await this.#findTarget(given).value.set(given.settings);
        return null;
      }),
      clearFaults: only((given) => this.#findTarget(given).value.clear()),
      judgeProxy: only(async (given) => (await this.#findTarget(given).finish?.(given.so)) ?? []),
      closeProxy: only(async (given) => {
        await this.#findTarget(given).close();
        this.#proxies.delete(keyOf(given));
        return null;
      }),
    });
    this.#peers.add(peer);
    peer.onClose(() => {
      this.#peers.delete(peer);
      if (this.#run?.peer === peer) this.#release();
    });
  }

  async #attach(peer: RunPeer, pid: number): Promise<UpFacts> {
    if (this.#run) throw new Error(`another run uses it (pid ${this.#run.pid})`);
    this.#run = { peer, pid };
    if (!(await this.#options.started)) throw new Error('its services did not start');
    await this.#releasing;
    const { runId, seed } = this.#options.about;
    const { services, stubs, proxies } = this.#options.state;
    const started = [...stubs.values(), ...proxies.values()].map(({ plan, running, config }) => ({
      ...{ kind: plan.kind, name: plan.name },
      ...{ values: running.values, isEnded: false, print: printSettings(plan, config) },
    }));
    const processes = [...services.values()].map(({ plan, values, settings, state }) => ({
      ...{ kind: plan.kind, name: plan.name },
      ...{ values, isEnded: state !== 'running', print: printSettings(plan, settings) },
    }));
    return { runId, seed, companions: [...processes, ...started] };
  }

  async #start(name: string): Promise<ServiceValues> {
    const service = this.#find(name);
    if (service.state === 'lost') await service.stop();
    if (service.state === 'stopped') await service.start(this.#options.stop);
    return service.values;
  }

  #serve(peer: RunPeer, stub: string): null {
    find(this.#options.state.stubs, 'stub', stub).running.serveBy((arrival, reply) =>
      this.#pass(peer, { stub, arrival, reply }),
    );
    return null;
  }

  /** Has a request answered by the run. */
  #pass(peer: RunPeer, { stub, arrival, reply }: { stub: string; arrival: Arrival; reply: Reply }): void {
    const id = ++this.#count;
    const answer = async ({ answer: ready, fault }: SentAnswer): Promise<void> => {
      if (!ready) return reply.fail();
      const body = ready.body === undefined ? undefined : Buffer.from(ready.body, 'base64');
      await reply.send({ ...ready, body }, fault);
      peer.notify('answered', { id });
    };
    const sent = { ...arrival, id, stub, body: arrival.body.toString('base64') };
    peer.call('answer', sent).then(answer, () => reply.fail());
  }

  #openProxy(given: ProxyOfFlow): null {
    const { running } = find(this.#options.state.proxies, 'proxy', given.proxy);
    const [, resource] = running.openFlow();
    this.#proxies.set(keyOf(given), resource);
    return null;
  }

  #findTarget(given: ProxyOfFlow): Resource<FaultTarget> {
    const resource = this.#proxies.get(keyOf(given));
    if (!resource) throw new Error(`no flow sees the proxy \`${given.proxy}\``);
    return resource;
  }

  #find(name: string): Service {
    return find(this.#options.state.services, 'service', name);
  }

  /** The run is over, or gone: what it changed ends, and what it stopped runs again. */
  #release(): void {
    this.#run = undefined;
    for (const { running } of this.#options.state.stubs.values()) running.serveBy(undefined);
    const open = [...this.#proxies.values()];
    this.#proxies.clear();
    const { state, stop, warn } = this.#options;
    const restore = async (): Promise<void> => {
      await Promise.all(open.map((resource) => resource.close()));
      for (const service of state.services.values()) {
        if (service.state !== 'stopped' || stop.asked) continue;
        await service.start(stop).catch((error: unknown) => warn(String(Object(error).message)));
      }
    };
    this.#releasing = restore();
  }
}

function keyOf({ proxy, traceId }: ProxyOfFlow): string {
  return `${traceId} ${proxy}`;
}

function find<Kind>(all: ReadonlyMap<string, Kind>, kind: CompanionKind, name: string): Kind {
  const found = all.get(name);
  if (found) return found;
  const message = `${describeCompanion({ kind, name })} does not run in \`testmesh up\``;
  throw new ActionError({ kind: 'service', message });
}
