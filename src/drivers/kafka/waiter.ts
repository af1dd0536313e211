import type { KafkaListener, KafkaRecord, TopicOffsets } from './types.ts';

/** A stretch of one partition that was read: everything from `fromOffset` up to `nextOffset`. */
export interface Stretch {
  readonly partition: number;
  readonly fromOffset: bigint;
  readonly nextOffset: bigint;
  readonly records: readonly KafkaRecord[];
}

/** Where a partition ends, and where what may be read of it ends. */
export interface PartitionEnd {
  readonly high: bigint;
  readonly stable: bigint;
}

/** One who waits on a topic, with the position up to which it has seen each partition. */
export class Waiter {
  readonly listener: KafkaListener;
  readonly sinceMs: number;
  readonly #positions: Map<number, bigint>;
  readonly #looks = new Map<number, number>();
  readonly #ends = new Map<number, PartitionEnd>();
  readonly #losses = new Map<string, string>();
  #topicId: string | undefined;
  #isGone = false;

  constructor(start: TopicOffsets, listener: KafkaListener, sinceMs: number) {
    this.#positions = new Map(start.offsets);
    this.#topicId = start.id;
    this.listener = listener;
    this.sinceMs = sinceMs;
  }

  /** The sum of all positions: it grows with everything that was seen. */
  get distance(): bigint {
    let sum = 0n;
    for (const offset of this.#positions.values()) sum += offset;
    return sum;
  }

  /** How many offsets were there at the last looks, and are not read yet. */
  get unread(): bigint {
    return this.#sum((position, { stable }) => stable - position);
  }

  /** How many offsets an open transaction keeps back. */
  get held(): bigint {
    return this.#sum((position, { stable, high }) => high - (stable > position ? stable : position));
  }

  /** What it had not read when that was deleted: `[0] lost offsets 5 to 7`; empty when nothing was. */
  get losses(): readonly string[] {
    return this.#isGone ? ['it was deleted'] : [...this.#losses.values()];
  }

  positionOf(partition: number): bigint {
    return this.#positions.get(partition) ?? 0n;
  }

  /** Whether it has seen everything before these offsets. */
  hasPassed(ends: ReadonlyMap<number, bigint>): boolean {
    return [...ends].every(([partition, end]) => this.positionOf(partition) >= end);
  }

  /** Notes that a broker answered from this one's positions on. */
  noteLook(leader: number, atMs: number): void {
    this.#looks.set(leader, atMs);
  }

  noteEnd(partition: number, end: PartitionEnd): void {
    if (end.stable >= 0n) this.#ends.set(partition, end);
  }

  /** When a broker last answered from this one's positions on. */
  lookedAt(leader: number): number | undefined {
    return this.#looks.get(leader);
  }

  /** Takes note of the topic's id: a topic that was deleted and made again is read from its beginning. */
  adopt(topicId: string | undefined): void {
    this.#isGone = topicId === undefined && this.#topicId !== undefined && this.#positions.size > 0;
    if (topicId === undefined || topicId === this.#topicId) return;
    if (this.#topicId !== undefined) {
      this.#losses.set('', 'it was deleted and created again');
      this.#positions.clear();
      this.#ends.clear();
    }
    this.#topicId = topicId;
  }

  /** Takes what it has not seen of a stretch; nothing when that would leave a gap. */
  take({ partition, fromOffset, nextOffset, records }: Stretch): void {
    const own = this.positionOf(partition);
    if (own < fromOffset || own >= nextOffset) return;
    this.#positions.set(partition, nextOffset);
    const fresh = own === fromOffset ? records : records.filter((record) => record.offset >= own);
    if (fresh.length > 0) this.listener.onRecords(fresh);
  }

  /** Goes on elsewhere when what it waits for is no longer there. */
  move(partition: number, fromOffset: bigint, offset: bigint): void {
    if (this.positionOf(partition) !== fromOffset) return;
    this.#positions.set(partition, offset);
    const place = `${partition}@${fromOffset}`;
    const last = offset - 1n;
    if (offset < fromOffset)
      this.#losses.set(place, `[${partition}] was cut back from offset ${fromOffset} to ${offset}`);
    else if (last === fromOffset) this.#losses.set(place, `[${partition}] lost offset ${last}`);
    else if (last > fromOffset) this.#losses.set(place, `[${partition}] lost offsets ${fromOffset} to ${last}`);
  }

  #sum(measure: (position: bigint, end: PartitionEnd) => bigint): bigint {
    let sum = 0n;
    for (const [partition, end] of this.#ends) {
      const count = measure(this.positionOf(partition), end);
      if (count > 0n) sum += count;
    }
    return sum;
  }
}
