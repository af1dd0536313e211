import { Readable } from 'node:stream';
import { IDEMPOTENT } from '../drivers/http/http.ts';
import { describeHttpFailure, describeHttpTimeout } from '../drivers/http/http-errors.ts';
import type { HttpResponse } from '../drivers/http/http-handler.ts';
import { createWireMeasure, type WireMeasure } from '../drivers/http/wire-measure.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError, type ActionOutcome } from '../model/action/outcome.ts';
import type { RequestMeasure } from '../model/load/measures.ts';
import type { Stop } from '../stop/stop.ts';
import { StopError } from '../stop/stop-error.ts';
import { countOf } from '../util/count.ts';
import { findHeader, readAnswer } from './http/answer.ts';
import { checkHttpSettings } from './http/check.ts';
import { type CookieUse, findCookies, openCookies } from './http/cookies.ts';
import { describeExchange, type Received, showUrl } from './http/exchange.ts';
import { describeRefusal, describeSaved, foreseeRequest, isCreating, isReading } from './http/foresight.ts';
import { type HttpSettings, httpSettings } from './http/http-settings.ts';
import { readParts } from './http/multipart.ts';
import { describeUnfollowed, followRedirect } from './http/redirect.ts';
import { buildRequest, describeMissingType, type WireRequest } from './http/request.ts';
import { planRoutes, type Routes } from './http/route.ts';
import { refuseTarget, saveBytes } from './http/save.ts';
import { SpillFile } from './http/spill-file.ts';
import { openUnpacked } from './http/unpack.ts';
import { planWireHeaders } from './http/wire-headers.ts';
import { chooseTimeout, describeStopped, runWithin } from './settings/deadline.ts';

const DEFAULT_MAX_REDIRECTS = 10;
const UNSUPPORTED_TYPE = 415;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** Sends one HTTP request; a status of 400 or more is an answer like any other. */
export const httpRequest: ActionDefinition<HttpSettings> = {
  name: 'http_request',
  summary: 'Sends an HTTP request and gives the answer',
  settings: {
    schema: httpSettings,
    files: { paths: ['tls.ca', 'tls.cert', 'tls.key'], attachments: ['multipart.*.file', 'multipart.*[].file'] },
    check: checkHttpSettings,
  },
  result: {
    keys: {
      status: 'number',
      body: 'any',
      headers: 'map',
      duration_ms: 'number',
      timings: 'map',
      size: 'number',
      content_type: 'string?',
      url: 'string',
      response: 'map',
    },
    keysOf: describeSaved,
    whole: 'response',
    dropped: 'body',
    example: 'status == 200',
  },
  judges: false,
  traits: {
    isLook: isReading,
    creates: isCreating,
    ownsDeadline: true,
    foresee: foreseeRequest,
    whyNoError: describeRefusal,
    listKeys: listQueryKeys,
  },
  async run(given, io) {
    const wire = io.facts.turn?.wire;
    const settings = wire?.isHttp2 && given.http2 === undefined ? { ...given, http2: true } : given;
    const { save_to: target, max_body: maxBytes = DEFAULT_MAX_BYTES } = settings;
    if (target === undefined) return sendRequest(settings, io, { maxBytes });
    refuseTarget(target);
    const spill = new SpillFile(maxBytes, io.facts.traceId);
    try {
      return await sendRequest(settings, io, { maxBytes, save: { target, spill } });
    } finally {
      spill.remove();
    }
  },
};

/** The key of `auth` that stands in the address, which the result and its captures have. */
function listQueryKeys(settings: unknown): readonly string[] {
  const { auth } = settings as HttpSettings;
  return auth?.api_key?.query === undefined ? [] : [auth.api_key.value];
}

/** How large a body may be, and the file that it is written to. */
interface BodyUse {
  readonly maxBytes: number;
  readonly save?: { readonly target: string; readonly spill: SpillFile };
}

