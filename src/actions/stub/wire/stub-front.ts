import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { listenOn } from '../../../drivers/listen.ts';
import type { Arrival } from '../received.ts';
import type { FaultSettings } from '../stub-settings.ts';
import { type AnswerClock, type ReadyAnswer, sendAnswer } from './send-answer.ts';
import type { Transport } from './transport.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);

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
  readonly #server: Server;
  readonly #connectionOf: Transport['connectionOf'];
  readonly #clock: AnswerClock & { now(): number };
  readonly #take: TakeArrival;

  constructor({ server, connectionOf }: Transport, clock: AnswerClock & { now(): number }, take: TakeArrival) {
    this.#server = server;
    this.#connectionOf = connectionOf;
    this.#clock = clock;
    this.#take = take;
    server.on('request', (message, response) => this.#receive(message, response));
    server.on('checkContinue', (message, response) => {
      response.writeContinue();
      this.#receive(message, response);
    });
  }

  /** Listens on a port of this machine, 0 for a free one; gives the port. @throws the network's error */
  listen(port: number): Promise<number> {
    return listenOn(this.#server, port);
  }

  /** Ends every connection; the port is free again. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #receive(message: IncomingMessage, response: ServerResponse): void {
    const { headers } = message;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
      this.#hand(message, NO_BODY, response);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    message.on('end', () => {
      if (size > MAX_BODY_BYTES) response.writeHead(413).end();
      else this.#hand(message, chunks.length === 1 ? (chunks[0] ?? NO_BODY) : Buffer.concat(chunks), response);
    });
    message.on('error', () => undefined);
  }

  #hand({ method = 'GET', url = '/', rawHeaders }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const arrival = { method, target: url, rawHeaders, body, atMs: this.#clock.now() };
    this.#take(arrival, {
      send: (answer, fault) =>
        sendAnswer(response, answer, { fault, clock: this.#clock, connectionOf: this.#connectionOf }),
      fail() {
        if (response.headersSent) response.socket?.destroy();
        else response.writeHead(500, { 'content-type': 'text/plain' }).end('the stub could not make its answer\n');
      },
    });
  }
}
