import type { KafkaClient, Lane } from './client.ts';
import { type Persistence, persist } from './deadline.ts';
import { KafkaError } from './errors.ts';
import { TopicReader } from './reader.ts';
import { type ScanRequest, type ScanResult, scanTopic } from './scan.ts';
import { type SendFacts, sendMessages } from './send.ts';
import type { TopicFacts } from './topic-facts.ts';
import type {
  KafkaClock,
  KafkaLimits,
  KafkaListener,
  KafkaMessageToSend,
  KafkaOptions,
  KafkaPositions,
  KafkaSubscription,
  SendOptions,
  SentRecord,
  TopicOffsets,
} from './types.ts';

const UNREACHABLE_MS = 1000;
/** A cluster takes up to nine seconds to notice that a broker died, and a moment to choose other leaders. */
const LEADER_CHANGE_MS = 12_000;
const ATTEMPT_MS = 2000;
const END = -1n;
const BEGINNING = -2n;

/** Loads the client library ahead of its first use; it takes a while. */
export function preloadKafka(): void {
  loadClient().catch(() => undefined);
}

/** Brokers as flows use them: nothing is contacted before the first call. */
export function openKafka(options: KafkaOptions, clock: KafkaClock): KafkaConnection {
  return new KafkaConnection(options, clock);
}

/** Connections to one cluster, shared by all steps of a flow. */
export class KafkaConnection {
  readonly #options: KafkaOptions;
  readonly #clock: KafkaClock;
  readonly #readers = new Map<string, TopicReader>();
  readonly #counter = { records: 0 };
  #client: Promise<KafkaClient> | undefined;
  #sendLane: Lane | undefined;
  #isClosed = false;

  constructor(options: KafkaOptions, clock: KafkaClock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** How many messages came over the wire so far. */
  get recordsRead(): number {
    return this.#counter.records;
  }

  /** The end of every partition: what is written from now on lies at or behind it. A topic that does not exist has no offsets. */
  arm(topics: readonly string[], limits: KafkaLimits): Promise<KafkaPositions> {
    return this.#lookUp(topics, END, limits);
  }

  /** The first message of every partition. */
  beginnings(topics: readonly string[], limits: KafkaLimits): Promise<KafkaPositions> {
    return this.#lookUp(topics, BEGINNING, limits);
  }

  /** The first message of every partition that is not older than `timestampMs`; the end where all are. */
  offsetsAt(topics: readonly string[], timestampMs: number, limits: KafkaLimits): Promise<KafkaPositions> {
    return this.#lookUp(topics, BigInt(Math.max(0, Math.trunc(timestampMs))), limits);
  }

  /** The names of all topics that this user may see. */
  listTopics(limits: KafkaLimits): Promise<readonly string[]> {
    return this.#ask(limits, (client) => client.listTopics());
  }

  /** The names of all consumer groups that this user may see. */
  listGroups(limits: KafkaLimits): Promise<readonly string[]> {
    return this.#ask(limits, (client) => client.listGroups());
  }

  /** Whether brokers make a topic that somebody asks for; undefined when they do not say. */
  makesTopics(limits: KafkaLimits): Promise<boolean | undefined> {
    return this.#ask(limits, (client) => client.makesTopics());
  }

  /** What a consumer group has committed of a topic, by partition: the offset that it reads next. */
  async committed(group: string, topic: string, limits: KafkaLimits): Promise<ReadonlyMap<number, bigint>> {
    const all = await this.#ask(limits, (client) => client.listCommitted(group, topic));
    return all.get(topic) ?? new Map();
  }

  /** The same of all topics. */
  committedOfAll(group: string, limits: KafkaLimits): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>> {
    return this.#ask(limits, (client) => client.listCommitted(group));
  }

  /** Hands every message of the topic from `start` on to the listener, until it is stopped. */
  follow(topic: string, start: TopicOffsets, listener: KafkaListener): KafkaSubscription {
    const found = this.#readers.get(topic);
    const reader = found ?? this.#createReader(topic);
    if (!found) this.#readers.set(topic, reader);
    return reader.follow(start, listener);
  }

  /** Reads a stretch that was written before, once, to look something up in it. */
  async scan(request: ScanRequest, limits: KafkaLimits): Promise<ScanResult> {
    const client = await this.#load();
    return scanTopic({ client, clock: this.#clock, limits, counter: this.#counter }, request);
  }

  /** Writes messages; answers in the order given. The topic is made when it is not there and the brokers allow it. */
  async send(
    messages: readonly KafkaMessageToSend[],
    options: SendOptions,
    limits: KafkaLimits,
  ): Promise<readonly SentRecord[]> {
    const client = await this.#load();
    this.#sendLane ??= client.openLane();
    const facts: SendFacts = { client, lane: this.#sendLane, ...options, how: this.#persistence(client, limits) };
    return sendMessages(facts, messages);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await Promise.allSettled([
      ...[...this.#readers.values()].map((reader) => reader.close()),
      this.#sendLane?.close(),
      client?.close(),
    ]);
  }

  async #ask<T>(limits: KafkaLimits, ask: (client: KafkaClient) => Promise<T>): Promise<T> {
    const client = await this.#load();
    return persist(this.#persistence(client, limits), () => ask(client));
  }

  #lookUp(topics: readonly string[], timestamp: bigint, limits: KafkaLimits): Promise<KafkaPositions> {
    return this.#ask(limits, async (client) => {
      const found = await Promise.all(
        topics.map(async (topic) => [topic, await lookUp(client, topic, timestamp)] as const),
      );
      return new Map(found);
    });
  }

  #persistence(client: KafkaClient, limits: KafkaLimits): Persistence {
    return {
      clock: this.#clock,
      limits,
      peers: this.#options.brokers,
      get unreachableMs() {
        return client.hasOtherNodes ? LEADER_CHANGE_MS : UNREACHABLE_MS;
      },
      attemptMs: this.#options.brokers.length > 1 ? ATTEMPT_MS : undefined,
      onFailure: () => client.reset(),
    };
  }

  #createReader(topic: string): TopicReader {
    const facts = { clock: this.#clock, peers: this.#options.brokers, counter: this.#counter };
    return new TopicReader(topic, () => this.#load(), facts);
  }

  async #load(): Promise<KafkaClient> {
    if (this.#isClosed) throw new KafkaError('the connection is closed', { kind: 'connection', code: 'ECLOSED' });
    this.#client ??= loadClient().then(({ KafkaClient }) => new KafkaClient(this.#options));
    return this.#client;
  }
}

async function lookUp(client: KafkaClient, topic: string, timestamp: bigint): Promise<TopicOffsets> {
  const facts = await client.describeTopic(topic);
  if (!facts) return { offsets: new Map() };
  const offsets = await client.listOffsets(topic, facts, timestamp);
  if (timestamp < 0n || [...offsets.values()].every((offset) => offset >= 0n)) return { id: facts.id, offsets };
  return { id: facts.id, offsets: await fillWithEnds(client, topic, facts, offsets) };
}

/** Where nothing is as late as the time asked for, the broker answers -1. */
async function fillWithEnds(
  client: KafkaClient,
  topic: string,
  facts: TopicFacts,
  offsets: ReadonlyMap<number, bigint>,
): Promise<ReadonlyMap<number, bigint>> {
  const ends = await client.listOffsets(topic, facts, END);
  return new Map(
    [...offsets].map(([partition, offset]) => [partition, offset < 0n ? (ends.get(partition) ?? 0n) : offset]),
  );
}

function loadClient() {
  return import('./client.ts');
}
