import * as z from 'zod/mini';
import { readRedisAddress } from '../../drivers/redis/redis-address.ts';
import type { ConfigFinding, DefaultSettings, NamedConnection } from '../../model/action/settings.ts';
import { timeLimit } from '../../model/settings.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';

/** The settings by which every Redis action finds its server. */
export const redisPlace = {
  connection: z.optional(z.string()),
  url: z.optional(z.string()),
  host: z.optional(z.string()),
  port: z.optional(z.union([z.int(), z.string()])),
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  db: z.optional(z.union([z.int(), z.string()])),
  timeout: z.optional(timeLimit()),
};

/** By its name, a connection of testmesh.yaml gives the address. */
export const REDIS_CONNECTION: NamedConnection = { setting: 'connection', gives: ['url'], any: 'redis://localhost' };

/** Who says which server says how one gets in, too. */
export const REDIS_DEFAULTS: DefaultSettings = {
  group: 'redis',
  together: [['url', 'host', 'port', 'username', 'password', 'db']],
};

/** One key, or several. */
export function redisKeys() {
  return z.union([z.string(), z.array(z.string()).check(z.minLength(1))]);
}

export interface RedisPlaceSettings {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly db?: number | string | undefined;
  readonly timeout?: number | undefined;
}

/** What can be said about the place before the run. */
export function checkRedisPlace(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const { url, host } = authored;
  const about = { severity: 'error', code: 'TM361' } as const;
  if (url === undefined && host === undefined)
    return [
      {
        ...about,
        path: [],
        message: 'a Redis action needs `url` or `host`',
        help: ['write `url: redis://localhost:6379/0`'],
      },
    ];
  if (url !== undefined && host !== undefined)
    return [
      { ...about, path: ['host'], isKey: true, message: '`url` already holds the host: write one of `url` and `host`' },
    ];
  const place = Object.fromEntries(
    ['url', 'host', 'port', 'db'].flatMap((key) => {
      const value = authored[key];
      const isKnown = typeof value === 'number' || (typeof value === 'string' && !hasPlaceholder(value));
      return isKnown ? [[key, value]] : [];
    }),
  );
  const read = readRedisAddress(place);
  if ('address' in read) return [];
  return [{ ...about, path: [read.setting], message: read.mistake, help: read.help }];
}
