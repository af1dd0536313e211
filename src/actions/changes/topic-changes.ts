import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaPositions, KafkaRecord } from '../../drivers/kafka/types.ts';
import { formatValue } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { countOf } from '../../util/count.ts';
import { connect, nameConnection, toActionError } from '../kafka/connect.ts';
import { nameRecord, openFlowState } from '../kafka/flow-state.ts';
import type { ConnectionSettings } from '../kafka/kafka-settings.ts';
import { toMessage } from '../kafka/message.ts';
import { readBetween } from '../kafka/read-between.ts';
import { describeUnknown, listMissing } from '../kafka/unknown-topics.ts';
import type { Changes } from './changes.ts';

const MAX_TEXT = 400;

export interface WatchedTopics {
  readonly topics: readonly string[];
  readonly settings: ConnectionSettings;
  readonly timeoutMs: number;
}

/** Topics from a time on. */
export interface TopicLook extends WatchedTopics {
  readonly connection: KafkaConnection;
  readonly start: KafkaPositions;
}

/** Looks up where topics end now. @throws ActionError when the brokers cannot be asked */
export async function lookAtTopics(watched: WatchedTopics, io: ActionIo): Promise<TopicLook> {
  const { topics, settings, timeoutMs } = watched;
  try {
    const connection = await connect(settings, io);
    return { ...watched, connection, start: await connection.arm(topics, { signal: io.stop.signal, timeoutMs }) };
  } catch (error) {
    throw toActionError(error, settings, { io });
  }
}

/** Adds the messages that came since the look; what the flow itself sent is named, and is no change. @throws ActionError */
export async function compareTopics(look: TopicLook, changes: Changes, io: ActionIo): Promise<void> {
  const { connection, start, settings, topics, timeoutMs } = look;
  const { sent } = await openFlowState(io);
  const cluster = nameConnection(settings);
  const own = new Map<string, number>();
  const onRecord = (record: KafkaRecord): void => {
    const { topic } = record;
    if (sent.has(nameRecord(cluster, record))) own.set(topic, (own.get(topic) ?? 0) + 1);
    else changes.add(describeRecord(record));
  };
  try {
    const ends = await connection.arm(topics, { signal: io.stop.signal, timeoutMs });
    const held = await readBetween({ connection, start, ends, timeoutMs }, onRecord, io);
    for (const [topic, count] of own)
      io.report.note(
        `${countOf(count, 'message')} on \`${topic}\` that this flow sent itself ${count === 1 ? 'is' : 'are'} not counted`,
      );
    if (held > 0)
      io.report.note(
        `a transaction that is still open holds back ${countOf(held, 'offset')}: its messages count once it is committed`,
      );
    for (const text of await describeUnknown(listMissing(ends), { connection, signal: io.stop.signal }))
      io.report.note(`that nothing came proves little: ${text}`);
  } catch (error) {
    throw toActionError(error, settings, { io });
  }
}

function describeRecord(record: KafkaRecord) {
  const message = toMessage(record);
  const { topic, partition, offset, key, value } = message;
  const place = `[${partition}] offset ${offset}, ${key === null ? 'no key' : `key ${formatValue(key, 80)}`}`;
  const text = `${place}, ${formatValue(value, MAX_TEXT)}`;
  return { place: topic, thing: 'message', what: 'added', number: 1, text, value: { message } } as const;
}
