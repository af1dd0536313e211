import { basename } from 'node:path';
import type { HttpExchange, HttpPart, HttpReceived, HttpSent } from '../../model/exchange.ts';
import { countOf } from '../../util/count.ts';
import { writeCurl } from './curl.ts';
import type { ExchangeText } from './exchange-text.ts';

/** A request and its answer. */
export function writeHttp({ request, response, way }: HttpExchange): ExchangeText {
  return {
    sent: `${request.method} ${request.url}`,
    sentBody: writeBody(request.body),
    received: response && describeAnswer(response),
    receivedBody: response?.body,
    byHand: writeCurl(request, way),
  };
}

function describeAnswer({ status, contentType, body }: HttpReceived): string {
  return [status, contentType, body === undefined ? '(no body)' : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
}

function writeBody(body: HttpSent['body']): string | undefined {
  if (!body) return undefined;
  return body.kind === 'text' ? body.text : body.parts.map(describePart).join('\n');
}

/** `picture: @/flows/me.png (image/png, 1024 bytes)`. */
function describePart({ name, filename, type, text = '', file, size }: HttpPart): string {
  if (file === undefined && filename === undefined && type === undefined) return `${name}: ${text}`;
  const isRenamed = filename !== undefined && (file === undefined || basename(file) !== filename);
  const facts = [
    ...(isRenamed ? [`filename ${filename}`] : []),
    ...(type === undefined ? [] : [type]),
    ...(file === undefined ? [] : [countOf(size, 'byte')]),
  ];
  return `${name}: ${file === undefined ? text : `@${file}`} (${facts.join(', ')})`;
}
