import { createServer, type Server, type Socket } from 'node:net';
import { FaultList } from './fault-list.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { Link, type Reader, type Upstream } from './link.ts';
import { Listener } from './listener.ts';
import type { PaceHost } from './pacer.ts';
import type { Met } from './tally.ts';

export interface TcpProxyOptions {
  readonly protocol: 'tcp' | 'kafka';
  /** Where it leads, from a port of its own each. */
  readonly upstreams: readonly Upstream[];
  /** Makes the one who reads along on a connection. */
  createReader?(proxy: TcpProxy): Reader;
}

/** A proxy of connections: bytes go through as they are, but for its faults. */
export class TcpProxy implements FaultProxy {
  readonly protocol: 'tcp' | 'kafka';
  readonly notes = new Set<string>();
  readonly troubles = new Set<string>();
  readonly #options: TcpProxyOptions;
  readonly #host: PaceHost;
  readonly faults: FaultList;
  readonly #links = new Set<Link>();
  readonly #listeners: Listener<Server>[] = [];
  /** By the address to which they lead. */
  readonly #gates = new Map<string, Promise<number>>();
  #total = { connections: 0, requests: 0, bytes: 0 };
  #isClosed = false;

  constructor(options: TcpProxyOptions, host: PaceHost) {
    this.protocol = options.protocol;
    this.#options = options;
    this.#host = host;
    this.faults = new FaultList(host, {
      getPort: () => this.port,
      // Bytes also come through connections that were open before.
      countArrivals: () => this.#total.connections + this.#total.bytes,
      apply: () => this.#apply(),
    });
  }

  get port(): number {
    return this.#listeners[0]?.port ?? 0;
  }

  get address(): string {
    const first = this.#listeners.slice(0, this.#options.upstreams.length);
    return first.map(({ port }) => `127.0.0.1:${port}`).join(',');
  }

  get total(): Met {
    return { ...this.#total };
  }

  /** Takes the port for the first upstream, and free ones for the others. @throws the network's error */
  async listen(port: number): Promise<void> {
    for (const [index, upstream] of this.#options.upstreams.entries()) {
      await this.openGate(upstream, index === 0 ? port : 0);
    }
  }

  /** Gives the port that leads to an address; it is opened when first asked for. @throws the network's error */
  openGate(upstream: Upstream, port = 0): Promise<number> {
    if (this.#isClosed) return Promise.reject(new Error('the proxy is closed'));
    const key = `${upstream.host} ${upstream.port}`;
    const gate = this.#gates.get(key) ?? this.#listen(upstream, port);
    this.#gates.set(key, gate);
    return gate;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.faults.clear();
    await Promise.allSettled(this.#gates.values());
    const closed = this.#listeners.map((listener) => listener.close());
    for (const link of this.#links) link.destroy();
    await Promise.all(closed);
  }

  async #listen(upstream: Upstream, port: number): Promise<number> {
    const listener: Listener<Server> = new Listener(() =>
      createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) =>
        this.#accept(client, upstream),
      ),
    );
    await listener.open(port);
    this.#listeners.push(listener);
    void this.#apply();
    return listener.port;
  }

  #accept(client: Socket, upstream: Upstream): void {
    this.#total.connections++;
    const link = new Link(client, {
      upstream,
      host: this.#host,
      reader: this.#options.createReader?.(this),
      faults: () => this.faults.active,
      onBytes: (count) => {
        this.#total.bytes += count;
      },
      onTrouble: (message) => this.troubles.add(message),
    });
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
    link.open();
  }

  /** Faults meet open connections too; `down` refuses new ones. */
  #apply(): Promise<unknown> {
    for (const link of this.#links) link.apply();
    const down = this.faults.active.filter(({ faults }) => faults.down);
    const reset = (): void => {
      for (const link of this.#links) for (const fault of down) link.reset(fault);
    };
    return Promise.all(this.#listeners.map((listener) => listener.setDown(down.length > 0, reset)));
  }
}
