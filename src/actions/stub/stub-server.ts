import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { listenOn } from '../../drivers/listen.ts';
import { type Arrival, readRequest, type StubRequest } from './received.ts';
import { RequestLog } from './request-log.ts';
import type { Answer, Route, States } from './route.ts';
import { type AnswerClock, type ReadyAnswer, sendAnswer } from './send-answer.ts';
import type { FaultSettings } from './stub-settings.ts';
import type { Transport } from './transport.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);
/** From so many requests on the stub is taken for one under load. */
const MANY = 500;

/** What a stub does besides answering: how answers are made, and what follows them. */
export interface StubDuties {
  readonly clock: AnswerClock & { now(): number };
  /** Renders what a route answers. @throws when it cannot be rendered */
  render(answer: Answer, request: StubRequest): ReadyAnswer;
  /** Milliseconds until the answer. */
  delayOf(answer: Answer): number;
  /** What the route has done after its answer. */
  followUp(route: Route, request: StubRequest): void;
  /** Answers what no route takes. */
  answerUnmatched(unmatched: Unmatched, routes: readonly Route[]): ReadyAnswer | Promise<ReadyAnswer>;
  /** A request was not answered as it should be. */
  onProblem(request: StubRequest, error: unknown): void;
  /** Called once, when it was asked so often that it must be under load. */
  onMany?(): void;
  /** Sees each request once it is answered. */
  onAnswer?(request: StubRequest, answered: Answered): void;
}

/** What became of a request. */
export interface Answered {
  readonly status: number;
  /** In the place of a whole answer. */
  readonly fault: FaultSettings | undefined;
  readonly ms: number;
  /** Of a request that no route took. */
  readonly nearest?: Nearest | undefined;
}

/** A request that no route took. */
export interface Unmatched {
  readonly request: StubRequest;
  readonly arrival: Arrival;
  readonly nearest: Nearest | undefined;
}

/** A request with the way to answer it. */
interface Call {
  readonly request: StubRequest;
  readonly arrival: Arrival;
  readonly response: ServerResponse;
}

/** The route that came nearest to taking a request. */
export interface Nearest {
  readonly route: Route;
  readonly lines: readonly string[];
}

/** A server in the place of a service: answers by its routes and keeps what it was asked. */
export class StubServer {
  readonly log = new RequestLog();
  readonly states: States = new Map();
  readonly #server: Server;
  readonly #connectionOf: Transport['connectionOf'];
  #duties: StubDuties;
  #unmatched: Unmatched[] = [];
  readonly #listeners = new Set<() => void>();
  #count = 0;
  #unmatchedCount = 0;
  #routes: readonly Route[];

  constructor({ server, connectionOf }: Transport, routes: readonly Route[], duties: StubDuties) {
    this.#routes = routes;
    this.#duties = duties;
    this.#server = server;
    this.#connectionOf = connectionOf;
    this.#server.on('request', (message, response) => this.#receive(message, response));
    this.#server.on('checkContinue', (message, response) => {
      response.writeContinue();
      this.#receive(message, response);
    });
  }

  /** Listens on a port of this machine, 0 for a free one; gives the port. @throws the network's error */
  listen(port: number): Promise<number> {
    return listenOn(this.#server, port);
  }

  get routes(): readonly Route[] {
    return this.#routes;
  }

  /** How many requests no route took, and the first of them. */
  get unmatched(): { count: number; first: readonly Unmatched[] } {
    return { count: this.#unmatchedCount, first: this.#unmatched };
  }

  configure(routes: readonly Route[], isReplacing: boolean): void {
    this.#routes = isReplacing ? routes : [...routes, ...this.#routes];
  }

  /** Answers as others say from now on; what it was asked stays known. */
  serve(routes: readonly Route[], duties: StubDuties): void {
    this.#routes = routes;
    this.#duties = duties;
  }

  /** Forgets what it was asked and what states it is in. */
  forget(): void {
    this.log.clear();
    this.states.clear();
    this.#unmatched = [];
    this.#unmatchedCount = 0;
  }

  /** Calls back with each request from now on, until the function that it gives is called. */
  onRequest(call: () => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
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
      this.#handle(message, NO_BODY, response);
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
      else this.#handle(message, chunks.length === 1 ? (chunks[0] ?? NO_BODY) : Buffer.concat(chunks), response);
    });
    message.on('error', () => undefined);
  }

  #handle(message: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { method = 'GET', url = '/', rawHeaders } = message;
    const arrival = { method, target: url, rawHeaders, body, atMs: this.#duties.clock.now() };
    const request = readRequest(arrival);
    const route = this.#routes.find((one) => one.takes(request, this.states));
    route?.claim(request);
    this.log.add(arrival, request);
    if (++this.#count === MANY) this.#duties.onMany?.();
    for (const listener of this.#listeners) listener();
    const call = { request, arrival, response };
    if (route) this.#answer(route, call);
    else void this.#answerUnmatched(call);
  }

  #answer(route: Route, call: Call): void {
    const { clock, delayOf, render, followUp } = this.#duties;
    const answer = route.answer(this.states);
    const { fault } = answer;
    const delayMs = delayOf(answer);
    const send = (): void => {
      try {
        const ready = render(answer, call.request);
        sendAnswer(call.response, ready, { fault, clock, connectionOf: this.#connectionOf });
        this.#report(call, ready.status, { fault });
        followUp(route, call.request);
      } catch (error) {
        this.#fail(call, error);
      }
    };
    if (delayMs > 0) clock.after(delayMs, send);
    else send();
  }

  async #answerUnmatched(call: Call): Promise<void> {
    const { answerUnmatched, clock } = this.#duties;
    const { request, arrival, response } = call;
    const nearest = this.#findNearest(request);
    const unmatched = { request, arrival, nearest };
    this.#unmatchedCount++;
    if (this.#unmatched.length < 20) this.#unmatched.push(unmatched);
    try {
      const ready = await answerUnmatched(unmatched, this.#routes);
      sendAnswer(response, ready, { fault: undefined, clock, connectionOf: this.#connectionOf });
      this.#report(call, ready.status, { nearest });
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #report(
    { request, arrival }: Call,
    status: number,
    { fault, nearest }: Partial<Pick<Answered, 'fault' | 'nearest'>> = {},
  ): void {
    const { onAnswer, clock } = this.#duties;
    onAnswer?.(request, { status, fault, nearest, ms: clock.now() - arrival.atMs });
  }

  #findNearest(request: StubRequest): Nearest | undefined {
    const measured = this.#routes.map((route) => ({ route, ...route.measure(request, this.states) }));
    return measured.sort((a, b) => a.distance - b.distance)[0];
  }

  #fail(call: Call, error: unknown): void {
    const { request, response } = call;
    this.#duties.onProblem(request, error);
    if (response.headersSent) response.socket?.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain' }).end('the stub could not make its answer\n');
    this.#report(call, 500);
  }
}
