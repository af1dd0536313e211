import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaPositions } from '../../drivers/kafka/types.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { listTopics, readTimeout } from './arm.ts';
import { type ConsumerSettings, NOT_ZERO, readWanted } from './consumer-settings.ts';
import { type MessagePlace, readPlace } from './message-place.ts';

/** A consumer that has done its work is known so soon after it says so. */
const LOOK_EVERY_MS = 50;

export interface GroupWork {
  readonly connection: KafkaConnection;
  /** By `clock.monotonic()`. */
  readonly deadlineAt: number;
}

/**
 * What makes sure that no message is to come: waits until the group of `after` has committed past the message, then gives the
 * ends of the awaited topics. Undefined without `after`. @throws ActionError when the group does not get there in time
 */
export function awaitGroup(
  config: ConsumerSettings,
  io: ActionIo,
  { connection, deadlineAt }: GroupWork,
): ((signal: AbortSignal) => Promise<KafkaPositions>) | undefined {
  const { after, settle: settleMs = 0 } = config;
  if (!after) return undefined;
  if (readWanted(config).max !== 0)
    throw new ActionError({ kind: 'authoring', code: 'TM334', message: NOT_ZERO.message, hints: NOT_ZERO.help });
  const place = readPlace(after.message, 'after.message');
  return async (signal) => {
    const limit = () => ({ signal, timeoutMs: Math.max(1, deadlineAt - io.clock.monotonic()) });
    let seen: { readonly committed: bigint | undefined } | undefined;
    for (;;) {
      const committed = await connection
        .committed(after.group, place.topic, limit())
        .then((positions) => positions.get(place.partition))
        .catch((error: unknown) => {
          // A look for which there was hardly time says nothing of the broker: what the one before it saw counts.
          if (!seen || io.clock.monotonic() < deadlineAt - LOOK_EVERY_MS) throw error;
          throw describeBehind(after.group, place, { ...seen, timeoutMs: readTimeout(config, io) });
        });
      seen = { committed };
      if (committed !== undefined && committed > place.offset) break;
      if (io.clock.monotonic() + LOOK_EVERY_MS > deadlineAt)
        throw describeBehind(after.group, place, { committed, timeoutMs: readTimeout(config, io) });
      io.report.progress(`waiting for the group \`${after.group}\` to pass ${describePlace(place)}`);
      await io.clock.sleep(LOOK_EVERY_MS, signal);
    }
    // What the group's work causes may be sent by something else, later.
    await io.clock.sleep(Math.min(settleMs, deadlineAt - io.clock.monotonic()), signal);
    return connection.arm(listTopics(config), limit());
  };
}

/** That the group is slow says nothing of what it would have sent: the wait could not be carried out. */
function describeBehind(
  group: string,
  place: MessagePlace,
  { committed, timeoutMs }: { readonly committed: bigint | undefined; readonly timeoutMs: number },
): ActionError {
  const within = `within ${formatDuration(timeoutMs)}`;
  if (committed === undefined) {
    const message = `the group \`${group}\` has committed nothing for \`${place.topic}\` [${place.partition}] ${within}`;
    const hints = ['does the service read with this name, and does it commit its offsets?'];
    return new ActionError({ kind: 'kafka', message, hints });
  }
  const behind = countOf(Number(place.offset + 1n - committed), 'message');
  const message = `the group \`${group}\` has not passed ${describePlace(place)} ${within}: it was ${behind} short`;
  const hints = [
    'until it has, no message proves nothing: is the service running, or does it need a longer `timeout`?',
  ];
  return new ActionError({ kind: 'kafka', message, hints });
}

function describePlace({ topic, partition, offset }: MessagePlace): string {
  return `\`${topic}\` [${partition}] offset ${offset}`;
}
