import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaPositions, KafkaRecord, TopicOffsets } from '../../drivers/kafka/types.ts';
import type { ActionIo, PrepareIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { countOf } from '../../util/count.ts';
import { findNearest } from '../../util/suggest.ts';
import { connect, nameConnection, toActionError } from '../kafka/connect.ts';
import { nameRecord, openFlowState } from '../kafka/flow-state.ts';
import type { ConnectionSettings } from '../kafka/kafka-settings.ts';
import { toMessage } from '../kafka/message.ts';
import { readBetween } from '../kafka/read-between.ts';
import { describeUnknown, listMissing } from '../kafka/unknown-topics.ts';
import { type MessageEffect, toMessageEffect } from './effect.ts';
import { isPattern, matchesName } from './name-pattern.ts';

/** More are not kept. */
const MOST_RECORDS = 10_000;
const MOST_IGNORED = 1000;

export interface TopicWatchOptions {
  /** As authored, with patterns among them. */
  readonly named: readonly string[];
  /** Those of them on which something has to come. */
  readonly needed: readonly string[];
  /** Those of them on which it counts what comes. */
  readonly counted: readonly string[];
  /** Whether what comes on a topic is not judged. */
  readonly isIgnored: (topic: string) => boolean;
  /** Whether all others are meant too, but for those of the brokers themselves. */
  readonly withOthers: boolean;
  readonly settings: ConnectionSettings;
  /** Of one look, ms. */
  readonly timeoutMs: number;
}

type WatchIo = Pick<PrepareIo, 'stop' | 'clock' | 'report' | 'resources'>;

/** Reads what comes on topics, look by look. */
export class TopicWatch {
  readonly #connection: KafkaConnection;
  readonly #options: TopicWatchOptions;
  readonly #records: KafkaRecord[] = [];
  #read: Map<string, TopicOffsets> = new Map();
  #ignored = 0;

  private constructor(connection: KafkaConnection, options: TopicWatchOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Notes where topics end now. @throws ActionError when the brokers cannot be asked, or do not know a topic that nobody makes */
  static async open(options: TopicWatchOptions, io: PrepareIo): Promise<TopicWatch> {
    try {
      const watch = new TopicWatch(await connect(options.settings, io), options);
      watch.#read = new Map(await watch.#findEnds(io));
      await watch.#refuseUnknown(io);
      return watch;
    } catch (error) {
      throw toActionError(error, options.settings, { io });
    }
  }

  /** Reads what came since the last look. @throws ActionError */
  async look(io: WatchIo): Promise<void> {
    const { settings, timeoutMs } = this.#options;
    try {
      const ends = await this.#findEnds(io);
      const moved = new Map([...ends].filter(([topic, { offsets }]) => this.#hasMoved(topic, offsets)));
      const stretch = { connection: this.#connection, start: this.#read, ends: moved, timeoutMs };
      const held = await readBetween(stretch, (record) => this.#keep(record), io);
      for (const [topic, end] of moved) this.#read.set(topic, end);
      if (held > 0)
        io.report.note(
          `a transaction that is still open holds back ${countOf(held, 'offset')}: its messages count once it is committed`,
        );
    } catch (error) {
      throw toActionError(error, settings, { io });
    }
  }

  /** Says of topics on which nothing could come that the brokers do not know them. */
  async noteUnknown(io: WatchIo): Promise<void> {
    const counted = this.#options.counted.filter((name) => !this.#options.needed.includes(name));
    const missing = listMissing(this.#read).filter((topic) => counted.includes(topic));
    const asked = { connection: this.#connection, signal: io.stop.signal };
    for (const text of await describeUnknown(missing, asked))
      io.report.note(`that nothing came proves little: ${text}`);
    const topics = [...this.#read.keys()];
    for (const pattern of counted.filter(isPattern))
      if (!topics.some((topic) => matchesName(pattern, topic)))
        io.report.note(`that nothing came proves little: the brokers know no topic \`${pattern}\``);
  }

  /** What others sent, and what the flow sent itself, in the order of the log. */
  async listEffects(io: Pick<ActionIo, 'resources'>) {
    const { sent } = await openFlowState(io);
    const cluster = nameConnection(this.#options.settings);
    const isOwn = (record: KafkaRecord): boolean => sent.has(nameRecord(cluster, record));
    const toEffects = (records: readonly KafkaRecord[]): readonly MessageEffect[] =>
      records.toSorted(compareRecords).map((record) => toMessageEffect(toMessage(record)));
    return {
      others: toEffects(this.#records.filter((record) => !isOwn(record))),
      own: toEffects(this.#records.filter(isOwn)),
    };
  }

  get topics(): readonly string[] {
    return [...this.#read.keys()];
  }

  /** Whether a group has read all that came; undefined where it never committed on a topic on which something came. */
  async hasCaughtUp(group: string, io: WatchIo): Promise<boolean | undefined> {
    const { settings, timeoutMs } = this.#options;
    const limits = { signal: io.stop.signal, timeoutMs };
    let isUnknown = false;
    try {
      const all = await this.#connection.committedOfAll(group, limits);
      for (const [topic, { offsets }] of this.#read) {
        const committed = all.get(topic) ?? new Map<number, bigint>();
        if (committed.size === 0) isUnknown ||= this.#records.some((record) => record.topic === topic);
        else if ([...offsets].some(([partition, end]) => (committed.get(partition) ?? end) < end)) return false;
      }
    } catch (error) {
      throw toActionError(error, settings, { io });
    }
    return isUnknown ? undefined : true;
  }

  async #findEnds(io: Pick<WatchIo, 'stop'>): Promise<KafkaPositions> {
    const { named, withOthers, timeoutMs } = this.#options;
    const limits = { signal: io.stop.signal, timeoutMs };
    const isWanted = (topic: string): boolean => withOthers || named.some((name) => matchesName(name, topic));
    const needsList = withOthers || named.some(isPattern);
    const listed = needsList ? (await this.#connection.listTopics(limits)).filter(isWanted) : [];
    const exact = named.filter((name) => !isPattern(name));
    return this.#connection.arm([...new Set([...exact, ...listed])], limits);
  }

  /** A topic that is named and that nobody will make is misspelt. */
  async #refuseUnknown(io: PrepareIo): Promise<void> {
    const { needed, timeoutMs } = this.#options;
    const isKnown = (topic: string): boolean => this.#read.get(topic)?.id !== undefined;
    const topics = [...this.#read.keys()].filter(isKnown);
    const unknown = needed.find((name) => !topics.some((topic) => matchesName(name, topic)));
    if (unknown === undefined) return;
    const limits = { signal: io.stop.signal, timeoutMs };
    const nearest = findNearest(unknown, await this.#connection.listTopics(limits));
    const makes = await this.#connection.makesTopics(limits).catch(() => undefined);
    const message = `the brokers do not know the topic \`${unknown}\``;
    if (makes !== false && nearest === undefined) return io.report.note(`${message} yet`);
    const help = nearest === undefined ? [] : [`there is \`${nearest}\``];
    const hints = [...help, 'a topic that a flow waits for has to be there before the flow'];
    throw new ActionError({ kind: 'kafka', message, hints });
  }

  #hasMoved(topic: string, ends: TopicOffsets['offsets']): boolean {
    const read = this.#read.get(topic)?.offsets;
    return [...ends].some(([partition, end]) => end > (read?.get(partition) ?? 0n));
  }

  #keep(record: KafkaRecord): void {
    if (this.#options.isIgnored(record.topic) && this.#ignored++ >= MOST_IGNORED) return;
    if (this.#records.length >= MOST_RECORDS)
      throw new ActionError({
        kind: 'kafka',
        message: `more than ${MOST_RECORDS} messages came: \`effects\` keeps no more`,
        hints: [`\`${record.topic}\` among \`ignore\` leaves it out`],
      });
    this.#records.push(record);
  }
}

function compareRecords(a: KafkaRecord, b: KafkaRecord): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition || Number(a.offset - b.offset);
}
