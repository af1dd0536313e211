import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import {
  connectOtherClient,
  createKafkaFlow,
  type KafkaFlow,
  nameTopic,
  type OtherClient,
} from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const PARTITIONS = 128;
/** Loading the client is not what is measured. */
const loadClient = () => import('../../../src/drivers/kafka/client.ts');

describeWithStack('a wait on a topic of many partitions', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let topic: string;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
    topic = nameTopic('wide');
    await other.createTopic(topic, PARTITIONS);
    // Look-alikes everywhere, before any flow begins.
    await other.send(
      topic,
      Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, value: '{"id":"x"}' })),
    );
  });
  afterAll(() => other.close());
  beforeEach(() => {
    flow = createKafkaFlow(kafkaConsumer);
  });
  afterEach(() => flow.close());

  it('arms, and finds the one event of this run among all of them', async () => {
    const config = { brokers, topic, timeout: '10s', match: { value: { id: 'x' } } };
    await loadClient();
    const startedAt = performance.now();
    await flow.prepare('wait', config);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await other.send(topic, [{ partition: 93, value: '{"id":"x","mine":true}' }]);
    const { result } = await flow.run('wait', config);
    expect(result).toMatchObject({ count: 1, seen: 1, message: { partition: 93, value: { mine: true } } });
    expect(result['duration_ms']).toBeLessThan(2000);
  });

  it('sums them up when it fails, and finds the older ones', async () => {
    const config = { brokers, topic, timeout: '1s', match: { value: { id: 'x' } } };
    await flow.prepare('wait', config);
    await other.send(
      topic,
      Array.from({ length: PARTITIONS + 1 }, (_, index) => ({ partition: index % PARTITIONS, value: '{"id":"y"}' })),
    );
    const { problems, details } = await flow.run('wait', config);
    expect(details?.[0]?.lines).toEqual([
      expect.stringMatching(
        /^129 seen since the beginning of this run, until [\d-]+T[\d:.]+Z: \S+ on 128 partitions \(129\), most on \[0\] offsets \d+ to \d+ \(2\)$/,
      ),
    ]);
    expect(problems?.[0]?.hints?.[0]).toMatch(
      /^none that matches came since the beginning of this run; \d+ older messages on `\S+` match, which only `since: earliest` takes \(the newest \[93\] offset \d+ of /,
    );
    expect(flow.io.describeExchange()?.byHand).toMatch(/^kcat -C -b \S+ -t \S+ -o s@\d+ -e$/);
  });

  it('reads partitions that are added while it waits', async () => {
    const growing = nameTopic('growing');
    await other.createTopic(growing, 1);
    const config = { brokers, topic: growing, timeout: '30s', count: 2, match: { value: { id: 1 } } };
    await flow.prepare('wait', config);
    const waiting = flow.run('wait', config);
    await other.send(growing, [{ partition: 0, value: '{"id":1}' }]);
    await expect.poll(() => flow.io.shownProgress.at(-1)).toContain('1 of 2 matched');
    await other.addPartitions(growing, 4);
    // A client of its own: the first one still knows the topic with one partition.
    const fresh = await connectOtherClient(brokers);
    await fresh.send(growing, [{ partition: 3, value: '{"id":1}' }]);
    await fresh.close();
    expect((await waiting).result['messages']).toMatchObject([{ partition: 0 }, { partition: 3, offset: 0 }]);
  });
});
