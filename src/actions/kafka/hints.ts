import { formatPeer, type KafkaError } from '../../drivers/kafka/errors.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import { type ConnectionSettings, parseBrokers } from './kafka-settings.ts';

/** What to do about a failure of the brokers. */
export function listHints(error: KafkaError, settings: ConnectionSettings): readonly string[] {
  const { code, peer, kind, denied } = error;
  if (error.isUnacknowledged)
    return [
      'it had answered before: its log, or that of what stands between, says why; see whether the topic has the message before it is sent again',
    ];
  const given = parseBrokers(settings.brokers).map(formatPeer);
  if (kind !== 'kafka' && peer !== undefined && !given.includes(peer) && !peer.includes(', ')) {
    const names = given.map((one) => `\`${one}\``).join(', ');
    return [
      `${names} answers, and names \`${peer}\` as the address to use: check \`advertised.listeners\` of the broker`,
    ];
  }
  if (denied) return [describeRight(denied, settings)];
  if (code === 'UNREAD') return ['give it more time, or let it begin later with `since`'];
  if (code === 'UNREADABLE_ANSWER') return ['check the port in `brokers`: does a broker listen there?'];
  if (code === 'LOST_UNREAD')
    return ['if a step of the flow empties or creates the topic, let the wait begin after it: `since: step:<id>`'];
  if (kind === 'timeout') return ['something listens there and says nothing: is it a broker, and does it want `tls`?'];
  if (code === 'UNKNOWN_TOPIC_OR_PARTITION') return ['create the topic first, or check its name'];
  if (kind === 'kafka' || code === undefined) return [];
  return hintConnection(code, settings);
}

function hintConnection(code: string, { sasl, tls }: ConnectionSettings): readonly string[] {
  const hasCertificate = typeof tls === 'object' && tls.cert !== undefined;
  switch (code) {
    case 'ECONNREFUSED':
      return ['nothing listens there: is the broker up, and is `brokers` right?'];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['check the name in `brokers`'];
    case 'ECONNRESET':
      if (!tls) return [sasl ? 'the listener may want `tls`' : 'the listener may want `tls` or `sasl`'];
      return [
        `the listener may want ${sasl ? '' : '`sasl`, or '}a certificate: \`tls: {cert: client.pem, key: client.key}\``,
      ];
    case 'TLS_HANDSHAKE_FAILED':
      return ['leave `tls` out, or use the port of the listener that has TLS'];
    case 'ILLEGAL_SASL_STATE':
      return ['leave `sasl` out, or use the port of the listener that asks for it'];
    case 'UNSUPPORTED_SASL_MECHANISM':
      return ['write a mechanism that the broker offers as `sasl.mechanism`'];
    case 'SASL_AUTHENTICATION_FAILED':
      return ['check the mechanism, username and password of `sasl`'];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return ['write the host name that the certificate is for in `brokers`'];
    default:
  }
  if (/_ALERT_/.test(code))
    return [
      hasCertificate
        ? 'its authority has to be one that the broker knows: check `tls.cert`'
        : 'give it one: `tls: {cert: client.pem, key: client.key}`',
    ];
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return ['renew it, or check the clock of this machine'];
  if (/^UNABLE_TO_|CERT/.test(code)) return ['name the authority that signed it: `tls: {ca: ca.pem}`'];
  return code.startsWith('ERR_OSSL_') ? ['check the PEM files of `tls`'] : [];
}

/** The right that is missing, with the command that gives it. */
function describeRight(
  { operation, topic }: NonNullable<KafkaError['denied']>,
  { sasl, tls }: ConnectionSettings,
): string {
  const hasCertificate = typeof tls === 'object' && tls.cert !== undefined;
  const unnamed = hasCertificate ? 'User:<subject of tls.cert>' : 'User:ANONYMOUS';
  const user = sasl ? `User:${sasl.username}` : unnamed;
  const command = `kafka-acls --add --allow-principal ${quoteShell(user)} --operation ${operation} --topic ${quoteShell(topic)}`;
  const more = operation === 'Write' ? ', and `Create` if the topic does not exist yet' : '';
  return `it needs the permission \`${operation}\`${more}: \`${command}\``;
}
