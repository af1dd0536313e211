import * as z from 'zod/mini';
import type { KafkaConnection } from '../drivers/kafka/connection.ts';
import type { KafkaLimits } from '../drivers/kafka/types.ts';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import type { Problem } from '../model/events.ts';
import { duration } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { formatDuration } from '../util/duration.ts';
import { connect, toActionError } from './kafka/connect.ts';
import { brokers, sasl, tls, topicName } from './kafka/kafka-settings.ts';
import { toNumber } from './kafka/message.ts';
import { chooseTimeout } from './settings/deadline.ts';

const settings = z.strictObject({
  brokers: brokers(),
  group: z.string().check(z.minLength(1)),
  topic: topicName(),
  until: z.optional(z.literal('caught_up')),
  timeout: z.optional(duration()),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
});

type GroupSettings = z.output<typeof settings>;

const LOOK_EVERY_MS = 100;

/** Gives how far a consumer group has read a topic, or waits until it has read what is there. */
export const kafkaGroup: ActionDefinition<GroupSettings> = {
  name: 'kafka_group',
  summary: 'Says how far a consumer group has read a topic, or waits until it has read all that is there now',
  settings: { schema: settings },
  result: {
    keys: { lag: 'number', committed: 'bool', partitions: 'array' },
    example: 'lag == 0',
  },
  judges: (authored) => Object(authored)['until'] !== undefined,
  traits: { isLook: (authored) => Object(authored)['until'] === undefined, ownsDeadline: true },
  async run(config, io) {
    try {
      return await lookAtGroup(config, io);
    } catch (error) {
      throw toActionError(error, config);
    }
  },
};

async function lookAtGroup(config: GroupSettings, io: ActionIo) {
  const { group, topic, until } = config;
  const timeoutMs = chooseTimeout(config.timeout, io);
  const limits = { signal: io.stop.signal, timeoutMs };
  const connection = await connect(config, io);
  const deadlineAt = io.clock.monotonic() + timeoutMs;
  const stretch = await readStretch(connection, topic, limits);
  for (;;) {
    const committed = await connection.committed(group, topic, limits);
    const places = describePlaces(stretch, committed);
    const lag = places.reduce((sum, place) => sum + place.lag, 0n);
    const isOver = lag === 0n || io.clock.monotonic() + LOOK_EVERY_MS > deadlineAt;
    if (until === undefined || isOver) {
      const isLate = until !== undefined && lag > 0n;
      return {
        result: { lag: toNumber(lag), committed: committed.size > 0, partitions: places.map(toPartition) },
        summary: lag === 0n ? 'caught up' : `${countOf(Number(lag), 'message')} behind`,
        problems: isLate ? [describeLag(config, { lag, hasCommitted: committed.size > 0, timeoutMs })] : [],
      };
    }
    io.report.progress(`waiting for ${group}, ${countOf(Number(lag), 'message')} behind`);
    await io.clock.sleep(LOOK_EVERY_MS, io.stop.signal);
  }
}

/** What lies in each partition now: from the first message to behind the last. */
interface Stretch {
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
}

async function readStretch(
  connection: KafkaConnection,
  topic: string,
  limits: KafkaLimits,
): Promise<readonly Stretch[]> {
  const [ends, starts] = await Promise.all([connection.arm([topic], limits), connection.beginnings([topic], limits)]);
  return [...(ends.get(topic)?.offsets ?? [])].map(([partition, end]) => ({
    partition,
    end,
    start: starts.get(topic)?.offsets.get(partition) ?? 0n,
  }));
}

interface Place extends Stretch {
  readonly committed: bigint | undefined;
  readonly lag: bigint;
}

function describePlaces(stretch: readonly Stretch[], committed: ReadonlyMap<number, bigint>): readonly Place[] {
  return stretch.map((one) => {
    const read = committed.get(one.partition);
    const from = read === undefined || read < one.start ? one.start : read;
    return { ...one, committed: read, lag: one.end > from ? one.end - from : 0n };
  });
}

function toPartition({ partition, committed, end, lag }: Place): Value {
  return {
    partition,
    committed: committed === undefined ? null : toNumber(committed),
    end: toNumber(end),
    lag: toNumber(lag),
  };
}

/** A group that never committed is not slow: nobody reads, or by another name. */
function describeLag(
  { group, topic }: GroupSettings,
  { lag, hasCommitted, timeoutMs }: { lag: bigint; hasCommitted: boolean; timeoutMs: number },
): Problem {
  const within = `within ${formatDuration(timeoutMs)}`;
  if (!hasCommitted)
    return {
      outcome: 'errored',
      kind: 'kafka',
      message: `the group \`${group}\` has committed nothing for \`${topic}\` ${within}`,
      hints: ['does the service read with this name, and does it commit its offsets?'],
    };
  const message = `the group \`${group}\` is ${countOf(Number(lag), 'message')} behind on \`${topic}\`, not caught up ${within}`;
  return { outcome: 'failed', kind: 'expectation', message };
}
