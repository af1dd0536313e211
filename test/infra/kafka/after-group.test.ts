import { type Consumer, Kafka, logLevel } from 'kafkajs';
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

describeWithStack('a wait for nothing that ends when a consumer group is through', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let placed: string;
  let sent: string;
  let group: string;
  let service: Consumer | undefined;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(async () => {
    flow = createKafkaFlow(kafkaConsumer);
    [placed, sent, group] = [nameTopic('placed'), nameTopic('sent'), nameTopic('group')];
    await other.createTopic(sent, 2);
    await other.send(placed, [{ value: 'before' }, { value: '{"id":1}' }]);
  });
  afterEach(async () => {
    await service?.disconnect();
    service = undefined;
    await flow.close();
  });

  /** A service that does its work with each message of `placed`, and commits after it; gives when it last committed. */
  const serve = async (work: (value: string) => Promise<void>): Promise<{ committedMs: number }> => {
    const seen = { committedMs: 0 };
    service = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: group });
    const consumer = service;
    await consumer.connect();
    await consumer.subscribe({ topic: placed, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        await work(String(message.value));
        await consumer.commitOffsets([{ topic: placed, partition, offset: String(Number(message.offset) + 1) }]);
        seen.committedMs = performance.now();
      },
    });
    return seen;
  };
  const createWait = (more: object = {}) => {
    const after = { group, message: { topic: placed, partition: 0, offset: 1 } };
    return { brokers, topic: sent, timeout: '30s', count: 0, after, ...more };
  };

  it('ends within 200 ms of the commit, and not by its time', async () => {
    const config = createWait();
    await flow.prepare('nothing', config);
    const waiting = flow.run('nothing', config);
    const seen = await serve(async () => undefined);
    const { result, problems, summary } = await waiting;
    expect(performance.now() - seen.committedMs).toBeLessThan(200);
    expect(problems).toBeUndefined();
    expect(result).toMatchObject({ count: 0, seen: 0 });
    expect(summary).toBe('0 matched of 0 seen');
  });

  it('sees what the group sent right before it committed', async () => {
    const config = createWait();
    await flow.prepare('nothing', config);
    const waiting = flow.run('nothing', config);
    await serve((value) => (value === 'before' ? Promise.resolve() : other.send(sent, [{ value, partition: 1 }])));
    const { problems } = await waiting;
    expect(problems?.[0]).toMatchObject({ outcome: 'failed', kind: 'expectation' });
    expect(problems?.[0]?.message).toMatch(/^expected no message on `.*`, got 1 of 1 seen within/);
  });

  it('sees what a transaction of the group holds back when it commits', async () => {
    const config = createWait();
    await flow.prepare('nothing', config);
    const waiting = flow.run('nothing', config);
    const open = await other.begin(sent, ['late']);
    await serve(async () => undefined);
    await expect.poll(() => flow.io.shownProgress.at(-1), { timeout: 15_000 }).not.toContain('waiting for the group');
    await open.commit();
    expect((await waiting).problems?.[0]?.message).toMatch(/got 1 of 1 seen/);
  });

  it('looks on for `settle` after the commit, for what something else sends later', async () => {
    const config = createWait({ settle: '5s' });
    await flow.prepare('nothing', config);
    const waiting = flow.run('nothing', config);
    const seen = await serve(async () => undefined);
    await expect.poll(() => seen.committedMs, { timeout: 15_000 }).toBeGreaterThan(0);
    await other.send(sent, [{ value: 'by the outbox' }]);
    expect((await waiting).problems?.[0]?.message).toMatch(/got 1 of 1 seen/);
  });

  it.each([
    ['that committed nothing', undefined, /^the group `.*` has committed nothing for `.*` \[0\] within 1 s$/],
    [
      'that is behind',
      'before',
      /^the group `.*` has not passed `.*` \[0\] offset 1 within .*: it was 1 message short$/,
    ],
  ])('is errored by a group %s', async (_title, works, words) => {
    const config = createWait({ timeout: works ? '8s' : '1s' });
    await flow.prepare('nothing', config);
    const waiting = flow.run('nothing', config);
    if (works) await serve((value) => (value === works ? Promise.resolve() : Promise.reject(new Error('broken'))));
    const error = await waiting.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      problem: { outcome: 'errored', kind: 'kafka', message: expect.stringMatching(words) },
    });
  });

  it.each([
    ['nil', null],
    ['a message without a place', { id: 1 }],
  ])('refuses %s in the place of the message', async (_title, message) => {
    const waiting = flow.run('nothing', createWait({ after: { group, message } }));
    await expect(waiting).rejects.toMatchObject({
      problem: {
        kind: 'authoring',
        code: 'TM334',
        message: '`after.message`: expected a message that a wait gave, with its topic, partition and offset',
      },
    });
  });
});
