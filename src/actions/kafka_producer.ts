import type { KafkaHeader, KafkaMessageToSend, SendOptions, SentRecord } from '../drivers/kafka/types.ts';
import { ExactNumber, isList, isMap, stringifyJson, type Value, type ValueMap } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { ActionError } from '../model/action/outcome.ts';
import type { Exchange } from '../model/exchange.ts';
import { countOf } from '../util/count.ts';
import { quoteShell } from '../util/shell-quote.ts';
import { describeConnection } from './kafka/by-hand.ts';
import { connect, showBrokers, toActionError } from './kafka/connect.ts';
import { describeBatch, foreseeBatch } from './kafka/foresight.ts';
import { formatTimestamp, toNumber } from './kafka/message.ts';
import {
  checkProducerSettings,
  listMessages,
  type MessageSettings,
  type ProducerSettings,
  producerSettings,
} from './kafka/producer-settings.ts';
import { chooseTimeout } from './settings/deadline.ts';

/** Sends messages and tells where they were written. */
export const kafkaProducer: ActionDefinition<ProducerSettings> = {
  name: 'kafka_producer',
  aliases: ['kafka_publish', 'kafka_produce'],
  summary: 'Sends messages to a Kafka topic',
  settings: {
    schema: producerSettings,
    aliases: { payload: 'value', message: 'value' },
    check: checkProducerSettings,
  },
  result: {
    keys: { topic: 'string', partition: 'number', offset: 'number?', key: 'string?', timestamp: 'string?' },
    keysOf: describeBatch,
    items: { noun: 'message', list: 'messages', number: 'count' },
  },
  judges: true,
  traits: { ownsDeadline: true, foresee: foreseeBatch },
  async run(config, io) {
    const messages = listMessages(config).map((message) => toWire(config.topic, message, io.clock.now()));
    let sent: readonly SentRecord[] = [];
    io.report.exchange(() => describeExchange(config, messages, sent));
    const limits = { signal: io.stop.signal, timeoutMs: chooseTimeout(config.timeout, io) };
    try {
      const connection = await connect(config, io);
      io.report.progress(`sending to ${showBrokers(config)}`);
      sent = await connection.send(messages, readOptions(config), limits);
    } catch (error) {
      throw toActionError(error, config);
    }
    const results = sent.map((record, index) => describeSent(config, record, messages[index]));
    const [first] = results;
    if (!first)
      throw new ActionError({ kind: 'kafka', message: 'the broker did not say where the message was written' });
    const more = config.messages ? { messages: results, count: results.length } : {};
    return { result: { ...first, ...more }, summary: summarize(config, results) };
  },
};

function readOptions({ acks, compression }: ProducerSettings): SendOptions {
  const who = acks === 0 ? 'none' : acks === 1 ? 'leader' : 'all';
  return { acks: who, compression: compression ?? 'none' };
}

function toWire(topic: string, message: MessageSettings, timestampMs: number): KafkaMessageToSend {
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

function describeSent(config: ProducerSettings, record: SentRecord, message: KafkaMessageToSend | undefined): ValueMap {
  return {
    topic: config.topic,
    partition: record.partition,
    offset: record.offset === undefined ? null : toNumber(record.offset),
    key: message?.key?.toString('utf8') ?? null,
    timestamp: formatTimestamp(record.timestampMs),
  };
}

function summarize(config: ProducerSettings, results: readonly ValueMap[]): string {
  const [first] = results;
  if (results.length > 1) return `${countOf(results.length, 'message')} written to ${config.topic}`;
  const place = `${config.topic} [${first?.['partition'] ?? '?'}]`;
  return first?.['offset'] === null ? `sent to ${place}` : `written to ${place} offset ${first?.['offset'] ?? '?'}`;
}

function describeExchange(
  config: ProducerSettings,
  messages: readonly KafkaMessageToSend[],
  sent: readonly SentRecord[],
): Exchange {
  const shown = messages.map(({ value }) => value?.toString('utf8') ?? 'nil (a tombstone)');
  const [only] = messages;
  const places = sent.map(({ partition, offset }) => `[${partition}] offset ${offset ?? 'not told'}`);
  return {
    sent: `${countOf(messages.length, 'message')} to ${config.topic} on ${showBrokers(config)}`,
    sentBody: shown.join('\n'),
    ...(places.length > 0 && { received: `written to ${places.join(', ')}` }),
    ...(messages.length === 1 && only && { byHand: describeByHand(config, only) }),
  };
}

function describeByHand(config: ProducerSettings, message: KafkaMessageToSend): string {
  const text = message.value?.toString('utf8') ?? '';
  const partition = message.partition === undefined ? [] : ['-p', String(message.partition)];
  const key = message.key === null ? [] : ['-k', message.key.toString('utf8')];
  const headers = message.headers.flatMap(([name, value]) => ['-H', `${name}=${value?.toString('utf8') ?? ''}`]);
  const tombstone = message.value === null ? ['-Z'] : [];
  const words = [
    'kcat',
    '-P',
    ...describeConnection(config),
    '-t',
    config.topic,
    ...partition,
    ...key,
    ...headers,
    ...tombstone,
  ];
  return `printf %s ${quoteShell(text)} | ${words.map(quoteShell).join(' ')}`;
}
