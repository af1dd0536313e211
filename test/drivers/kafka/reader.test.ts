import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FetchedPart } from '../../../src/drivers/kafka/answers.ts';
import type { FetchRequest, KafkaClient } from '../../../src/drivers/kafka/client.ts';
import { KafkaError } from '../../../src/drivers/kafka/errors.ts';
import { TopicReader } from '../../../src/drivers/kafka/reader.ts';
import type { TopicFacts } from '../../../src/drivers/kafka/topic-facts.ts';
import type { KafkaSubscription } from '../../../src/drivers/kafka/types.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';

const peers = [{ host: 'localhost', port: 9092 }];
const nodes = new Map([
  [1, { host: 'one', port: 1 }],
  [2, { host: 'two', port: 2 }],
]);

/** Brokers in memory: partitions are lists of texts, offsets their positions. */
class FakeCluster {
  id = 'id-1';
  leaders = [1];
  logs: string[][] = [[]];
  starts: bigint[] = [0n];
  fetches: FetchRequest[] = [];
  /** What a broker answers instead, by node. */
  failures = new Map<string, () => Promise<never>>();
  exists = true;
  /** Where the first open transaction begins. */
  openFrom: number | undefined;
  /** Whether a broker answers with nothing although there is something. */
  isStarving = false;

  describeTopic = async (): Promise<TopicFacts | undefined> =>
    this.exists ? { id: this.id, leaders: this.leaders, nodes } : undefined;

  listOffsets = async (_topic: string, _facts: TopicFacts, timestamp: bigint) =>
    new Map(
      this.logs.map((log, index) => [index, timestamp === -2n ? (this.starts[index] ?? 0n) : BigInt(log.length)]),
    );

  fetch = async (request: FetchRequest): Promise<readonly FetchedPart[]> => {
    this.fetches.push(request);
    await this.failures.get(request.node.host)?.();
    await new Promise((resolve) => setTimeout(resolve, request.maxWaitMs > 0 ? 5 : 0));
    if (request.topicId !== this.id)
      return [...request.offsets.keys()].map((one) => createPart(one, 'UNKNOWN_TOPIC_ID'));
    return [...request.offsets].map(([partition, offset]) => this.#readPart(request, partition, offset));
  };

  openLane = () => ({ close: async () => undefined });
  reset = () => undefined;

  #readPart(request: FetchRequest, partition: number, offset: bigint): FetchedPart {
    const log = this.logs[partition] ?? [];
    if (nodes.get(this.leaders[partition] ?? 0)?.host !== request.node.host)
      return createPart(partition, 'NOT_LEADER_OR_FOLLOWER');
    if (offset < (this.starts[partition] ?? 0n) || offset > log.length)
      return createPart(partition, 'OFFSET_OUT_OF_RANGE');
    const stable = Math.min(log.length, this.openFrom ?? log.length);
    const values = log.slice(Number(offset), Math.min(stable, Number(offset) + 3));
    const part = { ...createPart(partition), highWatermark: BigInt(log.length), lastStableOffset: BigInt(stable) };
    return values.length === 0 || this.isStarving ? part : { ...part, batches: [createBatch(offset, values)] };
  }
}

function createPart(partition: number, error?: string): FetchedPart {
  return { partition, error, highWatermark: -1n, lastStableOffset: -1n, batches: [], aborted: [] };
}

function createBatch(firstOffset: bigint, values: readonly string[]) {
  return {
    firstOffset,
    attributes: 0,
    lastOffsetDelta: values.length - 1,
    firstTimestamp: 0n,
    maxTimestamp: 0n,
    producerId: -1n,
    records: values.map((value, offsetDelta) => ({
      timestampDelta: 0n,
      offsetDelta,
      key: null,
      value: Buffer.from(value),
      headers: [],
    })),
  };
}

interface Seen {
  readonly values: string[];
  readonly troubles: (string | undefined)[];
  readonly ends: string[];
  readonly subscription: KafkaSubscription;
}

