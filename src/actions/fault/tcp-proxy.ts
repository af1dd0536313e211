import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ActiveFault, Direction, Met } from './active-fault.ts';
import { FaultList } from './fault-list.ts';
import type { FaultProxy, ProxyHost } from './fault-proxy.ts';
import type { FaultSettings } from './fault-settings.ts';
import { Listener } from './listener.ts';
import { Pacer } from './pacer.ts';

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** A proxy of connections: bytes go through as they are, but for its faults. */
export class TcpProxy implements FaultProxy {
  readonly protocol = 'tcp';
  readonly #upstream: Upstream;
  readonly #host: ProxyHost;
  readonly #faults: FaultList;
  readonly #links = new Set<Link>();
  readonly #listener: Listener<Server>;
  #total = { connections: 0, requests: 0, bytes: 0 };
  #changing: Promise<void> = Promise.resolve();

  constructor(upstream: Upstream, host: ProxyHost) {
    this.#upstream = upstream;
    this.#host = host;
    this.#faults = new FaultList(host, () => this.#apply());
    this.#listener = new Listener(() => this.#createServer());
  }

  get port(): number {
    return this.#listener.port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get total(): Met {
    return { ...this.#total };
  }

  /** @throws the network's error */
  listen(port: number): Promise<void> {
    return this.#listener.open(port);
  }

  async set(settings: FaultSettings): Promise<ActiveFault> {
    const fault = this.#faults.set(settings);
    await this.#changing;
    return fault;
  }

  async clear(): Promise<Met> {
    const met = this.#faults.clear();
    await this.#changing;
    return met;
  }

  listUnmet(): readonly ActiveFault[] {
    return this.#faults.listUnmet();
  }

  async close(): Promise<void> {
    this.#faults.clear();
    await this.#changing;
    const closed = this.#listener.close();
    for (const link of this.#links) link.destroy();
    await closed;
  }

  #createServer(): Server {
    return createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => this.#accept(client));
  }

  #accept(client: Socket): void {
    this.#total.connections++;
    const link = new Link(client, {
      upstream: this.#upstream,
      host: this.#host,
      faults: () => this.#faults.active,
      onBytes: (count) => {
        this.#total.bytes += count;
      },
    });
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
    link.open();
  }

  /** Faults meet open connections too; `down` refuses new ones. */
  #apply(): void {
    for (const link of this.#links) link.apply();
    const down = this.#faults.active.filter(({ faults }) => faults.down);
    this.#changing = this.#listener.setDown(down.length > 0, () => {
      for (const link of this.#links) for (const fault of down) link.reset(fault);
    });
  }
}

interface LinkOptions {
  readonly upstream: Upstream;
  readonly host: ProxyHost;
  faults(): readonly ActiveFault[];
  onBytes(count: number): void;
}

/** One connection through the proxy. */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #options: LinkOptions;
  readonly #pacers: readonly Pacer[];
  #passed = 0;

  constructor(client: Socket, options: LinkOptions) {
    this.#client = client;
    this.#options = options;
    this.#server = connect({ ...options.upstream, allowHalfOpen: true, noDelay: true });
    this.#server.pause();
    this.#pacers = [this.#pipe('up', client, this.#server), this.#pipe('down', this.#server, client)];
  }

  open(): void {
    this.apply();
    this.#client.resume();
    this.#server.resume();
  }

  /** Lets what holds now meet the connection, which may be open for long. */
  apply(): void {
    for (const fault of this.#own()) if (fault.faults.reset === true) this.reset(fault);
  }

  reset(fault: ActiveFault): void {
    fault.noteConnection(this);
    this.#stop();
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  destroy(): void {
    this.#stop();
    this.#client.destroy();
    this.#server.destroy();
  }

  #own(): readonly ActiveFault[] {
    return this.#options.faults().filter((fault) => fault.chooses(this));
  }

  #stop(): void {
    for (const pacer of this.#pacers) pacer.stop();
  }

  #pipe(direction: Direction, source: Socket, sink: Socket): Pacer {
    const { host } = this.#options;
    const pacer = new Pacer(
      host.clock,
      () => host.random(),
      (bytes) => {
        if (!sink.write(bytes)) source.pause();
        else if (!pacer.isFull) source.resume();
      },
    );
    sink.on('drain', () => source.resume());
    source.on('data', (bytes: Buffer) => {
      this.#take(direction, bytes, pacer);
      if (pacer.isFull) source.pause();
    });
    source.on('end', () => pacer.whenEmpty(() => this.#end(direction, sink)));
    source.on('error', (error: NodeJS.ErrnoException) => {
      pacer.stop();
      if (error.code === 'ECONNRESET' || error.code === 'ECONNREFUSED') sink.resetAndDestroy();
      else sink.destroy();
    });
    source.on('close', (hadError) => {
      if (hadError && !sink.destroyed) sink.destroy();
    });
    return pacer;
  }

  #take(direction: Direction, bytes: Buffer, pacer: Pacer): void {
    const faults = this.#own().filter((fault) => fault.holdsFor(direction));
    this.#options.onBytes(bytes.length);
    for (const fault of faults) {
      fault.noteConnection(this);
      fault.noteBytes(bytes.length);
    }
    if (faults.some(({ faults: { timeout } }) => timeout)) return;
    const cut = faults.find(({ faults: { limit, reset } }) => limit !== undefined || typeof reset === 'object');
    const most = cut?.faults.limit ?? (typeof cut?.faults.reset === 'object' ? cut.faults.reset.after : undefined);
    const rest = most === undefined ? bytes.length : Math.max(0, most - this.#passed);
    this.#passed += Math.min(bytes.length, rest);
    if (rest > 0)
      pacer.add(
        rest < bytes.length ? bytes.subarray(0, rest) : bytes,
        faults.flatMap((one) => one.paceOf(direction) ?? []),
      );
    if (!cut || rest > bytes.length) return;
    pacer.whenEmpty(() => {
      if (typeof cut.faults.reset === 'object') this.reset(cut);
      else {
        this.#client.end();
        this.#server.end();
        this.#client.destroySoon();
        this.#server.destroySoon();
      }
    });
  }

  #end(direction: Direction, sink: Socket): void {
    const slow = this.#own().find((fault) => fault.faults.slow_close !== undefined && fault.holdsFor(direction));
    if (!slow) {
      sink.end();
      return;
    }
    slow.noteConnection(this);
    this.#options.host.clock.after(slow.faults.slow_close ?? 0, () => sink.end());
  }
}
