import type { ServerResponse } from 'node:http';
import { stringifyJson, type Value } from '../../../expr/index.ts';
import type { FaultSettings } from '../stub-settings.ts';
import type { Listener } from './listener.ts';
import { type AnswerClock, sendSlices } from './send-slices.ts';

/** An answer with everything rendered. */
export interface ReadyAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | string | undefined;
}

/** A value as the body of an answer: text as it is, all else as JSON, with its type. */
export function toBody(value: Value | undefined): { body: string | undefined; type: string | undefined } {
  if (value === undefined) return { body: undefined, type: undefined };
  if (typeof value === 'string') return { body: value, type: 'text/plain; charset=utf-8' };
  return { body: stringifyJson(value), type: 'application/json' };
}

/** Answers a request, or fails to as the fault says. */
export function sendAnswer(
  response: ServerResponse,
  answer: ReadyAnswer,
  {
    fault,
    clock,
    listener,
  }: { fault: FaultSettings | undefined; clock: AnswerClock; listener: Pick<Listener, 'connectionOf'> },
): void {
  const { socket } = response;
  if (socket === null || socket.destroyed) return;
  if (fault === undefined) sendWhole(response, answer);
  else if (fault === 'reset') (listener.connectionOf(socket) ?? socket).resetAndDestroy();
  else if (fault === 'empty') socket.destroy();
  else if (fault === 'garbage') socket.end('\u0000\u0007this is no answer\r\n\r\n');
  else if (fault !== 'timeout') sendBroken(response, answer, fault, clock);
}

function sendWhole(response: ServerResponse, { status, headers, body }: ReadyAnswer): void {
  writeHead(response, status, headers, body);
  response.end(body);
}

function sendBroken(
  response: ServerResponse,
  { status, headers, body }: ReadyAnswer,
  fault: Exclude<FaultSettings, string>,
  clock: AnswerClock,
): void {
  const bytes = Buffer.from(body ?? '');
  writeHead(response, status, headers, bytes);
  if ('truncate' in fault) {
    response.flushHeaders();
    response.write(bytes.subarray(0, fault.truncate.after), () => response.socket?.destroy());
    return;
  }
  response.flushHeaders();
  sendSlices(response, bytes, { overMs: fault.slow_body.over, clock });
}

function writeHead(
  response: ServerResponse,
  status: number,
  headers: ReadyAnswer['headers'],
  body: Buffer | string | undefined,
): void {
  const all: string[] = [];
  for (const [name, value] of headers) all.push(name, value);
  const isFramed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const hasBody = status !== 204 && status !== 304;
  if (!isFramed && hasBody) all.push('content-length', String(Buffer.byteLength(body ?? '')));
  response.writeHead(status, all);
}
