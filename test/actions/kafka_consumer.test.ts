import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nameConnection } from '../../src/actions/kafka/connect.ts';
import { kafkaConsumer } from '../../src/actions/kafka_consumer.ts';
import { KafkaError } from '../../src/drivers/kafka/errors.ts';
import type { KafkaListener, KafkaPositions, KafkaRecord, TopicOffsets } from '../../src/drivers/kafka/types.ts';
import type { ActionError } from '../../src/model/action/outcome.ts';
import { createExpressionAt } from '../support/expression-at.ts';
import { createKafkaFlow, type KafkaFlow } from '../support/servers/kafka.ts';

const brokers = 'localhost:9092';
const refused = new KafkaError('`localhost:9092` cannot be reached: connection refused (ECONNREFUSED)', {
  kind: 'connection',
  code: 'ECONNREFUSED',
  peer: 'localhost:9092',
  isTransient: true,
});

/** Brokers that do as they are told. */
class FakeConnection {
  readonly starts: [string, TopicOffsets][] = [];
  readonly armed: string[][] = [];
  ends = new Map([[0, 5n]]);
  armError: Error | undefined;
  doubt: Error | undefined;
  held = 0;
  listeners: KafkaListener[] = [];
  /** Done as soon as somebody waits, before any time goes by. */
  whenFollowed: () => void = () => undefined;

  async arm(topics: readonly string[]): Promise<KafkaPositions> {
    if (this.armError) throw this.armError;
    this.armed.push([...topics]);
    const idOf = (topic: string) => (this.topics.includes(topic) ? topic : undefined);
    return new Map(topics.map((topic) => [topic, { id: idOf(topic), offsets: new Map(this.ends) }]));
  }

  follow(topic: string, start: TopicOffsets, listener: KafkaListener) {
    this.starts.push([topic, start]);
    this.listeners.push(listener);
    queueMicrotask(this.whenFollowed);
    return { findDoubt: () => this.doubt, countHeld: () => this.held, stop: () => undefined };
  }

  /** The topics that there are. */
  topics: readonly string[] = ['t'];
  isMaking = true;
  listTopics = async () => this.topics;
  makesTopics = async () => this.isMaking;
  scan = async () => ({ scanned: 0, left: 0n, isCut: false });
  offsetsAt = (topics: readonly string[]) => this.arm(topics);

  /** Hands messages to all who wait. */
  send(...values: readonly unknown[]): void {
    const records = values.map((value): KafkaRecord => {
      const offset = (this.ends.get(0) ?? 0n) + 1n;
      this.ends.set(0, offset);
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
      return { topic: 't', partition: 0, offset, timestampMs: Date.now() - 10, key: null, value: bytes, headers: [] };
    });
    for (const listener of this.listeners) listener.onRecords(records);
  }
}

