import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaGroup } from '../../../src/actions/kafka_group.ts';
import { kafkaRedeliver } from '../../../src/actions/kafka_redeliver.ts';
import {
  connectOtherClient,
  createKafkaFlow,
  type KafkaFlow,
  nameTopic,
  type OtherClient,
} from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('consumer groups and messages that come again', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let topic: string;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(() => {
    flow = createKafkaFlow(kafkaGroup);
    topic = nameTopic('groups');
  });
  afterEach(() => flow.close());

  it('gives how far a group has read, and waits until it has read all', async () => {
    await other.send(
      topic,
      ['a', 'b', 'c'].map((value) => ({ value })),
    );
    const group = `${topic}-readers`;
    const nobody = await flow.run('look', { brokers, topic, group });
    expect(nobody.result).toEqual({
      lag: 3,
      committed: false,
      partitions: [{ partition: 0, committed: null, end: 3, lag: 3 }],
    });
    expect(nobody.summary).toBe('3 messages behind');

    const waiting = flow.run('wait', { brokers, topic, group, until: 'caught_up', timeout: '20s' });
    const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({
      groupId: group,
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => undefined });
    const { result, problems, summary } = await waiting;
    await consumer.disconnect();
    expect(problems).toEqual([]);
    expect(result).toMatchObject({ lag: 0, committed: true, partitions: [{ committed: 3 }] });
    expect(summary).toBe('caught up');
  });

  it('says of a group that nobody reads with that it committed nothing', async () => {
    await other.send(topic, [{ value: 'a' }]);
    const { problems } = await flow.run('wait', {
      brokers,
      topic,
      group: 'q',
      until: 'caught_up',
      timeout: '500ms',
    });
    expect(problems).toEqual([
      {
        outcome: 'errored',
        kind: 'kafka',
        message: `the group \`q\` has committed nothing for \`${topic}\` within 500 ms`,
        hints: [
          'the brokers do not know the group `q`',
          'does the service read with this name, and does it commit its offsets?',
        ],
      },
    ]);
  });

  it.each([{ until: 'caught_up', timeout: '20s' }, {}])(
    'names a topic that the brokers do not know, at once: %o',
    async (more) => {
      const known = nameTopic('group.announced');
      await other.createTopic(known, 1);
      const looking = flow.run('look', {
        brokers,
        topic: known.replace('announced', 'anounced'),
        group: 'readers',
        ...more,
      });
      await expect(looking).rejects.toMatchObject({
        problem: {
          kind: 'kafka',
          message: expect.stringContaining(
            `the brokers do not know the topic \`${known.replace('announced', 'anounced')}\`; there is \`${known}\``,
          ),
        },
      });
    },
  );

  describe('on a topic without messages', () => {
    const unknown = (group: string, near: string) =>
      `the brokers do not know the group \`${group}\`; there is \`${near}\``;
    const quiet = nameTopic('quiet');
    const group = `${quiet}-notifications`;
    const misspelt = group.replace('notifications', 'notificatons');
    let consumer: Consumer;

    beforeAll(async () => {
      await other.createTopic(quiet, 1);
      consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: group });
      await consumer.connect();
      await consumer.subscribe({ topic: quiet });
      const hasJoined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
      await consumer.run({ eachMessage: async () => undefined });
      await hasJoined;
    });
    afterAll(() => consumer.disconnect());

    it('has not caught up with a group that the brokers do not know', async () => {
      const { problems, summary } = await flow.run('wait', {
        brokers,
        topic: quiet,
        group: misspelt,
        until: 'caught_up',
        timeout: '300ms',
      });
      expect(summary).toBe('nothing committed');
      expect(problems).toEqual([
        {
          outcome: 'errored',
          kind: 'kafka',
          message: `the group \`${misspelt}\` has committed nothing for \`${quiet}\` within 300 ms`,
          hints: [
            expect.stringContaining(unknown(misspelt, group)),
            'does the service read with this name, and does it commit its offsets?',
          ],
        },
      ]);
    });

    it('says how little it means that a group has caught up', async () => {
      const nothing = `\`${quiet}\` holds no messages, and \`${group}\` has committed nothing for it`;
      const wait = { brokers, topic: quiet, group, until: 'caught_up', timeout: '20s' };
      const { problems, summary } = await flow.run('wait', wait);
      expect([summary, problems]).toEqual(['caught up', []]);
      expect(flow.io.notes).toEqual([`that it has caught up says little: ${nothing}`]);
    });

    it('notes of a look that nobody knows the group', async () => {
      const { result } = await flow.run('look', { brokers, topic: quiet, group: misspelt });
      expect(result).toMatchObject({ lag: 0, committed: false });
      expect(flow.io.notes).toEqual([
        expect.stringContaining(`that there is no lag says little: ${unknown(misspelt, group)}`),
      ]);
    });
  });

  it('sends a message again byte for byte', async () => {
    const value = Buffer.from([0, 255, 1]);
    await other.send(topic, [{ value: 'before' }, { key: 'k', value, headers: { h: Buffer.from([200]) } }]);
    const redelivery = createKafkaFlow(kafkaRedeliver);
    const { result, summary } = await redelivery.run('again', {
      brokers,
      message: { topic, partition: 0, offset: 1 },
      times: 2,
    });
    await redelivery.close();
    expect(result).toEqual({ topic, partition: 0, offset: 2, count: 2 });
    expect(summary).toBe(`${topic} [0] offset 1 again, 2 times`);
    const read = await other.read(topic, 4);
    for (const message of read.slice(1)) {
      expect([message.value, String(message.key), message.headers?.['h']]).toEqual([value, 'k', Buffer.from([200])]);
    }
  });

  it('is seen by a wait as another message', async () => {
    const consumer = createKafkaFlow(kafkaConsumer);
    const wait = { brokers, topic, exactly: true, count: 2, settle: '200ms', timeout: '10s' };
    await other.send(topic, [{ value: 'old' }]);
    await consumer.prepare('wait', wait);
    await other.send(topic, [{ value: '{"id":1}' }]);
    const redelivery = createKafkaFlow(kafkaRedeliver);
    await redelivery.run('again', { brokers, message: { topic, partition: 0, offset: 1 } });
    await redelivery.close();
    const { result } = await consumer.run('wait', wait);
    expect(result['count']).toBe(2);
    await consumer.close();
  });

  it.each([
    ['nothing of a message', { id: 1 }, '`message`: expected a message that a wait gave'],
    ['an offset that is not there', { offset: 99 }, 'offset 99 is no longer there'],
  ])('refuses %s', async (_title, given, words) => {
    await other.send(topic, [{ value: 'a' }]);
    const redelivery = createKafkaFlow(kafkaRedeliver);
    const message = 'offset' in given ? { topic, partition: 0, ...given } : given;
    await expect(redelivery.run('again', { brokers, message })).rejects.toThrow(words);
    await redelivery.close();
  });
});
