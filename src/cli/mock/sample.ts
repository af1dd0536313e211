import { decodeBody, readMediaType } from '../../actions/http/body.ts';
import { unpackBody } from '../../actions/http/unpack.ts';
import type { Unmatched } from '../../actions/stub/stub-view.ts';
import type { ReadyAnswer } from '../../actions/stub/wire/send-answer.ts';
import { isList, isMap, setKey, type Value, type ValueMap } from '../../expr/index.ts';
import { Stop } from '../../stop/stop.ts';
import { isAuthorizationName, MASK } from '../../util/hidden-fields.ts';
import { isSecretName } from '../../util/secret-name.ts';

/** What a service was asked and answered, as far as a stub would say it, without secrets. */
export interface Sample {
  readonly method: string;
  readonly path: string;
  readonly query: ValueMap;
  /** nil when there was no body. */
  readonly sent: Value;
  readonly answer: SampleAnswer;
}

export interface SampleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when there was none. */
  readonly body?: Value;
  /** A body that is no text. */
  readonly bytes?: Buffer;
}

const MAX_BYTES = 64 * 1024 * 1024;
const TOKEN = /^(?:Bearer\s+\S+|eyJ[\w-]+\.[\w-]+\.[\w-]*)$/;
/** Headers that somebody who writes a stub would write; of `x-…` those that say something of one exchange alone are none. */
const KEPT = /^(?:location|retry-after|www-authenticate|link|set-cookie|content-disposition|x-.+)$/;
const NOISE = /^x-(?:powered-by|request-id|correlation-id|trace.*|b3-.*|response-time|runtime|cache.*|ratelimit.*)$/;

/** Makes a sample of an exchange with a service. */
export async function takeSample({ request }: Pick<Unmatched, 'request'>, answer: ReadyAnswer): Promise<Sample> {
  const headers = new Map<string, string>();
  for (const [name, value] of answer.headers) headers.set(name.toLowerCase(), value);
  const type = headers.get('content-type');
  const packed = Buffer.from(answer.body ?? '');
  const options = { maxBytes: MAX_BYTES, stop: new Stop() };
  const unpacked = await unpackBody(packed, headers.get('content-encoding') ?? 'identity', options);
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

function hideHeader([name, value]: readonly [string, string]): [string, string] {
  if (name === 'set-cookie') return [name, value.replace(/=[^;]*/, `=${MASK}`)];
  return [name, isSecretName(name) || isAuthorizationName(name) || TOKEN.test(value) ? MASK : value];
}

/** The same with the mask in the place of what is called a secret, or looks like a token. */
function hideSecrets(value: Value): Value {
  if (typeof value === 'string') return TOKEN.test(value) ? MASK : value;
  if (isList(value)) return value.map(hideSecrets);
  if (!isMap(value)) return value;
  const hidden: { [key: string]: Value } = {};
  for (const [key, one] of Object.entries(value)) {
    const isScalar = one !== null && typeof one !== 'boolean' && !isList(one) && !isMap(one);
    setKey(hidden, key, isScalar && (isSecretName(key) || isAuthorizationName(key)) ? MASK : hideSecrets(one));
  }
  return hidden;
}
