import { readBatches } from './batches.ts';
import type { KafkaClient } from './client.ts';
import { interruptible } from './deadline.ts';
import { findNode, groupByLeader, type TopicFacts } from './topic-facts.ts';
import type { KafkaClock, KafkaLimits, KafkaRecord } from './types.ts';

const BEGINNING = -2n;

export interface ScanRequest {
  readonly topic: string;
  /** Where each partition's stretch ends, exclusive. */
  readonly before: ReadonlyMap<number, bigint>;
  /** At most so many offsets are looked back, over all partitions. */
  readonly maxRecords: number;
  onRecords(records: readonly KafkaRecord[]): void;
}

export interface ScanResult {
  readonly scanned: number;
  /** Offsets that lie before those scanned. */
  readonly left: bigint;
  /** Whether the time was over before the end was reached. */
  readonly isCut: boolean;
}

export interface ScanFacts {
  readonly client: KafkaClient;
  readonly clock: KafkaClock;
  readonly limits: KafkaLimits;
  readonly counter: { records: number };
}

/** Reads the newest messages before given offsets, once, within the limits. */
export async function scanTopic(facts: ScanFacts, request: ScanRequest): Promise<ScanResult> {
  const startedMs = facts.clock.monotonic();
  const { client, limits } = facts;
  const described = await interruptible(client.describeTopic(request.topic), limits.signal);
  if (!described) return { scanned: 0, left: 0n, isCut: false };
  const beginnings = await interruptible(client.listOffsets(request.topic, described, BEGINNING), limits.signal);
  const { positions, left } = chooseStarts(request, beginnings);
  let scanned = 0;
  while (positions.size > 0) {
    if (facts.clock.monotonic() - startedMs > limits.timeoutMs) return { scanned, left, isCut: true };
    const records = await readOnce(facts, request, described, positions);
    scanned += records.length;
    if (records.length > 0) request.onRecords(records);
  }
  return { scanned, left, isCut: false };
}

function chooseStarts(request: ScanRequest, beginnings: ReadonlyMap<number, bigint>) {
  const share = BigInt(Math.max(1, Math.floor(request.maxRecords / Math.max(1, request.before.size))));
  const positions = new Map<number, bigint>();
  let left = 0n;
  for (const [partition, end] of request.before) {
    const beginning = beginnings.get(partition);
    if (beginning === undefined || beginning >= end) continue;
    const start = end - share > beginning ? end - share : beginning;
    left += start - beginning;
    positions.set(partition, start);
  }
  return { positions, left };
}

/** Reads once from every broker; a partition that is through, or cannot be read, is dropped from `positions`. */
async function readOnce(
  facts: ScanFacts,
  request: ScanRequest,
  described: TopicFacts,
  positions: Map<number, bigint>,
): Promise<readonly KafkaRecord[]> {
  const { topic, before } = request;
  const found: KafkaRecord[] = [];
  for (const [leader, partitions] of groupByLeader(described)) {
    const offsets = new Map([...positions].filter(([partition]) => partitions.includes(partition)));
    if (offsets.size === 0) continue;
    const wanted = { topic, topicId: described.id, node: findNode(described, leader), offsets, maxWaitMs: 0 };
    const parts = await interruptible(facts.client.fetch(wanted), facts.limits.signal);
    for (const { partition, error, batches, aborted } of parts) {
      const fromOffset = offsets.get(partition) ?? 0n;
      const end = before.get(partition) ?? 0n;
      const { records, nextOffset } = readBatches({ topic, partition, fromOffset, batches, aborted });
      found.push(...records.filter((record) => record.offset < end));
      if (error || nextOffset <= fromOffset || nextOffset >= end) positions.delete(partition);
      else positions.set(partition, nextOffset);
    }
  }
  facts.counter.records += found.length;
  return found;
}
