import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaPositions, KafkaRecord, KafkaSubscription } from '../../drivers/kafka/types.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import type { Wanted } from './consumer-settings.ts';
import type { Armed } from './flow-state.ts';
import type { Arrival } from './lag.ts';
import { findTwinKey, type Message, toMessage, toSharedMessage } from './message.ts';
import type { Rule } from './rules.ts';
import { Sightings } from './sightings.ts';

/** How far behind the deadline the last look for duplicates may end. */
const LONGEST_AFTER_MS = 800;
const READ_LOOK_MS = 10;

export interface WaitSetup {
  readonly connection: KafkaConnection;
  readonly start: Armed;
  readonly wanted: Wanted;
  readonly rules: readonly Rule[];
  readonly claims: Claims;
  readonly settleMs: number;
  /** Whether the flow asks how many there are, so that it looks on when it has enough. */
  readonly isCounted: boolean;
  /** By `clock.monotonic()`. */
  readonly deadlineAt: number;
  /** Gives, as soon as nothing more is to come, the ends up to which it then reads; by the deadline, or it fails. */
  readonly findEnds?: ((signal: AbortSignal) => Promise<KafkaPositions>) | undefined;
}

/** Which messages satisfied which step. */
export interface Claims {
  find(record: KafkaRecord): string | undefined;
  add(record: KafkaRecord): void;
  release(record: KafkaRecord): void;
}

interface Matched {
  readonly record: KafkaRecord;
  readonly message: Message;
}

/** How a wait ended: it had what it wanted, more than that, or its time was over. */
export type WaitEnd = 'enough' | 'too_many' | 'time';

/** One wait: follows topics until there are enough messages, too many, or no time left. */
export class Wait {
  readonly sightings: Sightings;
  readonly #setup: WaitSetup;
  readonly #io: ActionIo;
  readonly #matched: Matched[] = [];
  readonly #subscriptions = new Map<string, KafkaSubscription>();
  readonly #cancels: (() => void)[] = [];
  readonly #end: { promise: Promise<WaitEnd>; resolve: (end: WaitEnd) => void; reject: (error: unknown) => void };
  readonly #beganMs: number;
  #firstAtMs: number | undefined;
  #held = 0;
  #isSettling = false;
  #isOver = false;
  readonly #over = new AbortController();
  /** Whether what comes at the end of the time counts: not before the ends are known up to which it is to read. */
  #isOpenEnded: boolean;
  #hasReadAll = false;

  constructor(setup: WaitSetup, io: ActionIo) {
    this.#setup = setup;
    this.#io = io;
    this.#beganMs = io.clock.now();
    this.sightings = new Sightings(setup.rules);
    this.#isOpenEnded = setup.findEnds === undefined;
    this.#end = createPromise();
  }

  get messages(): readonly Message[] {
    return this.#matched.map(({ message }) => message);
  }

