import { describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { checkConsumerSettings, consumerSettings, readWanted } from '../../../src/actions/kafka/consumer-settings.ts';
import { parseBrokers } from '../../../src/actions/kafka/kafka-settings.ts';
import { checkProducerSettings, producerSettings } from '../../../src/actions/kafka/producer-settings.ts';
import { kafkaRedeliver } from '../../../src/actions/kafka_redeliver.ts';

describe('parseBrokers', () => {
  it.each([
    ['localhost:9092', [{ host: 'localhost', port: 9092 }]],
    [
      'a, b:1 ,',
      [
        { host: 'a', port: 9092 },
        { host: 'b', port: 1 },
      ],
    ],
    [
      ['a:1', 'b:2,c:3'],
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
        { host: 'c', port: 3 },
      ],
    ],
    ['[::1]:9093', [{ host: '::1', port: 9093 }]],
  ])('reads %o', (given, peers) => expect(parseBrokers(given)).toEqual(peers));
});

describe('the settings of kafka_consumer', () => {
  const base = { brokers: 'localhost', topic: 't' };

  it.each([
    [{ match: { value: { a: {} } } }, '`value.a: {}` takes any map: nothing is compared there'],
    [{ match: { key: 'k', headers: {} } }, '`headers: {}` takes every message: nothing is compared there'],
    [
      { exactly: true, settle: '0s' },
      '`settle: 0s` looks on for no time: a duplicate that comes a moment later is not seen',
    ],
  ])('that are satisfied by anything are told: %o', (given, message) => {
    expect(checkConsumerSettings({ ...base, ...given })).toMatchObject([
      { severity: 'warning', code: 'TM331', message },
    ]);
  });

  it.each([
    { match: { value: {} } },
    { count: 0, match: { value: { a: {} } } },
    { settle: '0s' },
    { exactly: true, settle: '1ms' },
  ])('are not told where they are not, or as a whole: %o', (given) => {
    expect(checkConsumerSettings({ ...base, ...given })).toEqual([]);
  });

  it('accept everything that the reference names', () => {
    const given = {
      ...base,
      topic: ['a', 'b.c'],
      timeout: '15s',
      match: { key: 'k', headers: { h: 1 }, value: { a: null }, path: { '$.a': 1 }, trace: 'current' },
      count: { min: 1, max: 2 },
      exactly: false,
      settle: '1s',
      since: '-10m',
      sasl: { mechanism: 'SCRAM-SHA-256', username: 'u', password: 'p' },
      tls: { ca: 'ca.pem', passphrase: 'p', servername: 'broker', insecure: true },
      group_id: 'g',
      from_beginning: true,
      auto_offset_reset: 'earliest',
    };
    expect(safeParse(consumerSettings, given)).toMatchObject({
      success: true,
      data: { timeout: 15_000, settle: 1000 },
    });
  });

  it.each([
    [{ brokers: 'localhost:0' }, 'expected the address of a broker such as `localhost:9092`, got "localhost:0"'],
    [
      { brokers: 'kafka://a:1' },
      'expected the address of a broker such as `localhost:9092` without a scheme, got "kafka://a:1"',
    ],
    [{ brokers: ' , ' }, 'expected the address of a broker such as `localhost:9092`, got none'],
    [{ topic: 'a b' }, 'expected the name of a topic: letters, digits, `.`, `_` and `-`'],
    [{ timeout: 5 }, 'expected a duration with its unit, got the bare number 5: write `5ms` or `5s`'],
    [
      { since: 'soon' },
      'expected `flow`, `step:<id>`, `now`, `earliest`, a time such as `2026-01-31T10:00:00Z`, or a length of time back such as `-10m`',
    ],
    [
      { sasl: { mechanism: 'md5', username: '', password: '' } },
      'expected `plain`, `scram-sha-256` or `scram-sha-512`',
    ],
  ])('refuse %o', (more, message) => {
    expect(listMessages(safeParse(consumerSettings, { ...base, ...more }))).toContain(message);
  });

  it.each([{ topics: 'x' }, { match: { keys: 'x' } }, { count: { atleast: 1 } }])('refuse unknown keys: %o', (more) => {
    expect(safeParse(consumerSettings, { ...base, ...more }).success).toBe(false);
  });

  it.each([
    [{}, { min: 1, max: undefined }],
    [{ count: 3 }, { min: 3, max: undefined }],
    [
      { count: 3, exactly: true },
      { min: 3, max: 3 },
    ],
    [{ exactly: true }, { min: 1, max: 1 }],
    [{ count: 0 }, { min: 0, max: 0 }],
    [{ count: { min: 2 } }, { min: 2, max: undefined }],
    [{ count: { max: 2 } }, { min: 0, max: 2 }],
    [{ count: { min: 2, max: 4 } }, { min: 2, max: 4 }],
    [{ count: {} }, { min: 1, max: undefined }],
  ])('mean with %o %o messages', (config, wanted) => expect(readWanted(config)).toEqual(wanted));

  it.each([
    { what: 'a wait with a rule', authored: { match: { key: 'k' } }, codes: [] },
    { what: 'a wait for silence', authored: { count: 0 }, codes: [] },
    { what: 'more than the most', authored: { match: { key: 'k' }, count: { min: 3, max: 2 } }, codes: ['TM331'] },
    {
      what: 'exactly several numbers',
      authored: { match: { key: 'k' }, count: { min: 1, max: 2 }, exactly: true },
      codes: ['TM331'],
    },
    { what: 'a key that is a number', authored: { match: { key: 5 } }, codes: ['TM208'] },
    {
      what: 'headers that are not text',
      authored: { match: { headers: { a: true, b: '1', c: 1, d: [1] } } },
      codes: ['TM208', 'TM208'],
    },
    {
      what: 'a group that is to pass a message',
      authored: { count: 0, after: { group: 'billing', message: '{{placed.message}}' } },
      codes: [],
    },
    {
      what: 'a group, and a number that only the run knows',
      authored: { count: '{{n}}', after: { group: 'billing', message: { topic: 't', partition: '{{p}}', offset: 1 } } },
      codes: [],
    },
    {
      what: 'a group for messages that are to come',
      authored: { match: { key: 'k' }, after: { group: 'billing', message: '{{placed.message}}' } },
      codes: ['TM334'],
    },
    {
      what: 'a group that is to pass nothing',
      authored: { count: { max: 0 }, after: { group: 'billing', message: null } },
      codes: ['TM334'],
    },
    {
      what: 'a group without its message, which the schema reports',
      authored: { count: 0, after: { group: 'g' } },
      codes: [],
    },
    { what: 'a path that is none', authored: { match: { path: { '$.a[': 1 } } }, codes: ['TM110'] },
  ])('are checked before the run: $what', ({ authored, codes }) => {
    expect(checkConsumerSettings(authored).map(({ code }) => code)).toEqual(codes);
  });
});

