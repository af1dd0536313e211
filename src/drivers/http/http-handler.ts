import type { Socket } from 'node:net';
import type { Stopper } from '../stopper.ts';

/** What came back. */
export interface HttpResponse {
  readonly status: number;
  /** Names (as sent) and values by turns. */
  readonly headers: readonly string[];
  /** As it came, not decompressed. */
  readonly body: Buffer;
  readonly timings: HttpTimings;
}

/** Lengths in ms; those of a kept connection's opening are 0. */
export interface HttpTimings {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  /** From the request's sending to the answer's head. */
  readonly waitMs: number;
  /** From the answer's head to its last byte. */
  readonly receiveMs: number;
}

/** How far a request had come when it was stopped. */
export type HttpStage =
  | { readonly at: 'connecting' }
  | { readonly at: 'proxy' }
  | { readonly at: 'handshake' }
  | { readonly at: 'waiting' }
  | { readonly at: 'receiving'; readonly status: number; readonly bytes: number };

/** A request was stopped by its Stopper. */
export class HttpStopped extends Error {
  override readonly name = 'HttpStopped';
  readonly reason: unknown;
  readonly stage: HttpStage;

  constructor(reason: unknown, stage: HttpStage) {
    super('the request was stopped');
    this.reason = reason;
    this.stage = stage;
  }
}

/** When the parts of a connection's opening were done, ms. */
export interface Opening {
  readonly startedAt: number | undefined;
  readonly lookedUpAt: number | undefined;
  /** When a proxy was reached, which has yet to connect through. */
  readonly proxyAt: number | undefined;
  readonly connectedAt: number | undefined;
  readonly readyAt: number | undefined;
}

/** What the requests of one pool share. */
export interface HttpLink {
  now(): number;
  /** Connections being opened. */
  readonly opening: Map<Socket, Opening>;
  /** Set while the request that a new connection was opened for begins. */
  fresh: Opening | undefined;
}

type Abort = (reason?: Error) => void;

/** Follows one request through undici's lowest interface, without streams. */
export class HttpHandler {
  readonly #link: HttpLink;
  readonly #stop: Stopper;
  #resolve: ((response: HttpResponse) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #abort: Abort | undefined;
  #opening: Opening | undefined;
  #sentAt = 0;
  #headAt = 0;
  #status = 0;
  #headers: Buffer[] = [];
  #chunks: Buffer[] = [];
  #bytes = 0;
  isReused = false;
  isDone = false;

  constructor(link: HttpLink, stop: Stopper) {
    this.#link = link;
    this.#stop = stop;
  }

  get hasAnswer(): boolean {
    return this.#status > 0;
  }

  start(resolve: (response: HttpResponse) => void, reject: (error: unknown) => void): void {
    this.#resolve = resolve;
    this.#reject = reject;
    if (this.#stop.reason !== undefined) this.#halt(this.#stop.reason);
    else this.#stop.call = (reason) => this.#halt(reason);
  }

  onConnect(abort: Abort): void {
    if (this.isDone) {
      abort();
      return;
    }
    this.#abort = abort;
    this.#opening = this.#link.fresh;
    this.isReused = this.#opening === undefined;
    this.#sentAt = this.#link.now();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true;
    this.#headAt = this.#link.now();
    this.#status = status;
    this.#headers = headers;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return true;
  }

  onComplete(): void {
    if (this.isDone) return;
    this.#finish();
    const [only] = this.#chunks;
    this.#resolve?.({
      status: this.#status,
      headers: this.#headers.map((part) => part.toString('utf8')),
      body: only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks),
      timings: this.#measure(),
    });
  }

  onError(error: Error): void {
    if (this.isDone) return;
    this.#finish();
    this.#reject?.(error);
  }

  #halt(reason: unknown): void {
    if (this.isDone) return;
    const stage = this.#stage();
    this.#finish();
    this.#reject?.(new HttpStopped(reason, stage));
    this.#abort?.();
  }

  #finish(): void {
    this.isDone = true;
    this.#stop.call = undefined;
  }

  #stage(): HttpStage {
    if (this.#status > 0) return { at: 'receiving', status: this.#status, bytes: this.#bytes };
    if (this.#abort) return { at: 'waiting' };
    const openings = [...this.#link.opening.values()];
    if (openings.some((opening) => opening.connectedAt !== undefined)) return { at: 'handshake' };
    return { at: openings.some((opening) => opening.proxyAt !== undefined) ? 'proxy' : 'connecting' };
  }

  #measure(): HttpTimings {
    const { startedAt = 0, lookedUpAt = startedAt, connectedAt = 0, readyAt = 0 } = this.#opening ?? {};
    return {
      dnsMs: lookedUpAt - startedAt,
      connectMs: connectedAt - lookedUpAt,
      tlsMs: readyAt - connectedAt,
      waitMs: this.#headAt - this.#sentAt,
      receiveMs: this.#link.now() - this.#headAt,
    };
  }
}
