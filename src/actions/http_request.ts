import { type HttpPool, loadHttpClient, openHttpPool } from '../drivers/http.ts';
import { describeHttpFailure, describeHttpTimeout } from '../drivers/http-errors.ts';
import { type HttpResponse, HttpStopped } from '../drivers/http-handler.ts';
import type { Stopper } from '../drivers/stopper.ts';
import { type ActionDefinition, ActionError, type ActionIo } from '../model/action.ts';
import { type Answer, findHeader, readAnswer } from './http/answer.ts';
import { checkHttpSettings } from './http/check.ts';
import { describeExchange } from './http/exchange.ts';
import { followRedirect } from './http/redirect.ts';
import { buildRequest, type WireRequest } from './http/request.ts';
import { type HttpSettings, httpSettings } from './http/settings.ts';
import { chooseTimeout, runWithin, TIME_IS_OVER } from './shared/deadline.ts';

const DEFAULT_MAX_REDIRECTS = 10;

/** Sends one HTTP request; a status of 400 or more is an answer like any other. */
export const httpRequest: ActionDefinition<HttpSettings> = {
  name: 'http_request',
  summary: 'Sends an HTTP request and gives the answer',
  config: httpSettings,
  result: ['status', 'body', 'headers', 'duration_ms', 'timings', 'size', 'content_type', 'url', 'response'],
  judges: false,
  ownsDeadline: true,
  check: checkHttpSettings,
  preload: loadHttpClient,
  async run(settings, io) {
    const { follow_redirects: follows = true, max_redirects: maxRedirects } = settings;
    const timeout = chooseTimeout(settings.timeout, io);
    const request = buildRequest(settings, (text) => io.note(text));
    let answer: Answer | undefined;
    let hasMoved = false;
    io.exchange(() => describeExchange(request, answer, hasMoved));
    const { response, url, startedAt } = await runWithin(timeout, io, async (stop) => {
      try {
        if (!follows) return await sendOne(request, io, stop);
        return await sendAll(request, { io, stop, maxRedirects: maxRedirects ?? DEFAULT_MAX_REDIRECTS });
      } catch (error) {
        throw error instanceof Unanswered ? describeUnanswered(error, timeout) : error;
      }
    });
    hasMoved = url !== request.url;
    answer = await readAnswer(response, url.href, io.clock.monotonic() - startedAt);
    for (const note of answer.notes) io.note(note);
    return { result: answer.result, summary: String(response.status) };
  },
};

interface Arrived {
  readonly response: HttpResponse;
  readonly url: URL;
  /** When the request, of several the first, was handed over. */
  readonly startedAt: number;
}

/** Follows redirects; more than allowed are an error. */
async function sendAll(
  first: WireRequest,
  way: { readonly io: ActionIo; readonly stop: Stopper; readonly maxRedirects: number },
): Promise<Arrived> {
  let request = first;
  let startedAt: number | undefined;
  for (let count = 0; ; count++) {
    const arrived = await sendOne(request, way.io, way.stop);
    const { response } = arrived;
    startedAt ??= arrived.startedAt;
    if (response.status < 300 || response.status > 399) return count === 0 ? arrived : { ...arrived, startedAt };
    const next = followRedirect(request, response.status, findHeader(response.headers, 'location'));
    if (!next) return { ...arrived, startedAt };
    if (count === way.maxRedirects) {
      throw new ActionError({
        kind: 'http',
        message: `more than ${way.maxRedirects} redirects, the last to \`${next.url.href}\``,
        hints: ['raise `max_redirects`, or set `follow_redirects: false` to look at the first answer'],
      });
    }
    way.io.note(`${response.status}: followed to ${next.method} ${next.url.href}`);
    request = next;
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

async function sendOne(request: WireRequest, io: ActionIo, stop: Stopper): Promise<Arrived> {
  const { url, method, body } = request;
  const pool = await io.resources.open<HttpPool>(`http:${url.origin}`, async () => {
    const value = await openHttpPool(url.origin, () => io.clock.monotonic());
    return { value, close: () => value.close() };
  });
  const headers: string[] = [];
  for (const [name, value] of request.headers) headers.push(name, value);
  const startedAt = io.clock.monotonic();
  try {
    const response = await pool.send({ method, path: `${url.pathname}${url.search}`, headers, body }, stop);
    return { response, url, startedAt };
  } catch (error) {
    throw new Unanswered(request, error);
  }
}

function describeUnanswered({ request, failure }: Unanswered, timeoutMs: number): unknown {
  const { url } = request;
  const peer = `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
  const described =
    failure instanceof HttpStopped
      ? failure.reason === TIME_IS_OVER
        ? describeHttpTimeout(failure.stage, peer, timeoutMs)
        : { kind: 'stopped', message: `stopped before ${peer} answered` }
      : describeHttpFailure(failure, peer);
  return new ActionError(described, { data: { peer, url: url.href }, cause: failure });
}
