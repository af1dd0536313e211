import { connect, type Socket } from 'node:net';
import { type ActiveFault, type Direction, findCut, takePart } from './active-fault.ts';

import { type PaceHost, Pacer } from './pacer.ts';

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** Who reads what goes through a connection, and gives what goes on in its place. */
export interface Reader {
  /** @throws Error when it cannot read the bytes */
  take(direction: Direction, bytes: Buffer): Promise<Passage>;
}

/** What goes on. */
export interface Passage {
  readonly bytes: Buffer;
  /** Whether the client's connection is reset after these bytes. */
  readonly isLast?: boolean;
}

export interface LinkOptions {
  readonly upstream: Upstream;
  readonly host: PaceHost;
  readonly reader?: Reader | undefined;
  faults(): readonly ActiveFault[];
  onBytes(count: number): void;
  /** Why the reader ended the connection. */
  onTrouble(message: string): void;
}

/** One way through a connection. */
interface Way {
  readonly direction: Direction;
  readonly source: Socket;
  take(bytes: Buffer): void;
  end(): void;
  /** Calls back when all that was taken has gone on. */
  whenEmpty(call: () => void): void;
}

/** One connection through the proxy. */
export class Link {
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
    this.#cut();
  }

  #cut(): void {
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
    return this.#options.faults().filter((fault) => fault.isOfConnections && fault.chooses(this));
  }

  #stop(): void {
    for (const pacer of this.#pacers) pacer.stop();
  }

  #pipe(direction: Direction, source: Socket, sink: Socket): Pacer {
    const { host } = this.#options;
    const pacer = new Pacer(host, (bytes) => {
      if (!sink.write(bytes)) source.pause();
      else if (!pacer.isFull) source.resume();
    });
    sink.on('drain', () => source.resume());
    const take = (bytes: Buffer): void => {
      this.#take(direction, bytes, pacer);
      if (pacer.isFull) source.pause();
    };
    const end = (): void => pacer.whenEmpty(() => this.#end(direction, sink));
    const { reader } = this.#options;
    if (reader) this.#readAlong(reader, { direction, source, take, end, whenEmpty: (call) => pacer.whenEmpty(call) });
    else source.on('data', take).on('end', end);
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

  /** Lets the reader see the bytes before they go on, one piece after the other. */
  #readAlong(reader: Reader, { direction, source, take, end, whenEmpty }: Way): void {
    let before = Promise.resolve();
    const then = (work: () => Promise<void> | void): void => {
      before = before.then(work).catch((error: unknown) => {
        if (!this.#client.destroyed) this.#options.onTrouble(error instanceof Error ? error.message : String(error));
        this.destroy();
      });
    };
    source.on('data', (bytes: Buffer) =>
      then(async () => {
        const passage = await reader.take(direction, bytes);
        if (passage.bytes.length > 0) take(passage.bytes);
        if (passage.isLast) whenEmpty(() => this.#cut());
      }),
    );
    source.on('end', () => then(end));
  }

  #take(direction: Direction, bytes: Buffer, pacer: Pacer): void {
    const faults = this.#own().filter((fault) => fault.holdsFor(direction));
    this.#options.onBytes(bytes.length);
    const silent = faults.filter(({ faults: { timeout } }) => timeout);
    for (const fault of silent) this.#note(fault, bytes.length, bytes);
    if (silent.length > 0) return;
    const cut = findCut(faults);
    const { part, isLast } = takePart(bytes, this.#passed, cut);
    this.#passed += part.length;
    for (const fault of faults) {
      fault.seen.noteSize(this.#passed);
      if (fault.holdsUp(direction, part.length)) this.#note(fault, part.length, part);
    }
    if (part.length > 0)
      pacer.add(
        part,
        faults.flatMap((one) => one.paceOf(direction) ?? []),
      );
    if (!cut || !isLast) return;
    this.#note(cut.fault, bytes.length - part.length, bytes);
    pacer.whenEmpty(() => {
      if (cut.isReset) this.reset(cut.fault);
      else {
        this.#client.end();
        this.#server.end();
        this.#client.destroySoon();
        this.#server.destroySoon();
      }
    });
  }

  /** A fault changes what becomes of these bytes. */
  #note(fault: ActiveFault, bytes: number, piece: Buffer): void {
    fault.noteConnection(this);
    fault.noteBytes(bytes, piece);
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
