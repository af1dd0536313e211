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
      message: '`localhost:9092` cannot be reached: Connection closed',
    },
    {
      what: 'a certificate that is not trusted',
      error: new Error('x', { cause: system('SELF_SIGNED_CERT_IN_CHAIN') }),
      kind: 'connection',
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
      peer: 'localhost:9092',
      isTransient: false,
      message: '`localhost:9092` cannot be reached: SELF_SIGNED_CERT_IN_CHAIN',
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
      message: 'the broker did not accept the credentials: SASL authentication failed',
    },
    {
      what: 'a way of packing that is not known',
      error: new Error('zstd is not supported in the current Node.js version'),
      kind: 'kafka',
      code: 'UNSUPPORTED_COMPRESSION',
      peer: undefined,
      isTransient: false,
      message:
        'the topic holds messages packed with zstd, which this Node.js cannot unpack: use Node.js 22.15 or later',
    },
  ])('tells $what', ({ error, what: _, ...expected }) => {
    const { kind, code, peer, isTransient, message } = toKafkaError(error, peers);
    expect({ kind, code, peer, isTransient, message }).toEqual(expected);
  });

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
