import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import type { ValueMap } from '../../../src/expr/index.ts';
import { repeats } from '../../support/sample.ts';
import {
  connectOtherClient,
  createKafkaFlow,
  type KafkaFlow,
  nameTopic,
  type OtherClient,
} from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = it.runIf(repeats('further tests of contents of topics', 1, 0) > 0);

const knowsZstd = 'zstdDecompressSync' in zlib;
const TOO_OLD = 'which this Node.js cannot decompress: use Node.js 22.15 or later';
const MEGABYTE = 1024 * 1024;

describeWithStack('what lies in a topic', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let sending: KafkaFlow;
  let topic: string;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(() => {
    flow = createKafkaFlow(kafkaConsumer);
    sending = createKafkaFlow(kafkaProducer);
    topic = nameTopic('contents');
  });
  afterEach(async () => {
    await flow.close();
    await sending.close();
  });

  const readValues = async (config: object) => {
    const { result } = await flow.run('wait', { brokers, topic, timeout: '10s', ...config });
    return (result['messages'] as readonly ValueMap[]).map(({ value }) => value);
  };

  describe('packed', () => {
    const packings = ['gzip', 'snappy', 'lz4', ...(knowsZstd ? ['zstd'] : [])];
    /** The broker packs what it is sent, as clients in Java do. */
    const createPacked = (packing: string) => other.createTopic(topic, 1, { config: { 'compression.type': packing } });
    const values = Array.from({ length: 50 }, (_, n) => ({ n, text: `${'long '.repeat(200)}${n}` }));

    it.each(packings)('with %s by Kafka itself', async (packing) => {
      await createPacked(packing);
      await flow.prepare('wait', { brokers, topic });
      await other.send(
        topic,
        values.map((value) => ({ value: JSON.stringify(value) })),
      );
      expect(await readValues({ count: values.length })).toEqual(values);
    });

    it.each(packings)('with %s by us, unpacked by Kafka itself', async (packing) => {
      // The broker unpacks a batch to pack it in its own way.
      await createPacked(packing === 'gzip' ? 'lz4' : 'gzip');
      const messages = values.map((value) => ({ value }));
      await sending.run('send', { brokers, topic, messages, compression: packing });
      expect(await readValues({ since: 'earliest', count: values.length })).toEqual(values);
    });

    const readZstd = async () => {
      await createPacked('zstd');
      await flow.prepare('wait', { brokers, topic });
      await flow.prepare('none', { brokers, topic, count: 0 });
      await other.send(topic, [{ value: 'x' }]);
      const problem = { outcome: 'errored', kind: 'kafka', code: 'UNSUPPORTED_COMPRESSION' };
      const said = { ...problem, message: expect.stringContaining(TOO_OLD) };
      const startedAt = performance.now();
      await expect(flow.run('wait', { brokers, topic, timeout: '10s' })).rejects.toMatchObject({ problem: said });
      await expect(flow.run('none', { brokers, topic, timeout: '10s', count: 0 })).rejects.toMatchObject({
        problem: said,
      });
      expect(performance.now() - startedAt).toBeLessThan(2000);
      await expect(sending.run('send', { brokers, topic, value: 'x', compression: 'zstd' })).rejects.toMatchObject({
        problem: { ...problem, message: expect.stringContaining('cannot compress messages with zstd') },
      });
    };
    if (!knowsZstd) it('with zstd, which is told on an older Node.js, and never taken for silence', readZstd);
  });

  describe('in a transaction', () => {
    it('counts when it is committed, with what came behind it', async () => {
      await other.createTopic(topic, 1);
      const config = { brokers, topic, timeout: '15s', count: 3 };
      await flow.prepare('wait', config);
      const waiting = flow.run('wait', config);
      const transaction = await other.begin(topic, ['held 1', 'held 2']);
      await other.send(topic, [{ value: 'behind' }]);
      await expect.poll(() => flow.io.shownProgress.length).toBeGreaterThan(1);
      expect(flow.io.shownProgress.at(-1)).toContain('0 messages seen');
      await transaction.commit();
      const { result } = await waiting;
      expect((result['messages'] as readonly ValueMap[]).map(({ value }) => value)).toEqual([
        'held 1',
        'held 2',
        'behind',
      ]);
    });

    it('is told when it stays open', async () => {
      await other.createTopic(topic, 1);
      const config = { brokers, topic, timeout: '600ms', match: { value: 'behind' } };
      await flow.prepare('wait', config);
      const transaction = await other.begin(topic, ['held']);
      await other.send(topic, [{ value: 'behind' }]);
      const { problems } = await flow.run('wait', config);
      expect(problems?.[0]?.hints).toEqual([
        'a transaction that is still open holds back 2 offsets: its messages count once it is committed',
      ]);
      await transaction.abort();
    });
  });

  describe('in bytes', () => {
    it('is base64 where it is no text, in key, value and headers, and goes there and back', async () => {
      await flow.prepare('wait', { brokers, topic });
      const bytes = Buffer.from([0, 255, 254, 10]);
      const headers = { one: bytes, again: ['a', 'b', 'c'], empty: '' };
      await other.send(topic, [{ key: bytes, value: bytes, headers }]);
      const { result } = await flow.run('wait', { brokers, topic, match: { key: 'AP/+Cg==' }, timeout: '10s' });
      expect(result['message']).toMatchObject({
        key: 'AP/+Cg==',
        value: 'AP/+Cg==',
        json: null,
        headers: { one: 'AP/+Cg==', again: 'a, b, c', empty: '' },
      });
    });

    inFullRun('is several megabytes', async () => {
      await other.createTopic(topic, 1, { config: { 'max.message.bytes': String(20 * MEGABYTE) } });
      const config = { brokers, topic, timeout: '15s', count: 2 };
      await flow.prepare('wait', config);
      const text = randomBytes(3 * MEGABYTE).toString('hex');
      await sending.run('send', { brokers, topic, value: { text }, timeout: '15s' });
      await other.send(topic, [{ value: JSON.stringify({ text }) }]);
      expect(await readValues(config)).toEqual([{ text }, { text }]);
    });

    it('is more than the broker takes, which is told', async () => {
      const value = 'x'.repeat(2 * MEGABYTE);
      await expect(sending.run('send', { brokers, topic, value })).rejects.toMatchObject({
        problem: { outcome: 'errored', kind: 'kafka', code: 'MESSAGE_TOO_LARGE' },
      });
    });

    inFullRun('is a large message behind busy partitions', async () => {
      await other.createTopic(topic, 3, { config: { 'max.message.bytes': String(20 * MEGABYTE) } });
      const config = { brokers, topic, timeout: '15s', match: { key: 'large' } };
      await flow.prepare('wait', config);
      const filler = 'x'.repeat(700_000);
      await other.send(topic, [{ key: 'large', value: 'y'.repeat(6 * MEGABYTE), partition: 2 }]);
      for (let round = 0; round < 12; round++) {
        await other.send(topic, [
          { value: filler, partition: 0 },
          { value: filler, partition: 1 },
        ]);
      }
      const { result } = await flow.run('wait', config);
      expect(result).toMatchObject({ count: 1, message: { partition: 2 } });
      expect(result['seen']).toBeLessThan(24);
    });
  });
});
