import { printJson } from '../../expr/index.ts';
import type { KafkaAwaited, KafkaCluster, KafkaExchange, KafkaMessage, KafkaSent } from '../../model/exchange.ts';
import { describeSince } from '../../model/since.ts';
import { countOf } from '../../util/count.ts';
import { listNames } from '../../util/suggest.ts';
import type { ExchangeText } from './exchange-text.ts';
import { writeKcatReader, writeKcatSender } from './kcat.ts';

/** Messages that were sent, or waited for. */
export function writeKafka({ cluster, sent, awaited }: KafkaExchange): ExchangeText {
  if (sent) return writeSent(sent, cluster);
  return awaited ? writeAwaited(awaited, cluster) : {};
}

function writeSent(sent: KafkaSent, cluster: KafkaCluster): ExchangeText {
  const { topic, count, messages = [], written } = sent;
  const places = written.map(({ partition, offset }) => `[${partition}] offset ${offset ?? 'unknown'}`);
  return {
    sent: `${countOf(count, 'message')} to ${topic} on ${cluster.brokers.join(', ')}`,
    sentBody: messages.map(({ value }) => value ?? 'nil (a tombstone)').join('\n'),
    received: places.length > 0 ? `written to ${places.join(', ')}` : undefined,
    byHand: writeKcatSender(cluster, sent),
  };
}

function writeAwaited(awaited: KafkaAwaited, cluster: KafkaCluster): ExchangeText {
  const { topics, since, match, count, messages = [], seen } = awaited;
  const names = listNames(topics.map(({ topic }) => topic));
  return {
    sent: `wait for ${names} on ${cluster.brokers.join(', ')}, ${describeSince(since)}`,
    sentBody: match && `match ${printJson(match)}`,
    received: `${countOf(count, 'message')} matched of ${seen} seen`,
    receivedBody: messages.length > 0 ? messages.map(showMessage).join('\n') : undefined,
    byHand: writeKcatReader(cluster, topics),
  };
}

/** A message without `json` where that says nothing that `value` does not. */
function showMessage({ topic, partition, offset, key, value, headers, timestamp, json }: KafkaMessage): string {
  const message = { topic, partition, offset, key, value, headers, timestamp };
  return printJson(json === null || json === value ? message : { ...message, json });
}
