import type { HttpRequest } from './http.ts';
import { HttpUnsendable } from './http-broken.ts';

/** A request as its bytes go over a connection of HTTP/1.1. */
export interface WrittenRequest {
  readonly method: string;
  /** Its characters are bytes. */
  readonly head: string;
  readonly body: string | Uint8Array | undefined;
  readonly bodyBytes: number;
  /** Whether it says that the connection ends with it. */
  readonly isLast: boolean;
}

/** Methods whose requests have a length, if there is nothing in them. */
export const WANTS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Of the names that are looked at. */
const OUR_LENGTHS: ReadonlySet<number> = new Set(
  ['content-length', 'transfer-encoding', 'host', 'connection'].map(({ length }) => length),
);

/** Writes a request; `host` is that of its origin. @throws HttpUnsendable */
export function writeRequest({ method, path, headers, body }: HttpRequest, host: string): WrittenRequest {
  let lines = '';
  let hasHost = false;
  let connection: string | undefined;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    if (!OUR_LENGTHS.has(name.length)) {
      lines += `${name}: ${value}\r\n`;
      continue;
    }
    const lower = name.toLowerCase();
    if (lower === 'content-length') {
      checkLength(value, length);
      continue;
    }
    if (lower === 'transfer-encoding')
      throw new HttpUnsendable('`transfer-encoding` cannot be chosen: a body is sent whole, with its length');
    if (lower === 'host') hasHost = true;
    else if (lower === 'connection') connection = value;
    lines += `${name}: ${value}\r\n`;
  }
  const first = `${method} ${path} HTTP/1.1\r\n${hasHost ? '' : `host: ${host}\r\n`}`;
  const hasLength = length > 0 || WANTS_LENGTH.has(method);
  const ours = `${connection === undefined ? 'connection: keep-alive\r\n' : ''}${hasLength ? `content-length: ${length}\r\n` : ''}`;
  const isLast = connection !== undefined && /\bclose\b/i.test(connection);
  return {
    method,
    head: `${first}${lines}${ours}\r\n`,
    body: length > 0 ? body : undefined,
    bodyBytes: length,
    isLast,
  };
}

function checkLength(given: string, length: number): void {
  if (given.trim() === String(length)) return;
  throw new HttpUnsendable(`\`content-length\` is given as ${given}, but the body has ${length} bytes`);
}
