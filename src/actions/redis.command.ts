import * as z from 'zod/mini';
import { loadRedisClient } from '../drivers/redis/redis.ts';
import { isKeyedMap, isList, isMap, type Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { anyValue } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { checkCommand, isLooking, readCommand } from './redis/command-line.ts';
import { checkRedisPlace, REDIS_CONNECTION, REDIS_DEFAULTS, redisPlace } from './redis/redis-settings.ts';
import { describeEndless, readReply, readValueAsJson } from './redis/reply.ts';
import { sendCommand } from './redis/send-command.ts';

const settings = z.strictObject({
  ...redisPlace,
  command: z.union([z.string(), z.array(anyValue()).check(z.minLength(1))]),
  args: z.optional(z.array(anyValue())),
});

/** Sends any command of Redis: `[HGET, key, field]`, a line as for redis-cli, or its name with `args`. */
export const redisCommand: ActionDefinition<z.output<typeof settings>> = {
  name: 'redis.command',
  summary: 'Sends any command to Redis and gives the answer',
  settings: {
    schema: settings,
    connection: REDIS_CONNECTION,
    defaults: REDIS_DEFAULTS,
    check: (authored) => [...checkRedisPlace(authored), ...checkCommand(authored)],
  },
  result: { keys: { value: 'any', json: 'any', ok: 'true' }, example: 'value != nil' },
  judges: (authored) => !isLooking(authored),
  traits: { isLook: isLooking, ownsDeadline: true },
  preparation: { load: loadRedisClient },
  async run(config, io) {
    const command = readCommand(config.command as string | readonly Value[], (config.args ?? []) as readonly Value[]);
    const value = readReply(await sendCommand(command, config, io), command);
    const endless = describeEndless(command, value);
    return {
      result: { value, json: readValueAsJson(value, io), ok: true },
      summary: endless ?? summarize(value),
      ...(endless !== undefined && { denied: { value: () => `\`value\` is ${endless}` } }),
    };
  },
};

function summarize(value: Value): string {
  if (value === null) return 'nil';
  if (isList(value)) return countOf(value.length, 'item');
  if (isKeyedMap(value)) return countOf(value.size, 'field');
  if (isMap(value)) return countOf(Object.keys(value).length, 'field');
  return typeof value === 'string' && value !== 'OK' ? countOf(value.length, 'character') : String(value);
}
