import type { Socket } from 'node:net';
import type { Receive } from '../tcp.ts';
import { HttpBroken } from './http-broken.ts';
import type { HttpHandler } from './http-handler.ts';
import type { WrittenRequest } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

/** Who has a connection while no request does. */
export interface LineOwner {
  /** Gives ms that never go back. */
  now(): number;
  onFree(line: Http1Line): void;
  onGone(line: Http1Line): void;
}

interface Exchange {
  readonly request: WrittenRequest;
  readonly handler: HttpHandler;
  readonly reader: ResponseReader;
}

/** One connection of HTTP/1.1: one request at a time. */
export class Http1Line {
  readonly #socket: Socket;
  readonly #owner: LineOwner;
  #exchange: Exchange | undefined;
  #isUsed = false;
  isGone = false;
  /** Since when it carries nothing, ms. */
  freeSince = 0;
  /** How long the server keeps it idle, s, when it said so. */
  keptSeconds: number | undefined;

  constructor(
    socket: Socket,
    owner: LineOwner,
    listen: (receive: Receive) => void = (receive) => void socket.on('data', receive),
  ) {
    this.#socket = socket;
    this.#owner = owner;
    listen((chunk) => this.#receive(chunk));
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#end());
  }

  send(request: WrittenRequest, handler: HttpHandler): void {
    this.#exchange = { request, handler, reader: new ResponseReader(request.method, handler) };
    handler.onSend(() => this.destroy(), this.#isUsed ? 'reused' : 'fresh');
    this.#isUsed = true;
    this.#write(request);
    const { measure } = handler;
    if (!measure) return;
    measure.sentBytes += request.head.length + request.bodyBytes;
    // Mostly the system takes all at once, and then nothing has to be called back.
    if (this.#socket.writableLength === 0) handler.onWritten();
    else this.#socket.write('', () => handler.onWritten());
  }

  #write({ head, body, bodyBytes }: WrittenRequest): void {
    const socket = this.#socket;
    if (body === undefined) socket.write(head, 'latin1');
    else if (typeof body === 'string' && body.length === bodyBytes) socket.write(head + body, 'latin1');
    else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
  }

  destroy(): void {
    this.#exchange = undefined;
    if (this.isGone) return;
    this.isGone = true;
    this.#socket.destroy();
    this.#owner.onGone(this);
  }

  #receive(chunk: Buffer): void {
    const exchange = this.#exchange;
    if (!exchange) {
      // Nobody asked: a server that says it waited too long, or a body that was not announced.
      this.destroy();
      return;
    }
    const { reader, handler } = exchange;
    handler.hasAnswer = true;
    if (handler.measure) handler.measure.receivedBytes += chunk.length;
    try {
      reader.push(chunk);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (reader.isDone) this.#complete(exchange);
  }

  #end(): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.destroy();
      return;
    }
    try {
      exchange.reader.end();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#complete(exchange);
  }

  #complete({ request, reader, handler }: Exchange): void {
    if (this.#exchange === undefined) return;
    this.#exchange = undefined;
    const isWritten = this.#socket.writableLength === 0;
    const endedAt = this.#owner.now();
    if (reader.isKept && !request.isLast && isWritten && !this.#socket.destroyed) {
      this.freeSince = endedAt;
      this.keptSeconds = reader.keptSeconds;
      this.#owner.onFree(this);
    } else this.destroy();
    handler.onComplete(reader, endedAt);
  }

  #fail(error: unknown): void {
    const { handler, reader } = this.#exchange ?? {};
    const isReset = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    const cut = isReset && !(error instanceof HttpBroken) ? reader?.describeCut(error) : undefined;
    this.destroy();
    handler?.onError(cut ?? error);
  }
}
