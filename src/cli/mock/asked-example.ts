import { decodeBody, readMediaType } from '../../actions/http/body.ts';
import type { Unmatched } from '../../actions/stub/stub-view.ts';
import { isEqual, isList, isMap, type Value, type ValueMap } from '../../expr/index.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { hideInText, hideSecrets, isSecret } from './hide-secrets.ts';

/** What a service was asked, as the `example` of a route says it, without secrets. */
export interface AskedExample {
  readonly params?: ValueMap;
  readonly query?: ValueMap;
  readonly headers?: ValueMap;
  readonly form?: ValueMap;
  readonly body?: Value;
  /** A body that is no text. */
  readonly bytes?: Buffer;
}

/** Headers of the way, of the client and of one exchange: whoever asks again has its own. */
const OWN =
  /^(?:host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-(?:length|type|encoding)|accept-encoding|user-agent|date|dnt|via|priority|referer|origin|pragma|cache-control|forwarded|sec-.*|traceparent|tracestate|baggage|b3|x-(?:forwarded|b3|real-ip|request-id|correlation-id|trace|amzn-trace).*)$/;
const ANYTHING = new Set(['*/*', '*']);

/** Says what a request held besides method and path. */
export function takeExample({ request, arrival }: Pick<Unmatched, 'request' | 'arrival'>): AskedExample {
  const type = String(request.headers['content-type'] ?? '');
  const sent = arrival.body.length === 0 ? {} : takeBody(type, { request, arrival });
  const kept = Object.entries(request.headers).filter(
    ([name, value]) => !OWN.test(name) && !ANYTHING.has(String(value)),
  );
  const isUsual = isUsualType(readMediaType(type) ?? '', sent);
  const headers = Object.fromEntries([
    ...(isUsual || Object.keys(sent).length === 0 ? [] : [['content-type', type] as const]),
    ...kept.map(([name, value]) => [name, hideHeader(name, String(value))] as const),
  ]);
  return {
    ...(Object.keys(request.query).length > 0 && { query: hideSecrets(request.query) as ValueMap }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...sent,
  };
}

function takeBody(
  type: string,
  { request, arrival: { body: bytes } }: Pick<Unmatched, 'request' | 'arrival'>,
): AskedExample {
  // Where the parts of a body have names of their own, or it is packed, the secrets in it cannot be told.
  if (/^multipart\//.test(readMediaType(type) ?? '') || request.headers['content-encoding'] !== undefined) return {};
  if (Object.keys(request.form).length > 0) return { form: hideSecrets(request.form) as ValueMap };
  const { body } = decodeBody(bytes, type === '' ? undefined : type);
  if (isMap(body) || isList(body)) return { body: hideSecrets(body) };
  // A number or a text of JSON stands with its quotes, if any.
  const text = bytes.toString('utf8');
  return bytes.equals(Buffer.from(text)) ? { body: hideInText(text) } : { bytes };
}

/** Whether `mock verify` sends the body with this type by itself. */
function isUsualType(type: string, { form, body }: AskedExample): boolean {
  if (type === '' || form) return true;
  return type === (typeof body === 'string' ? 'text/plain' : 'application/json');
}

function hideHeader(name: string, value: string): string {
  return isSecret(name) || name === 'cookie' ? MASK : hideInText(value);
}

/** The example without what the route's `match` says already; undefined when that is all. */
export function leaveOutMatched(
  { query, ...example }: AskedExample,
  match: { readonly query?: ValueMap | undefined; readonly body?: Value | undefined } = {},
): AskedExample | undefined {
  const more = Object.entries(query ?? {}).filter(([name, value]) => !isEqual(match.query?.[name] ?? null, value));
  const { body, ...others } = example;
  const isMatched = body === undefined || (match.body !== undefined && isEqual(body, match.body));
  const left = { ...(more.length > 0 && { query: Object.fromEntries(more) }), ...(isMatched ? others : example) };
  return Object.keys(left).length === 0 ? undefined : left;
}

/** The place of an example whose value is masked, as `headers.authorization`; undefined when there is none. */
export function findMasked(value: Value | undefined, place = ''): string | undefined {
  if (typeof value === 'string') return value.includes(MASK) ? place : undefined;
  if (!isMap(value ?? null) && !isList(value ?? null)) return undefined;
  for (const [key, one] of Object.entries(value as ValueMap)) {
    const found = findMasked(one, place === '' ? key : `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
