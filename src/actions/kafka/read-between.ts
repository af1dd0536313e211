import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaPositions, KafkaRecord, KafkaSubscription } from '../../drivers/kafka/types.ts';
import type { ActionIo } from '../../model/action/io.ts';

const LOOK_EVERY_MS = 10;

export interface Stretch {
  readonly connection: KafkaConnection;
  readonly start: KafkaPositions;
  readonly ends: KafkaPositions;
  /** How long it may take: an open transaction keeps back what lies behind it. */
  readonly timeoutMs: number;
}

/** Reads everything from `start` up to `ends`; gives how many offsets an open transaction kept back to the end. @throws KafkaError when it could not be read, or some of it is lost */
export async function readBetween(
  { connection, start, ends, timeoutMs }: Stretch,
  onRecord: (record: KafkaRecord) => void,
  io: Pick<ActionIo, 'clock' | 'stop'>,
): Promise<number> {
  const { clock, stop } = io;
  const deadlineAt = clock.monotonic() + timeoutMs;
  let broken: Error | undefined;
  const readers = [...ends].map(([topic, { offsets }]) => {
    const subscription = connection.follow(topic, start.get(topic) ?? { offsets: new Map() }, {
      onRecords: (records) => {
        // What was written after the ends is not meant.
        for (const record of records) if (record.offset < (offsets.get(record.partition) ?? 0n)) onRecord(record);
      },
      onTrouble: () => undefined,
      onEnd: (error) => {
        broken = error;
      },
    });
    return { subscription, offsets };
  });
  try {
    while (!readers.every(({ subscription, offsets }) => subscription.hasRead(offsets))) {
      if (broken) throw broken;
      if (clock.monotonic() > deadlineAt) return countHeld(readers.map(({ subscription }) => subscription));
      await clock.sleep(LOOK_EVERY_MS, stop.signal);
    }
    return 0;
  } finally {
    for (const { subscription } of readers) subscription.stop();
  }
}

/** @throws KafkaError when it is something else that keeps it from the ends */
function countHeld(subscriptions: readonly KafkaSubscription[]): number {
  for (const subscription of subscriptions) {
    const doubt = subscription.findDoubt();
    if (doubt) throw doubt;
  }
  return subscriptions.reduce((sum, subscription) => sum + subscription.countHeld(), 0);
}
