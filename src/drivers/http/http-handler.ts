import type { Stop } from '../../stop/stop.ts';
import type { Stage, StopError } from '../../stop/stop-error.ts';
import { HttpBroken } from './http-broken.ts';
import { addMoments, type WireMeasure } from './wire-measure.ts';

/** What came back. */
export interface HttpResponse {
  readonly status: number;
  /** Names (as sent) and values by turns. */
  readonly headers: readonly string[];
  /** As it came, not decompressed. */
  readonly body: Buffer;
  /** How many bytes came; more than `body` has where they went to the request's `spill`. */
  readonly size: number;
  /** Whether nothing but the end of the connection says where the body ends, so that it may have been cut off. */
  readonly isOpenEnded: boolean;
  /** How many bytes came at least that its `content-length` does not count. */
  readonly excessBytes: number;
  readonly timings: HttpTimings;
}

/** How a body ended. */
type BodyEnd = Pick<HttpResponse, 'isOpenEnded' | 'excessBytes'>;

const WHOLE: BodyEnd = { isOpenEnded: false, excessBytes: 0 };

/** Where an answer goes that is larger than memory is to hold. */
export interface Spill {
  /** Bytes; smaller ones are held in memory. */
  readonly from: number;
  /** Takes the body as it comes. @throws what ends the request */
  write(chunk: Buffer): void;
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

/** When the parts of a connection's opening were done, ms. */
export interface Opening {
  readonly startedAt: number;
  readonly lookedUpAt: number | undefined;
  /** When a proxy was reached, which has yet to connect through. */
  readonly proxyAt: number | undefined;
  readonly connectedAt: number | undefined;
  readonly readyAt: number | undefined;
}

/** How large a body may be, as it comes. */
export const MAX_BODY_BYTES = 256 * 1024 * 1024;

export interface HandlerOptions {
  readonly spill?: Spill | undefined;
  readonly measure?: WireMeasure | undefined;
  readonly dropsBody?: boolean | undefined;
}

/** Follows one request from its connection to the last byte of its answer, whichever HTTP is spoken. */
export class HttpHandler {
  readonly #now: () => number;
  readonly #stop: Stop;
  readonly #spill: Spill | undefined;
  readonly #dropsBody: boolean;
  readonly measure: WireMeasure | undefined;
  #leave: (() => void) | undefined;
  #resolve: ((response: HttpResponse) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #abort: (() => void) | undefined;
  #opening: Opening | undefined;
  #startedAt = 0;
  #sentAt: number | undefined;
  #writtenAt: number | undefined;
  #headAt = 0;
  #status = 0;
  #headers: readonly string[] = [];
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Whether its connection was open before it came. */
  isReused = false;
  /** Whether a part of an answer came. */
  hasAnswer = false;
  isDone = false;

  constructor(now: () => number, stop: Stop, { spill, measure, dropsBody = false }: HandlerOptions = {}) {
    this.#now = now;
    this.#stop = stop;
    this.#spill = spill;
    this.#dropsBody = dropsBody;
    this.measure = measure;
  }

  start(resolve: (response: HttpResponse) => void, reject: (error: unknown) => void): void {
    this.#resolve = resolve;
    this.#reject = reject;
    if (this.measure) this.#startedAt = this.#now();
    this.#leave = this.#stop.onEnd((reason) => this.#end(reason));
  }

  /** A connection is being opened for it; `cancel` ends that. */
  onOpening(opening: Opening, cancel: () => void): void {
    this.#opening = opening;
    this.#abort = cancel;
  }

  /** It goes over a connection now, one of its own or one that was open before; `abort` ends that. */
  onSend(abort: () => void, connection: 'fresh' | 'reused'): void {
    this.#abort = abort;
    this.isReused = connection === 'reused';
    if (this.isReused) this.#opening = undefined;
    this.#sentAt = this.#now();
  }

  /** Its last byte has left; called where it is measured. */
  onWritten(): void {
    this.#writtenAt = this.#now();
  }

  onHeaders(status: number, headers: readonly string[]): void {
    this.hasAnswer = true;
    this.#headAt = this.#now();
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer): void {
    if (this.isDone) return;
    this.#bytes += chunk.length;
    if (this.#dropsBody) return;
    this.#chunks.push(chunk);
    if (this.#bytes > (this.#spill?.from ?? MAX_BODY_BYTES)) this.#overflow();
  }

  #overflow(): void {
    try {
      if (!this.#spill) throw new HttpBroken('body too large');
      for (const chunk of this.#chunks.splice(0)) this.#spill.write(chunk);
    } catch (error) {
      this.#breakOff(error);
    }
  }

  onComplete({ isOpenEnded, excessBytes }: BodyEnd = WHOLE, endedAt = this.#now()): void {
    if (this.isDone) return;
    this.#finish(endedAt);
    const [only] = this.#chunks;
    this.#resolve?.({
      status: this.#status,
      headers: this.#headers,
      body: only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks),
      size: this.#bytes,
      isOpenEnded,
      excessBytes,
      timings: this.#measure(endedAt),
    });
  }

  onError(error: unknown): void {
    if (this.isDone) return;
    this.#finish();
    this.#reject?.(error);
  }

  #end(reason: StopError): void {
    if (!this.isDone) this.#breakOff(reason.in(this.#stage()));
  }

  #breakOff(error: unknown): void {
    this.#finish();
    this.#reject?.(error);
    this.#abort?.();
  }

  #finish(endedAt?: number): void {
    this.isDone = true;
    this.#leave?.();
    if (this.measure) this.#addTo(this.measure, endedAt ?? this.#now());
  }

  #addTo(measure: WireMeasure, endedAt: number): void {
    addMoments(measure, {
      startedAt: this.#startedAt,
      sentAt: this.#sentAt,
      writtenAt: this.#writtenAt,
      headAt: this.#status > 0 ? this.#headAt : undefined,
      endedAt,
    });
    const { startedAt = endedAt, lookedUpAt, connectedAt, readyAt } = this.#opening ?? {};
    if (lookedUpAt !== undefined) measure.dnsMs += lookedUpAt - startedAt;
    if (connectedAt !== undefined) measure.connectMs += connectedAt - (lookedUpAt ?? startedAt);
    if (connectedAt !== undefined && readyAt !== undefined) measure.tlsMs += readyAt - connectedAt;
  }

  #stage(): Stage {
    if (this.#status > 0) {
      const at = this.#headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type');
      const type = at === -1 ? undefined : this.#headers[at + 1];
      return { at: 'receiving', status: this.#status, bytes: this.#bytes, ...(type !== undefined && { type }) };
    }
    if (this.#sentAt !== undefined) return { at: 'waiting' };
    const { connectedAt, proxyAt } = this.#opening ?? {};
    if (connectedAt !== undefined) return { at: 'handshake' };
    return { at: proxyAt === undefined ? 'connecting' : 'proxy' };
  }

  #measure(endedAt: number): HttpTimings {
    const { startedAt = 0, lookedUpAt = startedAt, connectedAt = 0, readyAt = 0 } = this.#opening ?? {};
    return {
      dnsMs: lookedUpAt - startedAt,
      connectMs: connectedAt - lookedUpAt,
      tlsMs: readyAt - connectedAt,
      waitMs: this.#headAt - (this.#sentAt ?? this.#headAt),
      receiveMs: endedAt - this.#headAt,
    };
  }
}
