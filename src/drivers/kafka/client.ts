import {
  type API,
  Base,
  type Broker,
  ConfigResourceTypes,
  type Connection,
  type ConnectionOptions,
  ConnectionPool,
  compressionsAlgorithms,
  compressionsAlgorithmsByBitmask,
  type describeConfigsV4,
  FetchIsolationLevels,
  type fetchV17,
  type findCoordinatorV6,
  kGetApi,
  type listGroupsV5,
  type listOffsetsV9,
  type metadataV12,
  murmur2,
  type offsetFetchV9,
  type produceV11,
} from '@platformatic/kafka';
import { type FetchedPart, takeMetadata, takeResponse, toFetchedPart } from './answers.ts';
import { Breaks } from './breaks.ts';
import { toConnectionOptions } from './connection-options.ts';
import { formatPeer, KafkaError, toKafkaError, type Wanted } from './errors.ts';
import { unpackSnappy } from './snappy.ts';
import { findNode, groupByLeader, type TopicFacts } from './topic-facts.ts';
import type { KafkaCompression, KafkaMessageToSend, KafkaOptions, KafkaPeer } from './types.ts';

const CLIENT_ID = 'testmesh';
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PARTITION_BYTES = 1024 * 1024;
const AUTO_CREATION = 'auto.create.topics.enable';
/** A coordinator is asked for by the kind of what it keeps. */
const GROUP = 0;
/** The first version of Fetch that names topics by id. */
const FIRST_FETCH_BY_ID = 13;

// The client knows bare blocks alone, which is not how Java's clients write them.
compressionsAlgorithmsByBitmask[compressionsAlgorithms.snappy.bitmask] = {
  ...compressionsAlgorithms.snappy,
  decompressSync: (data) =>
    unpackSnappy(Buffer.isBuffer(data) ? data : data.buffer, compressionsAlgorithms.snappy.decompressSync),
};

type FetchApi = typeof fetchV17.api;
type ListOffsetsApi = typeof listOffsetsV9.api;
type ProduceApi = typeof produceV11.api;
type MetadataApi = typeof metadataV12.api;
type DescribeConfigsApi = typeof describeConfigsV4.api;
type FindCoordinatorApi = typeof findCoordinatorV6.api;
type OffsetFetchApi = typeof offsetFetchV9.api;
type ListGroupsApi = typeof listGroupsV5.api;

export interface FetchRequest {
  readonly topic: string;
  readonly topicId: string;
  readonly node: KafkaPeer;
  readonly offsets: ReadonlyMap<number, bigint>;
  readonly maxWaitMs: number;
}

export interface ProduceRequest {
  readonly topic: string;
  readonly node: KafkaPeer;
  readonly acks: -1 | 0 | 1;
  readonly compression: KafkaCompression;
  readonly timeoutMs: number;
  readonly messages: readonly (KafkaMessageToSend & { readonly partition: number })[];
}

/** What a broker wrote, by partition. */
export type ProducedParts = ReadonlyMap<number, { readonly baseOffset: bigint; readonly appendedMs: number }>;

/** Connections of their own, so that a waiting poll holds nothing else up. */
export type Lane = ConnectionPool;

/** The client library, with what we ask of it and nothing else. One request, one answer: who calls tries again. */
export class KafkaClient {
  readonly #connection: ConnectionOptions;
  readonly #breaks = new Breaks();
  #fetches = 0;
  #nodeCount = 0;
  #base: Base;
  #brokers: readonly KafkaPeer[];

  constructor(options: KafkaOptions) {
    this.#brokers = options.brokers;
    this.#connection = toConnectionOptions(options);
    this.#base = this.#createBase();
  }

  /** Whether the cluster was seen to have several brokers: one that does not answer may be followed by another. */
  get hasOtherNodes(): boolean {
    return this.#nodeCount > 1;
  }

  openLane(): Lane {
    return this.#breaks.watch(new ConnectionPool(CLIENT_ID, this.#connection));
  }

  /** Starts over with new connections and another broker first: the one that was asked does not answer. */
  reset(): void {
    const [first, ...others] = this.#brokers;
    if (first) this.#brokers = [...others, first];
    this.#base.close().catch(ignore);
    this.#base = this.#createBase();
  }

  close(): Promise<void> {
    return this.#base.close();
  }

