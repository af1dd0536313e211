import { describe, expect, it } from 'vitest';
import { formatPeer, KafkaError, toKafkaError } from '../../../src/drivers/kafka/errors.ts';

const peers = [{ host: 'localhost', port: 9092 }];

function system(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}
function protocol(apiId: string, message = 'It is so.'): Error {
  return new AggregateError(
    [Object.assign(new Error(message), { apiId, code: 'PLT_KFK_PROTOCOL' })],
    'Received response with error',
  );
}

describe('toKafkaError', () => {
  it.each([
    {
      what: 'a refused connection, deep inside',
      error: new AggregateError(
        [new Error('Connection to broker:9093 failed.', { cause: system('ECONNREFUSED') })],
        'Cannot connect to any broker.',
      ),
      kind: 'connection',
      code: 'ECONNREFUSED',
      peer: 'broker:9093',
      isTransient: true,
      message: '`broker:9093` cannot be reached: connection refused (ECONNREFUSED)',
    },
    {
      what: 'a name that is not known',
      error: new Error('x', { cause: system('ENOTFOUND') }),
      kind: 'connection',
      code: 'ENOTFOUND',
      peer: 'localhost:9092',
      isTransient: true,
      message: '`localhost:9092` cannot be reached: its name is not known (ENOTFOUND)',
    },
    {
      what: 'a connection that was closed',
      error: Object.assign(new Error('Connection closed'), { code: 'PLT_KFK_NETWORK' }),
      kind: 'connection',
      code: 'ECONNRESET',
      peer: 'localhost:9092',
      isTransient: true,
      message: '`localhost:9092` closed the connection',
    },
    {
      what: 'a certificate that is not trusted',
      error: new Error('x', { cause: system('SELF_SIGNED_CERT_IN_CHAIN') }),
      kind: 'connection',
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
      peer: 'localhost:9092',
      isTransient: false,
      message: 'the TLS certificate of `localhost:9092` is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
    },
    {
      what: 'no answer',
      error: Object.assign(new Error('Connection to localhost:9092 timed out.'), { code: 'PLT_KFK_NETWORK' }),
      kind: 'timeout',
      code: 'ETIMEDOUT',
      peer: 'localhost:9092',
      isTransient: true,
      message: 'no answer from `localhost:9092`',
    },
    {
      what: 'a leader that moved',
      error: protocol('NOT_LEADER_OR_FOLLOWER'),
      kind: 'kafka',
      code: 'NOT_LEADER_OR_FOLLOWER',
      peer: undefined,
      isTransient: true,
      message: 'the broker answered `NOT_LEADER_OR_FOLLOWER`: It is so',
    },
    {
      what: 'a topic one may not read',
      error: protocol('TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.'),
      kind: 'kafka',
      code: 'TOPIC_AUTHORIZATION_FAILED',
      peer: undefined,
      isTransient: false,
      message: 'the broker answered `TOPIC_AUTHORIZATION_FAILED`: Topic authorization failed',
    },
    {
      what: 'wrong credentials',
      error: Object.assign(
        new Error('SASL authentication failed.', { cause: protocol('SASL_AUTHENTICATION_FAILED') }),
        {
          code: 'PLT_KFK_AUTHENTICATION',
        },
      ),
      kind: 'connection',
      code: 'SASL_AUTHENTICATION_FAILED',
      peer: 'localhost:9092',
      isTransient: false,
      message: '`localhost:9092` did not accept the credentials: SASL authentication failed',
    },
    {
      what: 'a connection that was closed while credentials were looked at',
      error: Object.assign(
        new Error('Cannot find a suitable SASL mechanism.', { cause: new Error('Connection closed') }),
        { code: 'PLT_KFK_AUTHENTICATION' },
      ),
      kind: 'connection',
      code: 'ECONNRESET',
      peer: 'localhost:9092',
      isTransient: true,
      message: '`localhost:9092` closed the connection',
    },
    {
      what: 'a handshake that was ended, as a broker that comes up may do',
      error: new Error('TLS handshake failed. Please verify the broker supports TLS.', { cause: system('ECONNRESET') }),
      kind: 'connection',
      code: 'TLS_HANDSHAKE_FAILED',
      peer: 'localhost:9092',
      isTransient: true,
      message: '`localhost:9092` ended the TLS handshake: it may not speak TLS',
    },
    {
      what: 'a certificate that has expired',
      error: new Error('x', { cause: system('CERT_HAS_EXPIRED') }),
      kind: 'connection',
      code: 'CERT_HAS_EXPIRED',
      peer: 'localhost:9092',
      isTransient: false,
      message: 'the TLS certificate of `localhost:9092` has expired (CERT_HAS_EXPIRED)',
    },
    ...['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE'].map((code) => ({
      what: `an alert, as ${code}`,
      error: new Error('Connection error', { cause: system(code) }),
      kind: 'connection',
      code: 'TLS_ALERT_BAD_CERTIFICATE',
      peer: 'localhost:9092',
      isTransient: false,
      message: '`localhost:9092` does not accept the client certificate, or got none (TLS_ALERT_BAD_CERTIFICATE)',
    })),
    {
      what: 'a mechanism that is not known, without the others',
      error: protocol('UNSUPPORTED_SASL_MECHANISM'),
      kind: 'connection',
      code: 'UNSUPPORTED_SASL_MECHANISM',
      peer: 'localhost:9092',
      isTransient: false,
      message: '`localhost:9092` does not know this mechanism of `sasl`',
    },
    {
      what: 'an answer that cannot be read',
      error: new RangeError('a block compressed with snappy is cut short'),
      kind: 'kafka',
      code: 'UNREADABLE_ANSWER',
      peer: undefined,
      isTransient: false,
      message: 'the answer from `localhost:9092` cannot be read: a block compressed with snappy is cut short',
    },
    {
      what: 'connections that were given up meanwhile',
      error: new Error('Connection pool is closed.'),
      kind: 'connection',
      code: 'ECONNRESET',
      peer: 'localhost:9092',
      isTransient: true,
      message: '`localhost:9092` closed the connection',
    },
    {
      what: 'a way of packing that is not known',
      error: new Error('zstd is not supported in the current Node.js version'),
      kind: 'kafka',
      code: 'UNSUPPORTED_COMPRESSION',
      peer: undefined,
      isTransient: false,
      message:
        'the topic holds messages compressed with zstd, which this Node.js cannot decompress: use Node.js 22.15 or later',
    },
  ])('tells $what', ({ error, what: _, ...expected }) => {
    const { kind, code, peer, isTransient, message } = toKafkaError(error, peers);
    expect({ kind, code, peer, isTransient, message }).toEqual(expected);
  });

  it('names the topic and the right that is missing', () => {
    const denied = { operation: 'Write', topic: 'orders' } as const;
    expect(toKafkaError(protocol('TOPIC_AUTHORIZATION_FAILED'), peers, denied)).toMatchObject({
      kind: 'kafka',
      denied,
      message: 'the broker does not let this user write to `orders` (TOPIC_AUTHORIZATION_FAILED)',
    });
  });

  it.each(['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR'])(
    'names the group that has no coordinator yet, which passes by itself: %s',
    (code) => {
      const wanted = { operation: 'Read', topic: 'orders', group: 'mailer' } as const;
      const { isTransient, message } = toKafkaError(protocol(code), peers, wanted);
      expect(message).toBe(`the broker answered \`${code}\` for the group \`mailer\`: It is so`);
      expect(isTransient).toBe(true);
    },
  );

  it('leaves one that is told already', () => {
    const error = new KafkaError('x', { kind: 'kafka' });
    expect(toKafkaError(error, peers)).toBe(error);
  });

  it('does not follow causes that go in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(toKafkaError(error, peers).kind).toBe('connection');
  });
});

describe('formatPeer', () => {
  it.each([
    [{ host: 'a', port: 1 }, 'a:1'],
    [{ host: '::1', port: 9092 }, '[::1]:9092'],
  ])('writes %o', (peer, text) => expect(formatPeer(peer)).toBe(text));
});
