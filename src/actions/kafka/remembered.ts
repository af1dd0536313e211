import type { KafkaPositions, TopicOffsets } from '../../drivers/kafka/types.ts';
import { isMap, type Value } from '../../expr/index.ts';
import type { ChosenAgain, ResultItems } from '../../model/action/result.ts';
import { type ConsumerSettings, readWanted } from './consumer-settings.ts';
import type { Armed } from './flow-state.ts';
import { ENVELOPE } from './foresight.ts';
import type { Message } from './message.ts';
import { createRules } from './rules.ts';

/** Of messages that were recorded those that `match` takes now; what else went by then is in no record, so that nothing can be said of how many there were. */
const again: ChosenAgain = {
  setting: 'match',
  choose(config, things, io) {
    const { match, ...settings } = config as ConsumerSettings;
    const { min, max } = readWanted(settings);
    if (max !== undefined || match?.trace) return undefined;
    const rules = createRules(match, { ...io, facts: { traceId: '' } });
    const taken = (things as readonly Value[] as readonly Message[]).filter((message) =>
      rules.every((rule) => rule.measure(message) === 1),
    );
    return taken.length >= Math.max(1, min) ? taken : undefined;
  },
};

/** The messages in the result of a wait. */
export const messageItems: ResultItems = {
  ...{ noun: 'message', list: 'messages', first: 'message', number: 'count' },
  envelope: ENVELOPE,
  again,
};

/** Writes offsets for the run's record. */
export function encodePositions({ positions, atMs }: Armed, brokers: string): Value {
  const topics: { [topic: string]: Value } = {};
  for (const [topic, { id, offsets }] of positions) {
    const partitions = Object.fromEntries([...offsets].map(([partition, offset]) => [partition, String(offset)]));
    topics[topic] = { id: id ?? null, offsets: partitions };
  }
  return { brokers, at: new Date(atMs).toISOString(), topics };
}

/** Reads offsets of a record; undefined when they are not for all of these topics. */
export function decodePositions(
  recalled: Value | undefined,
  topics: readonly string[],
): (Armed & { readonly brokers: string }) | undefined {
  if (recalled === undefined || !isMap(recalled)) return undefined;
  const { brokers, at, topics: recorded } = recalled;
  if (typeof brokers !== 'string' || typeof at !== 'string' || !recorded || !isMap(recorded)) return undefined;
  const positions: [string, TopicOffsets][] = [];
  for (const topic of topics) {
    const offsets = decodeTopic(recorded[topic]);
    if (!offsets) return undefined;
    positions.push([topic, offsets]);
  }
  return { brokers, atMs: Date.parse(at), positions: new Map(positions) satisfies KafkaPositions };
}

function decodeTopic(recorded: Value | undefined): TopicOffsets | undefined {
  if (!recorded || !isMap(recorded)) return undefined;
  const { id, offsets } = recorded;
  if (!offsets || !isMap(offsets)) return undefined;
  const pairs = Object.entries(offsets).map(([partition, offset]) => [Number(partition), readOffset(offset)] as const);
  return { ...(typeof id === 'string' && { id }), offsets: new Map(pairs) };
}

function readOffset(offset: Value): bigint {
  const text = String(offset);
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
