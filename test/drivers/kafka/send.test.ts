import { expect, it } from 'vitest';
import type { KafkaClient } from '../../../src/drivers/kafka/client.ts';
import { type SendFacts, sendMessages } from '../../../src/drivers/kafka/send.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';

const peer = { host: 'broker', port: 9092 };
const never = new Promise<never>(() => undefined);

/** Sends a message to a broker that answers who leads, and that of the messages. */
function send(acks: SendFacts['acks'], produce: () => Promise<never>): Promise<unknown> {
  const described = { leaders: [1], nodes: new Map([[1, peer]]) };
  const client = { describeTopic: async () => described, produce } as unknown as KafkaClient;
  const limits = { timeoutMs: 50, signal: new AbortController().signal };
  const how = { clock: createClock(), limits, peers: [peer], unreachableMs: 0, onFailure: () => undefined };
  const facts = { client, how, acks, compression: 'none', lane: {} } as unknown as SendFacts;
  return sendMessages(facts, [{ topic: 't', timestampMs: 0 }] as unknown as Parameters<typeof sendMessages>[1]);
}

it.each<[string, SendFacts['acks'], () => Promise<never>, RegExp]>([
  [
    'that never comes',
    'all',
    () => never,
    /^no acknowledgement came: no answer from `broker:9092` within \d+ ms; the message/,
  ],
  [
    'whose connection is cut',
    'leader',
    () => Promise.reject(Object.assign(new Error('cut'), { code: 'ECONNRESET' })),
    /^no acknowledgement came: `broker:9092` cut the connection \(ECONNRESET\); the message may have been written$/,
  ],
  [
    'that nobody asked for',
    'none',
    () => Promise.reject(Object.assign(new Error('cut'), { code: 'ECONNRESET' })),
    /^`broker:9092` cut the connection \(ECONNRESET\); the message may have been written$/,
  ],
])('says of an acknowledgement %s that the message may be there', async (_, acks, produce, message) => {
  await expect(send(acks, produce)).rejects.toThrow(message);
});
