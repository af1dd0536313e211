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

describeWithStack('silence on a topic', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let topic: string;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(async () => {
    flow = createKafkaFlow(kafkaConsumer);
    topic = nameTopic('lossy');
    await other.createTopic(topic, 1);
    await other.send(topic, [{ value: '{"old":1}' }, { value: '{"old":2}' }]);
  });
  afterEach(() => flow.close());

  const send = () => other.send(topic, [{ value: '{"id":1}' }, { value: '{"id":2}' }, { value: '{"id":1}' }]);
  const recreate = async (): Promise<void> => {
    await other.deleteTopic(topic);
    await expect.poll(() => other.listTopics()).not.toContain(topic);
    await other.createTopic(topic, 1);
  };
  const losses: readonly (readonly [what: string, isSent: boolean, lose: () => Promise<void>, said: string])[] = [
    ['is deleted', true, () => other.deleteTopic(topic), 'it was deleted'],
    ['is deleted though nothing was written', false, () => other.deleteTopic(topic), 'it was deleted'],
    ['is made anew', true, recreate, 'it was deleted and created again'],
    ['is emptied', true, () => other.truncate(topic, 5), '[0] lost offsets 2 to 4'],
    ['loses its first message', true, () => other.truncate(topic, 3), '[0] lost offset 2'],
  ];

  it.each(losses)('says nothing where it %s before it was read', async (_title, isSent, lose, said) => {
    const wait = { brokers, topic, timeout: '1500ms', match: { value: { id: 3 } } };
    const silence = { ...wait, count: 0 };
    await flow.prepare('wait', wait);
    await flow.prepare('silence', silence);
    if (isSent) await send();
    await lose();
    const problem = {
      outcome: 'errored',
      kind: 'kafka',
      code: 'LOST_UNREAD',
      message: `messages on \`${topic}\` may have been deleted before they were read: ${said}`,
      hints: ['if a step of the flow empties or creates the topic, let the wait begin after it: `since: step:<id>`'],
    };
    const [waited, silent] = await Promise.allSettled([flow.run('wait', wait), flow.run('silence', silence)]);
    expect(waited).toMatchObject({ status: 'rejected', reason: { problem } });
    expect(silent).toMatchObject({ status: 'rejected', reason: { problem } });
  });

  it('says something where all that is gone was older', async () => {
    const config = { brokers, topic, timeout: '500ms', count: 0 };
    await flow.prepare('wait', config);
    await other.truncate(topic, 2);
    expect((await flow.run('wait', config)).problems).toBeUndefined();
    expect(flow.io.notes).toEqual([]);
  });

  it('matters not where the message is found', async () => {
    const config = { brokers, topic, timeout: '5s', match: { value: { id: 1 } } };
    await flow.prepare('wait', config);
    await send();
    await other.truncate(topic, 3);
    expect((await flow.run('wait', config)).result).toMatchObject({ count: 1, message: { offset: 4 } });
  });

  it('begins after the step that makes the topic anew, where the wait says so', async () => {
    const config = { brokers, topic, timeout: '500ms', count: 0, since: 'step:reset' };
    await flow.prepare('wait', config);
    await recreate();
    await flow.reach('reset');
    expect((await flow.run('wait', config)).problems).toBeUndefined();
  });

  it('says little on a topic that never was: the nearest are named', async () => {
    const meant = topic.replace('lossy', 'lossi');
    const note = `the brokers do not know the topic \`${meant}\`; there is`;
    const silent = { brokers, topic: meant, timeout: '300ms', count: 0 };
    await flow.prepare('silent', silent);
    expect((await flow.run('silent', silent)).problems).toBeUndefined();
    expect(flow.io.notes).toEqual([expect.stringContaining(`that nothing came proves little: ${note}`)]);
    expect(flow.io.notes[0]).toContain(`\`${topic}\``);
    const waiting = { brokers, topic: [topic, meant], timeout: '300ms' };
    await flow.prepare('waiting', waiting);
    const [problem] = (await flow.run('waiting', waiting)).problems ?? [];
    expect(problem?.hints?.[0]).toContain(note);
  });
});
