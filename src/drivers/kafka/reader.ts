import type { FetchedPart } from './answers.ts';
import { readBatches } from './batches.ts';
import type { KafkaClient, Lane } from './client.ts';
import { limitTime } from './deadline.ts';
import { createTimeoutError, formatPeers, KafkaError, toKafkaError } from './errors.ts';
import { groupByLeader, type TopicFacts } from './topic-facts.ts';
import type { KafkaClock, KafkaListener, KafkaPeer, KafkaSubscription, TopicOffsets } from './types.ts';
import { Waiter } from './waiter.ts';

/** How long a poll waits at the broker; it is answered at once when something comes. */
const POLL_MS = 250;
const REFRESH_MS = 1000;
const MISSING_TOPIC_MS = 100;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;
/** How much later than expected an answer may be before it is doubted that one will come. */
const OVERDUE_MS = 1000;
/** After which silence a connection is given up. */
const SILENCE_MS = 5000;
const CATCH_UP_LOOKS = 50;
const SHOWN_LOSSES = 3;
const END = -1n;
const BEGINNING = -2n;

export interface ReaderFacts {
  readonly clock: KafkaClock;
  readonly peers: readonly KafkaPeer[];
  readonly counter: { records: number };
}

interface LookRequest {
  readonly leader: number;
  readonly maxWaitMs: number;
  /** Whether it goes over the connection that never waits. */
  readonly isBeside: boolean;
}

/** Reads one topic once for all who wait on it; each has a position of its own. */
export class TopicReader {
  readonly #topic: string;
  readonly #load: () => Promise<KafkaClient>;
  readonly #facts: ReaderFacts;
  readonly #waiters = new Set<Waiter>();
  /** What is wrong with each broker that is followed. */
  readonly #leaders = new Map<number, KafkaError | undefined>();
  readonly #stop = new AbortController();
  #describedMs: number | undefined;
  #topicTrouble: KafkaError | undefined;
  #topicFacts: TopicFacts | undefined;
  #client: KafkaClient | undefined;
  #lane: Lane | undefined;
  #wake = new AbortController();
  #isRunning = false;

  constructor(topic: string, load: () => Promise<KafkaClient>, facts: ReaderFacts) {
    this.#topic = topic;
    this.#load = load;
    this.#facts = facts;
  }

