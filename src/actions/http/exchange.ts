import type { Exchange } from '../../model/events.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { Answer } from './answer.ts';
import { hasHeader, type WireRequest } from './request.ts';

const IMPLIED = new Set(['accept: */*', 'user-agent: testmesh']);

/** What went over the wire, and a curl line to repeat it. */
export function describeExchange(request: WireRequest, answer: Answer | undefined, follows: boolean): Exchange {
  const status = answer?.result['status'];
  const type = answer?.result['content_type'];
  const body = answer?.result['body'];
  return {
    sent: `${request.method} ${request.url.href}`,
    sentBody: request.body,
    received: answer ? [status, type].filter((part) => part !== null).join(' ') : undefined,
    receivedBody: answer && answer.bytes.length > 0 ? describeBody(answer.bytes, body) : undefined,
    byHand: writeCurl(request, follows),
  };
}

/** A curl command that sends the same request. */
export function writeCurl(request: WireRequest, follows: boolean): string {
  const words = ['curl'];
  const implied = request.body === undefined ? 'GET' : 'POST';
  if (request.method === 'HEAD') words.push('-I');
  else if (request.method !== implied) words.push('-X', request.method);
  if (follows) words.push('-L');
  if (/[[\]{}]/.test(request.url.href)) words.push('-g');
  words.push(quoteShell(request.url.href));
  for (const [name, value] of request.headers) {
    if (IMPLIED.has(`${name}: ${value}`)) continue;
    words.push('-H', quoteShell(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (request.body !== undefined) {
    if (!hasHeader(request.headers, 'content-type')) words.push('-H', quoteShell('content-type:'));
    words.push('--data-raw', quoteShell(request.body));
  }
  return words.join(' ');
}

function describeBody(bytes: Buffer, body: unknown): string {
  return typeof body === 'string' ? body : bytes.toString('utf8');
}
