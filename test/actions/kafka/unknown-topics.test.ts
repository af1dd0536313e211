import { describe, expect, it } from 'vitest';
import {
  describeUnknown,
  describeUnknownGroup,
  describeUnmade,
  listMissing,
} from '../../../src/actions/kafka/unknown-topics.ts';
import type { KafkaConnection } from '../../../src/drivers/kafka/connection.ts';

const { signal } = new AbortController();

/** Brokers with these topics. */
function connect(topics: readonly string[], makes?: boolean): KafkaConnection {
  const fake = { listTopics: async () => topics, makesTopics: async () => makes };
  return fake as unknown as KafkaConnection;
}

describe('a topic that the brokers do not know', () => {
  const topics = ['todo.created', 'user.created', 'user.deleted', 'order.placed', 'audit'];
  it.each<[string, string]>([
    ['todos.created', '; there is `todo.created`'],
    ['user_created', '; there is `user.created`, `todo.created` and `user.deleted`'],
    ['created.user', '; there is `user.created`'],
    ['dev.order.placed', '; there is `order.placed`'],
    ['orders', '; there is `order.placed`'],
    ['user.logins.failed', '; there is `user.created` and `user.deleted`'],
    ['payments', ''],
  ])('%s is named with the nearest', async (topic, near) => {
    const [said] = await describeUnknown([topic], { connection: connect(topics), signal });
    expect(said).toBe(`the brokers do not know the topic \`${topic}\`${near}`);
  });

  it('is not one that was made meanwhile, nor one of brokers that do not answer', async () => {
    expect(await describeUnknown(['audit', 'audits'], { connection: connect(topics), signal })).toHaveLength(1);
    const silent = { listTopics: () => Promise.reject(new Error('no answer')) } as unknown as KafkaConnection;
    expect(await describeUnknown(['audits'], { connection: silent, signal })).toEqual([]);
  });

  it.each([
    [false, 1],
    [true, 0],
    [undefined, 0],
  ])('is named before where it is known that none is made: %s', async (makes, count) => {
    expect(await describeUnmade(['audits'], { connection: connect(topics, makes), signal })).toHaveLength(count);
  });

  it.each<[string, readonly string[] | undefined, string[]]>([
    ['notification-servce', ['notification-service', 'mailer'], ['; there is `notification-service`']],
    ['billing', ['notification-service'], ['']],
    ['mailer', ['mailer'], []],
    ['mailer', undefined, []],
  ])('is described for a group as well: %s among %o', async (group, groups, near) => {
    const listGroups = () => (groups ? Promise.resolve(groups) : Promise.reject(new Error('no answer')));
    const connection = { listGroups } as unknown as KafkaConnection;
    const said = near.map((text) => `the brokers do not know the group \`${group}\`${text}`);
    expect(await describeUnknownGroup(group, { connection, signal })).toBe(said[0]);
  });

  it('is one without an id', () => {
    const offsets = new Map<number, bigint>();
    const positions = new Map([
      ['a', { id: 'x', offsets }],
      ['b', { offsets }],
    ]);
    expect(listMissing(positions)).toEqual(['b']);
  });
});
