import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaultProxy } from '../../../src/actions/fault/fault-proxy.ts';
import { openProxy } from '../../../src/actions/fault/open-proxy.ts';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { repeats } from '../../support/sample.ts';
import { connectOtherClient, createKafkaFlow, nameTopic } from '../../support/servers/kafka.ts';
import type { SecureKafka } from '../../support/servers/secure-kafka.ts';
import { describeWithOwnKafka, useOwnKafka } from './own-kafka.ts';
import { sasl, trust } from './refusals.ts';

const inFullRun = it.runIf(repeats('further tests of proxies before brokers', 1, 0) > 0);

const timeout = 60_000;

describeWithOwnKafka('a fault proxy in front of other brokers', () => {
  let kafka: SecureKafka;
  let io: FakeIo;
  let proxy: FaultProxy;

  beforeAll(async () => {
    kafka = await useOwnKafka();
    io = createFakeIo();
  });
  afterAll(() => io.close());

  async function open(id: string, upstream: string): Promise<void> {
    proxy = await openProxy({ upstream, protocol: 'kafka' }, { ...io, step: { ...io.step, id } });
  }

  it('lets clients say who they are', { timeout }, async () => {
    await open('sasl', kafka.sasl);
    const other = await connectOtherClient(kafka.open);
    const topic = nameTopic('shared');
    await other.createTopic(topic, 1);
    const sending = createKafkaFlow(kafkaProducer);
    const settings = { brokers: proxy.address, sasl: sasl('admin', 'scram-sha-256'), topic };
    expect((await sending.run('send', { ...settings, value: { n: 1 } })).result).toMatchObject({ offset: 0 });
    await Promise.all([sending.close(), other.close()]);
    expect(proxy.total.connections).toBeGreaterThan(0);
    expect([...(proxy.troubles ?? []), ...(proxy.notes ?? [])]).toEqual([]);
  });

  it('says that it cannot read what is encrypted, and lets it through', { timeout }, async () => {
    await open('tls', kafka.tls);
    const other = await connectOtherClient(kafka.open);
    const topic = nameTopic('shared');
    await other.createTopic(topic, 1);
    const sending = createKafkaFlow(kafkaProducer);
    const settings = { brokers: proxy.address.replace('127.0.0.1', 'localhost'), tls: trust(kafka), topic };
    expect((await sending.run('send', { ...settings, value: { n: 1 } })).result).toMatchObject({ offset: 0 });
    await Promise.all([sending.close(), other.close()]);
    expect([...(proxy.notes ?? [])].join()).toContain('the connections are encrypted');
  });

  inFullRun('has a port for each broker, and leads to the one that takes over', { timeout }, async () => {
    await kafka.second.start();
    await open('two', kafka.open);
    const other = await connectOtherClient(proxy.address);
    const topic = nameTopic('led');
    const replicas = [
      [2, 1],
      [1, 2],
    ];
    await other.createTopic(topic, 2, { replicas });
    const flow = createKafkaFlow(kafkaConsumer);
    const wait = { brokers: proxy.address, topic, timeout: '30s', count: 3 };
    await flow.prepare('wait', wait);
    const waiting = flow.run('wait', wait);
    await other.send(topic, [
      { partition: 0, value: '{"n":1}' },
      { partition: 1, value: '{"n":2}' },
    ]);
    await expect.poll(() => flow.io.shownProgress.at(-1), { timeout: 10_000 }).toContain('2 of 3');
    const before = proxy.total.connections;
    await kafka.second.stop('SIGTERM');
    const sending = createKafkaFlow(kafkaProducer);
    await sending.run('send', { brokers: proxy.address, topic, partition: 0, value: { n: 3 }, timeout: '20s' });
    const { result, problems } = await waiting;
    expect(problems).toBeUndefined();
    expect(result['count']).toBe(3);
    expect(proxy.total.connections).toBeGreaterThan(before);
    expect([...(proxy.troubles ?? [])]).toEqual([]);
    await Promise.all([flow.close(), sending.close(), other.close()]);
  });
});
