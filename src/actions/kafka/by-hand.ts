import { formatPeer } from '../../drivers/kafka/errors.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { Armed } from './flow-state.ts';
import { type ConnectionSettings, parseBrokers } from './settings.ts';

/** The command that shows the messages that a wait could see; secrets are left to the reader. */
export function describeByHand(settings: ConnectionSettings, start: Armed): string {
  return [...start.positions]
    .map(([topic, { offsets }]) => {
      const [only] = offsets;
      const place =
        only && offsets.size === 1 ? ['-p', String(only[0]), '-o', String(only[1])] : ['-o', `s@${start.atMs}`];
      const from = offsets.size === 0 ? ['-o', 'beginning'] : place;
      return ['kcat', '-C', ...describeConnection(settings), '-t', topic, ...from, '-e'].map(quoteShell).join(' ');
    })
    .join(' && ');
}

/** The options of kcat that say which brokers and how. */
export function describeConnection({ brokers, sasl, tls }: ConnectionSettings): readonly string[] {
  const options = ['-b', parseBrokers(brokers).map(formatPeer).join(',')];
  const protocol = `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`;
  if (protocol !== 'PLAINTEXT') options.push('-X', `security.protocol=${protocol}`);
  if (sasl) {
    options.push('-X', `sasl.mechanism=${sasl.mechanism.toUpperCase()}`);
    options.push('-X', `sasl.username=${sasl.username}`, '-X', 'sasl.password=…');
  }
  if (typeof tls === 'object') {
    if (tls.ca && !tls.ca.includes('-----BEGIN')) options.push('-X', `ssl.ca.location=${tls.ca}`);
    if (tls.insecure) options.push('-X', 'enable.ssl.certificate.verification=false');
  }
  return options;
}
