import { Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { effects } from '../../../src/actions/effects.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import type { ActionOutcome } from '../../../src/model/action/outcome.ts';
import { checkShape } from '../../../src/plan/compile/check-shape.ts';
import type { FakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { nameTopic, type OtherClient } from '../../support/servers/kafka.ts';
import { useWatchedTopic } from '../../support/servers/watched-topic.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('effects on topics', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let io: FakeIo;
  let topic: string;

  useWatchedTopic(brokers, 'effects', (given) => {
    ({ other, io, topic } = given);
  });

  // Other tests send to topics of their own meanwhile.
  const watch = async (settings: object, ...work: readonly (() => Promise<unknown>)[]): Promise<ActionOutcome> => {
    const parsed = checkShape(effects.settings.schema, { settle: '10ms', others: 'any', brokers, ...settings });
    if (!parsed.success) throw new Error(JSON.stringify(parsed.error));
    await effects.preparation?.prepare?.(parsed.data as never, {
      ...io,
      isConditional: false,
      beforeStep: () => undefined,
    });
    for (const one of work) await one();
    return effects.run(parsed.data as never, io);
  };
  /** Commits for a group that has read partition 1. */
  const commit = async (groupId: string, offset: string): Promise<void> => {
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.setOffsets({
      groupId,
      topic,
      partitions: [
        { partition: 0, offset },
        { partition: 1, offset: '1' },
      ],
    });
    await admin.disconnect();
  };
  const headsOf = ({ problems = [] }: ActionOutcome) => problems.map(({ message }) => message);

  it('counts the messages that came since, in all partitions, and names each', async () => {
    const { problems, result } = await watch({ topics: { [topic]: 1 } }, async () => {
      await other.send(topic, [{ key: 'k', value: '{"id":1}', partition: 1 }]);
      await other.send(topic, [{ value: 'bare', partition: 0 }]);
    });
    expect(problems?.map(({ message }) => message)).toEqual([
      `\`${topic}\`: expected 1 message, got 2 messages\n  + [0] offset 0, no key, "bare"\n  + [1] offset 1, key "k", {"id": 1}`,
    ]);
    expect(result['changes']).toMatchObject([
      { topic, what: 'added', message: { value: 'bare' } },
      { topic, what: 'added', message: { key: 'k', value: { id: 1 } } },
    ]);
  });

  it('is content with what may come, and counts neither markers nor what was aborted', async () => {
    expect(
      headsOf(await watch({ topics: { [topic]: 'none' } }, () => other.transact(topic, ['never'], 'abort'))),
    ).toEqual([]);
    expect(headsOf(await watch({ topics: { [topic]: 2 } }, () => other.transact(topic, ['a', 'b'], 'commit')))).toEqual(
      [],
    );
  });

  it('lists what the flow sent itself, and does not count it', async () => {
    const own = () => runAction(kafkaProducer, { brokers, topic, value: 'own' }, io);
    const { problems, details } = await watch({ topics: { [topic]: 'none' } }, own);
    expect(problems).toEqual([]);
    expect(details?.[0]?.lines).toEqual([topic, expect.stringMatching(/^ {2}\+ .*"own" {3}by a step of this flow$/)]);
  });

  it('sees what comes on a topic that is not named, and on one that is made meanwhile', async () => {
    const unborn = nameTopic('effects-born');
    const work = () => other.send(unborn, [{ value: 'first' }]);
    const outcome = await watch({ topics: { [`${unborn.slice(0, -3)}*`]: 'none', [topic]: 'none' } }, work);
    expect(headsOf(outcome)).toEqual([
      `\`${unborn}\`: expected no message, got 1 message\n  + [0] offset 0, no key, "first"`,
    ]);
  });

  it('judges all topics but those of the brokers, and leaves out what is ignored', async () => {
    const { problems = [], details } = await watch({ topics: {}, others: 'none', ignore: ['*'] }, () =>
      other.send(topic, [{ value: 'seen' }]),
    );
    expect(problems).toEqual([]);
    expect(details?.[0]?.lines.join('\n')).toMatch(new RegExp(`${topic}\n.*"seen" {3}ignored`));
    const judged = await watch({ topics: {}, others: 'none' }, () => other.send(topic, [{ value: 'seen' }]));
    expect(headsOf(judged).join('\n')).toContain(`\`${topic}\`: expected no message, got 1 message`);
  });

  it('names the nearest of a topic that nobody knows', async () => {
    const wrong = `${topic}s`;
    await expect(watch({ topics: { [wrong]: 1 } })).rejects.toMatchObject({
      problem: {
        message: `the brokers do not know the topic \`${wrong}\``,
        hints: [`there is \`${topic}\``, expect.any(String)],
      },
    });
    const noted = async (name: string) => {
      const before = io.notes.length;
      expect(headsOf(await watch({ topics: { [name]: 'none' } }))).toEqual([]);
      return io.notes.slice(before);
    };
    const little = 'that nothing came proves little: the brokers';
    expect(await noted(wrong)).toEqual([`${little} do not know the topic \`${wrong}\`; there is \`${topic}\``]);
    expect(await noted(`${wrong}*`)).toEqual([`${little} know no topic \`${wrong}*\``]);
    expect(await noted(topic)).toEqual([]);
  });

  it('is judged as soon as the groups have read all', async () => {
    const group = nameTopic('effects-group');
    await commit(group, '0');
    let read: Promise<unknown> | undefined;
    const startedAt = performance.now();
    const outcome = await watch({ topics: { [topic]: 1 }, groups: [group], settle: '1h', timeout: '20s' }, async () => {
      await other.send(topic, [{ value: 'x', partition: 0 }]);
      read = expect
        .poll(() => io.shownProgress.includes(`waiting for ${group}`), { interval: 5, timeout: 20_000 })
        .toBe(true)
        .then(() => commit(group, '1'));
    });
    await read;
    expect(headsOf(outcome)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const behind = watch({ topics: { [topic]: 'any' }, groups: [group], timeout: '300ms' }, () =>
      other.send(topic, [{ value: 'x', partition: 0 }]),
    );
    await expect(behind).rejects.toMatchObject({
      problem: {
        outcome: 'errored',
        message: expect.stringContaining(`1 group (\`${group}\`) had not read all messages`),
      },
    });
  });
});