  /** The topic's leaders; undefined when there is no such topic. */
  async describeTopic(topic: string, shouldCreate = false): Promise<TopicFacts | undefined> {
    try {
      const found = await this.#base.metadata({ topics: [topic], forceUpdate: true, autocreateTopics: shouldCreate });
      this.#nodeCount = Math.max(this.#nodeCount, found.brokers.size);
      const facts = found.topics.get(topic);
      if (!facts) return undefined;
      return { id: facts.id, leaders: facts.partitions.map((partition) => partition.leader), nodes: found.brokers };
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('Unknown topic ')) return undefined;
      throw this.#explain(error, this.#brokers, { operation: shouldCreate ? 'Write' : 'Read', topic });
    }
  }

  /** The names of all topics that this user may see. */
  async listTopics(): Promise<readonly string[]> {
    const { node } = await this.#findAnyNode();
    const to = { lane: this.#base.connections, node };
    const { topics } = await this.#ask('Metadata', to, (api: MetadataApi, connection) =>
      api.async(connection, null, false, false).catch(takeMetadata),
    );
    return topics.flatMap(({ name, isInternal }) => (typeof name === 'string' && !isInternal ? [name] : []));
  }

  /** The names of all consumer groups that this user may see: each broker knows those that it keeps. */
  async listGroups(): Promise<readonly string[]> {
    const { brokers } = await this.#base.metadata({ topics: [] });
    const answers = await Promise.all(
      [...brokers.values()].map((node) =>
        this.#ask('ListGroups', { lane: this.#base.connections, node }, (api: ListGroupsApi, connection) =>
          api.async(connection, [], []),
        ),
      ),
    );
    return answers.flatMap(({ groups }) => groups.flatMap(({ groupId }) => groupId ?? []));
  }

  /** Whether brokers make a topic that somebody asks for; undefined when they do not say. */
  async makesTopics(): Promise<boolean | undefined> {
    const { node, id } = await this.#findAnyNode();
    const to = { lane: this.#base.connections, node };
    const configurationKeys = [AUTO_CREATION];
    const wanted = { resourceType: ConfigResourceTypes.BROKER, resourceName: String(id), configurationKeys };
    const { results } = await this.#ask('DescribeConfigs', to, (api: DescribeConfigsApi, connection) =>
      api.async(connection, [wanted], false, false),
    );
    const value = results[0]?.configs.find(({ name }) => name === AUTO_CREATION)?.value;
    return typeof value === 'string' ? value === 'true' : undefined;
  }

  /** The offset of the first message at or after `timestamp` by partition; -1n as timestamp: the end, -2n: the beginning. */
  async listOffsets(topic: string, facts: TopicFacts, timestamp: bigint): Promise<ReadonlyMap<number, bigint>> {
    const answers = await Promise.all(
      [...groupByLeader(facts)].map(async ([leader, partitions]) => {
        const wanted = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp }));
        const to = {
          lane: this.#base.connections,
          node: findNode(facts, leader),
          wanted: { operation: 'Read', topic },
        } as const;
        return this.#ask('ListOffsets', to, (api: ListOffsetsApi, connection) =>
          api.async(connection, -1, FetchIsolationLevels.READ_UNCOMMITTED, [{ name: topic, partitions: wanted }]),
        );
      }),
    );
    const parts = answers.flatMap((answer) => answer.topics.flatMap((one) => one.partitions));
    return new Map(parts.map((part) => [part.partitionIndex, part.offset]));
  }

  /** What a consumer group has committed, by topic and partition: the offset that it reads next. */
  async listCommitted(group: string, topic?: string): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>> {
    const wanted = { operation: 'Read', topic, group } as const;
    const lane = this.#base.connections;
    const { node: any } = await this.#findAnyNode();
    const { coordinators } = await this.#ask(
      'FindCoordinator',
      { lane, node: any, wanted },
      (api: FindCoordinatorApi, connection) => api.async(connection, GROUP, [group]),
    );
    const [node] = coordinators;
    if (!node) throw new KafkaError(`no broker keeps the group \`${group}\``, { kind: 'kafka', isTransient: true });
    const answer = await this.#ask('OffsetFetch', { lane, node, wanted }, (api: OffsetFetchApi, connection) =>
      api.async(connection, [{ groupId: group, memberId: null, memberEpoch: -1, topics: null }], false),
    );
    const topics = answer.groups.flatMap((one) => one.topics);
    return new Map(
      topics.map(({ name, partitions }) => {
        const committed = partitions.filter((part) => part.committedOffset >= 0n);
        return [name, new Map(committed.map((part) => [part.partitionIndex, part.committedOffset]))];
      }),
    );
  }

  async fetch(request: FetchRequest, lane: Lane = this.#base.connections): Promise<readonly FetchedPart[]> {
    const partitions = this.#rotate([...request.offsets]).map(([partition, fetchOffset]) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: MAX_PARTITION_BYTES,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
    }));
    const to = { lane, node: request.node, wanted: { operation: 'Read', topic: request.topic } } as const;
    const answer = await this.#ask('Fetch', to, (api: FetchApi, connection) => {
      const topicId = api.version < FIRST_FETCH_BY_ID ? request.topic : request.topicId;
      const level = FetchIsolationLevels.READ_COMMITTED;
      const topics = [{ topicId, partitions }];
      // One partition's error makes the client throw away the others' messages, unless they are taken from the error.
      return api.async(connection, request.maxWaitMs, 1, MAX_BYTES, level, 0, 0, topics, [], '').catch(takeResponse);
    });
    return answer.responses.flatMap((one) => one.partitions).map(toFetchedPart);
  }

  async produce(request: ProduceRequest, lane: Lane): Promise<ProducedParts> {
    const messages = request.messages.map((message) => ({
      topic: message.topic,
      partition: message.partition,
      timestamp: BigInt(message.timestampMs),
      headers: new Map(message.headers.map(([name, value]) => [Buffer.from(name), value])) as Map<Buffer, Buffer>,
      // The client writes null as the protocol does; its types leave it out.
      key: message.key as Buffer,
      value: message.value as Buffer,
    }));
    const to = { lane, node: request.node, wanted: { operation: 'Write', topic: request.topic } } as const;
    const answer = await this.#ask('Produce', to, (api: ProduceApi, connection) =>
      api.async(connection, request.acks, request.timeoutMs, messages, { compression: request.compression }),
    );
    const parts = typeof answer === 'object' && answer ? answer.responses.flatMap((one) => one.partitionResponses) : [];
    return new Map(
      parts.map((part) => [part.index, { baseOffset: part.baseOffset, appendedMs: Number(part.logAppendTimeMs) }]),
    );
  }

  /** Asks one broker, in the newest version of the request that both sides know. */
  async #ask<Arguments extends unknown[], Response>(
    name: string,
    { lane, node, wanted }: { readonly lane: Lane; readonly node: KafkaPeer; readonly wanted?: Wanted },
    call: (api: API<Arguments, Response>, connection: Connection) => Promise<Response>,
  ): Promise<Response> {
    try {
      const connection = await lane.get(node);
      return await call(await this.#findApi<API<Arguments, Response>>(name), connection);
    } catch (error) {
      throw this.#explain(error, [node], wanted);
    }
  }

  /** A broker fills its answer in the order asked: each partition is first at times, or a large message behind a busy one never came. */
  #rotate<T>(items: readonly T[]): readonly T[] {
    const start = this.#fetches++ % Math.max(1, items.length);
    return [...items.slice(start), ...items.slice(0, start)];
  }

  async #findAnyNode(): Promise<{ readonly node: KafkaPeer; readonly id: number }> {
    const { brokers } = await this.#base.metadata({ topics: [] });
    const [first] = brokers;
    if (!first) throw new KafkaError('the cluster names no broker', { kind: 'kafka', isTransient: true });
    return { id: first[0], node: first[1] };
  }

  #explain(error: unknown, peers: readonly KafkaPeer[], wanted: Wanted | undefined): KafkaError {
    return toKafkaError(this.#breaks.findCause(error, peers.map(formatPeer)), peers, wanted);
  }

  #findApi<A>(name: string): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#base[kGetApi](name, (error, api) => (error ? reject(error) : resolve(api as A)));
    });
  }

  #createBase(): Base {
    const bootstrapBrokers: Broker[] = this.#brokers.map(({ host, port }) => ({ host, port }));
    const base = new Base({ ...this.#connection, clientId: CLIENT_ID, bootstrapBrokers, retries: 0 });
    this.#breaks.watch(base.connections);
    return base;
  }
}

/** The partition that Java's clients choose for a key. */
export function choosePartition(key: Buffer, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

function ignore(): void {}
