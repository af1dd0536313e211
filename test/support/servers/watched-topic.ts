import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createFakeIo, type FakeIo } from '../fake-io.ts';
import { connectOtherClient, nameTopic, type OtherClient } from './kafka.ts';

/** What a test of a watched topic works with. */
export interface WatchedTopic {
  readonly other: OtherClient;
  readonly io: FakeIo;
  readonly topic: string;
}

/** Gives each test a topic of its own, with two partitions and a message that was there before. */
export function useWatchedTopic(brokers: string, name: string, take: (given: WatchedTopic) => void): void {
  let other: OtherClient;
  let io: FakeIo;
  beforeAll(async () => {
    other = await connectOtherClient(brokers);
  });
  afterAll(() => other.close());
  beforeEach(async () => {
    io = createFakeIo();
    const topic = nameTopic(name);
    await other.createTopic(topic, 2);
    await other.send(topic, [{ key: 'k', value: 'before', partition: 1 }]);
    take({ other, io, topic });
  });
  afterEach(async () => {
    expect(await io.close()).toEqual([]);
  });
}
