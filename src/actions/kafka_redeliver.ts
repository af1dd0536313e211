import * as z from 'zod/mini';
import type { KafkaConnection } from '../drivers/kafka/connection.ts';
import type { KafkaLimits, KafkaRecord } from '../drivers/kafka/types.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { ActionError } from '../model/action/outcome.ts';
import { anyValue, timeLimit } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { connect, toActionError } from './kafka/connect.ts';
import { noteSent } from './kafka/flow-state.ts';
import { brokers, KAFKA_CONNECTION, KAFKA_DEFAULTS, sasl, tls } from './kafka/kafka-settings.ts';
import { toNumber } from './kafka/message.ts';
import { checkPlace, type MessagePlace, readPlace } from './kafka/message-place.ts';
import { isRecord } from './settings/authored.ts';
import { chooseTimeout } from './settings/deadline.ts';

const settings = z.strictObject({
  connection: z.optional(z.string()),
  brokers: brokers(),
  message: anyValue(),
  times: z.optional(z.int().check(z.gte(1), z.lte(1000))),
  timeout: z.optional(timeLimit()),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
});

/** Sends a message again, byte for byte, as a broker or a producer that tries again may do. */
export const kafkaRedeliver: ActionDefinition<z.output<typeof settings>> = {
  name: 'kafka_redeliver',
  summary: 'Sends a message that was matched again: its key, value and headers byte for byte, on its partition',
  settings: {
    schema: settings,
    connection: KAFKA_CONNECTION,
    defaults: KAFKA_DEFAULTS,
    check: (authored) => (isRecord(authored) ? checkPlace(authored['message'], ['message']) : []),
  },
  result: { keys: { topic: 'string', partition: 'number', offset: 'number', count: 'number' } },
  judges: true,
  traits: { ownsDeadline: true, isAlone: true },
  async run(config, io) {
    const place = readPlace(config.message, 'message');
    const limits = { signal: io.stop.signal, timeoutMs: chooseTimeout(config.timeout, io) };
    const { times = 1 } = config;
    try {
      const connection = await connect(config, io);
      const record = await readRecord(connection, place, limits);
      const { topic, partition, key, value, headers } = record;
      const again = { topic, partition, key, value, headers, timestampMs: io.clock.now() };
      const copies = Array.from({ length: times }, () => ({ ...again }));
      const sent = await connection.send(copies, { acks: 'all', compression: 'none' }, limits);
      await noteSent(
        config,
        sent.map((one) => ({ ...one, topic })),
        io,
      );
      const offset = sent[0]?.offset ?? -1n;
      return {
        result: { topic, partition, offset: toNumber(offset), count: times },
        summary: `${topic} [${partition}] offset ${place.offset} again, ${countOf(times, 'time')}`,
      };
    } catch (error) {
      throw toActionError(error, config, { io });
    }
  },
};

async function readRecord(connection: KafkaConnection, place: MessagePlace, limits: KafkaLimits): Promise<KafkaRecord> {
  const { topic, partition, offset } = place;
  const found: KafkaRecord[] = [];
  await connection.scan(
    {
      topic,
      before: new Map([[partition, offset + 1n]]),
      maxRecords: 1,
      onRecords: (records) => found.push(...records.filter((record) => record.offset === offset)),
    },
    limits,
  );
  const [record] = found;
  if (record) return record;
  throw new ActionError({
    kind: 'kafka',
    message: `the message at \`${topic}\` [${partition}] offset ${offset} is no longer there`,
    hints: ['a topic that is compacted, emptied or created again loses its messages'],
  });
}
