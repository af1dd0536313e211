import type { Value } from '../../expr/index.ts';
import { formatValue, readKey, stringifyJson } from '../../expr/index.ts';
import type { LateValue } from '../../model/late-value.ts';
import { readHttpUrl } from '../http/url.ts';
import { connect } from '../kafka/connect.ts';
import { toWire } from '../kafka/to-wire.ts';
import { sendRequest } from './forward.ts';
import type { StubRequest } from './received.ts';
import type { FollowUpSettings } from './stub-settings.ts';

const SEND_MS = 10_000;

type ConnectIo = Parameters<typeof connect>[1];

/** What follows an answer, with everything rendered. */
export interface FollowUp {
  readonly afterMs: number;
  /** `POST http://localhost:5002/callback`, `payment.settled`. */
  readonly name: string;
  send(): Promise<void>;
}

/** Renders what follows an answer: a callback over HTTP, an event over Kafka. @throws when it cannot be rendered */
export function renderFollowUp(
  settings: FollowUpSettings,
  { request, render }: { readonly request: StubRequest; readonly render: (value: LateValue) => Value },
  io: ConnectIo,
): FollowUp | undefined {
  const { after: afterMs = 0, http, kafka } = settings;
  const texts = (headers: Readonly<Record<string, LateValue>> = {}) => {
    const given = Object.entries(headers).map(([name, value]) => [name, render(value)] as const);
    const names = new Set(given.map(([name]) => name.toLowerCase()));
    return [...given, ...listTrace(request).filter(([name]) => !names.has(name))];
  };
  if (http) {
    const { url, headers, body } = http;
    const method = (http.method ?? 'POST').toUpperCase();
    const target = render(url);
    if (typeof target !== 'string') return { afterMs, name: method, send: () => failWithoutUrl(target, request) };
    const given = texts(headers).map(([name, value]) => [name, String(value)] as const);
    const value = body && render(body);
    return {
      afterMs,
      name: `${method} ${target}`,
      send: () => sendCallback({ method, target, headers: given, value }),
    };
  }
  if (!kafka) return undefined;
  const { brokers, topic, key, headers, value } = kafka;
  const message = {
    key: key && render(key),
    value: value && render(value),
    headers: Object.fromEntries(texts(headers)),
  };
  return { afterMs, name: topic, send: () => sendEvent({ brokers, topic, message }, io) };
}

/** The headers by which the trace of a request goes on, as a service passes it on. */
function listTrace({ headers }: StubRequest): (readonly [string, Value])[] {
  return ['traceparent', 'tracestate', 'baggage'].flatMap((name) => {
    const value = readKey(headers, name);
    return value === undefined ? [] : [[name, value] as const];
  });
}

async function failWithoutUrl(value: Value, { method, path }: StubRequest): Promise<void> {
  throw new Error(`its \`url\` is ${formatValue(value)}: what it reads was not sent with ${method} ${path}`);
}

interface Callback {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly value: Value | undefined;
}

async function sendCallback({ method, target, headers, value }: Callback): Promise<void> {
  const read = readHttpUrl(target);
  if (!('url' in read)) throw new Error(read.mistake);
  const isJson = value !== undefined && typeof value !== 'string';
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const all = isJson && !hasType ? [...headers, ['content-type', 'application/json'] as const] : headers;
  const body = value === undefined ? undefined : isJson ? stringifyJson(value) : value;
  const { status } = await sendRequest({ method, url: read.url, headers: all, body });
  if (status >= 400) throw new Error(`the answer was ${status}`);
}

interface Event {
  readonly brokers: string | readonly string[];
  readonly topic: string;
  readonly message: Parameters<typeof toWire>[1];
}

async function sendEvent({ brokers, topic, message }: Event, io: ConnectIo): Promise<void> {
  const connection = await connect({ brokers: typeof brokers === 'string' ? brokers : [...brokers] }, io);
  const limits = { signal: new AbortController().signal, timeoutMs: SEND_MS };
  await connection.send([toWire(topic, message, io.clock.now())], { acks: 'all', compression: 'none' }, limits);
}