describe('the settings of kafka_producer', () => {
  it.each([
    { what: 'no value', authored: { key: 'k' }, messages: ['a message needs `value`'] },
    { what: 'a tombstone', authored: { key: 'k', value: null }, messages: [] },
    {
      what: 'both ways',
      authored: { value: 1, messages: [{ value: 1 }] },
      messages: ['`value` and `messages` are both given: write one of them'],
    },
    {
      what: 'one of several without a value',
      authored: { messages: [{ value: 1 }, { key: 'k' }] },
      messages: ['a message needs `value`'],
    },
  ])('are checked before the run: $what', ({ authored, messages }) => {
    expect(checkProducerSettings(authored).map(({ message }) => message)).toEqual(messages);
  });

  it('accept what the reference names', () => {
    const given = {
      brokers: ['a'],
      topic: 't',
      messages: [{ value: {}, key: 'k', headers: { a: 'b' }, partition: 3 }],
      compression: 'lz4',
      acks: 'all',
      timeout: '1s',
    };
    expect(safeParse(producerSettings, given).success).toBe(true);
    expect(safeParse(producerSettings, { ...given, acks: 2 }).success).toBe(false);
  });
});

function listMessages(parsed: ReturnType<typeof safeParse>): readonly string[] {
  const flatten = (issues: readonly object[]): string[] =>
    issues.flatMap((issue) => {
      const errors: unknown = Reflect.get(issue, 'errors');
      const inner = Array.isArray(errors) ? errors.flatMap((list: readonly object[]) => flatten(list)) : [];
      return [String(Reflect.get(issue, 'message')), ...inner];
    });
  return parsed.success ? [] : flatten(parsed.error.issues);
}

describe('the settings of kafka_redeliver', () => {
  const check = (message: unknown) => kafkaRedeliver.settings.check?.({ brokers: 'localhost', message }) ?? [];

  it.each(['{{placed.message}}', { topic: 't', partition: 0, offset: 7 }])('take a message of a wait: %j', (message) =>
    expect(check(message)).toEqual([]),
  );

  it.each(['placed', { order_id: 'o1' }])('take nothing else: %j', (message) =>
    expect(check(message)).toMatchObject([{ severity: 'error', code: 'TM334', path: ['message'] }]),
  );
});