describe('kafka_consumer', () => {
  let fake: FakeConnection;
  let flow: KafkaFlow;

  beforeEach(async () => {
    fake = new FakeConnection();
    flow = createKafkaFlow(kafkaConsumer);
    const resource = { value: fake, close: async () => undefined };
    await flow.io.resources.open(nameConnection({ brokers }), async () => resource);
  });
  afterEach(() => flow.close());

  /** Runs a wait; what is to happen meanwhile happens as soon as it follows the topic. */
  function run(config: object, meanwhile: () => void = () => undefined, address = 'wait') {
    fake.whenFollowed = meanwhile;
    return flow.run(address, { brokers, topic: 't', timeout: '5s', ...config });
  }

  it('reads from where the topic ended before the first step, and keeps that for the record', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    fake.ends.set(0, 99n);
    const running = run({}, () => fake.send({ a: 1 }));
    const { result, summary } = await running;
    expect(fake.starts).toEqual([['t', { id: 't', offsets: new Map([[0, 5n]]) }]]);
    expect(Object.keys(result)).toEqual(Object.keys(kafkaConsumer.result.keys));
    expect(result).toMatchObject({
      count: 1,
      seen: 1,
      message: { topic: 't', partition: 0, value: { a: 1 }, key: null },
    });
    expect(summary).toMatch(/^1 matched of 1 seen, lag \d+ ms$/);
    expect(flow.memory.get('wait/positions')).toMatchObject({
      brokers,
      topics: { t: { id: 't', offsets: { '0': '5' } } },
    });
  });

  it('arms anew each time it is prepared', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    fake.ends.set(0, 7n);
    await flow.prepare('wait', { brokers, topic: 't' });
    await run({ timeout: '50ms' });
    expect(fake.starts[0]?.[1].offsets.get(0)).toBe(7n);
  });

  it('says that a key stands twice in what it took, and nothing of what it left', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const texts = ['{"ok":false,"no":1,"no":2}', '{"ok":true,"id":1,"id":2}'].map((text) => Buffer.from(text));
    const { result } = await run({ match: { value: { ok: true } } }, () => fake.send(...texts));
    expect(result['message']).toMatchObject({ value: { ok: true, id: 2 } });
    expect(flow.io.notes).toEqual(['`id` occurs twice as a key in a map of `value`: the last one counts']);
  });

  it('passes with as many as it wants and looks no further', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const running = run({ count: 2, match: { value: { ok: true } } }, () => {
      fake.send({ ok: true, n: 1 }, { ok: false }, { ok: true, n: 2 }, { ok: true, n: 3 });
    });
    expect((await running).result).toMatchObject({
      count: 2,
      seen: 3,
      messages: [{ value: { n: 1 } }, { value: { n: 2 } }],
    });
  });

  it('looks on for more than enough where the flow counts them, and says so', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const all = (): void => {
      fake.send({ n: 1 });
      setImmediate(() => fake.send({ n: 2 }, { n: 3 }));
    };
    fake.whenFollowed = all;
    const config = { brokers, topic: 't', timeout: '5s', settle: '150ms' };
    const { result, problems } = await flow.run('wait', config, { isCounted: true });
    expect(problems).toBeUndefined();
    expect(result).toMatchObject({ count: 3, seen: 3, message: { value: { n: 1 } } });
    expect(flow.io.notes).toEqual([
      'it looked for more for 150 ms, since the flow asks how many messages there are: `exactly: true` in `config` says so',
    ]);
    // How many there are can be said only of brokers that answered.
    fake.doubt = refused;
    await expect(flow.run('other', config, { isCounted: true })).rejects.toMatchObject({
      problem: { kind: 'connection' },
    });
  });

  it('names a topic that the brokers do not know, with the nearest: at the end, and before where none is made by itself', async () => {
    fake.topics = ['todo.created', 'todo.created.retry', 'orders'];
    const config = { brokers, topic: 'todos.created', timeout: '20ms' };
    const said = 'the brokers do not know the topic `todos.created`; there is `todo.created`';
    await flow.prepare('wait', config);
    expect(flow.io.notes).toEqual([]);
    expect((await flow.run('wait', config)).problems?.[0]?.hints).toEqual([said]);
    await flow.run('silence', { ...config, count: 0 });
    expect(flow.io.notes.splice(0)).toEqual([
      expect.stringMatching(/^brokers or topic were known only now/),
      `that nothing came proves little: ${said}`,
    ]);
    await flow.run('wait', config, { isErrorExpected: true });
    expect(flow.io.notes.splice(0)).toEqual([`that nothing came proves little: ${said}`]);
    fake.isMaking = false;
    await flow.prepare('wait', config);
    expect(flow.io.notes.splice(0)).toEqual([`${said}; they do not create topics by themselves`]);
    await flow.prepare('wait', config);
    fake.topics = ['todos.created'];
    await flow.prepare('wait', config);
    expect(flow.io.notes).toEqual([]);
  });

  it('fails with the messages it has when there are too few', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const running = run({ timeout: '100ms', count: 3 }, () => {
      fake.send({ n: 1 });
    });
    const { problems, result } = await running;
    expect(problems).toEqual([
      {
        outcome: 'failed',
        kind: 'expectation',
        message: 'expected 3 messages on `t`, got 1 of 1 seen within 100 ms',
        hints: [],
      },
    ]);
    expect(result).toMatchObject({ count: 1, messages: [{ value: { n: 1 } }] });
  });

  it('is errored, never failed, when the last look was not answered; what was seen is still told', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const running = run({ timeout: '100ms', match: { value: { n: 2 } } }, () => {
      fake.send({ n: 1 });
      fake.doubt = refused;
    });
    const error = (await running.catch((thrown: unknown) => thrown)) as ActionError;
    expect(error.problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED' });
    expect(error.details[1]?.lines).toContain('  ✗ value.n: expected int 2, got int 1');
  });

  it('tells until when it looked, and what an open transaction holds back', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const { problems, details } = await run({ timeout: '100ms' }, () => {
      fake.held = 2;
    });
    expect(problems?.[0]?.hints).toEqual([
      'a transaction that is still open holds back 2 offsets: its messages count once it is committed',
    ]);
    expect(details?.[0]?.lines[0]).toMatch(
      /^none was seen since the beginning of this run, until \d{4}-\d\d-\d\dT[\d:.]+Z$/,
    );
  });

  it.each([
    ['silence', { count: 0, timeout: '100ms' }, 1],
    ['an exact number', { count: 1, exactly: true, settle: '50ms' }, 1],
    ['one message, whatever else comes', { count: 1 }, 0],
  ])('that %s was found is told with what an open transaction holds back', async (_what, settings, noteCount) => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const { problems } = await run(settings, () => {
      fake.held = 2;
      if (settings.count === 1) fake.send({ n: 1 });
    });
    expect(problems ?? []).toEqual([]);
    expect(flow.io.notes.filter((note) => note.includes('holds back 2 offsets'))).toHaveLength(noteCount);
  });

  it('tells of silence that nil was expected, and of what was taken for want of a key', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const match = { value: { user_id: null }, headers: { 'x-id': null } };
    await run({ count: 0, timeout: '100ms', match }, () => fake.send({ user_id: 1 }));
    expect(flow.io.notes).toEqual([
      '`match` expects `headers["x-id"]` to be nil: a message with a value there does not count',
      '`match` expects `value.user_id` to be nil: a message with a value there does not count',
    ]);
    flow.io.notes.length = 0;
    for (const [source, note] of [
      ['value.statuss != "failed"', '`value` has no `statuss`; there is `status`'],
      ['first([value]).statuss == nil', 'no item of `[value]` has `statuss`; there is `status`'],
      ['value.status != "Failed"', expect.stringContaining('are one text but for letter case')],
    ]) {
      const match = { where: createExpressionAt(source) };
      await run({ timeout: '100ms', match }, () => fake.send({ status: 'failed' }), 'other');
      expect(flow.io.notes).toContainEqual(note);
    }
  });

  it('tells of silence that it asked for a key that nothing has, and of what came no more than that', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const { problems } = await run({ count: 0, timeout: '100ms', match: { value: { user_idd: 1 } } }, () => {
      fake.send({ user_id: 1 });
    });
    expect(problems ?? []).toEqual([]);
    expect(flow.io.notes).toEqual([
      expect.stringMatching(
        /^no message that was seen has `value\.user_idd`; t \[0\] offset \d+ has `value\.user_id`$/,
      ),
    ]);
  });

  it('shows a message once, and its json only where that says more', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    await run({ count: 2 }, () => fake.send({ n: 1 }, 42));
    const [first = '', second = ''] = flow.io.describeExchange()?.receivedBody?.split('\n') ?? [];
    expect(JSON.parse(first)).toEqual({
      topic: 't',
      partition: 0,
      offset: 6,
      key: null,
      value: { n: 1 },
      headers: {},
      timestamp: expect.any(String),
    });
    expect(JSON.parse(second)).toMatchObject({ value: '42', json: 42 });
  });

  it('does not pass on silence of brokers that say nothing', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const running = run({ timeout: '100ms', count: 0 }, () => {
      fake.doubt = refused;
    });
    await expect(running).rejects.toMatchObject({ problem: { outcome: 'errored' } });
  });

  it('ends at once when the topic may not be read', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const running = run({}, () => {
      fake.listeners[0]?.onEnd(new KafkaError('denied', { kind: 'kafka', code: 'TOPIC_AUTHORIZATION_FAILED' }));
    });
    await expect(running).rejects.toMatchObject({ problem: { kind: 'kafka', code: 'TOPIC_AUTHORIZATION_FAILED' } });
  });

  it.each([
    { config: { count: 1, exactly: true }, sent: 1, problem: undefined },
    {
      config: { count: 1, exactly: true },
      sent: 2,
      problem: 'expected exactly 1 message on `t`, got 2 of 2 seen within',
    },
    { config: { count: { min: 1, max: 2 } }, sent: 2, problem: undefined },
    {
      config: { count: { min: 1, max: 2 } },
      sent: 3,
      problem: 'expected 1 to 2 messages on `t`, got 3 of 3 seen within',
    },
    { config: { count: { max: 1 } }, sent: 0, problem: undefined },
    { config: { count: { max: 1 } }, sent: 2, problem: 'expected at most 1 message on `t`, got 2 of 2 seen within' },
    { config: { count: 0 }, sent: 0, problem: undefined },
    { config: { count: 0 }, sent: 1, problem: 'expected no message on `t`, got 1 of 1 seen within' },
  ])('wants $config and gets $sent', async ({ config, sent, problem }) => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const meanwhile = () => fake.send(...Array.from({ length: sent }, (_, n) => ({ n })));
    const { problems } = await run({ ...config, timeout: '200ms', settle: '50ms' }, meanwhile);
    if (problem === undefined) expect(problems).toBeUndefined();
    else expect(problems?.[0]?.message).toContain(problem);
  });

  it('takes the smaller of its own timeout and the step`s', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const outcome = await flow.run('wait', { brokers, topic: 't', timeout: '10s' }, { timeoutMs: 80 });
    expect(outcome.problems?.[0]?.message).toBe('expected 1 message on `t`, got none of 0 seen within 80 ms');
  });

  it('leaves a message to others when it was not satisfied itself', async () => {
    await flow.prepare('two', { brokers, topic: 't' });
    await flow.prepare('one', { brokers, topic: 't' });
    const two = await run({ count: 2, timeout: '100ms' }, () => fake.send({ n: 1 }), 'two');
    expect(two.problems).toHaveLength(1);
    fake.ends.set(0, 5n);
    expect((await run({}, () => fake.send({ n: 1 }), 'one')).result).toMatchObject({ count: 1 });
  });

  it('says what it waits for, and how to look by hand', async () => {
    await flow.prepare('wait', { brokers, topic: 't' });
    const running = run({ timeout: '100ms', match: { key: 'k' }, from_beginning: true }, () => {
      fake.send({ n: 1 });
      fake.listeners[0]?.onTrouble(refused);
    });
    await running;
    expect(flow.io.notes).toEqual([
      '`from_beginning` means from the beginning of this run; the whole topic is `since: earliest`',
    ]);
    expect(flow.io.shownProgress).toContain(`${refused.message}; trying again`);
    expect(flow.io.shownProgress[0]).toBe('asking localhost:9092 where to begin');
    expect(flow.io.describeExchange()).toEqual({
      sent: 'wait for `t` on localhost:9092, since the beginning of this run',
      sentBody: 'match {"key":"k"}',
      received: '0 messages matched of 1 seen',
      byHand: 'kcat -C -b localhost:9092 -t t -p 0 -o 5 -e',
    });
  });

  it('goes by the time when the broker was away before a step that may not run', async () => {
    fake.armError = refused;
    await flow.prepare('wait', { brokers, topic: 't' }, { isConditional: true });
    fake.armError = undefined;
    const running = run({}, () => {
      fake.send({ n: 1 });
    });
    await running;
    expect(flow.io.notes).toEqual([
      'the broker could not be reached before the run: messages are taken by their time from then on',
    ]);
  });

  it('says so when it knew brokers or topic too late', async () => {
    const running = run({}, () => {
      fake.send({ n: 1 });
    });
    await running;
    expect(flow.io.notes).toEqual([
      'brokers or topic were known only now: messages sent before this step are not seen',
    ]);
  });
});
