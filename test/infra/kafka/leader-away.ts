import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import { repeats } from '../../support/sample.ts';
import { connectOtherClient, createKafkaFlow, type KafkaFlow, nameTopic } from '../../support/servers/kafka.ts';
import type { SecureKafka } from '../../support/servers/secure-kafka.ts';
import { describeWithOwnKafka, useOwnKafka } from './own-kafka.ts';

const timeout = 60_000;
const ways = [
  // Whoever knows one broker alone learns of the others before it goes away.
  { signal: 'SIGTERM', how: 'hands over', known: 'second' },
  { signal: 'SIGKILL', how: 'dies', known: 'first and second' },
] as const;

describeWithOwnKafka('a topic that nobody made, on brokers that make none by themselves', () => {
  it('is named with the nearest that there is, before the wait and when a message is written', {
    timeout,
  }, async () => {
    const kafka = await useOwnKafka();
    const topic = nameTopic('todo.created');
    const meant = topic.replace('todo', 'todos');
    const setup = await connectOtherClient(kafka.open);
    await setup.createTopic(topic, 1);
    const said = `the brokers do not know the topic \`${meant}\`; there is \`${topic}\``;
    const flow = createKafkaFlow(kafkaConsumer);
    await flow.prepare('wait', { brokers: kafka.open, topic: meant });
    expect(flow.io.notes).toEqual([`${said}; they do not create topics by themselves`]);
    const sending = createKafkaFlow(kafkaProducer);
    await expect(sending.run('send', { brokers: kafka.open, topic: meant, value: 'x' })).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION', hints: [said, 'create the topic first, or check its name'] },
    });
    await Promise.all([flow.close(), sending.close(), setup.close()]);
  });
});

describeWithOwnKafka('a wait on a topic whose leader goes away', () => {
  let kafka: SecureKafka;
  let flow: KafkaFlow;
  let sending: KafkaFlow;

  beforeAll(async () => {
    kafka = await useOwnKafka();
  });
  beforeEach(async () => {
    await kafka.second.start();
    flow = createKafkaFlow(kafkaConsumer);
    sending = createKafkaFlow(kafkaProducer);
  });
  afterEach(async () => {
    await flow.close();
    await sending.close();
  });

  // in each run `proxied-cluster.ts` has one hand over
  it.runIf(repeats('ways of a leader to go away', ways.length, 0) > 0).each(ways)(
    'goes on when it $how, for one who knows the $known',
    async ({ signal, known }) => {
      const topic = nameTopic('led');
      const setup = await connectOtherClient(kafka.open);
      await setup.createTopic(topic, 2, {
        replicas: [
          [2, 1],
          [1, 2],
        ],
      });
      const brokers = known === 'second' ? kafka.second.address : `${kafka.second.address},${kafka.open}`;
      const config = { brokers, topic, timeout: '30s', count: 2, match: { value: { id: 1 } } };
      await flow.prepare('wait', config);
      const waiting = flow.run('wait', config);
      await setup.send(topic, [{ partition: 0, value: '{"id":1,"n":1}' }]);
      await setup.close();
      await expect.poll(() => flow.io.shownProgress.at(-1), { timeout: 10_000 }).toContain('1 of 2 matched');
      await kafka.second.stop(signal);
      const send = { brokers: kafka.open, topic, partition: 0, value: { id: 1, n: 2 }, timeout: '20s' };
      await sending.run('send', send);
      const { result, problems } = await waiting;
      expect(problems).toBeUndefined();
      expect(result['messages']).toMatchObject([
        { partition: 0, value: { n: 1 } },
        { partition: 0, value: { n: 2 } },
      ]);
    },
    timeout,
  );
});
