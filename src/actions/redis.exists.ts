import * as z from 'zod/mini';
import { loadRedisClient } from '../drivers/redis/redis.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { countOf } from '../util/count.ts';
import { foreseeCount } from './redis/foresight.ts';
import { checkRedisPlace, REDIS_CONNECTION, REDIS_DEFAULTS, redisKeys, redisPlace } from './redis/redis-settings.ts';
import { readCount } from './redis/reply.ts';
import { sendCommand } from './redis/send-command.ts';

const settings = z.strictObject({ ...redisPlace, key: redisKeys() });

/** Whether keys of Redis are there: `exists` when all of them are, `count` how many. */
export const redisExists: ActionDefinition<z.output<typeof settings>> = {
  name: 'redis.exists',
  summary: 'Checks whether a key of Redis exists, or all of several',
  settings: { schema: settings, connection: REDIS_CONNECTION, defaults: REDIS_DEFAULTS, check: checkRedisPlace },
  result: { keys: { exists: 'bool', count: 'number' }, example: 'exists' },
  judges: false,
  traits: { isLook: true, ownsDeadline: true, foresee: foreseeCount('count') },
  preparation: { load: loadRedisClient },
  async run(config, io) {
    const keys = [...new Set([config.key].flat())];
    const count = readCount(await sendCommand(['EXISTS', ...keys], config, io));
    const exists = count === keys.length;
    const isPart = count > 0 && !exists;
    const denied = {
      exists: () => `${count} of ${countOf(keys.length, 'key')} is there: \`count == 0\` says that none is`,
    };
    const one = exists ? 'there' : 'no such key';
    return {
      result: { exists, count },
      summary: keys.length === 1 ? one : `${count} of ${countOf(keys.length, 'key')} there`,
      ...(isPart && { denied }),
    };
  },
};
