import { isUtf8 } from 'node:buffer';
import type { KafkaHeader, KafkaRecord } from '../../drivers/kafka/types.ts';
import { createCaselessMap, ExactNumber, parseJson, readJson, type Value, type ValueMap } from '../../expr/index.ts';

/** A message as flows see it. */
export interface Message extends ValueMap {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | ExactNumber;
  readonly key: string | null;
  /** A JSON object or array decoded, other text as it is, base64 of other bytes, nil for a tombstone. */
  readonly value: Value;
  readonly headers: ValueMap;
  /** ISO 8601; nil when the producer gave none. */
  readonly timestamp: string | null;
  /** The value of any JSON text; nil otherwise. */
  readonly json: Value;
}

/** The bytes of messages whose key or value is not text. */
const binaries = new WeakMap<Message, Binary>();

export type Binary = Readonly<Record<'key' | 'value', Buffer | undefined>>;

/** The bytes of a message that are shown in base64. */
export function findBinary(message: Message): Binary | undefined {
  return binaries.get(message);
}

const shared = new WeakMap<KafkaRecord, Message>();

/** The same of a record that many wait for: it is read once for all of them. */
export function toSharedMessage(record: KafkaRecord): Message {
  const known = shared.get(record) ?? toMessage(record);
  shared.set(record, known);
  return known;
}

/** Turns what lies in the log into what flows see. */
export function toMessage(record: KafkaRecord): Message {
  const json = decodeJson(record.value, parseJson);
  const message: Message = {
    topic: record.topic,
    partition: record.partition,
    offset: toNumber(record.offset),
    key: readText(record.key),
    value: typeof json === 'object' && json !== null && !(json instanceof ExactNumber) ? json : readText(record.value),
    headers: readHeaders(record.headers),
    timestamp: formatTimestamp(record.timestampMs),
    json,
  };
  const [key, value] = [findBytes(record.key), json === null ? findBytes(record.value) : undefined];
  if (key || value) binaries.set(message, { key, value });
  return message;
}

function findBytes(bytes: Buffer | null): Buffer | undefined {
  return bytes === null || isUtf8(bytes) ? undefined : bytes;
}

/** An offset as a number that keeps all its digits. */
export function toNumber(offset: bigint): number | ExactNumber {
  return offset <= Number.MAX_SAFE_INTEGER ? Number(offset) : new ExactNumber(String(offset));
}

/** A time in ms as ISO 8601; nil when it is none. */
export function formatTimestamp(ms: number): string | null {
  return ms < 0 || ms > 8.64e15 ? null : new Date(ms).toISOString();
}

/** A key that stands twice in one map of the JSON that a message is. */
export function findTwinKey({ value }: KafkaRecord): string | undefined {
  return decodeJson(value, readJson)?.twin;
}

function readText(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64');
}

function decodeJson<T>(bytes: Buffer | null, decode: (text: string) => T): T | null {
  if (bytes === null || !isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  if (!/^\s*[[{"\-\dtfn]/.test(text)) return null;
  try {
    return decode(text);
  } catch {
    return null;
  }
}

/** A name that comes again has its values joined, as repeated HTTP headers do. */
function readHeaders(headers: readonly KafkaHeader[]): ValueMap {
  const joined = new Map<string, string | null>();
  for (const [name, value] of headers) {
    const text = readText(value);
    const before = joined.get(name);
    joined.set(name, before === undefined ? text : [before, text].filter((one) => one !== null).join(', '));
  }
  return createCaselessMap(joined);
}
