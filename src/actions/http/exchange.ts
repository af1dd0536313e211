import { basename } from 'node:path';
import type { Exchange } from '../../model/exchange.ts';
import { countOf } from '../../util/count.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { Answer } from './answer.ts';
import type { Part } from './multipart.ts';
import { hasHeader, type WireRequest } from './request.ts';

const IMPLIED = new Set(['accept: */*', 'user-agent: testmesh']);

/** What curl is to be told besides the request. */
interface CurlWay {
  /** Whether redirects were followed. */
  readonly follows: boolean;
  /** Options that say how the server is reached. */
  readonly options: readonly string[];
}

/** What went over the wire, and a curl line to repeat it. */
export function describeExchange(request: WireRequest, answer: Answer | undefined, way: CurlWay): Exchange {
  const status = answer?.result['status'];
  const type = answer?.result['content_type'];
  const body = answer?.result['body'];
  return {
    sent: `${request.method} ${request.url.href}`,
    sentBody: typeof request.body === 'object' ? request.body.parts.map(describePart).join('\n') : request.body,
    received:
      answer &&
      [status, type, answer.bytes.length === 0 ? '(no body)' : null].filter((part) => part !== null).join(' '),
    receivedBody: answer && answer.bytes.length > 0 ? describeBody(answer.bytes, body) : undefined,
    byHand: writeCurl(request, way),
  };
}

/** A curl command that sends the same request. */
export function writeCurl(request: WireRequest, { follows, options }: CurlWay): string {
  const words = ['curl'];
  const implied = request.body === undefined ? 'GET' : 'POST';
  if (request.method === 'HEAD') words.push('-I');
  else if (request.method !== implied) words.push('-X', request.method);
  if (follows) words.push('-L');
  words.push(...options);
  if (/[[\]{}]/.test(request.url.href)) words.push('-g');
  words.push(quoteShell(request.url.href));
  for (const [name, value] of request.headers) {
    if (IMPLIED.has(`${name}: ${value}`) || isOwnBoundary(request.body, name, value)) continue;
    words.push('-H', quoteShell(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (typeof request.body === 'object') {
    for (const part of request.body.parts) words.push(...writeFormPart(part));
  } else if (request.body !== undefined) {
    if (!hasHeader(request.headers, 'content-type')) words.push('-H', quoteShell('content-type:'));
    words.push('--data-raw', quoteShell(request.body));
  }
  return words.join(' ');
}

/** curl makes a boundary of its own, and names it. */
function isOwnBoundary(body: WireRequest['body'], name: string, value: string): boolean {
  if (typeof body !== 'object' || name.toLowerCase() !== 'content-type') return false;
  return value === `multipart/form-data; boundary=${body.boundary}`;
}

/** `picture: @/flows/me.png (image/png, 1024 bytes)`. */
function describePart({ name, filename, type, content, path }: Part): string {
  if (path === undefined && filename === undefined && type === undefined) return `${name}: ${content}`;
  const isRenamed = filename !== undefined && (path === undefined || basename(path) !== filename);
  const facts = [
    ...(isRenamed ? [`filename ${filename}`] : []),
    ...(type === undefined ? [] : [type]),
    ...(path === undefined ? [] : [countOf(content.length, 'byte')]),
  ];
  return `${name}: ${path === undefined ? content : `@${path}`} (${facts.join(', ')})`;
}

function writeFormPart({ name, filename, type, content, path }: Part): string[] {
  const isPlain = path === undefined && filename === undefined && type === undefined;
  if (isPlain) return ['--form-string', quoteShell(`${name}=${content}`)];
  const what = path === undefined ? quoteForm(content.toString()) : `@${quoteForm(path)}`;
  const typed = type === undefined ? '' : `;type=${type}`;
  const named = filename === undefined ? '' : `;filename=${quoteForm(filename)}`;
  return ['-F', quoteShell(`${name}=${what}${typed}${named}`)];
}

/** As curl reads a text that may hold its own signs. */
function quoteForm(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function describeBody(bytes: Buffer, body: unknown): string {
  return typeof body === 'string' ? body : bytes.toString('utf8');
}
