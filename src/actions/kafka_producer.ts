import { KafkaError } from '../drivers/kafka/errors.ts';
import type { KafkaMessageToSend, SendOptions, SentRecord } from '../drivers/kafka/types.ts';
import type { ValueMap } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { ActionError } from '../model/action/outcome.ts';
import { countOf } from '../util/count.ts';
import { connect, showBrokers, toActionError } from './kafka/connect.ts';
import { describeSent } from './kafka/exchange.ts';
import { noteSent } from './kafka/flow-state.ts';
import { describeBatch, foreseeBatch } from './kafka/foresight.ts';
import { KAFKA_CONNECTION, KAFKA_DEFAULTS } from './kafka/kafka-settings.ts';
import { formatTimestamp, toNumber } from './kafka/message.ts';
import {
  checkProducerSettings,
  listMessages,
  type ProducerSettings,
  producerSettings,
} from './kafka/producer-settings.ts';
import { addTrace, toWire } from './kafka/to-wire.ts';
import { describeUnknown } from './kafka/unknown-topics.ts';
import { chooseTimeout } from './settings/deadline.ts';

/** Sends messages; the result says where they were written. */
export const kafkaProducer: ActionDefinition<ProducerSettings> = {
  name: 'kafka_producer',
  aliases: ['kafka_publish', 'kafka_produce'],
  summary: 'Sends messages to a Kafka topic',
  settings: {
    schema: producerSettings,
    connection: KAFKA_CONNECTION,
    defaults: KAFKA_DEFAULTS,
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
    io.report.exchange(() => describeSent(config, messages, sent));
    const limits = { signal: io.stop.signal, timeoutMs: chooseTimeout(config.timeout, io) };
    const connection = await connect(config, io, 'write');
    try {
      io.report.progress(`sending to ${showBrokers(config)}`);
      const startedAt = io.clock.monotonic();
      sent = await connection.send(addTrace(messages, config, io.step.trace), readOptions(config), limits);
      io.report.measure?.value('kafka_produce_duration', io.clock.monotonic() - startedAt);
    } catch (error) {
      const isUnknown = error instanceof KafkaError && error.code === 'UNKNOWN_TOPIC_OR_PARTITION';
      const hints = isUnknown ? await describeUnknown([config.topic], { connection, signal: io.stop.signal }) : [];
      throw toActionError(error, config, { io, hints });
    }
    const { topic } = config;
    await noteSent(
      config,
      sent.map((record) => ({ topic, ...record })),
      io,
    );
    const results = sent.map((record, index) => describeWritten(config, record, messages[index]));
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

function describeWritten(
  config: ProducerSettings,
  record: SentRecord,
  message: KafkaMessageToSend | undefined,
): ValueMap {
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
