import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import type { Arrival } from '../received.ts';
import type { FaultSettings } from '../stub-settings.ts';
import type { Listener } from './listener.ts';
import { type ReadyAnswer, sendAnswer } from './send-answer.ts';
import { failHttp2, sendHttp2 } from './send-http2.ts';
import type { AnswerClock } from './send-slices.ts';
import type { Transport } from './transport.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);
const FAILURE = 'the stub could not make its answer\n';

/** The way back to whoever asked. */
export interface Reply {
  /** Answers, or fails to as the fault says; where that takes a while it resolves when it is done. */
  send(answer: ReadyAnswer, fault: FaultSettings | undefined): void | Promise<void>;
  /** Says that no answer could be made. */
  fail(): void;
}

/** Takes each request that comes, once it is whole. */
export type TakeArrival = (arrival: Arrival, reply: Reply) => void;

/** The side of a stub that is asked: listens, reads whole requests, and sends what they are answered with. */
export class StubFront {
  readonly #listener: Listener;
  readonly #clock: AnswerClock & { now(): number };
  readonly #take: TakeArrival;

  constructor({ listener }: Transport, clock: AnswerClock & { now(): number }, take: TakeArrival) {
    this.#listener = listener;
    this.#clock = clock;
    this.#take = take;
  }

  /** Listens on a port of this machine, 0 for a free one; gives the port. @throws the network's error */
  listen(port: number): Promise<number> {
    return this.#listener.listen(port, {
      onRequest: (message, response) => this.#receive(message, response),
      onStream: (stream, rawHeaders) => this.#receiveStream(stream, rawHeaders),
    });
  }

  /** Ends every connection; the port is free again. */
  close(): Promise<void> {
    return this.#listener.close();
  }

  #receive(message: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url: target = '/', rawHeaders, headers } = message;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    const hand = (body: Buffer): void => {
      const arrival = { method, target, rawHeaders, body, atMs: this.#clock.now() };
      this.#take(arrival, {
        send: (answer, fault) => sendAnswer(response, answer, { fault, clock: this.#clock, listener: this.#listener }),
        fail() {
          if (response.headersSent) response.socket?.destroy();
          else response.writeHead(500, { 'content-type': 'text/plain' }).end(FAILURE);
        },
      });
    };
    if (hasBody) readBody(message, hand, () => response.writeHead(413).end());
    else hand(NO_BODY);
  }

  #receiveStream(stream: ServerHttp2Stream, rawHeaders: readonly string[]): void {
    const head = readHead(rawHeaders);
    const hand = (body: Buffer): void => {
      this.#take(
        { ...head, body, atMs: this.#clock.now() },
        {
          send: (answer, fault) => {
            const socket = stream.session && this.#listener.socketOf(stream.session);
            sendHttp2(stream, answer, { fault, clock: this.#clock, socket, isHead: head.method === 'HEAD' });
          },
          fail: () => failHttp2(stream, FAILURE),
        },
      );
    };
    if (stream.endAfterHeaders) hand(NO_BODY);
    else readBody(stream, hand, () => stream.respond({ ':status': 413 }, { endStream: true }));
  }
}

function readBody(from: Readable, hand: (body: Buffer) => void, refuse: () => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  from.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  from.on('end', () => {
    if (size > MAX_BODY_BYTES) refuse();
    else hand(chunks.length === 1 ? (chunks[0] ?? NO_BODY) : Buffer.concat(chunks));
  });
  from.on('error', () => undefined);
}

/** The head of a request of HTTP/2 as one of HTTP/1.1 would have been. */
function readHead(raw: readonly string[]): Pick<Arrival, 'method' | 'target' | 'rawHeaders'> {
  let [method, target] = ['GET', '/'];
  const rawHeaders: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    if (name === ':method') method = value;
    else if (name === ':path') target = value;
    else if (name === ':authority') rawHeaders.push('host', value);
    else if (!name.startsWith(':')) rawHeaders.push(name, value);
  }
  return { method, target, rawHeaders };
}
