import { type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import type { Arrival } from './received.ts';
import type { ReadyAnswer } from './wire/send-answer.ts';

/** A request that is made for somebody else. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | string | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

export interface IncomingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

const TIMEOUT_MS = 30_000;

/** Headers of one connection, which say nothing on the next. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'te',
  'upgrade',
]);

/** Asks a service what a stub was asked, byte for byte, and gives its answer as it came. @throws the network's error */
export async function passOn({ method, target, rawHeaders, body }: Arrival, base: URL): Promise<ReadyAnswer> {
  const url = new URL(`${base.href.replace(/\/$/, '')}${target}`);
  const headers = listEndToEnd(rawHeaders);
  const answer = await sendRequest({ method, url, headers, body: body.length === 0 ? undefined : body });
  return { status: answer.status, headers: listEndToEnd(answer.rawHeaders), body: answer.body };
}

function listEndToEnd(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!HOP_BY_HOP.has(name.toLowerCase())) pairs.push([name, rawHeaders[at + 1] ?? '']);
  }
  return pairs;
}

/** Makes one request over a connection of its own; 30 s without a byte are too long. @throws the network's error */
export async function sendRequest({ method, url, headers, body, signal }: OutgoingRequest): Promise<IncomingAnswer> {
  const request = url.protocol === 'https:' ? (await import('node:https')).request : requestPlain;
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body ?? '');
    const all: string[] = [];
    for (const [name, value] of headers) all.push(name, value);
    if (body !== undefined) all.push('content-length', String(bytes.length));
    if (!headers.some(([name]) => name.toLowerCase() === 'host')) all.push('host', url.host);
    const options = { method, headers: all, agent: false, timeout: TIMEOUT_MS, ...(signal && { signal }) };
    const sent = request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          rawHeaders: answer.rawHeaders,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    sent.on('error', reject);
    sent.end(bytes);
  });
}
