import { promisify } from 'node:util';
import type { HttpResponse } from '../../drivers/http/http-handler.ts';
import { createCaselessMap, type Value, type ValueMap } from '../../expr/index.ts';
import { roundMs } from '../settings/numbers.ts';
import { decodeBody, readMediaType } from './body.ts';

/** What a request brought, as flows see it. */
export interface Answer {
  readonly result: Readonly<Record<string, Value>>;
  readonly bytes: Buffer;
  readonly notes: readonly string[];
}

const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/** Reads a response: headers, body, times. `durationMs` covers redirects too. */
export async function readAnswer(response: HttpResponse, url: string, durationMs: number): Promise<Answer> {
  const { headers, contentType, contentEncoding } = readHeaders(response.headers);
  const notes: string[] = [];
  const bytes = contentEncoding === undefined ? response.body : await unpack(response.body, contentEncoding, notes);
  const { body, note } = decodeBody(bytes, contentType);
  if (note !== undefined) notes.push(note);
  const { timings } = response;
  const parts = {
    status: response.status,
    body,
    headers,
    duration_ms: roundMs(durationMs),
    timings: {
      dns_ms: roundMs(timings.dnsMs),
      connect_ms: roundMs(timings.connectMs),
      tls_ms: roundMs(timings.tlsMs),
      wait_ms: roundMs(timings.waitMs),
      receive_ms: roundMs(timings.receiveMs),
    },
    size: response.body.length,
    content_type: readMediaType(contentType) ?? null,
    url,
  };
  return { result: addResponse(parts), bytes, notes };
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
  return { headers: createCaselessMap(entries), contentType, contentEncoding };
}

async function unpack(bytes: Buffer, encoding: string, notes: string[]): Promise<Buffer> {
  if (bytes.length === 0) return bytes;
  const zlib = await import('node:zlib');
  const unpackers: Readonly<Record<string, (input: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> =
    {
      gzip: promisify(zlib.gunzip),
      'x-gzip': promisify(zlib.gunzip),
      deflate: promisify(zlib.inflate),
      br: promisify(zlib.brotliDecompress),
    };
  let unpacked = bytes;
  for (const name of encoding.toLowerCase().split(',').reverse()) {
    const unpackOne = unpackers[name.trim()];
    if (name.trim() === 'identity') continue;
    try {
      if (!unpackOne) throw new Error('not known');
      unpacked = await unpackOne(unpacked, { maxOutputLength: MAX_UNPACKED_BYTES });
    } catch {
      notes.push(`the body could not be unpacked (content-encoding \`${encoding}\`): given as it came`);
      return bytes;
    }
  }
  return unpacked;
}
