import * as z from 'zod/mini';
import { loadRedisClient } from '../drivers/redis/redis.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { checkRedisPlace, REDIS_CONNECTION, REDIS_DEFAULTS, redisPlace } from './redis/redis-settings.ts';
import { explainNoJson, readReply, readValueAsJson } from './redis/reply.ts';
import { sendCommand } from './redis/send-command.ts';

const settings = z.strictObject({ ...redisPlace, key: z.string() });

/** Reads a key of Redis; one that is not there is nil. */
export const redisGet: ActionDefinition<z.output<typeof settings>> = {
  name: 'redis.get',
  summary: 'Reads the value of a key of Redis',
  settings: { schema: settings, connection: REDIS_CONNECTION, defaults: REDIS_DEFAULTS, check: checkRedisPlace },
  result: { keys: { value: 'string?', json: 'any', exists: 'bool' }, example: 'exists' },
  judges: false,
  traits: { isLook: true, ownsDeadline: true },
  preparation: { load: loadRedisClient },
  async run(config, io) {
    const command = ['GET', config.key];
    const value = readReply(await sendCommand(command, config, io), command);
    const exists = value !== null;
    const summary = exists ? 'found' : 'no such key';
    const json = readValueAsJson(value, io);
    const asides = exists && json === null ? { json: () => explainNoJson(value) } : {};
    return { result: { value, json, exists }, summary, asides };
  },
};
