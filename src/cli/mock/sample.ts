import { decodeBody, readMediaType } from '../../actions/http/body.ts';
import { unpackBody } from '../../actions/http/unpack.ts';
import type { Unmatched } from '../../actions/stub/stub-view.ts';
import type { ReadyAnswer } from '../../actions/stub/wire/send-answer.ts';
import type { Value, ValueMap } from '../../expr/index.ts';
import { Stop } from '../../stop/stop.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { type AskedExample, takeExample } from './asked-example.ts';
import { hideInText, hideSecrets, isSecret } from './hide-secrets.ts';

/** What a service was asked and answered, as far as a stub would say it, without secrets. */
export interface Sample {
  readonly method: string;
  readonly path: string;
  readonly query: ValueMap;
  /** nil when there was no body. */
  readonly sent: Value;
  readonly example: AskedExample;
  readonly answer: SampleAnswer;
}

export interface SampleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Absent when there was none. */
  readonly body?: Value;
  /** A body that is no text. */
  readonly bytes?: Buffer;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** Headers that somebody who writes a stub would write; of `x-…` those that say something of one exchange alone are none. */
const KEPT = /^(?:location|retry-after|www-authenticate|link|set-cookie|content-disposition|x-.+)$/;
const NOISE = /^x-(?:powered-by|request-id|correlation-id|trace.*|b3-.*|response-time|runtime|cache.*|ratelimit.*)$/;

/** Makes a sample of an exchange with a service. */
export async function takeSample(
  unmatched: Pick<Unmatched, 'request' | 'arrival'>,
  answer: ReadyAnswer,
): Promise<Sample> {
  const { request } = unmatched;
  const headers = readHeaders(answer.headers);
  const readHeader = (name: string): string | undefined => headers.get(name)?.toString();
  const type = readHeader('content-type');
  const packed = Buffer.from(answer.body ?? '');
  const options = { maxBytes: MAX_BYTES, stop: new Stop() };
  const unpacked = await unpackBody(packed, readHeader('content-encoding') ?? 'identity', options);
  const bytes = unpacked.kind === 'whole' ? unpacked.bytes : packed;
  const { body } = decodeBody(bytes, type);
  const isText = typeof body !== 'string' || bytes.equals(Buffer.from(body));
  const kept = Object.fromEntries(
    [...headers].filter(([name]) => KEPT.test(name) && !NOISE.test(name)).map(hideHeader),
  );
  const isUsual =
    type === undefined ||
    (typeof body === 'string' ? readMediaType(type) === 'text/plain' : readMediaType(type) === 'application/json');
  const { method } = request;
  const path = request.path.replaceAll(/[:{}*$<]/g, encodeSign);
  return {
    ...{ method, path, query: hideSecrets(request.query) as ValueMap, sent: hideSecrets(request.body) },
    example: takeExample(unmatched),
    answer: {
      status: answer.status,
      headers: isUsual ? kept : { 'content-type': type, ...kept },
      ...(bytes.length === 0 ? {} : isText ? { body: hideSecrets(body) } : { bytes }),
    },
  };
}

/** What means something in the path of a route. */
function encodeSign(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A header that comes several times has a list when it is a cookie, of which each stands alone. */
function readHeaders(pairs: ReadyAnswer['headers']): ReadonlyMap<string, string | readonly string[]> {
  const headers = new Map<string, string | readonly string[]>();
  for (const [given, value] of pairs) {
    const name = given.toLowerCase();
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else headers.set(name, name === 'set-cookie' ? [before, value].flat() : `${before}, ${value}`);
  }
  return headers;
}

function hideHeader([name, value]: readonly [string, string | readonly string[]]): [
  string,
  string | readonly string[],
] {
  if (typeof value !== 'string') return [name, value.map(hideCookie)];
  if (name === 'set-cookie') return [name, hideCookie(value)];
  return [name, isSecret(name) ? MASK : hideInText(value)];
}

function hideCookie(cookie: string): string {
  return cookie.replace(/=[^;]*/, `=${MASK}`);
}
