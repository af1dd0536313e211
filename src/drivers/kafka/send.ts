import { groupBy } from '../../util/group-by.ts';
import type { KafkaClient, Lane } from './client.ts';
import { interruptible, type Persistence, persist } from './deadline.ts';
import { KafkaError, toKafkaError } from './errors.ts';
import { findNode, type TopicFacts } from './topic-facts.ts';
import type { KafkaMessageToSend, SendOptions, SentRecord } from './types.ts';

/** How long a topic that nobody makes is waited for. */
const CREATION_MS = 5000;
/** Answers that say for certain that nothing was written. */
const NOTHING_WRITTEN: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
  'NOT_LEADER_OR_FOLLOWER',
  'TLS_HANDSHAKE_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);
const ACKS = { all: -1, leader: 1, none: 0 } as const;

export interface SendFacts extends SendOptions {
  readonly client: KafkaClient;
  readonly lane: Lane;
  readonly how: Persistence;
}

type Placed = KafkaMessageToSend & { readonly partition: number };

/**
 * Writes messages of one or several topics, each partition's in the order given.
 * @throws KafkaError; a message whose fate is not known is never sent again
 */
export async function sendMessages(
  facts: SendFacts,
  messages: readonly KafkaMessageToSend[],
): Promise<readonly SentRecord[]> {
  const answers = new Map<KafkaMessageToSend, SentRecord>();
  const byTopic = groupBy(messages, (message) => message.topic);
  for (const [topic, ofTopic] of byTopic) {
    const startedMs = facts.how.clock.monotonic();
    const described = await persist(facts.how, () => describe(facts, topic, startedMs));
    const placed = placeMessages(topic, ofTopic, described, await loadPartitioner());
    for (const [partition, batch] of groupBy(placed, (one) => one.message.partition)) {
      const packed = batch.map((one) => one.message);
      // No second attempt while the first may still be written: that would make two messages of one.
      const how = { ...facts.how, attemptMs: undefined };
      const written = await writeBatch({ ...facts, how }, { topic, partition, startedMs }, packed);
      for (const [index, one] of batch.entries()) answers.set(one.original, toSent(one.message, written, index));
    }
  }
  return messages.flatMap((message) => answers.get(message) ?? []);
}

async function describe(facts: SendFacts, topic: string, startedMs: number): Promise<TopicFacts> {
  const found = await facts.client.describeTopic(topic, true);
  if (found && found.leaders.length > 0 && found.leaders.every((leader) => found.nodes.has(leader))) return found;
  throw new KafkaError(`the topic \`${topic}\` does not exist, and the broker does not create it`, {
    kind: 'kafka',
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    isTransient: facts.how.clock.monotonic() - startedMs < CREATION_MS,
  });
}

async function loadPartitioner() {
  const { choosePartition } = await import('./client.ts');
  return choosePartition;
}

function placeMessages(
  topic: string,
  messages: readonly KafkaMessageToSend[],
  described: TopicFacts,
  choosePartition: (key: Buffer, count: number) => number,
): readonly { readonly original: KafkaMessageToSend; readonly message: Placed }[] {
  const count = described.leaders.length;
  return messages.map((original, index) => {
    const chosen = original.key ? choosePartition(original.key, count) : (original.timestampMs + index) % count;
    const partition = original.partition ?? chosen;
    if (partition < count) return { original, message: { ...original, partition } };
    const last = count === 1 ? 'only partition 0' : `partitions 0 to ${count - 1}`;
    const message = `the topic \`${topic}\` has ${last}, not ${partition}`;
    throw new KafkaError(message, { kind: 'kafka', code: 'UNKNOWN_PARTITION' });
  });
}

interface Written {
  readonly baseOffset: bigint | undefined;
  readonly appendedMs: number;
}

interface Target {
  readonly topic: string;
  readonly partition: number;
  readonly startedMs: number;
}

async function writeBatch(facts: SendFacts, target: Target, messages: readonly Placed[]): Promise<Written> {
  const { topic, partition } = target;
  const { acks, compression, how } = facts;
  const timeoutMs = Math.min(how.limits.timeoutMs, 30_000);
  let isOut = false;
  try {
    return await persist(how, async () => {
      isOut = false;
      const described = await describe(facts, topic, target.startedMs);
      const node = findNode(described, described.leaders[partition] ?? -1);
      const request = { topic, node, acks: ACKS[acks], compression, timeoutMs, messages };
      isOut = true;
      try {
        const parts = await interruptible(facts.client.produce(request, facts.lane), how.limits.signal);
        const part = parts.get(partition);
        return { baseOffset: part?.baseOffset, appendedMs: part?.appendedMs ?? -1 };
      } catch (error) {
        how.limits.signal.throwIfAborted();
        throw judgeWriteError(toKafkaError(error, [node]), acks);
      }
    });
  } catch (error) {
    // No answer within the time is found around the attempt.
    throw isOut && error instanceof KafkaError ? judgeWriteError(error, acks) : error;
  }
}

/** A connection that was refused wrote nothing; one that broke may have. */
function judgeWriteError(error: KafkaError, acks: SendOptions['acks']): KafkaError {
  if (error.code === 'ECONNREFUSED' || NOTHING_WRITTEN.has(error.code ?? '')) return error;
  if (!error.isTransient) return error;
  const { kind, code, peer } = error;
  const isUnacknowledged = kind !== 'kafka' && acks !== 'none';
  const what = isUnacknowledged ? `no acknowledgement came: ${error.message}` : error.message;
  return new KafkaError(`${what}; the message may have been written`, {
    kind,
    code,
    peer,
    isUnacknowledged,
    cause: error,
  });
}

function toSent(message: Placed, written: Written, index: number): SentRecord {
  return {
    partition: message.partition,
    offset: written.baseOffset === undefined ? undefined : written.baseOffset + BigInt(index),
    timestampMs: written.appendedMs >= 0 ? written.appendedMs : message.timestampMs,
  };
}
