import type { HttpResponse } from '../../drivers/http/http-handler.ts';
import { createCaselessMap, type Value, type ValueMap } from '../../expr/index.ts';
import { roundMs } from '../settings/numbers.ts';
import { readMediaType } from './body.ts';
import { type Content, type ContentOptions, readContent } from './content.ts';

/** What a request brought, as flows see it. */
export interface Answer extends Omit<Content, 'body'> {
  readonly result: Readonly<Record<string, Value>>;
  readonly contentEncoding: string | undefined;
}

export interface AnswerOptions extends Pick<ContentOptions, 'namePeer' | 'maxBytes' | 'stop'> {
  readonly url: string;
  /** Redirects too. */
  readonly durationMs: number;
  /** Whether its body was not kept. */
  readonly dropsBody?: boolean;
}

const NO_CONTENT: Content = { body: null, bytes: Buffer.alloc(0), notes: [], fault: undefined };

const PARTIAL = 206;

/** Reads a response: headers, body, times; at once where the body is not packed. @throws StopError when it is to end before */
export function readAnswer(response: HttpResponse, options: AnswerOptions): Promise<Answer> | Answer {
  const head = findHeaders(response.headers);
  if (options.dropsBody) return describeAnswer(response, options, head, NO_CONTENT);
  const { contentType, contentEncoding } = head;
  const { isOpenEnded, excessBytes, status, size } = response;
  const { namePeer, maxBytes, stop } = options;
  const reading = readContent(response.body, {
    contentType,
    contentEncoding,
    size,
    isOpenEnded,
    excessBytes,
    isPartial: status === PARTIAL,
    namePeer,
    maxBytes,
    stop,
  });
  if (!(reading instanceof Promise)) return describeAnswer(response, options, head, reading);
  return reading.then((content) => describeAnswer(response, options, head, content));
}

function describeAnswer(
  response: HttpResponse,
  options: AnswerOptions,
  { headers, contentType, contentEncoding, lengthNote }: ReadHeaders,
  { body, bytes, notes: contentNotes, fault }: Content,
): Answer {
  const { timings } = response;
  const notes = lengthNote === undefined ? contentNotes : [lengthNote, ...contentNotes];
  const parts = {
    status: response.status,
    body,
    headers,
    duration_ms: roundMs(options.durationMs),
    timings: {
      dns_ms: roundMs(timings.dnsMs),
      connect_ms: roundMs(timings.connectMs),
      tls_ms: roundMs(timings.tlsMs),
      wait_ms: roundMs(timings.waitMs),
      receive_ms: roundMs(timings.receiveMs),
    },
    size: response.size,
    content_type: readMediaType(contentType) ?? null,
    url: options.url,
  };
  return { bytes, notes, fault, contentEncoding, result: addResponse(parts) };
}

type Parts = Readonly<
  Record<'status' | 'body' | 'headers' | 'duration_ms' | 'timings' | 'size' | 'content_type' | 'url', Value>
>;

/** The parts, and all of them once more as `response`. */
function addResponse(response: Parts): Readonly<Record<string, Value>> {
  const { status, body, headers, duration_ms, timings, size, content_type, url } = response;
  return { status, body, headers, duration_ms, timings, size, content_type, url, response };
}

/** A header's value by its name in lower case, straight from the wire. */
export function findHeader(headers: readonly string[], name: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) if (headers[at]?.toLowerCase() === name) return headers[at + 1];
  return undefined;
}

interface ReadHeaders {
  readonly headers: ValueMap;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly lengthNote: string | undefined;
}

/** The last headers that were read, by the lists that they came in: answers of the same head have one. */
const lastRead: { readonly raw: readonly string[]; readonly read: ReadHeaders }[] = [];
const MOST_READ = 4;
let nextRead = 0;

function findHeaders(raw: readonly string[]): ReadHeaders {
  for (let at = 0; at < lastRead.length; at++) {
    const last = lastRead[at];
    if (last?.raw === raw) return last.read;
  }
  const read = readHeaders(raw);
  lastRead[nextRead] = { raw, read };
  nextRead = (nextRead + 1) % MOST_READ;
  return read;
}

function readHeaders(raw: readonly string[]): ReadHeaders {
  const single = new Map<string, string>();
  let cookies: string[] | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    if (name === 'set-cookie') {
      cookies ??= [];
      cookies.push(value);
      continue;
    }
    const before = single.get(name);
    single.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const contentType = single.get('content-type');
  const contentEncoding = single.get('content-encoding');
  const entries: Iterable<readonly [string, Value]> = cookies ? [...single, ['set-cookie', cookies] as const] : single;
  const lengthNote = describeTwoLengths(single);
  return { headers: createCaselessMap(entries), contentType, contentEncoding, lengthNote };
}

/** What is said of an answer that says in two ways where it ends: who passes it on may go by the other one. */
function describeTwoLengths(single: ReadonlyMap<string, string>): string | undefined {
  const [length, coding] = [single.get('content-length'), single.get('transfer-encoding')];
  if (length === undefined || coding === undefined) return undefined;
  return `the answer has both \`transfer-encoding: ${coding}\` and \`content-length: ${length}\`, which HTTP forbids: the length was ignored`;
}
