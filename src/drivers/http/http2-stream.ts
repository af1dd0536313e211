import type { ClientHttp2Stream, constants as Http2Constants, OutgoingHttpHeaders } from 'node:http2';
import { readHeaderText } from './header-text.ts';
import type { HttpRequest } from './http.ts';
import { type CutBody, createCutOff, HttpBroken } from './http-broken.ts';
import type { HttpHandler } from './http-handler.ts';
import { WANTS_LENGTH } from './request-writer.ts';

type Constants = typeof Http2Constants;

/** The peer does not speak HTTP/2. */
export class Http2Missing extends Error {
  override readonly name = 'Http2Missing';

  constructor(why: string, cause?: unknown) {
    super(why, { cause });
  }
}

/** The peer ended a request before its answer was complete. */
export class Http2Broken extends Error {
  override readonly name = 'Http2Broken';
  /** `NGHTTP2_INTERNAL_ERROR`, … */
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(`the request ended with ${code}`, { cause });
    this.code = code;
  }
}

/** Headers that are about a connection of HTTP/1.1. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);
/** By their codes, as RFC 9113 numbers them. */
const ERROR_NAMES =
  'NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED'.split(
    ' ',
  );

/** The headers of a request as HTTP/2 has them. */
export function writeHeaders({ method, path, headers, body }: HttpRequest, origin: string): OutgoingHttpHeaders {
  const { protocol, host } = new URL(origin);
  const written: Record<string, string | string[]> = Object.create(null);
  Object.assign(written, { ':method': method, ':scheme': protocol.slice(0, -1), ':authority': host, ':path': path });
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]?.toLowerCase() ?? '';
    const value = headers[at + 1] ?? '';
    const before = written[name];
    if (name === 'host') written[':authority'] = value;
    else if (OF_THE_CONNECTION.has(name)) continue;
    else written[name] = before === undefined ? value : [before, value].flat();
  }
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  if (body !== undefined || WANTS_LENGTH.has(method)) written['content-length'] ??= String(length);
  return written;
}

interface Exchange {
  readonly request: HttpRequest;
  readonly handler: HttpHandler;
  readonly constants: Constants;
  fail(error: Error): void;
}

/** Sends the body and hands on what comes back, until it is complete. */
export function exchange(stream: ClientHttp2Stream, { request, handler, constants, fail }: Exchange): void {
  // A stream that is over has forgotten its session.
  const { session } = stream;
  let failure: Error | undefined;
  let announced: number | undefined;
  let byteCount = 0;
  let status = 0;
  stream.once('response', (headers: Record<string, unknown>, _flags: number, raw: readonly string[]) => {
    const length = headers['content-length'];
    if (typeof length === 'string' && request.method !== 'HEAD' && headers[':status'] !== 304)
      announced = Number(length);
    status = Number(headers[':status']);
    if (handler.measure) handler.measure.receivedBytes += sizeOf(raw);
    handler.onHeaders(status, decode(raw));
  });
  stream.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
    if (handler.measure) handler.measure.receivedBytes += chunk.length;
    handler.onData(chunk);
  });
  stream.once('end', () => {
    const isWhole = announced === undefined || announced === byteCount;
    if (!handler.hasAnswer || !isWhole || isReset(stream) || failure) return;
    handler.onComplete();
    // An answer may come before the body was read to its end, which then nobody waits for.
    if (!stream.writableFinished) stream.close(constants.NGHTTP2_CANCEL);
  });
  stream.once('error', (error) => {
    failure ??= error;
  });
  stream.once('close', () => {
    if (handler.isDone) return;
    const body = { status, bytes: byteCount, length: announced, lacks: 'its end' };
    fail(describeEnd({ stream, session }, status > 0 ? body : undefined, failure));
  });
  const { measure } = handler;
  if (measure) measure.sentBytes += sizeOf(request.headers) + Buffer.byteLength(request.body ?? '');
  if (request.body !== undefined) stream.end(request.body, measure && (() => handler.onWritten()));
}

/** Of headers as text; what HTTP/2 makes of them nobody says. */
function sizeOf(headers: readonly string[]): number {
  return headers.reduce((size, text) => size + text.length, 0);
}

/** Names and values by turns, without what begins with `:`. Node reads each byte as a character. */
function decode(raw: readonly string[]): string[] {
  const decoded: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!name.startsWith(':')) decoded.push(name, readHeaderText(Buffer.from(raw[at + 1] ?? '', 'latin1')));
  }
  return decoded;
}

function isReset({ rstCode }: ClientHttp2Stream): boolean {
  return rstCode !== undefined && rstCode !== 0;
}

/** A stream that the peer reset has a code; one that went down with its connection has the connection's error, or none. */
function describeEnd(
  { stream, session }: Pick<ClientHttp2Stream, 'session'> & { readonly stream: ClientHttp2Stream },
  came: CutBody | undefined,
  failure: Error | undefined,
): Error {
  const code = failure && 'code' in failure ? String(failure.code) : undefined;
  if (failure && code !== 'ERR_HTTP2_STREAM_ERROR') return failure;
  const isGone = session?.destroyed ?? true;
  const name = ERROR_NAMES[stream.rstCode ?? 0];
  if (!isGone && isReset(stream) && name !== undefined) return new Http2Broken(`NGHTTP2_${name}`, failure);
  return came ? createCutOff(came) : new HttpBroken('closed', undefined, failure);
}
