import { isIP } from 'node:net';
import type { ConnectionOptions } from '@platformatic/kafka';
import type { KafkaOptions } from './types.ts';

/** Bounds what the client itself waits for; the driver's own deadlines are shorter or close the lane. */
const REQUEST_TIMEOUT_MS = 120_000;

/** How the client reaches brokers and says who it is. */
export function toConnectionOptions({ brokers, sasl, tls }: KafkaOptions): ConnectionOptions {
  return {
    // With another broker to try, one that does not answer must not use up the caller's time.
    connectTimeout: brokers.length > 1 ? 2000 : 10_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...(sasl && {
      sasl: { mechanism: toMechanism(sasl.mechanism), username: sasl.username, password: sasl.password },
    }),
    ...(tls && {
      // An address in numbers is not a name to ask for.
      tlsServerName: tls.servername ?? brokers.every(({ host }) => isIP(host) === 0),
      tls: {
        rejectUnauthorized: !tls.isInsecure,
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
        ...(tls.passphrase !== undefined && { passphrase: tls.passphrase }),
      },
    }),
  };
}

function toMechanism(mechanism: NonNullable<KafkaOptions['sasl']>['mechanism']) {
  const names = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;
  return names[mechanism];
}
