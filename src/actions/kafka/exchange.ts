import { formatPeer } from '../../drivers/kafka/errors.ts';
import type { KafkaMessageToSend, SentRecord } from '../../drivers/kafka/types.ts';
import type { Value } from '../../expr/index.ts';
import type { KafkaAwaited, KafkaCluster, KafkaExchange, KafkaSentMessage, KafkaStart } from '../../model/exchange.ts';
import { describeHeader } from '../settings/describe-header.ts';
import type { Armed } from './flow-state.ts';
import { type ConnectionSettings, parseBrokers } from './kafka-settings.ts';
import { toNumber } from './message.ts';

/** Messages that were sent, and where they were written. */
export function describeSent(
  settings: ConnectionSettings & { readonly topic: string },
  messages: readonly KafkaMessageToSend[],
  written: readonly SentRecord[],
): KafkaExchange {
  const places = written.map(({ partition, offset }) => ({
    partition,
    ...(offset !== undefined && { offset: toNumber(offset) }),
  }));
  const { topic } = settings;
  const sent = { topic, count: messages.length, messages: messages.map(describeMessage), written: places };
  return { protocol: 'kafka', cluster: describeCluster(settings), sent };
}

/** A wait, and what came. */
export function describeAwaited(settings: ConnectionSettings, awaited: KafkaAwaited): KafkaExchange {
  return { protocol: 'kafka', cluster: describeCluster(settings), awaited };
}

/** Where reading began. */
export function describeStart({ positions, atMs }: Armed): readonly KafkaStart[] {
  return [...positions].map(([topic, { offsets }]) => {
    const places = [...offsets].map(([partition, offset]): { partition: number; offset: Value } => ({
      partition,
      offset: toNumber(offset),
    }));
    return { topic, atMs, places };
  });
}

function describeMessage({ partition, key, headers, value }: KafkaMessageToSend): KafkaSentMessage {
  return {
    partition,
    key: key?.toString('utf8'),
    headers: headers.map(([name, text]) => describeHeader(name, text?.toString('utf8') ?? '')),
    value: value?.toString('utf8'),
  };
}

function describeCluster({ brokers, sasl, tls }: ConnectionSettings): KafkaCluster {
  const { ca, insecure } = typeof tls === 'object' ? tls : {};
  return {
    brokers: parseBrokers(brokers).map(formatPeer),
    ...(sasl && { sasl: { mechanism: sasl.mechanism.toUpperCase(), user: sasl.username } }),
    ...(tls && {
      tls: {
        ...(ca !== undefined && !ca.includes('-----BEGIN') && { ca }),
        ...(insecure && { isInsecure: true }),
      },
    }),
  };
}
