import { beforeAll, expect, it } from 'vitest';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { connectOtherClient, createKafkaFlow, nameTopic } from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { findStack } from './broken-stack.ts';

describeWithStack('a wait whose broker goes away', () => {
  let stack: Stack;

  beforeAll(() => {
    stack = findStack();
  });

  it('goes on when it comes back, and finds what was written after that', async () => {
    const topic = nameTopic('restarted');
    const flow = createKafkaFlow(kafkaConsumer);
    const config = { brokers: stack.kafkaBrokers, topic, timeout: '60s', count: 2 };
    const before = await connectOtherClient(stack.kafkaBrokers);
    await before.createTopic(topic, 1);
    await flow.prepare('wait', config);
    const waiting = flow.run('wait', config);
    await before.send(topic, [{ value: 'before' }]);
    await expect.poll(() => flow.io.shownProgress.at(-1), { timeout: 10_000 }).toContain('1 of 2 matched');
    await before.close();
    await stack.stopBroker();
    await expect.poll(() => flow.io.shownProgress.at(-1), { timeout: 10_000 }).toContain('trying again');
    await stack.startBroker();
    const after = await connectOtherClient(stack.kafkaBrokers);
    await after.send(topic, [{ value: 'after' }]);
    const { result } = await waiting;
    expect(result).toMatchObject({ count: 2, messages: [{ value: 'before' }, { value: 'after' }] });
    await after.close();
    await flow.close();
  }, 90_000);

  it('is errored when it stays away: no message can be said to be missing', async () => {
    const topic = nameTopic('gone');
    const flow = createKafkaFlow(kafkaConsumer);
    const config = { brokers: stack.kafkaBrokers, topic, timeout: '4s' };
    await flow.prepare('wait', config);
    const waiting = flow.run('wait', config).catch((error: unknown) => error);
    await expect.poll(() => flow.io.shownProgress.length, { timeout: 10_000 }).toBeGreaterThan(1);
    await stack.stopBroker();
    expect(await waiting).toMatchObject({ problem: { outcome: 'errored', kind: 'connection' } });
    await stack.startBroker();
    await flow.close();
  }, 60_000);
});
