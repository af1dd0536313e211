import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaLimits, KafkaRecord } from '../../drivers/kafka/types.ts';
import type { Value } from '../../expr/index.ts';
import { countOf } from '../../util/count.ts';
import type { Armed } from './flow-state.ts';
import { type Message, toMessage } from './message.ts';
import { isText, type Rule } from './rules.ts';

/** How long looking around after a failed wait may take. */
const LOOK_MS = 600;
const OLDER_RECORDS = 2000;
const OTHER_RECORDS = 500;

export interface FailedWait {
  readonly connection: KafkaConnection;
  readonly start: Armed;
  readonly rules: readonly Rule[];
  /** What came in its place: `none came since the beginning of this run`. */
  readonly came: string;
  /** The key that was asked for. */
  readonly key: Value | undefined;
  /** Topics of this flow that were not waited on, with their first offsets. */
  readonly others: ReadonlyMap<string, Armed>;
  readonly signal: AbortSignal;
}

/** What may have become of the message that was waited for, a sentence each. */
export interface Reasons {
  /** Of older messages that match. */
  readonly older: readonly string[];
  /** Of matches and the same key on other topics. */
  readonly elsewhere: readonly string[];
}

/** Looks around after a wait that found too little. Never fails. */
export async function lookAround(after: FailedWait): Promise<Reasons> {
  const limits = { signal: after.signal, timeoutMs: LOOK_MS };
  const quietly = (look: Promise<readonly string[]>) => look.catch(() => []);
  const looks = [quietly(findOlder(after, limits)), quietly(findElsewhere(after, limits))] as const;
  const [older, elsewhere] = await Promise.all(looks);
  after.signal.throwIfAborted();
  return { older, elsewhere };
}

async function findOlder(after: FailedWait, limits: KafkaLimits): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [topic, { offsets }] of after.start.positions) {
    let count = 0;
    let newest: Message | undefined;
    const onRecords = (records: readonly KafkaRecord[]) => {
      for (const message of records.map(toMessage)) {
        if (!after.rules.every((rule) => rule.measure(message) === 1)) continue;
        count++;
        if (!newest || (message.timestamp ?? '') >= (newest.timestamp ?? '')) newest = message;
      }
    };
    const result = await after.connection.scan(
      { topic, before: offsets, maxRecords: OLDER_RECORDS, onRecords },
      limits,
    );
    if (newest) found.push(describeOlder({ count, newest, scanned: result.scanned, isAll: result.left === 0n, after }));
  }
  return found;
}

interface Older {
  readonly count: number;
  readonly newest: Message;
  readonly scanned: number;
  readonly isAll: boolean;
  readonly after: FailedWait;
}

function describeOlder({ count, newest, scanned, isAll, after }: Older): string {
  const { topic, partition, offset, timestamp } = newest;
  const among = isAll ? '' : ` among the newest ${scanned} of the older ones`;
  const match = after.rules.length === 0 ? (count === 1 ? 'is there' : 'are there') : count === 1 ? 'matches' : 'match';
  const place = `[${partition}] offset ${offset}${timestamp === null ? '' : ` of ${timestamp}`}`;
  const which = count === 1 ? place : `the newest ${place}`;
  return `${after.came}; ${countOf(count, 'older message')} on \`${topic}\` ${match}${among}, which only \`since: earliest\` takes (${which})`;
}

async function findElsewhere(after: FailedWait, limits: KafkaLimits): Promise<readonly string[]> {
  if (after.rules.length === 0) return [];
  const others = [...after.others].filter(([topic]) => !after.start.positions.has(topic)).slice(0, 8);
  if (others.length === 0) return [];
  const ends = await after.connection.arm(
    others.map(([topic]) => topic),
    limits,
  );
  const found: string[] = [];
  for (const [topic, armed] of others) {
    const first = armed.positions.get(topic)?.offsets;
    const seen = new Elsewhere(after);
    const onRecords = (records: readonly KafkaRecord[]) => {
      for (const record of records) {
        if (record.offset >= (first?.get(record.partition) ?? 0n)) seen.note(toMessage(record));
      }
    };
    const before = ends.get(topic)?.offsets ?? new Map<number, bigint>();
    await after.connection.scan({ topic, before, maxRecords: OTHER_RECORDS, onRecords }, limits);
    found.push(...seen.describe(topic));
  }
  return found;
}

/** Counts the messages of another topic that were sent in this run and may be the one that was meant. */
class Elsewhere {
  readonly #after: FailedWait;
  #matching = 0;
  #ofSameKey = 0;

  constructor(after: FailedWait) {
    this.#after = after;
  }

  note(message: Message): void {
    const { rules, key } = this.#after;
    if (key !== undefined && key !== null && isText(message.key, key)) this.#ofSameKey++;
    else if (rules.every((rule) => rule.measure(message) === 1)) this.#matching++;
  }

  describe(topic: string): readonly string[] {
    const found: string[] = [];
    if (this.#matching > 0) {
      found.push(`${countOf(this.#matching, 'message')} of this run on \`${topic}\` would match: is the topic wrong?`);
    }
    if (this.#ofSameKey > 0) {
      found.push(`the same key was seen on \`${topic}\` (${countOf(this.#ofSameKey, 'message')})`);
    }
    return found;
  }
}
