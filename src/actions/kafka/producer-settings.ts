import * as z from 'zod/mini';
import type { ConfigFinding } from '../../model/action/settings.ts';
import { anyValue, timeLimit } from '../../model/settings.ts';
import { isRecord } from '../settings/authored.ts';
import { brokers, sasl, tls, topicName } from './kafka-settings.ts';

const MESSAGE_KEYS = ['value', 'key', 'headers', 'partition'] as const;

function messageFields() {
  return {
    value: z.optional(anyValue()),
    key: z.optional(anyValue()),
    headers: z.optional(z.record(z.string(), anyValue())),
    partition: z.optional(z.int().check(z.gte(0))),
  };
}

/** The settings of `kafka_producer`. */
export const producerSettings = z.strictObject({
  connection: z.optional(z.string()),
  brokers: brokers(),
  topic: topicName(),
  ...messageFields(),
  messages: z.optional(z.array(z.strictObject(messageFields())).check(z.minLength(1))),
  compression: z.optional(z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])),
  acks: z.optional(z.union([z.literal('all'), z.literal(-1), z.literal(1), z.literal(0)])),
  timeout: z.optional(timeLimit()),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
});

export type ProducerSettings = z.output<typeof producerSettings>;
export type MessageSettings = Pick<ProducerSettings, (typeof MESSAGE_KEYS)[number]>;

/** The messages to send, in the order written. */
export function listMessages(config: ProducerSettings): readonly MessageSettings[] {
  return config.messages ?? [config];
}

/** What can be said about the settings before the run. */
export function checkProducerSettings(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const { messages } = authored;
  if (messages === undefined) return checkValue(authored, []);
  const given = MESSAGE_KEYS.find((key) => authored[key] !== undefined);
  if (given) {
    const message = `\`${given}\` and \`messages\` are both given: write one of them`;
    return [{ severity: 'error', code: 'TM332', path: [given], message, help: ['put it into each of `messages`'] }];
  }
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message, index) => (isRecord(message) ? checkValue(message, ['messages', index]) : []));
}

/** A forgotten value would be a tombstone. */
function checkValue(
  message: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): readonly ConfigFinding[] {
  if (Object.hasOwn(message, 'value') && message['value'] !== undefined) return [];
  const help = ['a tombstone is `value: null`'];
  return [{ severity: 'error', code: 'TM332', path, message: 'a message needs `value`', help }];
}
