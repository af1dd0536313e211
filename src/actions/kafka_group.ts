import * as z from 'zod/mini';
import type { KafkaConnection } from '../drivers/kafka/connection.ts';
import type { KafkaLimits } from '../drivers/kafka/types.ts';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError, type ActionOutcome } from '../model/action/outcome.ts';
import type { Problem } from '../model/events.ts';
import { timeLimit } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { formatDuration } from '../util/duration.ts';
import { connect, toActionError } from './kafka/connect.ts';
import { brokers, KAFKA_CONNECTION, KAFKA_DEFAULTS, sasl, tls, topicName } from './kafka/kafka-settings.ts';
import { toNumber } from './kafka/message.ts';
import { describeUnknown, describeUnknownGroup, listMissing } from './kafka/unknown-topics.ts';
import { chooseTimeout } from './settings/deadline.ts';

const settings = z.strictObject({
  connection: z.optional(z.string()),
  brokers: brokers(),
  group: z.string().check(z.minLength(1)),
  topic: topicName(),
  until: z.optional(z.literal('caught_up')),
  timeout: z.optional(timeLimit()),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
});

type GroupSettings = z.output<typeof settings>;

const LOOK_EVERY_MS = 100;

/** Gives how far a consumer group has read a topic, or waits until it has read what is there. */
export const kafkaGroup: ActionDefinition<GroupSettings> = {
  name: 'kafka_group',
  summary: 'Says how far a consumer group has read a topic, or waits until it has read all that is there now',
  settings: { schema: settings, connection: KAFKA_CONNECTION, defaults: KAFKA_DEFAULTS },
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
      throw toActionError(error, config, { io });
    }
  },
};

async function lookAtGroup(config: GroupSettings, io: ActionIo): Promise<ActionOutcome> {
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
    const hasCommitted = committed.size > 0;
    const isLast = until === undefined || io.clock.monotonic() + LOOK_EVERY_MS > deadlineAt;
    const asks = !hasCommitted && (lag === 0n || (isLast && until !== undefined));
    const unknown = asks ? await describeUnknownGroup(group, { connection, signal: limits.signal }) : undefined;
    const hasRead = lag === 0n && unknown === undefined;
    if (isLast || hasRead) {
      const isLate = until !== undefined && !hasRead;
      if (lag === 0n && !hasCommitted && !isLate) io.report.note(describeEmpty(config, unknown));
      return {
        result: { lag: toNumber(lag), committed: hasCommitted, partitions: places.map(toPartition) },
        summary: describeState(lag, unknown),
        problems: isLate ? [describeLag(config, { lag, hasCommitted, unknown, timeoutMs })] : [],
      };
    }
    io.report.progress(`waiting for ${group}, ${describeState(lag, unknown)}`);
    await io.clock.sleep(LOOK_EVERY_MS, io.stop.signal);
  }
}

function describeState(lag: bigint, unknown: string | undefined): string {
  if (lag > 0n) return `${countOf(Number(lag), 'message')} behind`;
  return unknown === undefined ? 'caught up' : 'nothing committed';
}

/** Where nothing is to be read, who read nothing is as far as who read all. */
function describeEmpty({ group, topic, until }: GroupSettings, unknown: string | undefined): string {
  const nothing = `\`${topic}\` holds no messages, and \`${group}\` has committed nothing for it`;
  return `that ${until ? 'it has caught up' : 'there is no lag'} says little: ${unknown ?? nothing}`;
}

/** What lies in each partition now: from the first message to behind the last. */
interface Stretch {
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
}

/** @throws ActionError when there is no such topic: nobody is behind on it, and nobody reads it */
async function readStretch(
  connection: KafkaConnection,
  topic: string,
  limits: KafkaLimits,
): Promise<readonly Stretch[]> {
  const [ends, starts] = await Promise.all([connection.arm([topic], limits), connection.beginnings([topic], limits)]);
  if (listMissing(ends).length > 0) {
    const [said] = await describeUnknown([topic], { connection, signal: limits.signal });
    const hints = ['check its name; a topic that is made later has to be there before this step'];
    throw new ActionError({ kind: 'kafka', message: said ?? `the brokers did not know the topic \`${topic}\``, hints });
  }
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

interface Lateness {
  readonly lag: bigint;
  readonly hasCommitted: boolean;
  /** That the brokers do not know the group. */
  readonly unknown: string | undefined;
  readonly timeoutMs: number;
}

/** A group that never committed is not slow: nobody reads, or by another name. */
function describeLag({ group, topic }: GroupSettings, { lag, hasCommitted, unknown, timeoutMs }: Lateness): Problem {
  const within = `within ${formatDuration(timeoutMs)}`;
  if (!hasCommitted)
    return {
      outcome: 'errored',
      kind: 'kafka',
      message: `the group \`${group}\` has committed nothing for \`${topic}\` ${within}`,
      hints: [
        ...(unknown === undefined ? [] : [unknown]),
        'does the service read with this name, and does it commit its offsets?',
      ],
    };
  const message = `the group \`${group}\` is ${countOf(Number(lag), 'message')} behind on \`${topic}\`, not caught up ${within}`;
  return { outcome: 'failed', kind: 'expectation', message };
}
