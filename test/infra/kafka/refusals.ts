import { join } from 'node:path';
import { passwordOf, type SecureKafka, type User } from '../../support/servers/secure-kafka.ts';

/** How a step comes to a broker. */
export interface Settings {
  readonly brokers: string;
  readonly tls?: object | true;
  readonly sasl?: object;
}

interface Refusal {
  readonly what: string;
  readonly settings: (kafka: SecureKafka) => Settings;
  readonly code: string;
  /** What a newer Java says instead. */
  readonly newerCode?: string;
  /** `peer` stands for the address of the broker. */
  readonly says: string;
  readonly hint: string;
}

/** Credentials, the right ones unless others are given. */
export function sasl(user: User, mechanism: string, password = passwordOf(user)): object {
  return { mechanism, username: user, password };
}

/** What a broker, or we, refuse, and what is said of it. */
export const refusals: readonly Refusal[] = [
  ...['plain', 'scram-sha-256', 'scram-sha-512'].map((mechanism) => ({
    what: `a wrong password by ${mechanism}`,
    settings: (kafka: SecureKafka) => ({ brokers: kafka.sasl, sasl: sasl('admin', mechanism, 'wrong') }),
    code: 'SASL_AUTHENTICATION_FAILED',
    says:
      mechanism === 'plain'
        ? '`peer` did not accept the credentials: Invalid username or password'
        : `\`peer\` did not accept the credentials: Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism.toUpperCase()}`,
    hint: 'check the mechanism, username and password of `sasl`',
  })),
  {
    what: 'a user that nobody knows',
    settings: (kafka) => ({
      brokers: kafka.sasl,
      sasl: { mechanism: 'plain', username: 'stranger', password: passwordOf('admin') },
    }),
    code: 'SASL_AUTHENTICATION_FAILED',
    says: '`peer` did not accept the credentials: Invalid username or password',
    hint: 'check the mechanism, username and password of `sasl`',
  },
  {
    what: 'a mechanism that the listener does not know',
    settings: (kafka) => ({ brokers: kafka.saslTls, tls: trust(kafka), sasl: sasl('admin', 'plain') }),
    code: 'UNSUPPORTED_SASL_MECHANISM',
    says: '`peer` does not know this mechanism of `sasl`; it offers `SCRAM-SHA-512`',
    hint: 'write a mechanism that the broker offers as `sasl.mechanism`',
  },
  {
    what: 'credentials for a listener that wants none',
    settings: (kafka) => ({ brokers: kafka.open, sasl: sasl('admin', 'plain') }),
    code: 'ILLEGAL_SASL_STATE',
    says: '`peer` does not ask for credentials, and takes none',
    hint: 'leave `sasl` out, or use the port of the listener that asks for it',
  },
  {
    what: 'a plain client at a listener with TLS',
    settings: (kafka) => ({ brokers: kafka.tls }),
    code: 'ECONNRESET',
    says: '`peer` closed the connection',
    hint: 'the listener may want `tls` or `sasl`',
  },
  {
    what: 'credentials without TLS at a listener with TLS',
    settings: (kafka) => ({ brokers: kafka.saslTls, sasl: sasl('admin', 'scram-sha-512') }),
    code: 'ECONNRESET',
    says: '`peer` closed the connection',
    hint: 'the listener may want `tls`',
  },
  {
    what: 'a client without credentials at a listener that wants some',
    settings: (kafka) => ({ brokers: kafka.sasl }),
    code: 'ECONNRESET',
    says: '`peer` closed the connection',
    hint: 'the listener may want `tls` or `sasl`',
  },
  {
    what: 'TLS at a listener without it',
    settings: (kafka) => ({ brokers: kafka.open, tls: trust(kafka) }),
    code: 'TLS_HANDSHAKE_FAILED',
    says: '`peer` ended the TLS handshake: it may not speak TLS',
    hint: 'leave `tls` out, or use the port of the listener that has TLS',
  },
  {
    what: 'an authority that nobody knows',
    settings: (kafka) => ({ brokers: kafka.tls, tls: true }),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    says: 'the TLS certificate of `peer` is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    hint: 'name the authority that signed it: `tls: {ca: ca.pem}`',
  },
  {
    what: 'the wrong authority',
    settings: (kafka) => ({ brokers: kafka.tls, tls: { ca: join(kafka.foreignCertificates, 'ca.pem') } }),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    says: 'the TLS certificate of `peer` is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    hint: 'name the authority that signed it: `tls: {ca: ca.pem}`',
  },
  {
    what: 'a certificate for another host',
    settings: (kafka) => ({ brokers: kafka.tls.replace('localhost', '127.0.0.1'), tls: trust(kafka) }),
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    says: 'the TLS certificate of `peer` is for another host (ERR_TLS_CERT_ALTNAME_INVALID)',
    hint: 'write the host name that the certificate is for in `brokers`',
  },
  {
    what: 'no certificate for a listener that wants one',
    settings: (kafka) => ({ brokers: kafka.mutualTls, tls: trust(kafka) }),
    code: 'TLS_ALERT_BAD_CERTIFICATE',
    newerCode: 'TLS_ALERT_CERTIFICATE_REQUIRED',
    says: '`peer` does not accept the client certificate, or got none (TLS_ALERT_BAD_CERTIFICATE)',
    hint: 'give it one: `tls: {cert: client.pem, key: client.key}`',
  },
  {
    what: 'a certificate by an authority that the broker does not know',
    settings: (kafka) => ({
      brokers: kafka.mutualTls,
      tls: { ...trust(kafka), ...certificate(kafka.foreignCertificates) },
    }),
    code: 'TLS_ALERT_CERTIFICATE_UNKNOWN',
    says: '`peer` does not accept the client certificate, or got none (TLS_ALERT_CERTIFICATE_UNKNOWN)',
    hint: 'its authority has to be one that the broker knows: check `tls.cert`',
  },
];

/** Trusts the authority of the broker's certificate. */
export function trust(kafka: SecureKafka): { readonly ca: string } {
  return { ca: join(kafka.certificates, 'ca.pem') };
}

/** The certificate of a folder, with its key. */
export function certificate(folder: string): object {
  return { cert: join(folder, 'server.pem'), key: join(folder, 'server.key') };
}
