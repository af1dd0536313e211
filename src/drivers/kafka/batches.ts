import type { KafkaRecord } from './types.ts';

const CONTROL = 0x20;
const TRANSACTIONAL = 0x10;
const LOG_APPEND_TIME = 0x08;
const ABORT_MARKER = 0;

/** A batch as the client reads it off the wire. */
export interface WireBatch {
  readonly firstOffset: bigint;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  readonly firstTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly records: readonly WireRecord[];
}

export interface WireRecord {
  readonly timestampDelta: bigint;
  readonly offsetDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [Buffer | null, Buffer | null])[];
}

export interface WirePart {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was asked for: a broker answers with whole batches, which may begin earlier. */
  readonly fromOffset: bigint;
  readonly batches: readonly WireBatch[];
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[];
}

/** Takes the messages out of what a broker answered: without markers, aborted transactions and what lies before the offset asked for. */
export function readBatches(part: WirePart): { readonly records: KafkaRecord[]; readonly nextOffset: bigint } {
  const records: KafkaRecord[] = [];
  let nextOffset = part.fromOffset;
  const aborted = createAbortedFilter(part.aborted);
  for (const batch of part.batches) {
    const isDropped = aborted(batch);
    if (!isDropped && !(batch.attributes & CONTROL)) readRecords(part, batch, records);
    const next = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
    if (next > nextOffset) nextOffset = next;
  }
  return { records, nextOffset };
}

function readRecords(part: WirePart, batch: WireBatch, into: KafkaRecord[]): void {
  for (const record of batch.records) {
    const offset = batch.firstOffset + BigInt(record.offsetDelta);
    if (offset < part.fromOffset) continue;
    into.push({
      topic: part.topic,
      partition: part.partition,
      offset,
      timestampMs: readTimestamp(batch, record),
      key: record.key,
      value: record.value,
      headers: record.headers.map(([name, value]) => [String(name ?? ''), value] as const),
    });
  }
}

/** Follows the batches in order; says of each whether it belongs to a transaction that was aborted. */
function createAbortedFilter(aborted: WirePart['aborted']): (batch: WireBatch) => boolean {
  const waiting = [...aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const open = new Set<bigint>();
  return (batch) => {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    for (let next = waiting[0]; next && next.firstOffset <= last; next = waiting[0]) {
      open.add(next.producerId);
      waiting.shift();
    }
    if (batch.attributes & CONTROL) {
      if (isAbortMarker(batch)) open.delete(batch.producerId);
      return false;
    }
    return (batch.attributes & TRANSACTIONAL) !== 0 && open.has(batch.producerId);
  };
}

function isAbortMarker(batch: WireBatch): boolean {
  const key = batch.records[0]?.key;
  return key !== null && key !== undefined && key.length >= 4 && key.readInt16BE(2) === ABORT_MARKER;
}

function readTimestamp(batch: WireBatch, record: WireRecord): number {
  if (batch.attributes & LOG_APPEND_TIME) return Number(batch.maxTimestamp);
  return Number(batch.firstTimestamp + record.timestampDelta);
}
