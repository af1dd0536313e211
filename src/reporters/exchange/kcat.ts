import type { KafkaCluster, KafkaSent, KafkaStart } from '../../model/exchange.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import { quoteHeader } from './quote-header.ts';

/** The command that sends the one message that was sent; undefined for several. */
export function writeKcatSender(cluster: KafkaCluster, { topic, messages = [] }: KafkaSent): string | undefined {
  const [only, more] = messages;
  if (!only || more) return undefined;
  const { partition, key, headers, value } = only;
  const words = [
    ...['kcat', '-P', ...describeCluster(cluster), '-t', topic],
    ...(partition === undefined ? [] : ['-p', String(partition)]),
    ...(key === undefined ? [] : ['-k', key]),
    ...(value === undefined ? ['-Z'] : []),
  ];
  const all = [...words.map(quoteShell), ...headers.flatMap((header) => ['-H', quoteHeader(header, '=')])];
  return `printf %s ${quoteShell(value ?? '')} | ${all.join(' ')}`;
}

/** The commands that show the messages that a wait could see; secrets are left to the reader. */
export function writeKcatReader(cluster: KafkaCluster, topics: readonly KafkaStart[]): string {
  return topics
    .map((start) => ['kcat', '-C', ...describeCluster(cluster), '-t', start.topic, ...describeStart(start), '-e'])
    .map((words) => words.map(quoteShell).join(' '))
    .join(' && ');
}

function describeStart({ places, atMs }: KafkaStart): readonly string[] {
  const [only, more] = places;
  if (!only) return ['-o', 'beginning'];
  return more ? ['-o', `s@${atMs}`] : ['-p', String(only.partition), '-o', String(only.offset)];
}

/** The options of kcat that say which brokers and how. */
function describeCluster({ brokers, sasl, tls }: KafkaCluster): readonly string[] {
  const options = ['-b', brokers.join(',')];
  const protocol = `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`;
  if (protocol !== 'PLAINTEXT') options.push('-X', `security.protocol=${protocol}`);
  if (sasl) {
    options.push('-X', `sasl.mechanism=${sasl.mechanism}`, '-X', `sasl.username=${sasl.user}`, '-X', 'sasl.password=…');
  }
  if (tls?.ca !== undefined) options.push('-X', `ssl.ca.location=${tls.ca}`);
  if (tls?.isInsecure) options.push('-X', 'enable.ssl.certificate.verification=false');
  return options;
}
