import { type HttpPool, IDEMPOTENT } from '../../drivers/http/http.ts';
import { describeHttpFailure, describeHttpTimeout } from '../../drivers/http/http-errors.ts';
import type { HttpResponse } from '../../drivers/http/http-handler.ts';
import { createWireMeasure, type WireMeasure } from '../../drivers/http/wire-measure.ts';
import { isMap, readKey, type Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import type { HttpWay } from '../../model/exchange.ts';
import type { RequestMeasure } from '../../model/load/measures.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import { chooseTimeout, describeStopped } from '../settings/deadline.ts';
import { findHeader, readAnswer } from './answer.ts';
import type { CookieUse } from './cookies.ts';
import { type Received, showUrl } from './exchange.ts';
import type { HttpSettings } from './http-settings.ts';
import { describeUnfollowed, followRedirect } from './redirect.ts';
import type { WireRequest } from './request.ts';
import { Routes } from './route.ts';
import type { SpillFile } from './spill-file.ts';
import { writeWireHeaders } from './wire-headers.ts';
import type { WireUrl } from './wire-url.ts';

const DEFAULT_MAX_REDIRECTS = 10;

export interface SendingTerms {
  readonly cookies: CookieUse;
  readonly maxBytes: number;
  /** Takes an answer that is to be saved and is large. */
  readonly spill: SpillFile | undefined;
}

/** What one request takes besides what is asked for. */
interface SentParts {
  readonly headers: string[];
  readonly startedAt: number;
  readonly measure: WireMeasure | undefined;
}

/** A request, with those that its redirects ask for, until an answer is read. One object, and few promises: under a load this is most of what there is to do. */
export class Sending {
  readonly #settings: HttpSettings;
  readonly #io: ActionIo;
  readonly #terms: SendingTerms;
  readonly #routes: Routes;
  readonly #timeoutMs: number;
  readonly #stop: Stop;
  /** Whether nobody looks at the bodies of answers. */
  readonly #dropsBody: boolean;
  /** From the handing over of requests to the last bytes of their answers. */
  #durationMs = 0;
  /** Whether a redirect was followed. */
  #isMoved = false;

  constructor(settings: HttpSettings, io: ActionIo, terms: SendingTerms) {
    this.#settings = settings;
    this.#io = io;
    this.#terms = terms;
    this.#routes = new Routes(settings, io);
    this.#timeoutMs = chooseTimeout(settings.timeout, io);
    this.#stop = new Stop(io.stop);
    this.#dropsBody = io.facts.turn?.wire.dropsBodies ?? false;
  }

  describeWay({ url }: WireRequest): HttpWay {
    return { ...this.#routes.describeWay(url), ...(this.#isMoved && { isMoved: true }) };
  }

  /** Sends it (`bare` is the same without the cookies of the jar), follows redirects and reads the last answer, within the step's time. */
  async receive(request: WireRequest, bare: WireRequest): Promise<Received> {
    const { stop, clock } = this.#io;
    if (stop.reason) throw stop.reason;
    const cancel = clock.after(this.#timeoutMs, () => this.#stop.end(new StopError('deadline', 'the time is up')));
    const { follow_redirects: follows = true } = this.#settings;
    let asked = request;
    let from = bare;
    let response: HttpResponse;
    try {
      for (let count = 0; ; count++) {
        const opened = this.#routes.open(asked.url);
        const pool = opened instanceof Promise ? await opened : opened;
        const parts = this.#writeParts(asked);
        try {
          response = await this.#hand(parts, asked, pool);
        } catch (error) {
          throw this.#noteUnanswered(asked, parts, error);
        }
        const keeping = this.#noteAnswer(asked, parts, {
          response,
          followed: follows && count < this.#maxRedirects ? from : undefined,
        });
        if (keeping) await keeping;
        const next = follows && isRedirect(response) ? this.#findNext(from, response, count) : undefined;
        if (!next) break;
        from = next;
        // Each with the cookies of its own address.
        asked = await this.#terms.cookies.attach(next);
      }
      const reading = this.#read(request, response, from.url);
      return reading instanceof Promise ? await reading : reading;
    } finally {
      cancel();
      this.#stop.leave();
    }
  }

  get #maxRedirects(): number {
    return this.#settings.max_redirects ?? DEFAULT_MAX_REDIRECTS;
  }

  /** The request that a redirect asks for; more than are allowed are an error. */
  #findNext(from: WireRequest, { status, headers }: HttpResponse, count: number): WireRequest | undefined {
    const { report } = this.#io;
    const location = findHeader(headers, 'location');
    const next = followRedirect(from, status, location);
    if (!next) {
      const why = describeUnfollowed(status, location, from.url);
      if (why !== undefined) report.note(why);
      return undefined;
    }
    this.#isMoved = true;
    if (count === this.#maxRedirects) {
      throw new ActionError({
        kind: 'http',
        message: `more than ${this.#maxRedirects} redirects, the last to \`${showUrl(next.url, next.apiKey)}\``,
        hints: ['raise `max_redirects`, or set `follow_redirects: false` to look at the first answer'],
      });
    }
    report.note(`${status}: followed to ${next.method} ${showUrl(next.url, next.apiKey)}`);
    return next;
  }

  #writeParts(request: WireRequest): SentParts {
    const { clock, report, step } = this.#io;
    const headers = writeWireHeaders(request, this.#settings, step.trace);
    const startedAt = clock.monotonic();
    return { headers, startedAt, measure: report.measure && createWireMeasure() };
  }

  #hand({ headers, measure }: SentParts, { url, method, body }: WireRequest, pool: HttpPool): Promise<HttpResponse> {
    const { spill } = this.#terms;
    spill?.reset();
    const path = `${url.pathname}${url.search}`;
    const content = typeof body === 'object' ? body.bytes : body;
    return pool.send({ method, path, headers, body: content, spill, measure, dropsBody: this.#dropsBody }, this.#stop);
  }

  #noteUnanswered(request: WireRequest, { measure }: SentParts, error: unknown): ActionError {
    const failure = error instanceof ActionError ? error : this.#describeUnanswered(request, error);
    const { code, kind } = failure.problem;
    if (measure)
      this.#io.report.measure?.request(this.#describeWire(request, { status: 0, error: code ?? kind, measure }));
    return failure;
  }

  /** `followed` is the request that a redirect would be followed from. */
  #noteAnswer(
    request: WireRequest,
    { measure, startedAt }: SentParts,
    { response, followed }: { readonly response: HttpResponse; readonly followed: WireRequest | undefined },
  ): Promise<void> | undefined {
    if (measure) {
      const { status } = response;
      const isMoved = followed !== undefined && isRedirect(response) && canFollow(followed, response);
      this.#io.report.measure?.request(this.#describeWire(request, { status, isMoved: isMoved || undefined, measure }));
    }
    this.#durationMs += this.#io.clock.monotonic() - startedAt;
    this.#routes.judge(response, request.url);
    return this.#terms.cookies.keep(response.headers, request.url);
  }

  #describeWire(
    { method, url, apiKey }: WireRequest,
    {
      status,
      error,
      isMoved,
      measure,
    }: Pick<RequestMeasure, 'status' | 'error' | 'isMoved'> & { measure: WireMeasure },
  ): RequestMeasure {
    // Written out: this is made for each request of a load, and a spread costs more than the rest.
    return {
      method,
      url: showUrl(url, apiKey),
      protocol: this.#settings.http2 === true ? 'HTTP/2.0' : 'HTTP/1.1',
      status,
      error,
      isMoved,
      sentBytes: measure.sentBytes,
      receivedBytes: measure.receivedBytes,
      blockedMs: measure.blockedMs,
      dnsMs: measure.dnsMs,
      connectMs: measure.connectMs,
      tlsMs: measure.tlsMs,
      sendMs: measure.sendMs,
      waitMs: measure.waitMs,
      receiveMs: measure.receiveMs,
    };
  }

  /** Reads what came, as long as there is time; at once where it is not packed. */
  #read(request: WireRequest, response: HttpResponse, url: WireUrl): Promise<Received> | Received {
    const { maxBytes } = this.#terms;
    const durationMs = this.#durationMs;
    const namePeer = (): string => this.#routes.describe(url).peer;
    const about = { url: url.href, namePeer, durationMs, maxBytes, stop: this.#stop, dropsBody: this.#dropsBody };
    const reading = readAnswer(response, about);
    if (!(reading instanceof Promise)) return { response, answer: reading, durationMs };
    return reading.then(
      (answer) => ({ response, answer, durationMs }),
      (error: unknown) => {
        const stage = { at: 'receiving', status: response.status, bytes: response.body.length } as const;
        throw error instanceof StopError ? this.#describeUnanswered(request, error.in(stage)) : error;
      },
    );
  }

  /** Says why a request was not answered. */
  #describeUnanswered(request: WireRequest, error: unknown): ActionError {
    const { url, method } = request;
    const to = { ...this.#routes.describe(url), ...(this.#isMoved && { setting: 'location' }) };
    const { peer } = to;
    const more = { data: { peer, url: showUrl(url, request.apiKey) }, cause: error };
    if (!(error instanceof StopError)) {
      const failure = describeHttpFailure(error, to);
      const moved = failure.kind === 'connection' ? explainMoved(url, this.#io.facts.services) : [];
      const hints = [...failure.hints, ...moved];
      return new ActionError({ ...failure, hints }, more);
    }
    const describe = () => describeHttpTimeout(error.stage, to, this.#timeoutMs);
    return new ActionError({ hints: warnOfEffect(method, error), ...describeStopped(error, peer, describe) }, more);
  }
}

/** Says where a service is that was at this address until it was started again. */
function explainMoved({ origin }: WireUrl, services: ServicesInUse | undefined): readonly string[] {
  const name = services?.moved.get(origin);
  if (services === undefined || name === undefined) return [];
  const url = take(take(services.values['services'], name), 'url');
  return [
    `the service \`${name}\` was there until it was started again, and answers at ${url} now: a step that uses \`{{services.${name}.url}}\`, or a variable of \`env\` made of it, has the new address; a captured one stays the old`,
  ];
}

function take(map: Value | undefined, key: string): Value | undefined {
  return map !== undefined && isMap(map) ? readKey(map, key) : undefined;
}

function isRedirect({ status }: HttpResponse): boolean {
  return status >= 300 && status <= 399;
}

function canFollow(from: WireRequest, { status, headers }: HttpResponse): boolean {
  return followRedirect(from, status, findHeader(headers, 'location')) !== undefined;
}

/** A server goes on with what it has read, whether somebody still waits for the answer or not. */
function warnOfEffect(method: string, { stage }: StopError): readonly string[] {
  if (IDEMPOTENT.has(method) || (stage?.at !== 'waiting' && stage?.at !== 'receiving')) return [];
  return [`the ${method} was sent: its changes may come after teardown, which then does not undo them`];
}
