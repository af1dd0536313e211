import * as z from 'zod/mini';
import { loadRedisClient } from '../drivers/redis/redis.ts';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { anyValue, timeLimit } from '../model/settings.ts';
import { formatDuration } from '../util/duration.ts';
import { checkRedisPlace, REDIS_CONNECTION, REDIS_DEFAULTS, redisPlace } from './redis/redis-settings.ts';
import { sendCommand } from './redis/send-command.ts';
import { writeValue } from './redis/write-value.ts';

const settings = z.strictObject({
  ...redisPlace,
  key: z.string(),
  value: anyValue(),
  ttl: z.optional(timeLimit('a key that does not expire')),
});

/** Writes a key of Redis; maps and lists as JSON. */
export const redisSet: ActionDefinition<z.output<typeof settings>> = {
  name: 'redis.set',
  summary: 'Writes a key of Redis, maps and lists as JSON',
  settings: { schema: settings, connection: REDIS_CONNECTION, defaults: REDIS_DEFAULTS, check: checkRedisPlace },
  result: { keys: { ok: 'true' } },
  judges: true,
  traits: { ownsDeadline: true },
  preparation: { load: loadRedisClient },
  async run(config, io) {
    const { key, ttl } = config;
    const text = writeValue((config.value ?? null) as Value, 'value');
    const expiry = ttl === undefined ? [] : ['PX', String(Math.max(1, Math.ceil(ttl)))];
    await sendCommand(['SET', key, text, ...expiry], config, io);
    return { result: { ok: true }, summary: ttl === undefined ? 'OK' : `OK, expires in ${formatDuration(ttl)}` };
  },
};
