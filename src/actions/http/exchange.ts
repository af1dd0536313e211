import type { HttpResponse } from '../../drivers/http/http-handler.ts';
import type { Header, HttpExchange, HttpReceived, HttpSent, HttpWay } from '../../model/exchange.ts';
import { isPasswordName, MASK } from '../../util/hidden-fields.ts';
import { describeHeader } from '../settings/describe-header.ts';
import { roundMs } from '../settings/numbers.ts';
import { type Answer, findHeader } from './answer.ts';
import { decodeText } from './body.ts';
import type { WireRequest } from './request.ts';
import type { WireUrl } from './wire-url.ts';

/** What came back, as it came and as it was read. */
export interface Received {
  readonly response: HttpResponse;
  readonly answer: Answer;
  /** Of redirects too. */
  readonly durationMs: number;
}

/** What went over the wire. */
export function describeExchange(request: WireRequest, received: Received | undefined, way: HttpWay): HttpExchange {
  const { method, url } = request;
  const headers = request.headers.map(([name, value]) => describeHeader(name, value, request.apiKey));
  return {
    protocol: 'http',
    request: { method, url: showUrl(url, request.apiKey), headers, body: describeSent(request.body) },
    response: received && describeReceived(received),
    way,
  };
}

/** Without the value of the parameter that is the key of `auth`. */
export function showUrl(url: WireUrl, keyName: string | undefined): string {
  if (keyName === undefined) return url.href;
  const shown = new URL(url.href);
  if (!shown.searchParams.has(keyName)) return url.href;
  shown.search = url.search.replace(/(?<=[?&])([^=&]*)=[^&]*/g, (pair, name: string) =>
    new URLSearchParams(`${name}=`).has(keyName) ? `${name}=${MASK}` : pair,
  );
  return shown.href;
}

function describeSent(body: WireRequest['body']): HttpSent['body'] {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { kind: 'text', text: body };
  const parts = body.parts.map(({ name, filename, type, content, path: file }) => {
    const text = file === undefined ? { text: isPasswordName(name) ? MASK : content.toString() } : { file };
    return { name, filename, type, ...text, size: content.length };
  });
  return { kind: 'parts', boundary: body.boundary, parts };
}

function describeReceived({ response, answer, durationMs }: Received): HttpReceived {
  const { bytes, result } = answer;
  const { body, content_type: contentType } = result;
  const text =
    typeof body === 'string'
      ? body
      : (decodeText(bytes, findHeader(response.headers, 'content-type')) ?? bytes.toString('utf8'));
  const { dnsMs, connectMs, tlsMs, waitMs, receiveMs } = response.timings;
  return {
    status: response.status,
    headers: pairHeaders(response.headers),
    contentType: typeof contentType === 'string' ? contentType : undefined,
    body: bytes.length > 0 ? text : undefined,
    size: response.size,
    timings: {
      dnsMs: roundMs(dnsMs),
      connectMs: roundMs(connectMs),
      tlsMs: roundMs(tlsMs),
      waitMs: roundMs(waitMs),
      receiveMs: roundMs(receiveMs),
      totalMs: roundMs(durationMs),
    },
  };
}

function pairHeaders(raw: readonly string[]): readonly Header[] {
  const headers: Header[] = [];
  for (let at = 0; at < raw.length; at += 2) headers.push(describeHeader(raw[at] ?? '', raw[at + 1] ?? ''));
  return headers;
}
