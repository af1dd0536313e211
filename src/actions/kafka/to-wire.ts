import type { KafkaHeader, KafkaMessageToSend } from '../../drivers/kafka/types.ts';
import { ExactNumber, isList, isMap, stringifyJson, type Value } from '../../expr/index.ts';
import type { StepTrace } from '../../model/action/step-trace.ts';
import { chooseTraceHeaders, type GivenHeader } from '../settings/trace-headers.ts';
import { type ConnectionSettings, parseBrokers } from './kafka-settings.ts';
import type { MessageSettings } from './producer-settings.ts';

/** A message of the settings as it is sent. */
export function toWire(topic: string, message: MessageSettings, timestampMs: number): KafkaMessageToSend {
  return {
    topic,
    partition: message.partition,
    key: toBytes(message.key as Value | undefined),
    value: toBytes(message.value as Value | undefined),
    headers: Object.entries(message.headers ?? {}).flatMap(([name, value]) => toHeaders(name, value as Value)),
    timestampMs,
  };
}

/** Text as it is, objects and lists as JSON, nil as nothing at all (a tombstone). */
function toBytes(value: Value | undefined): Buffer | null {
  if (value === null || value === undefined) return null;
  return Buffer.from(typeof value === 'string' ? value : toText(value));
}

function toText(value: Value): string {
  const isPlain = typeof value === 'object' && value !== null && !isList(value) && !isMap(value);
  return isPlain && !(value instanceof ExactNumber) ? String(value) : stringifyJson(value);
}

/** A list is a header that comes several times. */
function toHeaders(name: string, value: Value): readonly KafkaHeader[] {
  const values = isList(value) ? value : [value];
  return values.map((one) => [name, toBytes(one)] as const);
}

/** Gives messages the headers of the flow's trace, where these may go to the brokers. */
export function addTrace(
  messages: readonly KafkaMessageToSend[],
  { brokers }: ConnectionSettings,
  trace: StepTrace,
): readonly KafkaMessageToSend[] {
  if (!parseBrokers(brokers).some(({ host, port }) => trace.reaches(host, port))) return messages;
  return messages.map((message) => ({ ...message, headers: withTrace(message.headers, trace) }));
}

function withTrace(headers: readonly KafkaHeader[], trace: StepTrace): readonly KafkaHeader[] {
  const given = { traceparent: readGiven(headers, 'traceparent'), baggage: readGiven(headers, 'baggage') };
  const { traceparent, baggage } = chooseTraceHeaders(trace, given);
  const kept = baggage === undefined ? headers : headers.filter(([name]) => !isNamed(name, 'baggage'));
  const more = { traceparent, baggage };
  const added = Object.entries(more).flatMap(([name, text]): KafkaHeader[] =>
    text === undefined ? [] : [[name, Buffer.from(text)]],
  );
  return [...kept, ...added];
}

/** What the flow gives under a name; several values are one, as they mean. */
function readGiven(headers: readonly KafkaHeader[], wanted: string): GivenHeader {
  const values = headers.flatMap(([name, value]) => (isNamed(name, wanted) ? [value] : []));
  if (values.length === 0) return undefined;
  const texts = values.flatMap((value) => value?.toString('utf8') ?? []);
  return texts.length === 0 ? null : texts.join(',');
}

function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && name.toLowerCase() === wanted;
}