  follow(start: TopicOffsets, listener: KafkaListener): KafkaSubscription {
    const waiter = new Waiter(start, listener, this.#facts.clock.monotonic());
    this.#waiters.add(waiter);
    if (this.#isRunning) this.#wake.abort();
    else void this.#run();
    if (this.#leaders.size > 0) void this.#catchUp(waiter);
    return {
      findDoubt: () => this.#findDoubt(waiter),
      hasRead: (ends) => {
        if (waiter.losses.length > 0) throw createLossError(this.#topic, waiter.losses);
        return waiter.hasPassed(ends);
      },
      countHeld: () => Number(waiter.held),
      stop: () => this.#waiters.delete(waiter),
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#waiters.clear();
    this.#wake.abort();
    await this.#lane?.close();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiters.size > 0) {
      this.#wake = new AbortController();
      await this.#refresh();
      this.#spawnLeaders();
      await this.#pause(this.#topicFacts ? REFRESH_MS : MISSING_TOPIC_MS, this.#wake.signal);
    }
    this.#isRunning = false;
  }

  async #refresh(): Promise<void> {
    try {
      this.#client ??= await this.#load();
      this.#lane ??= this.#client.openLane();
      this.#topicFacts = await this.#limit(this.#client.describeTopic(this.#topic));
      for (const waiter of this.#waiters) waiter.adopt(this.#topicFacts?.id);
      this.#describedMs = this.#facts.clock.monotonic();
      this.#topicTrouble = this.#report(this.#topicTrouble, undefined);
    } catch (error) {
      const trouble = toKafkaError(error, this.#facts.peers);
      if (trouble.kind === 'timeout') this.#client?.reset();
      this.#topicTrouble = this.#report(this.#topicTrouble, trouble);
    }
  }

  #spawnLeaders(): void {
    if (!this.#topicFacts) return;
    for (const leader of groupByLeader(this.#topicFacts).keys()) {
      if (!this.#leaders.has(leader) && this.#topicFacts.nodes.has(leader)) void this.#followLeader(leader);
    }
  }

  async #followLeader(leader: number): Promise<void> {
    this.#leaders.set(leader, undefined);
    let pauseMs = FIRST_PAUSE_MS;
    // The first answer comes at once: a short wait needs it to say that nothing was there.
    let maxWaitMs = 0;
    while (this.#chooseOffsets(leader).size > 0) {
      const trouble = await this.#look({ leader, maxWaitMs, isBeside: false });
      maxWaitMs = POLL_MS;
      this.#leaders.set(leader, this.#report(this.#leaders.get(leader), trouble));
      if (trouble) {
        this.#wake.abort();
        await this.#pause(pauseMs, this.#stop.signal);
      }
      pauseMs = trouble ? Math.min(pauseMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    }
    this.#leaders.delete(leader);
  }

  /** Asks one broker for what comes after the position that is furthest back; gives what went wrong. */
  async #look({ leader, maxWaitMs, isBeside }: LookRequest): Promise<KafkaError | undefined> {
    const offsets = this.#chooseOffsets(leader);
    const node = this.#topicFacts?.nodes.get(leader);
    if (!this.#topicFacts || !node || !this.#client || offsets.size === 0) return undefined;
    const served = [...this.#waiters];
    const lane = isBeside ? undefined : this.#lane;
    try {
      const request = { topic: this.#topic, topicId: this.#topicFacts.id, node, offsets, maxWaitMs };
      for (const part of await this.#limit(this.#client.fetch(request, lane))) await this.#take(part, offsets);
      for (const waiter of served) waiter.noteLook(leader, this.#facts.clock.monotonic());
      return undefined;
    } catch (error) {
      const trouble = toKafkaError(error, [node]);
      if (trouble.kind === 'timeout' && lane) this.#renewLane(lane);
      return trouble;
    }
  }

  #chooseOffsets(leader: number): ReadonlyMap<number, bigint> {
    const offsets = new Map<number, bigint>();
    if (!this.#topicFacts) return offsets;
    for (const partition of groupByLeader(this.#topicFacts).get(leader) ?? []) {
      for (const waiter of this.#waiters) {
        const own = waiter.positionOf(partition);
        const furthest = offsets.get(partition);
        if (furthest === undefined || own < furthest) offsets.set(partition, own);
      }
    }
    return offsets;
  }

  async #take(part: FetchedPart, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    const { partition, batches, aborted } = part;
    const fromOffset = offsets.get(partition) ?? 0n;
    if (part.error === 'OFFSET_OUT_OF_RANGE') return this.#relocate(partition, fromOffset);
    if (part.error) throw createPartError(this.#topic, part.error);
    const { records, nextOffset } = readBatches({ topic: this.#topic, partition, fromOffset, batches, aborted });
    this.#facts.counter.records += records.length;
    const end = { high: part.highWatermark, stable: part.lastStableOffset };
    for (const waiter of [...this.#waiters]) {
      waiter.noteEnd(partition, end);
      waiter.take({ partition, fromOffset, nextOffset, records });
    }
  }

  /** Older messages were deleted, or the log was cut back: goes on with what is there. */
  async #relocate(partition: number, fromOffset: bigint): Promise<void> {
    if (!this.#client || !this.#topicFacts) return;
    const beginnings = await this.#limit(this.#client.listOffsets(this.#topic, this.#topicFacts, BEGINNING));
    const ends = await this.#limit(this.#client.listOffsets(this.#topic, this.#topicFacts, END));
    const beginning = beginnings.get(partition) ?? 0n;
    const offset = fromOffset < beginning ? beginning : (ends.get(partition) ?? beginning);
    for (const waiter of this.#waiters) waiter.move(partition, fromOffset, offset);
  }

  /** One who comes while a poll waits further on is served beside it. */
  async #catchUp(waiter: Waiter): Promise<void> {
    for (let looks = 0; looks < CATCH_UP_LOOKS && this.#waiters.has(waiter); looks++) {
      const before = waiter.distance;
      const leaders = [...this.#leaders.keys()];
      await Promise.all(leaders.map((leader) => this.#look({ leader, maxWaitMs: 0, isBeside: true })));
      if (waiter.distance === before) return;
    }
  }

  /** Wakes those who wait when something goes wrong, or well again; gives what is wrong now. */
  #report(before: KafkaError | undefined, now: KafkaError | undefined): KafkaError | undefined {
    if (this.#stop.signal.aborted || (!before && !now)) return undefined;
    for (const waiter of [...this.#waiters]) {
      if (!now || now.isTransient) {
        waiter.listener.onTrouble(now);
      } else {
        this.#waiters.delete(waiter);
        waiter.listener.onEnd(now);
      }
    }
    return now?.isTransient ? now : undefined;
  }

  #findDoubt(waiter: Waiter): Error | undefined {
    if (this.#topicTrouble) return this.#topicTrouble;
    const now = this.#facts.clock.monotonic();
    const peers = formatPeers(this.#facts.peers);
    const isOverdue = (lastMs: number | undefined, everyMs: number) =>
      lastMs === undefined || now - lastMs > everyMs + OVERDUE_MS;
    if (isOverdue(this.#describedMs, REFRESH_MS))
      return createTimeoutError(peers, now - (this.#describedMs ?? waiter.sinceMs));
    if (waiter.losses.length > 0) return createLossError(this.#topic, waiter.losses);
    for (const leader of this.#topicFacts ? groupByLeader(this.#topicFacts).keys() : []) {
      const trouble = this.#leaders.get(leader);
      if (trouble) return trouble;
      const lookedMs = waiter.lookedAt(leader);
      if (isOverdue(lookedMs, POLL_MS)) return createTimeoutError(peers, now - (lookedMs ?? waiter.sinceMs));
    }
    return waiter.unread > 0n ? createUnreadError(this.#topic, waiter.unread) : undefined;
  }

  #renewLane(lane: Lane): void {
    if (this.#lane !== lane) return;
    this.#lane = this.#client?.openLane();
    lane.close().catch(() => undefined);
  }

  #limit<T>(promise: Promise<T>): Promise<T> {
    const { clock, peers } = this.#facts;
    return limitTime({ clock, peers, signal: this.#stop.signal, ms: SILENCE_MS }, promise);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#facts.clock.sleep(ms, signal).catch(() => undefined);
  }
}

function createUnreadError(topic: string, left: bigint): KafkaError {
  const message = `time ran out before \`${topic}\` was read to its end: ${left} offsets were left`;
  return new KafkaError(message, { kind: 'timeout', code: 'UNREAD', isTransient: true });
}

/** What was deleted before it was read may have been what was waited for. */
function createLossError(topic: string, losses: readonly string[]): KafkaError {
  const shown = losses.slice(0, SHOWN_LOSSES).join(', ');
  const more = losses.length > SHOWN_LOSSES ? ` and ${losses.length - SHOWN_LOSSES} more` : '';
  const message = `messages on \`${topic}\` may have been deleted before they were read: ${shown}${more}`;
  return new KafkaError(message, { kind: 'kafka', code: 'LOST_UNREAD' });
}

function createPartError(topic: string, code: string): KafkaError {
  const error = Object.assign(new Error(`\`${topic}\` cannot be read`), { apiId: code });
  return toKafkaError(error, [], { operation: 'Read', topic });
}
