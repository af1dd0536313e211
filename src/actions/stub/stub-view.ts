import type { FollowUps } from './follow-ups.ts';
import { type Arrival, type KeptRequest, keepRequest, readRequest, type StubRequest } from './received.ts';
import { RequestLog } from './request-log.ts';
import type { Answer, Route, States } from './route.ts';
import type { StubContract } from './stub-contract.ts';
import type { StubErrors } from './stub-errors.ts';
import type { FaultSettings } from './stub-settings.ts';
import type { StubTimers } from './stub-timers.ts';
import type { ReadyAnswer } from './wire/send-answer.ts';
import type { AnswerClock } from './wire/send-slices.ts';
import type { Reply } from './wire/stub-front.ts';

/** From so many requests on the stub is taken for one under load. */
const MANY = 200;

/** What a stub does besides answering by its routes. */
export interface StubDuties {
  readonly clock: AnswerClock & { now(): number };
  /** Answers what no route takes. */
  answerUnmatched(unmatched: Unmatched, routes: readonly Route[]): ReadyAnswer | Promise<ReadyAnswer>;
  /** What goes wrong meanwhile. */
  readonly errors: StubErrors;
  /** What is still to come, and ends with the stub. */
  readonly timers: StubTimers;
  /** What follows answers. */
  readonly followUps: FollowUps;
  /** What answers are held against. */
  readonly contract?: StubContract | undefined;
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
  readonly reply: Reply;
}

/** The route that came nearest to taking a request. */
export interface Nearest {
  readonly route: Route;
  readonly lines: readonly string[];
}

/** What a flow sees of a stub, and all that it changes there: routes, states, and the requests that it was asked. */
export class StubView {
  readonly log = new RequestLog();
  readonly states: States = new Map();
  /** Requests that came meanwhile and may be another's. */
  readonly strays = new RequestLog();
  /** What the stub was asked by all flows, and outside of them. */
  readonly everything: RequestLog;
  #duties: StubDuties;
  #unmatched: Unmatched[] = [];
  #count = 0;
  #isConfigured = false;
  #unmatchedCount = 0;
  #routes: readonly Route[];

  /** `everything` keeps what it is asked too; absent: it is asked by nobody else. */
  constructor(routes: readonly Route[], duties: StubDuties, everything?: RequestLog) {
    this.#routes = routes;
    this.#duties = duties;
    this.everything = everything ?? this.log;
  }

  get routes(): readonly Route[] {
    return this.#routes;
  }

  get errors(): StubErrors {
    return this.#duties.errors;
  }

  get timers(): StubTimers {
    return this.#duties.timers;
  }

  get followUps(): FollowUps {
    return this.#duties.followUps;
  }

  get contract(): StubContract | undefined {
    return this.#duties.contract;
  }

  /** How many requests no route took, and the first of them. */
  get unmatched(): { count: number; first: readonly Unmatched[] } {
    return { count: this.#unmatchedCount, first: this.#unmatched };
  }

  configure(routes: readonly Route[], isReplacing: boolean): void {
    this.#isConfigured = true;
    this.#routes = isReplacing ? routes : [...routes, ...this.#routes];
  }

  /** How many requests may have been meant for routes that the flow set, and were not answered by them: whose they are cannot be known. */
  get missed(): number {
    return this.#isConfigured ? this.strays.total : 0;
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
    this.strays.clear();
    this.#unmatched = [];
    this.#unmatchedCount = 0;
  }

  /** Answers a request; gives what is kept of it. */
  take(arrival: Arrival, reply: Reply): KeptRequest {
    const request = readRequest(arrival);
    const route = this.#routes.find((one) => one.takes(request, this.states));
    route?.claim(request);
    const kept = keepRequest(arrival, request);
    this.log.add(kept);
    if (this.everything !== this.log) this.everything.add(kept);
    if (++this.#count === MANY) this.#duties.onMany?.();
    const call = { request, arrival, reply };
    if (route) this.#answer(route, call);
    else void this.#answerUnmatched(call);
    return kept;
  }

  #answer(route: Route, call: Call): void {
    const answer = route.answer(this.states);
    const delayMs = route.maker.delayOf(answer);
    if (delayMs > 0) this.#duties.clock.after(delayMs, () => this.#send(route, answer, call));
    else this.#send(route, answer, call);
  }

  #send(route: Route, answer: Answer, call: Call): void {
    const { fault } = answer;
    try {
      const ready = route.maker.render(answer, call.request);
      const sending = call.reply.send(ready, fault);
      this.#report(call, ready.status, { fault });
      if (sending) void sending.then(() => this.#followUp(route, call));
      else this.#followUp(route, call);
    } catch (error) {
      this.#fail(call, error);
    }
  }

  /** The answer is given: what goes wrong now is reported, and nothing else. */
  #followUp(route: Route, { request }: Call): void {
    try {
      route.maker.followUp(route, request);
    } catch (error) {
      this.errors.add(request, error);
    }
  }

  async #answerUnmatched(call: Call): Promise<void> {
    const { request, arrival, reply } = call;
    const nearest = this.#findNearest(request);
    const unmatched = { request, arrival, nearest };
    this.#unmatchedCount++;
    if (this.#unmatched.length < 20) this.#unmatched.push(unmatched);
    try {
      const ready = await this.#duties.answerUnmatched(unmatched, this.#routes);
      void reply.send(ready, undefined);
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
    this.errors.add(call.request, error);
    call.reply.fail();
    this.#report(call, 500);
  }
}
