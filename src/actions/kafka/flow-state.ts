import type { KafkaPositions, KafkaRecord, SentRecord } from '../../drivers/kafka/types.ts';
import type { PrepareIo } from '../../model/action/io.ts';
import { nameConnection } from './connect.ts';
import type { ConnectionSettings } from './kafka-settings.ts';

/** Offsets that were looked up before a wait, and when. */
export interface Armed {
  readonly positions: KafkaPositions;
  /** ms since 1970. */
  readonly atMs: number;
}

/** Where a message lies; without an offset where nobody asked. */
export type RecordPlace = Pick<KafkaRecord, 'topic' | 'partition'> & Pick<SentRecord, 'offset'>;

/** What the Kafka steps of one flow know of each other. */
export interface KafkaFlowState {
  /** By address of the waiting step: offsets at the beginning of the flow (or loop), or before the step that `since` names. */
  readonly armed: Map<string, Armed>;
  /** When brokers could not be asked before a step that might not run, by its address: ms since 1970. */
  readonly unasked: Map<string, number>;
  /** The step that each message satisfied, by cluster, topic, partition and offset. */
  readonly claims: Map<string, string>;
  /** The messages that steps of the flow sent, by the same. */
  readonly sent: Set<string>;
  /** Topics that steps of the flow wait on, with their first offsets, by cluster. */
  readonly topics: Map<string, Map<string, Armed>>;
  /** What was said before a wait, which is armed again with each round of a loop. */
  readonly said: Set<string>;
}

/** The state that the Kafka steps of a flow share. */
export function openFlowState(io: Pick<PrepareIo, 'resources'>): Promise<KafkaFlowState> {
  return io.resources.open('kafka:flow', async () => {
    const maps = { armed: new Map(), unasked: new Map(), claims: new Map(), topics: new Map() };
    const value: KafkaFlowState = { ...maps, sent: new Set(), said: new Set() };
    return { value, close: async () => undefined };
  });
}

/** What a message is called among all that a flow meets: by cluster, topic, partition and offset. */
export function nameRecord(cluster: string, { topic, partition, offset }: RecordPlace): string {
  return `${cluster}/${topic}/${partition}/${offset}`;
}

/** Notes messages as the flow's own. */
export async function noteSent(
  settings: ConnectionSettings,
  records: readonly RecordPlace[],
  io: Pick<PrepareIo, 'resources'>,
): Promise<void> {
  const { sent } = await openFlowState(io);
  const cluster = nameConnection(settings);
  for (const record of records) sent.add(nameRecord(cluster, record));
}

/** Notes the topics of a cluster with the offsets at which the flow first met them. */
export function noteTopics(state: KafkaFlowState, cluster: string, armed: Armed): void {
  const known = state.topics.get(cluster) ?? new Map<string, Armed>();
  state.topics.set(cluster, known);
  for (const topic of armed.positions.keys()) if (!known.has(topic)) known.set(topic, armed);
}