describe('TopicReader', () => {
  let cluster: FakeCluster;
  let reader: TopicReader;

  beforeEach(() => {
    cluster = new FakeCluster();
    const facts = { clock: createClock(), peers, counter: { records: 0 } };
    reader = new TopicReader('t', async () => cluster as unknown as KafkaClient, facts);
  });
  afterEach(() => reader.close());

  function follow(offsets: Record<number, bigint> = {}, id: string | undefined = cluster.id): Seen {
    const values: string[] = [];
    const troubles: (string | undefined)[] = [];
    const ends: string[] = [];
    const start = {
      ...(id !== undefined && { id }),
      offsets: new Map(Object.entries(offsets).map(([p, o]) => [Number(p), o])),
    };
    const subscription = reader.follow(start, {
      onRecords: (records) => values.push(...records.map(({ value }) => String(value))),
      onTrouble: (trouble) => troubles.push(trouble?.message),
      onEnd: (error) => ends.push(error.message),
    });
    return { values, troubles, ends, subscription };
  }

  it('hands over what lies at the position and behind it, once and in order', async () => {
    cluster.logs = [['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']];
    const { values } = follow({ 0: 2n });
    await expect.poll(() => values).toEqual(['c', 'd', 'e', 'f', 'g', 'h']);
    cluster.logs[0]?.push('i');
    await expect.poll(() => values).toEqual(['c', 'd', 'e', 'f', 'g', 'h', 'i']);
  });

  it('serves each from its own position with one reader', async () => {
    cluster.logs = [['a', 'b', 'c']];
    const early = follow({ 0: 0n });
    await expect.poll(() => early.values).toEqual(['a', 'b', 'c']);
    const late = follow({ 0: 1n });
    const newest = follow({ 0: 3n });
    cluster.logs[0]?.push('d');
    await expect.poll(() => late.values).toEqual(['b', 'c', 'd']);
    await expect.poll(() => newest.values).toEqual(['d']);
    expect(early.values).toEqual(['a', 'b', 'c', 'd']);
  });

  it('asks no more when nobody waits', async () => {
    const { subscription } = follow();
    await expect.poll(() => cluster.fetches.length).toBeGreaterThan(2);
    subscription.stop();
    let before = -1;
    await expect
      .poll(() => {
        const isQuiet = cluster.fetches.length === before;
        before = cluster.fetches.length;
        return isQuiet;
      })
      .toBe(true);
  });

  it('waits for a topic that is not there, and reads it from 0', async () => {
    cluster.exists = false;
    const { values, subscription } = follow({}, undefined);
    await expect.poll(() => subscription.findDoubt()).toBeUndefined();
    cluster.logs = [['first']];
    cluster.exists = true;
    await expect.poll(() => values).toEqual(['first']);
  });

  it('reads partitions that were added later from 0', async () => {
    cluster.logs = [['old']];
    const { values } = follow({ 0: 1n });
    await expect.poll(() => cluster.fetches.length).toBeGreaterThan(0);
    cluster.logs.push(['new']);
    cluster.leaders = [1, 2];
    await expect.poll(() => values, { timeout: 5000 }).toEqual(['new']);
  });

  it('follows a leader that moves', async () => {
    const { values } = follow();
    await expect.poll(() => cluster.fetches.length).toBeGreaterThan(0);
    cluster.leaders = [2];
    cluster.logs[0]?.push('moved');
    await expect.poll(() => values, { timeout: 5000 }).toEqual(['moved']);
  });

  it('reads a topic that was made anew from its beginning', async () => {
    cluster.logs = [['a', 'b', 'c']];
    const { values } = follow({ 0: 3n });
    await expect.poll(() => cluster.fetches.length).toBeGreaterThan(0);
    cluster.id = 'id-2';
    cluster.logs = [['fresh']];
    await expect.poll(() => values, { timeout: 5000 }).toEqual(['fresh']);
  });

  it('goes on at the beginning when older messages were deleted', async () => {
    cluster.logs = [['a', 'b', 'c']];
    cluster.starts = [2n];
    expect((await collect(follow({ 0: 0n }), 1)).values).toEqual(['c']);
  });

  it('goes on at the end when the log was cut back', async () => {
    cluster.logs = [['a']];
    const seen = follow({ 0: 9n });
    await expect.poll(() => cluster.fetches.some(({ offsets }) => offsets.get(0) === 1n)).toBe(true);
    cluster.logs[0]?.push('b');
    expect((await collect(seen, 1)).values).toEqual(['b']);
    await expect.poll(() => seen.subscription.findDoubt()?.message).toMatch(/: \[0\] was cut back from offset 9 to 1$/);
  });

  it('doubts silence where something was deleted unread, and not where it was older', async () => {
    cluster.logs = [['a', 'b', 'c'], ['d']];
    cluster.leaders = [1, 1];
    cluster.starts = [2n, 0n];
    const early = follow({ 0: 0n, 1: 1n });
    const late = follow({ 0: 2n, 1: 0n });
    await expect
      .poll(() => early.subscription.findDoubt()?.message)
      .toBe('messages on `t` may have been deleted before they were read: [0] lost offsets 0 to 1');
    await expect.poll(() => late.values.toSorted()).toEqual(['c', 'd']);
    await expect.poll(() => late.subscription.findDoubt()).toBeUndefined();
  });

  it('doubts silence on a topic that was deleted, or made anew', async () => {
    const { subscription } = follow({ 0: 0n });
    const other = follow({ 0: 0n });
    await expect.poll(() => subscription.findDoubt()).toBeUndefined();
    cluster.exists = false;
    await expect.poll(() => subscription.findDoubt()?.message, { timeout: 5000 }).toMatch(/: it was deleted$/);
    cluster.exists = true;
    await expect.poll(() => subscription.findDoubt(), { timeout: 5000 }).toBeUndefined();
    cluster.id = 'id-2';
    await expect
      .poll(() => other.subscription.findDoubt()?.message, { timeout: 5000 })
      .toMatch(/: it was deleted and created again$/);
  });

  it('tells of trouble, doubts what it cannot know, and goes on', async () => {
    const { values, troubles, subscription } = follow();
    await expect.poll(() => subscription.findDoubt()).toBeUndefined();
    const refused = new KafkaError('refused', { kind: 'connection', isTransient: true });
    cluster.failures.set('one', () => Promise.reject(refused));
    await expect.poll(() => subscription.findDoubt()).toBe(refused);
    cluster.failures.clear();
    cluster.logs[0]?.push('after');
    await expect.poll(() => values).toEqual(['after']);
    await expect.poll(() => subscription.findDoubt()).toBeUndefined();
    expect(troubles[0]).toBe('refused');
    expect(troubles.at(-1)).toBeUndefined();
  });

  it('doubts a broker of which nothing is heard', async () => {
    cluster.failures.set('one', () => new Promise(() => undefined));
    const { subscription } = follow();
    await expect.poll(() => cluster.fetches.length).toBe(1);
    expect(subscription.findDoubt()?.message).toMatch(/^no answer from `localhost:9092` within \d+ ms$/);
  });

  it('gets its first answer at once, so that a short wait can tell of silence', async () => {
    const { subscription } = follow();
    await expect.poll(() => cluster.fetches.length).toBeGreaterThan(1);
    expect(cluster.fetches.slice(0, 2).map(({ maxWaitMs }) => maxWaitMs)).toEqual([0, 250]);
    expect(subscription.findDoubt()).toBeUndefined();
  });

  it('doubts silence while there is something that was not read', async () => {
    cluster.logs = [['a', 'b'], ['c']];
    cluster.leaders = [1, 1];
    cluster.isStarving = true;
    const { subscription, values } = follow({ 0: 1n, 1: 0n });
    await expect
      .poll(() => subscription.findDoubt()?.message)
      .toBe('time ran out before `t` was read to its end: 2 offsets were left');
    cluster.isStarving = false;
    await expect.poll(() => values.toSorted()).toEqual(['b', 'c']);
    await expect.poll(() => subscription.findDoubt()).toBeUndefined();
  });

  it('counts what an open transaction keeps back, which is no doubt', async () => {
    cluster.logs = [['a', 'b', 'c', 'd']];
    cluster.openFrom = 1;
    const { subscription, values } = follow({ 0: 0n });
    await expect.poll(() => subscription.countHeld()).toBe(3);
    await expect.poll(() => values).toEqual(['a']);
    await expect.poll(() => subscription.findDoubt()).toBeUndefined();
    cluster.openFrom = undefined;
    await expect.poll(() => values).toEqual(['a', 'b', 'c', 'd']);
    expect(subscription.countHeld()).toBe(0);
  });

  it('ends what will not get better', async () => {
    const denied = new KafkaError('may not be read', { kind: 'kafka', code: 'TOPIC_AUTHORIZATION_FAILED' });
    cluster.failures.set('one', () => Promise.reject(denied));
    const { ends } = follow();
    await expect.poll(() => ends).toEqual(['may not be read']);
  });

  async function collect(seen: Seen, count: number): Promise<Seen> {
    await expect.poll(() => seen.values.length).toBeGreaterThanOrEqual(count);
    return seen;
  }
});