async function sendRequest(settings: HttpSettings, io: ActionIo, { maxBytes, save }: BodyUse): Promise<ActionOutcome> {
  const { follow_redirects: follows = true, max_redirects: maxRedirects = DEFAULT_MAX_REDIRECTS } = settings;
  const timeoutMs = chooseTimeout(settings.timeout, io);
  const parts = settings.multipart && (await readParts(settings.multipart, io));
  const bare = buildRequest(settings, parts, (text) => io.report.note(text));
  const cookies = findCookies(settings, io) ?? (await openCookies(settings, io));
  const attached = cookies.attach(bare);
  const request = attached instanceof Promise ? await attached : attached;
  const routes = planRoutes(settings, io);
  let received: Received | undefined;
  let isMoved = false;
  io.report.exchange(() =>
    describeExchange(request, received, { ...routes.describeWay(request.url), ...(isMoved && { isMoved }) }),
  );
  received = await runWithin(timeoutMs, io, async (stop) => {
    const writeHeaders = planWireHeaders(settings, io.step.trace);
    const moves = {
      noteMove() {
        isMoved = true;
      },
      isMoved: () => isMoved,
    };
    const dropsBody = io.facts.turn?.wire.dropsBodies ?? false;
    const terms = { timeoutMs, maxRedirects, isHttp2: settings.http2 === true, spill: save?.spill, dropsBody };
    const way = { io, stop, cookies, routes, writeHeaders, ...terms, ...moves };
    const arrived = follows ? await sendAll({ bare, request }, way) : await sendOne(request, way);
    return readArrived(request, arrived, { maxBytes, ...way });
  });
  const { response, answer } = received;
  const { fault, result, notes } = answer;
  const summary = String(response.status);
  if (fault && !(fault.isTooLarge && save)) {
    const { isTooLarge: _, ...problem } = fault;
    throw new ActionError(problem, { data: { status: response.status, url: result['url'] ?? null } });
  }
  for (const note of notes) io.report.note(note);
  const missing = response.status === UNSUPPORTED_TYPE ? describeMissingType(request) : undefined;
  if (missing !== undefined) io.report.note(missing);
  if (!save) return { result, summary };
  const saved = await saveBytes(save.target, await openContent(received, save.spill), io);
  io.report.note(`saved to ${saved.path} (${countOf(saved.byteCount, 'byte')})`);
  if (fault) io.report.note('`body` is nil, since the answer is larger than `max_body`: it is only in the file');
  return { result: { saved_to: saved.path, ...result }, summary };
}

/** The unpacked bytes of an answer, wherever they are. */
async function openContent({ response, answer }: Received, spill: SpillFile): Promise<Buffer | Readable> {
  const { body, size } = response;
  if (!answer.fault) return answer.bytes;
  return size > body.length
    ? openUnpacked(spill.read(), spill.head, answer.contentEncoding)
    : openUnpacked(Readable.from([body]), body, answer.contentEncoding);
}

interface Arrived {
  readonly response: HttpResponse;
  readonly url: URL;
  /** From the handing over of the request to the last byte of its answer, of several their sum. */
  readonly durationMs: number;
}

interface Way {
  readonly io: ActionIo;
  readonly stop: Stop;
  readonly timeoutMs: number;
  readonly cookies: CookieUse;
  readonly routes: Routes;
  readonly writeHeaders: ReturnType<typeof planWireHeaders>;
  readonly maxRedirects: number;
  readonly isHttp2: boolean;
  /** Takes an answer that is to be saved and is large. */
  readonly spill: SpillFile | undefined;
  /** Whether nobody looks at the bodies of answers. */
  readonly dropsBody: boolean;
  /** Called at a redirect that is to be followed. */
  noteMove(): void;
  /** Whether one was followed. */
  isMoved(): boolean;
}

/** Follows redirects, each with the cookies of its own address (`bare` has none of the jar); more than allowed are an error. */
async function sendAll(first: { bare: WireRequest; request: WireRequest }, way: Way): Promise<Arrived> {
  let { bare, request } = first;
  let durationMs = 0;
  for (let count = 0; ; count++) {
    const arrived = await sendOne(request, way, count < way.maxRedirects ? bare : undefined);
    const { response } = arrived;
    durationMs += arrived.durationMs;
    if (response.status < 300 || response.status > 399) return { ...arrived, durationMs };
    const location = findHeader(response.headers, 'location');
    const next = followRedirect(bare, response.status, location);
    if (!next) {
      const why = describeUnfollowed(response.status, location, bare.url);
      if (why !== undefined) way.io.report.note(why);
      return { ...arrived, durationMs };
    }
    way.noteMove();
    if (count === way.maxRedirects) {
      throw new ActionError({
        kind: 'http',
        message: `more than ${way.maxRedirects} redirects, the last to \`${showUrl(next.url, next.apiKey)}\``,
        hints: ['raise `max_redirects`, or set `follow_redirects: false` to look at the first answer'],
      });
    }
    way.io.report.note(`${response.status}: followed to ${next.method} ${showUrl(next.url, next.apiKey)}`);
    bare = next;
    request = await way.cookies.attach(next);
  }
}

