import type { KafkaHeader, KafkaMessageToSend } from '../../drivers/kafka/types.ts';
import { ExactNumber, isList, isMap, stringifyJson, type Value } from '../../expr/index.ts';
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
