import { IDEMPOTENT } from '../drivers/http/http.ts';
import { describeHttpFailure, describeHttpTimeout } from '../drivers/http/http-errors.ts';
import { type HttpResponse, HttpStopped } from '../drivers/http/http-handler.ts';
import type { Stopper } from '../drivers/stopper.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError } from '../model/action/outcome.ts';
import { countOf } from '../util/count.ts';
import { type Answer, findHeader, readAnswer } from './http/answer.ts';
import { checkHttpSettings } from './http/check.ts';
import { type CookieUse, openCookies } from './http/cookies.ts';
import { describeExchange } from './http/exchange.ts';
import { describeSaved, foreseeEcho, isCreating } from './http/foresight.ts';
import { readParts } from './http/multipart.ts';
import { followRedirect } from './http/redirect.ts';
import { buildRequest, type WireRequest } from './http/request.ts';
import { planRoutes, type Routes } from './http/route.ts';
import { refuseTarget, saveBytes } from './http/save.ts';
import { type HttpSettings, httpSettings } from './http/settings.ts';
import { chooseTimeout, runWithin, TIME_IS_OVER } from './settings/deadline.ts';

const DEFAULT_MAX_REDIRECTS = 10;

/** Sends one HTTP request; a status of 400 or more is an answer like any other. */
export const httpRequest: ActionDefinition<HttpSettings> = {
  name: 'http_request',
  summary: 'Sends an HTTP request and gives the answer',
  settings: {
    schema: httpSettings,
    files: ['multipart.*.file', 'multipart.*[].file', 'tls.ca', 'tls.cert', 'tls.key'],
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
    example: 'status == 200',
  },
  judges: false,
  traits: { isLook: true, creates: isCreating, ownsDeadline: true, foresee: foreseeEcho },
  async run(settings, io) {
    const { follow_redirects: follows = true, max_redirects: maxRedirects } = settings;
    const timeout = chooseTimeout(settings.timeout, io);
    if (settings.save_to !== undefined) refuseTarget(settings.save_to);
    const parts = settings.multipart && (await readParts(settings.multipart, io));
    const bare = buildRequest(settings, parts, (text) => io.report.note(text));
    const cookies = await openCookies(settings, io);
    const request = await cookies.attach(bare);
    const routes = planRoutes(settings, io);
    let answer: Answer | undefined;
    let hasMoved = false;
    io.report.exchange(() =>
      describeExchange(request, answer, { follows: hasMoved, options: routes.listCurlOptions(request.url) }),
    );
    const noteMove = () => {
      hasMoved = true;
    };
    const { response, url, durationMs } = await runWithin(timeout, io, async (stop) => {
      try {
        const way = { io, stop, cookies, routes, noteMove, maxRedirects: maxRedirects ?? DEFAULT_MAX_REDIRECTS };
        return await (follows ? sendAll({ bare, request }, way) : sendOne(request, way));
      } catch (error) {
        throw error instanceof Unanswered ? describeUnanswered(error, routes, timeout) : error;
      }
    });
    answer = await readAnswer(response, url.href, durationMs);
    for (const note of answer.notes) io.report.note(note);
    const summary = String(response.status);
    if (settings.save_to === undefined) return { result: answer.result, summary };
    const savedTo = await saveBytes(settings.save_to, answer.bytes, io);
    io.report.note(`saved to ${savedTo} (${countOf(answer.bytes.length, 'byte')})`);
    return { result: { ...answer.result, saved_to: savedTo }, summary };
  },
};

interface Arrived {
  readonly response: HttpResponse;
  readonly url: URL;
  /** From the handing over of the request to the last byte of its answer, of several their sum. */
  readonly durationMs: number;
}

interface Way {
  readonly io: ActionIo;
  readonly stop: Stopper;
  readonly cookies: CookieUse;
  readonly routes: Routes;
  readonly maxRedirects: number;
  /** Called at a redirect that is to be followed. */
  noteMove(): void;
}

/** Follows redirects, each with the cookies of its own address (`bare` has none of the jar); more than allowed are an error. */
async function sendAll(first: { bare: WireRequest; request: WireRequest }, way: Way): Promise<Arrived> {
  let { bare, request } = first;
  let durationMs = 0;
  for (let count = 0; ; count++) {
    const arrived = await sendOne(request, way);
    const { response } = arrived;
    durationMs += arrived.durationMs;
    if (response.status < 300 || response.status > 399) return { ...arrived, durationMs };
    const next = followRedirect(bare, response.status, findHeader(response.headers, 'location'));
    if (!next) return { ...arrived, durationMs };
    way.noteMove();
    if (count === way.maxRedirects) {
      throw new ActionError({
        kind: 'http',
        message: `more than ${way.maxRedirects} redirects, the last to \`${next.url.href}\``,
        hints: ['raise `max_redirects`, or set `follow_redirects: false` to look at the first answer'],
      });
    }
    way.io.report.note(`${response.status}: followed to ${next.method} ${next.url.href}`);
    bare = next;
    request = await way.cookies.attach(next);
  }
}

/** What kept a request from being answered. */
class Unanswered extends Error {
  readonly request: WireRequest;
  readonly failure: unknown;

  constructor(request: WireRequest, failure: unknown) {
    super('no answer');
    this.request = request;
    this.failure = failure;
  }
}

async function sendOne(request: WireRequest, { io, stop, cookies, routes }: Way): Promise<Arrived> {
  const { url, method, body } = request;
  const pool = await routes.open(url);
  const headers: string[] = [];
  for (const [name, value] of request.headers) headers.push(name, value);
  const content = typeof body === 'object' ? body.bytes : body;
  const startedAt = io.clock.monotonic();
  let response: HttpResponse;
  try {
    response = await pool.send({ method, path: `${url.pathname}${url.search}`, headers, body: content }, stop);
  } catch (error) {
    throw new Unanswered(request, error);
  }
  const durationMs = io.clock.monotonic() - startedAt;
  routes.judge(response, url);
  await cookies.keep(response.headers, url);
  return { response, url, durationMs };
}

function describeUnanswered({ request, failure }: Unanswered, routes: Routes, timeoutMs: number): unknown {
  const { url } = request;
  const to = routes.describe(url);
  const { peer } = to;
  const described =
    failure instanceof HttpStopped
      ? failure.reason === TIME_IS_OVER
        ? describeHttpTimeout(failure.stage, to, timeoutMs)
        : { kind: 'stopped', message: `stopped before ${peer} answered`, hints: warnOfEffect(request.method, failure) }
      : describeHttpFailure(failure, to);
  return new ActionError(described, { data: { peer, url: url.href }, cause: failure });
}

/** A server goes on with what it has read, whether somebody still waits for the answer or not. */
function warnOfEffect(method: string, { stage }: HttpStopped): readonly string[] {
  if (IDEMPOTENT.has(method) || (stage.at !== 'waiting' && stage.at !== 'receiving')) return [];
  return [`the ${method} was sent: what it changes may come after teardown, which then does not undo it`];
}
