import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { provideEntries } from '../../demo-services/stack/entries.ts';
import { makeRunFolder, type Nursery, openNursery } from '../../demo-services/stack/nursery.ts';
import { kafkaConsumer } from '../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../src/actions/kafka_producer.ts';
import { connectOtherClient, createKafkaFlow, type KafkaFlow, nameTopic } from '../support/kafka.ts';
import { type KafkaCluster, startKafkaCluster } from '../support/kafka-cluster.ts';
import { describeWithStack } from '../support/stack.ts';

const timeout = 60_000;

describeWithStack('a wait on a topic whose leader goes away', () => {
  let nursery: Nursery;
  let cluster: KafkaCluster;
  let flow: KafkaFlow;
  let sending: KafkaFlow;

  beforeAll(async () => {
    const folder = makeRunFolder();
    nursery = await openNursery(folder, join(await provideEntries(['guard'], folder), 'guard.cjs'));
    cluster = await startKafkaCluster(nursery);
  });
  afterAll(() => nursery.close());
  beforeEach(async () => {
    await cluster.startSecond();
    flow = createKafkaFlow(kafkaConsumer);
    sending = createKafkaFlow(kafkaProducer);
  });
  afterEach(async () => {
    await flow.close();
    await sending.close();
  });

  it.each([
    // Whoever knows one broker alone learns of the others before it goes away.
    { signal: 'SIGTERM', how: 'hands over', known: 'second' },
    { signal: 'SIGKILL', how: 'dies', known: 'first and second' },
  ] as const)(
    'goes on when it $how, for one who knows the $known',
    async ({ signal, known }) => {
      const topic = nameTopic('led');
      const setup = await connectOtherClient(cluster.first);
      await setup.createTopic(topic, 2, {
        replicas: [
          [2, 1],
          [1, 2],
        ],
      });
      const brokers = known === 'second' ? cluster.second : `${cluster.second},${cluster.first}`;
      const config = { brokers, topic, timeout: '30s', count: 2, match: { value: { id: 1 } } };
      await flow.prepare('wait', config);
      const waiting = flow.run('wait', config);
      await setup.send(topic, [{ partition: 0, value: '{"id":1,"n":1}' }]);
      await setup.close();
      await expect.poll(() => flow.io.shownProgress.at(-1), { timeout: 10_000 }).toContain('1 of 2 matched');
      await cluster.stopSecond(signal);
      const send = { brokers: cluster.first, topic, partition: 0, value: { id: 1, n: 2 }, timeout: '20s' };
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
