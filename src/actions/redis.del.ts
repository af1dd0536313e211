import * as z from 'zod/mini';
import { loadRedisClient } from '../drivers/redis/redis.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { countOf } from '../util/count.ts';
import { foreseeCount } from './redis/foresight.ts';
import { checkRedisPlace, REDIS_CONNECTION, REDIS_DEFAULTS, redisKeys, redisPlace } from './redis/redis-settings.ts';
import { readCount } from './redis/reply.ts';
import { sendCommand } from './redis/send-command.ts';

const settings = z.strictObject({ ...redisPlace, key: redisKeys() });

/** Removes keys of Redis; those that are not there are no error. */
export const redisDel: ActionDefinition<z.output<typeof settings>> = {
  name: 'redis.del',
  summary: 'Removes one key of Redis, or several',
  settings: { schema: settings, connection: REDIS_CONNECTION, defaults: REDIS_DEFAULTS, check: checkRedisPlace },
  result: { keys: { deleted: 'number', ok: 'true' }, example: 'deleted == 1' },
  judges: true,
  traits: { ownsDeadline: true, foresee: foreseeCount('deleted') },
  preparation: { load: loadRedisClient },
  async run(config, io) {
    const deleted = readCount(await sendCommand(['DEL', ...[config.key].flat()], config, io));
    return { result: { deleted, ok: true }, summary: `${countOf(deleted, 'key')} deleted` };
  },
};
