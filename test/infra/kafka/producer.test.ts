import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import { ExactNumber } from '../../../src/expr/index.ts';
import {
  connectOtherClient,
  createKafkaFlow,
  type KafkaFlow,
  nameTopic,
  type OtherClient,
} from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('kafka_producer and a real broker', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let topic: string;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(() => {
    flow = createKafkaFlow(kafkaProducer);
    topic = nameTopic('commands');
  });
  afterEach(() => flow.close());

  it('makes the topic and writes a message that another client reads as it was meant', async () => {
    const value = { id: new ExactNumber('9007199254740993'), items: [1, 'zwei'] };
    const headers = { one: 'a', many: ['b', 'c'], none: null };
    const { result, summary } = await flow.run('send', { brokers, topic, key: 'k', value, headers });
    expect(result).toMatchObject({ topic, partition: 0, offset: 0, key: 'k' });
    expect(result['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(summary).toBe(`written to ${topic} [0] offset 0`);
    const [read] = await other.read(topic, 1);
    expect(String(read?.value)).toBe('{"id":9007199254740993,"items":[1,"zwei"]}');
    expect(String(read?.key)).toBe('k');
    expect(read?.headers?.['one']).toEqual(Buffer.from('a'));
    expect(String(read?.headers?.['traceparent'])).toBe(flow.io.step.trace.traceparent);
    expect(String(read?.headers?.['baggage'])).toBe(flow.io.step.trace.baggage);
    expect(read?.headers?.['many']).toEqual([Buffer.from('b'), Buffer.from('c')]);
    expect(flow.io.describeExchange()?.byHand).toBe(
      `printf %s '{"id":9007199254740993,"items":[1,"zwei"]}' | kcat -P -b ${brokers} -t ${topic} -k k -H one=a -H many=b -H many=c -H none=`,
    );
  });

  it('writes several in order and tells where each is', async () => {
    const messages = [
      { value: 'a', key: 'x' },
      { value: null, key: 'x' },
      { value: 'c', key: 'x' },
    ];
    const { result, summary } = await flow.run('send', { brokers, topic, messages });
    expect(result).toMatchObject({ offset: 0, count: 3 });
    expect(result['messages']).toMatchObject([{ offset: 0 }, { offset: 1 }, { offset: 2 }]);
    expect(summary).toBe(`3 messages written to ${topic}`);
    expect((await other.read(topic, 3)).map(({ value }) => value && String(value))).toEqual(['a', null, 'c']);
  });

  it('puts a key where other clients put it', async () => {
    await other.createTopic(topic, 7);
    const keys = ['a', 'order-1', 'ü', '{"id":1}', ...Array.from({ length: 20 }, (_, index) => `key-${index}`)];
    const { result } = await flow.run('send', {
      brokers,
      topic,
      messages: keys.map((key) => ({ key, value: 'ours' })),
    });
    await other.send(
      topic,
      keys.map((key) => ({ key, value: 'theirs' })),
    );
    const read = await other.read(topic, keys.length * 2);
    const ours = result['messages'] as { key: string; partition: number }[];
    const theirs = new Map(
      read.filter(({ value }) => String(value) === 'theirs').map(({ key, partition }) => [String(key), partition]),
    );
    expect(new Map(ours.map(({ key, partition }) => [key, partition]))).toEqual(theirs);
  });

  it.each(['gzip', 'snappy', 'lz4'] as const)('packs with %s, and reads it back', async (compression) => {
    const value = 'x'.repeat(5000);
    const messages = [{ value }, { value }];
    expect((await flow.run('send', { brokers, topic, messages, compression })).result).toMatchObject({ offset: 0 });
    const reading = createKafkaFlow(kafkaConsumer);
    const { result } = await reading.run('read', { brokers, topic, since: 'earliest', count: 2, timeout: '5s' });
    expect(result['messages']).toMatchObject([{ value }, { value }]);
    await reading.close();
    // The other client needs further packages for all but gzip.
    if (compression === 'gzip') expect(String((await other.read(topic, 2))[1]?.value)).toHaveLength(5000);
  });

  it('asks for no answer, the leader`s, or all', async () => {
    const all = await flow.run('send', { brokers, topic, value: '1', acks: 'all' });
    const leader = await flow.run('send', { brokers, topic, value: '2', acks: 1 });
    const none = await flow.run('send', { brokers, topic, value: '3', acks: 0 });
    expect([all, leader, none].map(({ result }) => result['offset'])).toEqual([0, 1, null]);
    expect((await other.read(topic, 3)).map(({ value }) => String(value))).toEqual(['1', '2', '3']);
  });

  it('says that a partition does not exist', async () => {
    await other.createTopic(topic, 2);
    await expect(flow.run('send', { brokers, topic, value: 'x', partition: 7 })).rejects.toMatchObject({
      problem: {
        kind: 'kafka',
        code: 'UNKNOWN_PARTITION',
        message: `the topic \`${topic}\` has partitions 0 to 1, not 7`,
      },
    });
    expect((await flow.run('send', { brokers, topic, value: 'x', partition: 1 })).result).toMatchObject({
      partition: 1,
    });
  });
});

describe('kafka_producer and a broker that is not there', () => {
  it('is errored soon', async () => {
    const flow = createKafkaFlow(kafkaProducer);
    const sending = flow.run('send', { brokers: '127.0.0.1:1', topic: 't', value: 'x' });
    await expect(sending).rejects.toMatchObject({
      problem: { outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED' },
    });
    await flow.close();
  });
});
