import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaultProxy } from '../../../src/actions/fault/fault-proxy.ts';
import { openProxy } from '../../../src/actions/fault/open-proxy.ts';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import { runText } from '../../cli/run-text.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { connectOtherClient, createKafkaFlow, nameTopic } from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const SETTINGS = { proxy: 'gate' } as const;

/** The ports to which this process connects, proxies included. */
class Connected {
  readonly ports: number[] = [];
  readonly #note = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => this.ports.push(socket.remotePort ?? 0));
  };

  start(): void {
    subscribe('net.client.socket', this.#note);
  }

  stop(): void {
    unsubscribe('net.client.socket', this.#note);
  }
}

describeWithStack('a fault proxy in front of Kafka', ({ kafkaBrokers: upstream }) => {
  const brokerPort = Number(upstream.split(':').at(-1));
  let io: FakeIo;
  let proxy: FaultProxy;
  let connected: Connected;

  beforeEach(async () => {
    io = createFakeIo();
    proxy = await openProxy({ upstream, protocol: 'kafka' }, io);
    connected = new Connected();
    connected.start();
  });
  afterEach(async () => {
    connected.stop();
    await io.close();
  });

  /** Each connection of a client leads to one of the proxy to the broker; one more would have gone past it. */
  function expectNobodyPast(): void {
    const direct = connected.ports.filter((port) => port === brokerPort);
    expect(direct.length).toBeGreaterThan(0);
    expect(direct).toHaveLength(proxy.total.connections);
    expect(proxy.troubles).toEqual(new Set());
  }

  it('has every connection of our own steps go through', async () => {
    const topic = nameTopic('proxied');
    const brokers = proxy.address;
    const [producer, consumer] = [createKafkaFlow(kafkaProducer), createKafkaFlow(kafkaConsumer)];
    const wait = { brokers, topic, match: { value: { id: 7 } }, exactly: true, timeout: '20s' };
    await producer.run('first', { brokers, topic, value: { id: 1 } });
    await consumer.prepare('wait', wait);
    await producer.run('second', { brokers, topic, key: 'k', value: { id: 7 } });
    const { result, problems } = await consumer.run('wait', wait);
    await Promise.all([producer.close(), consumer.close()]);
    expect(problems ?? []).toEqual([]);
    expect(result['message']).toMatchObject({ key: 'k', value: { id: 7 }, offset: 1 });
    expectNobodyPast();
  });

  it('has every connection of another client go through, its groups and transactions too', async () => {
    const topic = nameTopic('proxied');
    const other = await connectOtherClient(proxy.address);
    await other.createTopic(topic, 3);
    await other.send(topic, [{ key: 'a', value: 'x'.repeat(300_000) }, { value: 'b' }]);
    await other.transact(topic, ['c'], 'commit');
    const read = await other.read(topic, 3);
    expect(read.map(({ value }) => value?.length).sort()).toEqual([1, 1, 300_000]);
    expect(await other.listTopics()).toContain(topic);
    await other.close();
    expectNobodyPast();
  });

  it('holds up, cuts and refuses what goes to any broker', async () => {
    const other = await connectOtherClient(proxy.address);
    const topic = nameTopic('proxied');
    await other.createTopic(topic, 1);
    await other.send(topic, [{ value: 'warm' }]);
    await proxy.faults.set({ ...SETTINGS, faults: { latency: 200 } });
    const start = performance.now();
    await other.send(topic, [{ value: 'late' }]);
    const duration = performance.now() - start;
    expect(duration).toBeGreaterThan(195);
    expect(duration).toBeLessThan(2_000);
    expect(await proxy.faults.clear()).toMatchObject({ connections: 1 });

    await proxy.faults.set({ ...SETTINGS, faults: { down: true } });
    const down = createKafkaFlow(kafkaProducer);
    const sending = down.run('sent', { brokers: proxy.address, topic, value: 'lost' }, { timeoutMs: 1_500 });
    await expect(sending).rejects.toThrow(/ECONNREFUSED|refused/);
    await down.close();
    await proxy.faults.clear();
    await other.send(topic, [{ value: 'back' }]);
    expect((await other.read(topic, 3)).map(({ value }) => String(value))).toEqual(['warm', 'late', 'back']);
    await other.close();
    expectNobodyPast();
  });

  it('lets a record be stored of which the producer never hears', async () => {
    const other = await connectOtherClient(proxy.address);
    const [topic, quiet] = [nameTopic('proxied'), nameTopic('proxied')];
    await other.createTopic(topic, 1);
    await other.createTopic(quiet, 1);
    await proxy.faults.set({ ...SETTINGS, faults: { withhold_acks: { topic, rate: 0.5 } } });
    await other.send(quiet, [{ value: 'other topic' }]);
    expect(proxy.faults.listUnmet()).toHaveLength(1);
    await other.send(topic, [{ value: 'answered' }]);
    await other.send(topic, [{ value: 'tried again' }]);
    expect(await proxy.faults.clear()).toEqual({ connections: 0, requests: 1, bytes: 0 });
    const values = (await other.read(topic, 3)).map(({ value }) => String(value));
    expect(values).toEqual(['answered', 'tried again', 'tried again']);
    expect(await other.read(quiet, 1)).toHaveLength(1);
    await other.close();
    expectNobodyPast();
  });

  it('is named where a producer hears nothing of what it sent', async () => {
    const topic = nameTopic('proxied');
    const gate = `{ id: gate, action: fault_proxy_start, config: { upstream: "${upstream}", protocol: kafka } }`;
    const send = `action: kafka_producer, config: { brokers: "{{gate.address}}", topic: ${topic}, value: 1 }`;
    const set = `action: fault_set, config: { proxy: gate, faults: { withhold_acks: { topic: ${topic} } } }`;
    const { output } = await runText({ setup: [gate], steps: [send, set, send] });
    expect(output).toMatch(
      /no acknowledgement came: `\S+` cut the connection \(ECONNRESET\); the message may have been written/,
    );
    expect(output).toContain('= it goes through the proxy `gate`, in which step `s1` set `withhold_acks`\n');
    expect(output).not.toContain('the listener may want');
  });
});