/** `followed` is the request that a redirect would be followed from. */
async function sendOne(request: WireRequest, way: Way, followed?: WireRequest): Promise<Arrived> {
  const { io, stop, cookies, routes, writeHeaders, spill, dropsBody } = way;
  const { url, method, body } = request;
  const opened = routes.open(url);
  const pool = opened instanceof Promise ? await opened : opened;
  const headers = writeHeaders(request);
  const content = typeof body === 'object' ? body.bytes : body;
  const startedAt = io.clock.monotonic();
  const measure = io.report.measure && createWireMeasure();
  let response: HttpResponse;
  try {
    spill?.reset();
    const path = `${url.pathname}${url.search}`;
    response = await pool.send({ method, path, headers, body: content, spill, measure, dropsBody }, stop);
  } catch (error) {
    const failure = error instanceof ActionError ? error : describeUnanswered(request, error, way);
    const { code, kind } = failure.problem;
    if (measure) io.report.measure?.request(describeWire(request, way, { status: 0, error: code ?? kind, measure }));
    throw failure;
  }
  if (measure) {
    const { status, headers: given } = response;
    const isMoved =
      followed !== undefined && followRedirect(followed, status, findHeader(given, 'location')) !== undefined;
    io.report.measure?.request(describeWire(request, way, { status, isMoved: isMoved || undefined, measure }));
  }
  const durationMs = io.clock.monotonic() - startedAt;
  routes.judge(response, url);
  const keeping = cookies.keep(response.headers, url);
  if (keeping) await keeping;
  return { response, url, durationMs };
}

function describeWire(
  { method, url, apiKey }: WireRequest,
  { isHttp2 }: Way,
  { status, error, isMoved, measure }: Pick<RequestMeasure, 'status' | 'error' | 'isMoved'> & { measure: WireMeasure },
): RequestMeasure {
  // Written out: this is made for each request of a load, and a spread costs more than the rest.
  return {
    method,
    url: showUrl(url, apiKey),
    protocol: isHttp2 ? 'HTTP/2.0' : 'HTTP/1.1',
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
function readArrived(
  request: WireRequest,
  { response, url, durationMs }: Arrived,
  way: Way & { readonly maxBytes: number },
): Promise<Received> | Received {
  const { stop, routes, maxBytes, dropsBody } = way;
  const { peer } = routes.describe(url);
  const reading = readAnswer(response, { url: url.href, peer, durationMs, maxBytes, stop, dropsBody });
  if (!(reading instanceof Promise)) return { response, answer: reading, durationMs };
  return reading.then(
    (answer) => ({ response, answer, durationMs }),
    (error: unknown) => {
      const stage = { at: 'receiving', status: response.status, bytes: response.body.length } as const;
      throw error instanceof StopError ? describeUnanswered(request, error.in(stage), way) : error;
    },
  );
}

/** Says why a request was not answered. */
function describeUnanswered(request: WireRequest, error: unknown, { routes, timeoutMs, isMoved }: Way): ActionError {
  const { url, method } = request;
  const to = { ...routes.describe(url), ...(isMoved() && { setting: 'location' }) };
  const { peer } = to;
  const more = { data: { peer, url: showUrl(url, request.apiKey) }, cause: error };
  if (!(error instanceof StopError)) return new ActionError(describeHttpFailure(error, to), more);
  const describe = () => describeHttpTimeout(error.stage, to, timeoutMs);
  return new ActionError({ hints: warnOfEffect(method, error), ...describeStopped(error, peer, describe) }, more);
}

/** A server goes on with what it has read, whether somebody still waits for the answer or not. */
function warnOfEffect(method: string, { stage }: StopError): readonly string[] {
  if (IDEMPOTENT.has(method) || (stage?.at !== 'waiting' && stage?.at !== 'receiving')) return [];
  return [`the ${method} was sent: its changes may come after teardown, which then does not undo them`];
}
