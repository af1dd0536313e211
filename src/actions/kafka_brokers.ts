import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
import { timeLimit } from '../model/settings.ts';
import { connect, toActionError } from './kafka/connect.ts';
import { brokers, KAFKA_CONNECTION, sasl, tls } from './kafka/kafka-settings.ts';
import { chooseTimeout } from './settings/deadline.ts';

const settings = z.strictObject({
  brokers: brokers(),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
  timeout: z.optional(timeLimit()),
});

/** Asks brokers which topics there are, which changes nothing: what `testmesh doctor` does; steps of flows do not name it. */
export const kafkaBrokers: ActionDefinition<z.output<typeof settings>> = {
  name: 'kafka_brokers',
  summary: 'Says whether brokers answer, and which topics they have',
  settings: { schema: settings, connection: KAFKA_CONNECTION },
  result: { keys: { topics: 'array' } },
  judges: true,
  traits: { isLook: true, ownsDeadline: true },
  async run(config, io) {
    const limits = { signal: io.stop.signal, timeoutMs: chooseTimeout(config.timeout, io) };
    try {
      const connection = await connect(config, io);
      const topics = await connection.listTopics(limits);
      return { result: { topics: [...topics] }, summary: 'answered' };
    } catch (error) {
      throw toActionError(error, config, { io });
    }
  },
};
