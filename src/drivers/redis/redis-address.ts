import { ESCAPES_HELP, explainRawPassword } from '../../util/raw-password.ts';
import { decode, parseUrl } from '../database-url.ts';
import { namePeer } from '../peer.ts';

/** Where a Redis server is and how to get in. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: number;
  readonly isTls: boolean;
}

/** Why settings are no address; `setting` is the one that is wrong. */
export interface RedisMistake {
  readonly setting: 'url' | 'port' | 'db';
  readonly mistake: string;
  readonly help: readonly string[];
}

export interface RedisPlace {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly db?: number | string | undefined;
}

export const REDIS_EXAMPLE = 'redis://user:password@host:6379/0';

/** Reads a URL (`redis://`, `rediss://` for TLS) or host and port; mistakes never hold the password. */
export function readRedisAddress(place: RedisPlace): { readonly address: RedisAddress } | RedisMistake {
  if (place.url !== undefined) return readUrl(place.url, place);
  const port = readWhole(place.port ?? 6379, 65_535);
  if (port === undefined)
    return { setting: 'port', mistake: `\`port\`: expected a number from 0 to 65535, got \`${place.port}\``, help: [] };
  return withDatabase(place, {
    host: place.host ?? 'localhost',
    port,
    user: place.username ?? '',
    password: place.password ?? '',
    database: 0,
    isTls: false,
  });
}

/** `localhost:6379`, with the database behind it when it is not the first. */
export function nameRedis(address: RedisAddress): string {
  return `${namePeer(address)}${address.database === 0 ? '' : `/${address.database}`}`;
}

function readUrl(text: string, place: RedisPlace): { readonly address: RedisAddress } | RedisMistake {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const help = [`write \`${REDIS_EXAMPLE}\``];
  if (scheme !== 'redis' && scheme !== 'rediss') {
    const got = scheme === undefined ? 'a text without a scheme' : `\`${scheme}://\``;
    return { setting: 'url', mistake: `\`url\`: expected \`redis://\` or \`rediss://\`, got ${got}`, help };
  }
  const url = parseUrl(text);
  if (!url) {
    const mistake = `\`url\` is not a valid URL${explainRawPassword(text)}`;
    return { setting: 'url', mistake, help: [...help, ESCAPES_HELP] };
  }
  const path = url.pathname.replace(/^\//, '');
  const database = readWhole(path === '' ? 0 : path, Number.MAX_SAFE_INTEGER);
  if (database === undefined)
    return {
      setting: 'url',
      mistake: `\`url\`: expected the number of a database after the \`/\`, got \`${path}\``,
      help,
    };
  return withDatabase(place, {
    host: decode(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(url.port || 6379),
    user: place.username ?? decode(url.username),
    password: place.password ?? decode(url.password),
    database,
    isTls: scheme === 'rediss',
  });
}

function withDatabase({ db }: RedisPlace, address: RedisAddress): { readonly address: RedisAddress } | RedisMistake {
  if (db === undefined) return { address };
  const database = readWhole(db, Number.MAX_SAFE_INTEGER);
  if (database === undefined)
    return { setting: 'db', mistake: `\`db\`: expected the number of a database, got \`${db}\``, help: [] };
  return { address: { ...address, database } };
}

function readWhole(value: number | string, max: number): number | undefined {
  const number = typeof value === 'string' && !/^\d+$/.test(value.trim()) ? Number.NaN : Number(value);
  return Number.isInteger(number) && number >= 0 && number <= max ? number : undefined;
}