  /** Keys that stand twice in one map of a message: a reader takes the last. */
  get twinKeys(): readonly string[] {
    return [...new Set(this.#matched.flatMap(({ record }) => findTwinKey(record) ?? []))];
  }

  /** How the first message came: when it was written, by the writer's clock, and when it was seen, by ours. */
  get arrival(): Arrival | undefined {
    const first = this.#matched[0];
    if (!first || this.#firstAtMs === undefined || first.record.timestampMs < 0) return undefined;
    return { writtenMs: first.record.timestampMs, beganMs: this.#beganMs, seenMs: this.#firstAtMs };
  }

  /** @throws the error of brokers that could not be asked, when what was not seen decides; the signal's reason when interrupted */
  async run(): Promise<WaitEnd> {
    const { stop: ending, clock } = this.#io;
    const leave = ending.onEnd((reason) => this.#end.reject(reason));
    this.#cancels.push(clock.after(this.#setup.deadlineAt - clock.monotonic(), () => this.#endByTime()));
    this.#follow();
    this.#reportProgress();
    this.#readToEnds().catch((error: unknown) => this.#end.reject(error));
    try {
      if (ending.reason) throw ending.reason;
      const end = await this.#end.promise;
      if (end !== 'too_many' && !this.#hasReadAll) this.#doubt(end);
      return end;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      leave();
      this.#isOver = true;
      this.#over.abort();
      for (const cancel of this.#cancels) cancel();
      for (const subscription of this.#subscriptions.values()) {
        this.#held += subscription.countHeld();
        subscription.stop();
      }
    }
  }

  /** Whether more messages than enough make a difference. */
  get settles(): boolean {
    return this.#setup.wanted.max !== undefined || this.#setup.isCounted;
  }

  /** How many offsets open transactions kept back to the end. */
  get held(): number {
    return this.#held;
  }

  /** Leaves the messages to other waits: this one was not satisfied. */
  release(): void {
    for (const { record } of this.#matched) this.#setup.claims.release(record);
  }

  #follow(): void {
    for (const [topic, offsets] of this.#setup.start.positions) {
      const subscription = this.#setup.connection.follow(topic, offsets, {
        onRecords: (records) => this.#take(records),
        onTrouble: (trouble) => this.#reportProgress(trouble),
        onEnd: (error) => this.#end.reject(error),
      });
      this.#subscriptions.set(topic, subscription);
    }
  }

  /** Ends the wait when it has read all that there is to come. */
  async #readToEnds(): Promise<void> {
    const { findEnds } = this.#setup;
    if (!findEnds) return;
    const ends = [...(await findEnds(this.#over.signal))];
    this.#isOpenEnded = true;
    this.#reportProgress();
    while (!this.#isOver) {
      this.#hasReadAll = ends.every(([topic, { offsets }]) => this.#subscriptions.get(topic)?.hasRead(offsets) ?? true);
      if (this.#hasReadAll) this.#finish('enough');
      else await this.#io.clock.sleep(READ_LOOK_MS, this.#over.signal);
    }
  }

  #take(records: readonly KafkaRecord[]): void {
    // Under a load all virtual users have their records from one reader.
    const read = this.#io.facts.turn ? toSharedMessage : toMessage;
    try {
      for (const record of records) {
        if (this.#isOver) return;
        const message = read(record);
        if (this.sightings.note(message) && !this.#isClaimed(record, message)) this.#count({ record, message });
      }
    } catch (error) {
      // A rule that cannot be applied ends this wait, not the reader that others share.
      this.#isOver = true;
      this.#end.reject(error);
    }
    this.#reportProgress();
  }

  /** Without rules a message counts once in a flow; with rules it is meant whoever else had it. */
  #isClaimed(record: KafkaRecord, message: Message): boolean {
    const claimer = this.#setup.rules.length === 0 ? this.#setup.claims.find(record) : undefined;
    if (claimer !== undefined) this.sightings.noteClaimed(message, claimer);
    return claimer !== undefined;
  }

  #count(matched: Matched): void {
    const { wanted, claims } = this.#setup;
    this.#firstAtMs ??= this.#io.clock.now();
    this.#matched.push(matched);
    claims.add(matched.record);
    const count = this.#matched.length;
    if (wanted.max !== undefined && count > wanted.max) this.#finish('too_many');
    else if (count < wanted.min || wanted.min === 0) return;
    else if (this.settles) this.#settle();
    else this.#finish('enough');
  }

  /** Waits a little longer, so that one too many is seen. */
  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    const nowMs = this.#io.clock.monotonic();
    const settledAt = Math.min(nowMs + this.#setup.settleMs, this.#setup.deadlineAt + LONGEST_AFTER_MS);
    this.#cancels.push(this.#io.clock.after(settledAt - nowMs, () => this.#finish('enough')));
  }

  #finish(end: WaitEnd): void {
    this.#isOver = true;
    this.#end.resolve(end);
  }

  /** What arrived while this process was busy is looked at before the time is said to be over. */
  #endByTime(): void {
    this.#cancels.push(
      this.#io.clock.after(1, () => {
        if (this.#isOpenEnded && !this.#isSettling && !this.#isOver) this.#finish('time');
      }),
    );
  }

  /** That no message came can be said only of brokers that answered. */
  #doubt(end: WaitEnd): void {
    if (end === 'enough' && !this.settles) return;
    for (const subscription of this.#subscriptions.values()) {
      const doubt = subscription.findDoubt();
      if (doubt) throw doubt;
    }
  }

  #reportProgress(trouble?: Error): void {
    if (this.#isOver) return;
    if (trouble) {
      this.#io.report.progress(`${trouble.message}; trying again`);
      return;
    }
    const { wanted, deadlineAt } = this.#setup;
    const leftMs = Math.max(0, deadlineAt - this.#io.clock.monotonic());
    const count = this.#matched.length;
    const seen = `${countOf(this.sightings.seen, 'message')} seen`;
    const matched = wanted.min > 1 || count > 0 ? `${count} of ${wanted.min} matched, ` : '';
    this.#io.report.progress(`${matched}${seen}, ${formatDuration(leftMs)} left`);
  }
}

function createPromise() {
  let resolve: (end: WaitEnd) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<WaitEnd>((onEnd, onError) => {
    resolve = onEnd;
    reject = onError;
  });
  // The wait may end otherwise before anyone listens.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
