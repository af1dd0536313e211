import { Readable } from 'node:stream';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError, type ActionOutcome } from '../model/action/outcome.ts';
import { countOf } from '../util/count.ts';
import { checkHttpSettings } from './http/check.ts';
import { findCookies, openCookies } from './http/cookies.ts';
import { describeExchange, type Received } from './http/exchange.ts';
import { describeRefusal, describeSaved, foreseeRequest, isCreating, isReading } from './http/foresight.ts';
import { type HttpSettings, httpSettings } from './http/http-settings.ts';
import { readParts } from './http/multipart.ts';
import { buildRequest, describeMissingType } from './http/request.ts';
import { refuseTarget, saveBytes } from './http/save.ts';
import { Sending } from './http/sending.ts';
import { SpillFile } from './http/spill-file.ts';
import { openUnpacked } from './http/unpack.ts';
import { withBearer } from './oauth2/bearer.ts';
import type { Oauth2Settings } from './oauth2/oauth2-settings.ts';

const UNSUPPORTED_TYPE = 415;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** Sends one HTTP request; a status of 400 or more is an answer like any other. */
export const httpRequest: ActionDefinition<HttpSettings> = {
  name: 'http_request',
  summary: 'Sends an HTTP request and gives the answer',
  settings: {
    schema: httpSettings,
    defaults: {
      group: 'http',
      merged: ['headers'],
      instead: [['auth', 'headers', 'authorization']],
      together: [['body', 'form', 'multipart']],
    },
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
  run(settings, io) {
    const { auth } = settings;
    return auth?.oauth2 ? runAuthorized(settings, auth.oauth2, io) : runRequest(settings, io);
  },
};

const UNAUTHORIZED = 401;
const MAX_TOKEN_BYTES = 1024 * 1024;

/** A token that a server takes no longer is renewed, once. */
async function runAuthorized(settings: HttpSettings, oauth2: Oauth2Settings, io: ActionIo): Promise<ActionOutcome> {
  const first = await withBearer(settings, oauth2, { io, send: sendBare });
  const outcome = await runRequest(first, io);
  if (outcome.result['status'] !== UNAUTHORIZED) return outcome;
  io.report.note('the answer was 401: the request was sent again with a new token');
  return runRequest(await withBearer(settings, oauth2, { io, send: sendBare, refused: first.auth.bearer }), io);
}

/** A request of our own: no cookies, and its answer is nobody's result. */
async function sendBare(settings: HttpSettings, io: ActionIo): Promise<Received> {
  const request = buildRequest(settings, undefined, io.report);
  const cookies = findCookies(settings, io) ?? (await openCookies(settings, io));
  return new Sending(settings, io, { cookies, maxBytes: MAX_TOKEN_BYTES, spill: undefined }).receive(request, request);
}

function runRequest(given: HttpSettings, io: ActionIo): Promise<ActionOutcome> {
  const wire = io.facts.turn?.wire;
  const settings = wire?.isHttp2 && given.http2 === undefined ? { ...given, http2: true } : given;
  const { save_to: target, max_body: maxBytes = DEFAULT_MAX_BYTES } = settings;
  if (target === undefined) return sendRequest(settings, io, { maxBytes });
  return sendAndSave(settings, io, { maxBytes, target });
}

async function sendAndSave(
  settings: HttpSettings,
  io: ActionIo,
  { maxBytes, target }: Pick<BodyUse, 'maxBytes'> & { readonly target: string },
): Promise<ActionOutcome> {
  refuseTarget(target);
  const spill = new SpillFile(maxBytes, io.facts.traceId);
  try {
    return await sendRequest(settings, io, { maxBytes, save: { target, spill } });
  } finally {
    spill.remove();
  }
}

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
  const parts = settings.multipart && (await readParts(settings.multipart, io));
  const bare = buildRequest(settings, parts, io.report);
  const cookies = findCookies(settings, io) ?? (await openCookies(settings, io));
  const attached = cookies.attach(bare);
  const request = attached instanceof Promise ? await attached : attached;
  const sending = new Sending(settings, io, { cookies, maxBytes, spill: save?.spill });
  let received: Received | undefined;
  io.report.exchange(() => describeExchange(request, received, sending.describeWay(request)));
  received = await sending.receive(request, bare);
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
