import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nameConnection } from '../../../src/actions/kafka/connect.ts';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import type { KafkaConnection } from '../../../src/drivers/kafka/connection.ts';
import { ExactNumber, type Value, type ValueMap } from '../../../src/expr/index.ts';
import { ActionError, type ActionOutcome } from '../../../src/model/action/outcome.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { repeats } from '../../support/sample.ts';
import {
  connectOtherClient,
  createKafkaFlow,
  type KafkaFlow,
  nameTopic,
  type OtherClient,
} from '../../support/servers/kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

/** In thousands. */
const OLDER = repeats('thousand older messages', 12, 2);

describeWithStack('kafka_consumer and a real broker', ({ kafkaBrokers: brokers }) => {
  let other: OtherClient;
  let flow: KafkaFlow;
  let topic: string;

  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(() => {
    flow = createKafkaFlow(kafkaConsumer);
    topic = nameTopic('events');
  });
  afterEach(() => flow.close());

  const countRead = async (): Promise<number> => {
    const create = () => Promise.reject(new Error('there is no connection'));
    const connection = await flow.io.resources.open<KafkaConnection>(nameConnection({ brokers }), create);
    return connection.recordsRead;
  };
  const send = (...values: unknown[]) =>
    other.send(
      topic,
      values.map((value) => ({ value: JSON.stringify(value) })),
    );

  it(`finds the event of this run among ${OLDER},000 older ones that look alike, and reads next to nothing for it`, async () => {
    await other.createTopic(topic, 3);
    for (let batch = 0; batch < OLDER; batch++) {
      await other.send(
        topic,
        Array.from({ length: 1000 }, () => ({ value: '{"user_id":"u1"}' })),
      );
    }
    const config = { brokers, topic, timeout: '10s', match: { value: { user_id: 'u1' } } };
    await flow.prepare('wait', config);
    await send({ user_id: 'u1', fresh: true });
    const { result, problems, summary } = await flow.run('wait', config);
    expect(problems).toBeUndefined();
    expect(result).toMatchObject({ count: 1, seen: 1, message: { topic, value: { user_id: 'u1', fresh: true } } });
    expect(summary).toMatch(/^1 matched of 1 seen, lag \d+ ms$/);
    expect(await countRead()).toBeLessThan(100);
  });

  it('finds none of them when this run sends nothing, fails, and says that older ones would have matched', async () => {
    await send({ id: 1 }, { id: 2 }, { id: 1 });
    const config = { brokers, topic, timeout: '2s', match: { value: { id: 1 } } };
    await flow.prepare('wait', config);
    const { problems, details, result } = await flow.run('wait', config);
    expect(result).toMatchObject({ count: 0, seen: 0, message: null, lag_ms: null });
    expect(problems?.[0]).toMatchObject({
      outcome: 'failed',
      kind: 'expectation',
      message: `expected 1 message on \`${topic}\` that matches, got none of 0 seen within 2 s`,
    });
    expect(problems?.[0]?.hints?.[0]).toMatch(
      /^none came since the beginning of this run; 2 older messages on `.*` match, which only `since: earliest` takes \(the newest \[0\] offset 2 of .*\)$/,
    );
    const line = expect.stringMatching(/^none was seen since the beginning of this run, until [\d-]+T[\d:.]+Z$/);
    expect(details).toEqual([{ title: 'messages', lines: [line] }]);
  });

  it('finds a message that was there long before the step began', async () => {
    const config = { brokers, topic, timeout: '5s' };
    await flow.prepare('wait', config);
    await send({ early: true });
    await other.send(nameTopic('elsewhere'), [{ value: 'x' }]);
    expect((await flow.run('wait', config)).result['message']).toMatchObject({ value: { early: true }, offset: 0 });
  });

  it('counts as lag neither the time before the wait nor a clock that runs ahead', async () => {
    const config = { brokers, topic, timeout: '5s', match: { value: { id: 1 } } };
    await flow.prepare('late', config);
    await flow.prepare('ahead', config);
    await other.send(topic, [{ value: '{"id":1}', timestamp: String(Date.now() - 1500) }]);
    expect((await flow.run('late', config)).result['lag_ms']).toBeLessThan(1000);
    const ahead = { ...config, match: { value: { id: 2 } } };
    await other.send(topic, [{ value: '{"id":2}', timestamp: String(Date.now() + 60_000) }]);
    const { result, summary } = await flow.run('ahead', ahead);
    expect(result).toMatchObject({ count: 1, lag_ms: null });
    expect(summary).toBe('1 matched of 2 seen');
    expect(flow.io.notes).toEqual([expect.stringMatching(/^`lag_ms` is nil: .* is ahead of this machine's$/)]);
  });

  it('waits on a topic that does not exist yet, without making it', async () => {
    const config = { brokers, topic, timeout: '10s', match: { key: 'k' } };
    await flow.prepare('wait', config);
    const waiting = flow.run('wait', config);
    await expect.poll(() => flow.io.shownProgress.length).toBeGreaterThan(1);
    await other.createTopic(topic, 4);
    await other.send(topic, [{ key: 'k', value: 'born late', partition: 3 }]);
    expect((await waiting).result['message']).toMatchObject({ value: 'born late', partition: 3, key: 'k' });
  });

  it('fails a wait on a topic that nobody makes, and does not make it either', async () => {
    const config = { brokers, topic, timeout: '400ms' };
    await flow.prepare('wait', config);
    expect((await flow.run('wait', config)).problems?.[0]?.message).toBe(
      `expected 1 message on \`${topic}\`, got none of 0 seen within 400 ms`,
    );
    expect(await other.listTopics()).not.toContain(topic);
  });

  it('leaves no consumer group behind', async () => {
    const config = { brokers, topic, timeout: '5s', group_id: 'mine' };
    await flow.prepare('wait', config);
    await send({ a: 1 });
    await flow.run('wait', config);
    const groups = await other.listGroups();
    expect(groups).not.toContain('mine');
    expect(groups.filter((group) => /testmesh/.test(group))).toEqual([]);
    expect(flow.io.notes).toEqual(['`group_id` has no effect: no consumer group is joined, nothing is committed']);
  });

  it('serves two who wait on one topic at once, each from its own position', async () => {
    await flow.prepare('first', { brokers, topic });
    await send({ n: 1 });
    await flow.prepare('second', { brokers, topic });
    const first = flow.run('first', {
      brokers,
      topic,
      timeout: '10s',
      count: 2,
      match: { where: undefined, value: {} },
    });
    await expect.poll(() => flow.io.shownProgress.some((text) => text.startsWith('1 of 2 matched'))).toBe(true);
    const second = flow.run('second', { brokers, topic, timeout: '10s', match: { value: { n: 2 } } });
    const third = flow.run('third', {
      brokers,
      topic,
      timeout: '10s',
      since: 'earliest',
      count: 2,
      match: { value: {} },
    });
    await send({ n: 2 });
    const results = await Promise.all([first, second, third]);
    expect(results.map(({ result }) => readValues(result))).toEqual([
      [{ n: 1 }, { n: 2 }],
      [{ n: 2 }],
      [{ n: 1 }, { n: 2 }],
    ]);
  });

  it('counts a message once among waits without rules', async () => {
    const config = { brokers, topic, timeout: '500ms' };
    await flow.prepare('one', config);
    await flow.prepare('two', config);
    await flow.prepare('three', config);
    await send({ n: 1 }, { n: 2 });
    const outcomes: ActionOutcome[] = [];
    for (const address of ['one', 'two', 'three']) outcomes.push(await flow.run(address, config));
    expect(outcomes.map(({ result }) => readValues(result))).toEqual([[{ n: 1 }], [{ n: 2 }], []]);
    expect(outcomes[2]?.details?.[0]?.lines).toContain('1 of them satisfied `one` before');
  });

  it('sees a duplicate with `exactly`, and silence with `count: 0`', async () => {
    const twice = { brokers, topic, timeout: '5s', exactly: true, settle: '300ms' };
    await flow.prepare('twice', twice);
    await flow.prepare('none', { brokers, topic, count: 0 });
    const quiet = { brokers, topic: nameTopic('quiet'), timeout: '300ms', count: 0 };
    await flow.prepare('quiet', quiet);
    expect(await flow.run('quiet', quiet)).toMatchObject({ summary: '0 matched of 0 seen' });
    await send({ n: 1 }, { n: 1 });
    expect((await flow.run('twice', twice)).problems?.[0]?.message).toMatch(
      /^expected exactly 1 message on `.*`, got 2 of 2 seen within \d+ ms$/,
    );
    expect((await flow.run('none', { brokers, topic, count: 0 })).problems?.[0]?.message).toMatch(
      /^expected no message on `.*`, got 1 of 1 seen within/,
    );
  });

  it('reads what another client writes: keys, headers, tombstones, bytes, digits and text that is JSON', async () => {
    const config = { brokers, topic, timeout: '10s', count: 5 };
    await flow.prepare('wait', config);
    await other.send(topic, [
      {
        key: 'k',
        value: '{"n":9007199254740993,"t":"x"}',
        headers: { Trace: 'a', many: ['1', '2'], raw: Buffer.from([255]) },
      },
      { value: null },
      { value: Buffer.from([255, 254]) },
      { value: '42' },
      { value: '' },
    ]);
    const { result } = await flow.run('wait', config);
    const messages = result['messages'] as readonly ValueMap[];
    expect(messages.map(({ value }) => value)).toEqual([
      { n: new ExactNumber('9007199254740993'), t: 'x' },
      null,
      '//4=',
      '42',
      '',
    ]);
    expect(messages.map(({ json }) => json)).toEqual([messages[0]?.['value'], null, null, 42, null]);
    expect(messages[0]).toMatchObject({ key: 'k', headers: { Trace: 'a', many: '1, 2', raw: '/w==' }, partition: 0 });
    expect(messages.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
    expect(messages[1]?.['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('does not see transactions that were aborted', async () => {
    const config = { brokers, topic, timeout: '10s', count: 2 };
    await flow.prepare('wait', config);
    await other.transact(topic, ['a1', 'a2'], 'abort');
    await other.transact(topic, ['c1'], 'commit');
    await other.transact(topic, ['a3'], 'abort');
    await other.transact(topic, ['c2'], 'commit');
    const { result } = await flow.run('wait', config);
    expect(readValues(result)).toEqual(['c1', 'c2']);
    expect(result['seen']).toBe(2);
  });

  describe('since', () => {
    it('`step:<id>` begins right before that step', async () => {
      const config = { brokers, topic, timeout: '5s', since: 'step:pay' };
      await flow.prepare('wait', config);
      await send({ n: 'before' });
      await flow.reach('pay');
      await send({ n: 'after' });
      expect(readValues((await flow.run('wait', config)).result)).toEqual([{ n: 'after' }]);
    });

    it('`now` begins with the step, `earliest` with the topic, a time with the first message not older', async () => {
      await other.send(topic, [{ value: 'old', timestamp: String(Date.now() - 600_000) }]);
      await other.send(topic, [{ value: 'newer', timestamp: String(Date.now() - 10_000) }]);
      const read = async (since: string | number) =>
        readValues(
          (
            await flow.run(`${since}`, {
              brokers,
              topic,
              timeout: '300ms',
              since,
              match: { value: 'newer' },
              count: { min: 0, max: 9 },
            })
          ).result,
        );
      expect(await read('earliest')).toEqual(['newer']);
      expect(await read('-1m')).toEqual(['newer']);
      expect(await read(new Date(Date.now() - 60_000).toISOString())).toEqual(['newer']);
      expect(await read(new Date(Date.now() - 5000).toISOString())).toEqual([]);
      expect(await read(Date.now() - 60_000)).toEqual(['newer']);
      expect(await read(Math.floor(Date.now() / 1000) - 60)).toEqual(['newer']);
      expect(await read('flow')).toEqual([]);
      expect(await read('now')).toEqual([]);
    });

    it('is the recorded position when the step runs alone, so the event of that run is found again', async () => {
      const config = { brokers, topic, timeout: '5s', match: { value: { n: 1 } } };
      await flow.prepare('wait', config);
      await send({ n: 1 });
      await flow.run('wait', config);
      const again = createKafkaFlow(kafkaConsumer);
      try {
        for (const [key, value] of flow.memory) again.memory.set(key, value);
        await again.prepare('wait', config, { isReplay: true });
        expect((await again.run('wait', config, { isReplay: true })).result).toMatchObject({ count: 1 });
      } finally {
        await again.close();
      }
    });

    it('takes a recorded position of brokers by another name, and refuses that of others', async () => {
      const config = { brokers, topic, timeout: '5s', match: { value: { n: 1 } } };
      await send({ n: 0 });
      await flow.prepare('wait', config);
      await send({ n: 1 });
      const memory = [...flow.memory];
      const runWith = async (recorded: readonly (readonly [RegExp, string])[]) => {
        const again = createKafkaFlow(kafkaConsumer);
        try {
          for (const [key, value] of memory) {
            const text = recorded.reduce((json, [from, to]) => json.replace(from, to), JSON.stringify(value));
            again.memory.set(key, JSON.parse(text));
          }
          await again.prepare('wait', config, { isReplay: true });
          return await again.run('wait', config, { isReplay: true });
        } finally {
          await again.close();
        }
      };
      const otherName = [/"brokers":"[^"]*"/, '"brokers":"elsewhere:9092"'] as const;
      const otherId = [/"id":"[^"]*"/, '"id":"00000000-0000-0000-0000-000000000001"'] as const;
      const noId = [/"id":"[^"]*"/, '"id":null'] as const;
      expect((await runWith([otherName])).result).toMatchObject({ count: 1 });
      for (const id of [otherId, noId]) {
        await expect(runWith([otherName, id])).rejects.toMatchObject({
          problem: {
            code: 'TM333',
            message: `the recorded positions of \`${topic}\` are those of elsewhere:9092, not of ${brokers}`,
            hints: expect.arrayContaining(['or read what is there: `since: earliest`, or `since: -10m`']),
          },
        });
      }
    });

    it('needs a record to run alone, and says what else will do', async () => {
      const prepared = flow.prepare('wait', { brokers, topic }, { isReplay: true });
      await expect(prepared).rejects.toMatchObject({
        problem: {
          kind: 'authoring',
          hints: [
            'run it together with what it waits for: the whole flow, once',
            'or read what is there: `since: earliest`, or `since: -10m`',
          ],
        },
      });
    });
  });

  it('names the topic of the flow to which what was meant went by mistake', async () => {
    const mistaken = nameTopic('mistaken');
    await other.send(mistaken, [{ value: '{"id":"o1"}' }]);
    await flow.prepare('mistaken', { brokers, topic: mistaken });
    const config = { brokers, topic, timeout: '300ms', match: { value: { id: 'o1' } } };
    await flow.prepare('wait', config);
    await other.send(mistaken, [{ value: '{"id":"o1"}' }, { value: '{"id":"o2"}' }]);
    expect((await flow.run('wait', config)).problems?.[0]?.hints).toEqual([
      `1 message of this run on \`${mistaken}\` would match: is the topic wrong?`,
    ]);
  });

  it('names the topic of the flow where the key was seen instead', async () => {
    const failed = nameTopic('failed');
    await flow.prepare('failed', { brokers, topic: failed });
    const config = { brokers, topic, timeout: '300ms', match: { key: 'o1' } };
    await flow.prepare('wait', config);
    await other.send(failed, [
      { key: 'o1', value: 'x' },
      { key: 'o2', value: 'x' },
    ]);
    expect((await flow.run('wait', config)).problems?.[0]?.hints).toEqual([
      `the same key was seen on \`${failed}\` (1 message)`,
    ]);
  });

  it('reads a topic that was deleted and made again from its beginning', async () => {
    await send({ n: 0 }, { n: 1 }, { n: 2 });
    const config = { brokers, topic, timeout: '10s', match: { value: { n: 9 } } };
    await flow.prepare('wait', config);
    await other.deleteTopic(topic);
    await expect
      .poll(() =>
        other.createTopic(topic, 1).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await send({ n: 9 });
    expect((await flow.run('wait', config)).result).toMatchObject({ count: 1, message: { offset: 0 } });
  });

  it('ends at once when it is interrupted', async () => {
    const stop = new Stop();
    const config = { brokers, topic, timeout: '30s' };
    await flow.prepare('wait', config);
    const waiting = flow.run('wait', config, { stop });
    await expect.poll(() => flow.io.shownProgress.length).toBeGreaterThan(1);
    const startedAt = performance.now();
    stop.end(new StopError('interrupted', 'interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    await flow.close();
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('kafka_consumer and brokers that are not there', () => {
  let server: Server;
  let silent: string;
  let flow: KafkaFlow;

  beforeAll(async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    silent = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    flow = createKafkaFlow(kafkaConsumer);
  });
  afterEach(() => flow.close());

  const capture = async (work: Promise<unknown>): Promise<ActionError> => {
    const error = await work.catch((thrown: unknown) => thrown);
    if (error instanceof ActionError) return error;
    throw new Error(`expected an ActionError, got ${String(error)}`);
  };

  it('is errored, not failed, when the connection is refused, and names the step that waits', async () => {
    const error = await capture(flow.prepare('wait_paid', { brokers: '127.0.0.1:1', topic: 't', timeout: '3s' }));
    expect(error.problem).toEqual({
      outcome: 'errored',
      kind: 'connection',
      code: 'ECONNREFUSED',
      message: '`127.0.0.1:1` cannot be reached: connection refused (ECONNREFUSED)',
      hints: ['nothing listens there: is the broker up, and is `brokers` right?'],
    });
    expect(error.data).toEqual({ peer: '127.0.0.1:1' });
  });

  it('keeps its deadline with a broker that takes connections and never answers', async () => {
    const startedAt = performance.now();
    const error = await capture(flow.prepare('wait', { brokers: silent, topic: 't', timeout: '600ms' }));
    expect(error.problem).toMatchObject({ outcome: 'errored', kind: 'timeout', code: 'ETIMEDOUT' });
    expect(error.problem.message).toBe(`no answer from \`${silent}\` within 600 ms`);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    const late = await capture(flow.run('now', { brokers: silent, topic: 't', timeout: '300ms', since: 'now' }));
    expect(late.problem).toMatchObject({ outcome: 'errored', kind: 'timeout' });
  });

  it('is not an error yet for a step that may not run', async () => {
    await flow.prepare('wait', { brokers: '127.0.0.1:1', topic: 't', timeout: '1s' }, { isConditional: true });
    const error = await capture(flow.run('wait', { brokers: '127.0.0.1:1', topic: 't', timeout: '1s' }));
    expect(error.problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED' });
  });
});

function readValues(result: Readonly<Record<string, Value>>): readonly Value[] {
  return (result['messages'] as readonly ValueMap[]).map((message) => message['value'] ?? null);
}
