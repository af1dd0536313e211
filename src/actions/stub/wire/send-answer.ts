import type { ServerResponse } from 'node:http';
import { stringifyJson, type Value } from '../../../expr/index.ts';
import type { FaultSettings } from '../stub-settings.ts';
import type { Transport } from './transport.ts';

const SLICES = 10;

/** An answer with everything rendered. */
export interface ReadyAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | string | undefined;
}

/** What sending an answer needs of time. */
export interface AnswerClock {
  /** Calls back after `ms` unless cancelled by the function that it gives. */
  after(ms: number, call: () => void): () => void;
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
    connectionOf,
  }: { fault: FaultSettings | undefined; clock: AnswerClock } & Pick<Transport, 'connectionOf'>,
): void {
  const { socket } = response;
  if (socket === null || socket.destroyed) return;
  if (fault === undefined) sendWhole(response, answer);
  else if (fault === 'reset') connectionOf(socket).resetAndDestroy();
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
  const size = Math.max(1, Math.ceil(bytes.length / SLICES));
  const count = Math.max(1, Math.ceil(bytes.length / size));
  response.flushHeaders();
  const sendNext = (index: number): void => {
    if (response.destroyed) return;
    if (index === count) return void response.end();
    response.write(bytes.subarray(index * size, (index + 1) * size));
    clock.after(fault.slow_body.over / count, () => sendNext(index + 1));
  };
  sendNext(0);
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
