import { expect, it } from 'vitest';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import { kafkaRedeliver } from '../../../src/actions/kafka_redeliver.ts';
import { unchanged } from '../../../src/actions/unchanged.ts';
import type { ActionIo } from '../../../src/model/action/io.ts';
import type { FakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { nameTopic, type OtherClient } from '../../support/servers/kafka.ts';
import { useWatchedTopic } from '../../support/servers/watched-topic.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('topics that are to stay as they are', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let io: FakeIo;
  let topic: string;

  useWatchedTopic(brokers, 'quiet', (given) => {
    ({ other, io, topic } = given);
  });

  const watch = async (work: () => Promise<unknown>, more: object = {}) => {
    const end = {
      outcome: 'passed',
      results: {},
      captures: {},
      last: undefined,
      isCut: false,
      env: { get: () => undefined, keys: () => [] },
      isStopped: false,
    } as const;
    const runSteps = async () => {
      await work();
      return end;
    };
    const inside: ActionIo = { ...io, children: { ...io.children, runSteps } };
    return runAction(unchanged, { brokers, topics: [topic], for: '0s', ...more }, inside);
  };

  it('lists the messages that came while its steps ran', async () => {
    const { problems, details, result, summary } = await watch(async () => {
      await other.send(topic, [{ key: 'k', value: '{"id":1}', partition: 1 }]);
      await other.send(topic, [{ value: 'bare', partition: 0 }]);
    });
    expect(summary).toBe('2 changes');
    expect(problems?.[0]).toMatchObject({
      outcome: 'failed',
      message: `expected no change, got 2 messages added to \`${topic}\``,
    });
    expect(details?.[0]?.lines.toSorted()).toEqual([
      `${topic} added: [0] offset 0, no key, "bare"`,
      `${topic} added: [1] offset 1, key "k", {"id": 1}`,
    ]);
    expect(result['changes']).toHaveLength(2);
  });

  it('sees what comes in the time after its steps', async () => {
    let sent: Promise<void> | undefined;
    const send = async () => {
      sent = expect
        .poll(() => io.shownProgress.at(-1))
        .toBe('nothing may change for 1 s more')
        .then(() => other.send(topic, [{ value: 'late' }]));
    };
    const { problems } = await watch(send, { for: '1s' });
    await sent;
    expect(problems?.[0]?.message).toBe(`expected no change, got 1 message added to \`${topic}\``);
  });

  it('counts neither markers nor what was aborted, and what a transaction commits', async () => {
    const aborted = await watch(() => other.transact(topic, ['never'], 'abort'));
    expect(aborted.problems).toEqual([]);
    const committed = await watch(() => other.transact(topic, ['a', 'b'], 'commit'));
    expect(committed.problems?.[0]?.message).toBe(`expected no change, got 2 messages added to \`${topic}\``);
  });

  it('names what the flow sent itself, and does not count it', async () => {
    const { problems, summary } = await watch(async () => {
      await runAction(kafkaRedeliver, { brokers, message: { topic, partition: 1, offset: 0 }, times: 2 }, io);
      await runAction(kafkaProducer, { brokers, topic, value: 'own' }, io);
    });
    expect(problems).toEqual([]);
    expect(summary).toBe('1 topic unchanged');
    expect(io.notes).toEqual([`3 messages on \`${topic}\` that this flow sent itself are not counted`]);
  });

  it('sees the first message of a topic that was not there, and says of one that never is that this proves little', async () => {
    const unborn = nameTopic('unborn');
    const silent = await watch(async () => undefined, { topics: [unborn] });
    expect(silent.problems).toEqual([]);
    expect(io.notes).toEqual([
      expect.stringContaining(`that nothing came proves little: the brokers do not know the topic \`${unborn}\``),
    ]);
    const born = await watch(() => other.send(unborn, [{ value: 'first' }]), { topics: [unborn] });
    expect(born.problems?.[0]?.message).toBe(`expected no change, got 1 message added to \`${unborn}\``);
  });

  it('cannot tell of a topic that was emptied meanwhile', async () => {
    const emptied = watch(async () => {
      await other.send(topic, [{ value: 'lost', partition: 0 }]);
      await other.truncate(topic, 1);
    });
    await expect(emptied).rejects.toMatchObject({ problem: { outcome: 'errored', code: 'LOST_UNREAD' } });
  });
});
