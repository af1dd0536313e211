import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { FaultSettings } from '../stub-settings.ts';
import type { ReadyAnswer } from './send-answer.ts';
import { type AnswerClock, sendSlices } from './send-slices.ts';

/** NGHTTP2_INTERNAL_ERROR. */
const INTERNAL_ERROR = 2;
/** Headers of a connection, which HTTP/2 does not have. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** How an answer is sent. */
export interface Http2Way {
  readonly fault: FaultSettings | undefined;
  readonly clock: AnswerClock;
  /** The connection. */
  readonly socket: Socket | undefined;
  /** Whether the head alone is wanted. */
  readonly isHead: boolean;
}

/** Answers a request of HTTP/2, or fails to as the fault says: `reset` and `truncate` end its stream with RST_STREAM, `empty` ends the connection, `garbage` is longer than its own head says. */
export function sendHttp2(
  stream: ServerHttp2Stream,
  answer: ReadyAnswer,
  { fault, clock, socket, isHead }: Http2Way,
): void {
  if (stream.destroyed || stream.closed) return;
  if (fault === undefined) sendWhole(stream, answer, isHead);
  else if (fault === 'reset') stream.close(INTERNAL_ERROR);
  else if (fault === 'empty') socket?.destroy();
  else if (fault === 'garbage') sendGarbage(stream);
  else if (fault !== 'timeout') sendBroken(stream, answer, fault, clock);
}

/** What HTTP/2 takes for malformed. Bytes that are no frames cannot be put between those of others. */
function sendGarbage(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-length': '1' });
  stream.end('\u0000\u0007this is no answer');
}

/** Says that no answer could be made. */
export function failHttp2(stream: ServerHttp2Stream, text: string): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) stream.close(INTERNAL_ERROR);
  else sendWhole(stream, { status: 500, headers: [['content-type', 'text/plain']], body: text });
}

function sendWhole(stream: ServerHttp2Stream, { status, headers, body = '' }: ReadyAnswer, isHead = false): void {
  const hasBody = status !== 204 && status !== 304 && !isHead && body.length > 0;
  stream.respond(toHeaders(status, headers, body), { endStream: !hasBody });
  if (hasBody) stream.end(body);
}

function sendBroken(
  stream: ServerHttp2Stream,
  { status, headers, body = '' }: ReadyAnswer,
  fault: Exclude<FaultSettings, string>,
  clock: AnswerClock,
): void {
  const bytes = Buffer.from(body);
  stream.respond(toHeaders(status, headers, bytes));
  // To close it would end it first, as if it were whole.
  if ('truncate' in fault)
    stream.write(bytes.subarray(0, fault.truncate.after), () => stream.destroy(new Error('cut off')));
  else sendSlices(stream, bytes, { overMs: fault.slow_body.over, clock });
}

function toHeaders(status: number, given: ReadyAnswer['headers'], body: Buffer | string): OutgoingHttpHeaders {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    if (OF_CONNECTION.has(key)) continue;
    const others = headers[key];
    if (others) others.push(value);
    else headers[key] = [value];
  }
  const hasBody = status !== 204 && status !== 304;
  if (hasBody && !headers['content-length']) headers['content-length'] = [String(Buffer.byteLength(body))];
  const all: OutgoingHttpHeaders = { ':status': status };
  for (const [key, values] of Object.entries(headers)) all[key] = values.length === 1 ? values[0] : values;
  return all;
}
