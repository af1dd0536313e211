import * as z from 'zod/mini';
import type { KafkaPositions } from '../../drivers/kafka/types.ts';
import type { KeySource, KeySourceWorld } from '../../model/load/reconcile.ts';
import { connect, toActionError } from '../kafka/connect.ts';
import { brokers, sasl, tls, topicName } from '../kafka/kafka-settings.ts';
import { toMessage } from '../kafka/message.ts';
import { readBetween } from '../kafka/read-between.ts';
import { describeUnknown, listMissing } from '../kafka/unknown-topics.ts';

const ASK_MS = 15_000;
/** A long load has written much. */
const READ_MS = 600_000;

/** What else is there says how its keys are read. */
export const topicKeySettings = z.object({
  topic: topicName(),
  brokers: brokers(),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
});

/** Reads a topic from where it ends now, a stretch with each look. @throws ActionError */
export async function openTopicKeys(
  settings: z.output<typeof topicKeySettings>,
  { clock, resources, directory, stop }: KeySourceWorld,
): Promise<KeySource> {
  const { topic } = settings;
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toActionError(error, settings, { io: { resources, clock } });
    }
  };
  const connection = await connect(settings, { resources, clock, facts: { directory } });
  const arm = (signal: AbortSignal): Promise<KafkaPositions> => connection.arm([topic], { signal, timeoutMs: ASK_MS });
  let read = await ask(() => arm(stop.signal));
  return {
    name: `topic ${topic}`,
    isWhole: false,
    look: (onThing, until) =>
      ask(async () => {
        const ends = await arm(until.signal);
        const onRecord = (record: Parameters<typeof toMessage>[0]): void => onThing(toMessage(record));
        const stretch = { connection, start: read, ends, timeoutMs: READ_MS };
        const held = await readBetween(stretch, onRecord, { clock, stop: until });
        read = ends;
        const unknown = await describeUnknown(listMissing(ends), { connection, signal: until.signal });
        return held > 0
          ? [...unknown, `a transaction that is still open holds back ${held} offsets of ${topic}`]
          : unknown;
      }),
  };
}
