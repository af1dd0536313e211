import { expect, it } from 'vitest';
import { nameRedis, type RedisPlace, readRedisAddress } from '../../../src/drivers/redis/redis-address.ts';

it.each<[RedisPlace, object]>([
  [{ url: 'redis://h' }, { host: 'h', port: 6379, user: '', password: '', database: 0, isTls: false }],
  [
    { url: 'rediss://u:p%40w@[::1]:7/3' },
    { host: '::1', port: 7, user: 'u', password: 'p@w', database: 3, isTls: true },
  ],
  [
    { url: 'redis://:p@h/1', password: 'q', db: '2' },
    { password: 'q', database: 2 },
  ],
  [
    { host: 'h', port: ' 6380 ', db: 1 },
    { host: 'h', port: 6380, database: 1 },
  ],
  [{ host: 'h' }, { port: 6379 }],
  [{ url: 'redis://u:50%off@h' }, { password: '50%off' }],
])('%j is an address', (place, address) => {
  expect(readRedisAddress(place)).toMatchObject({ address });
});

it.each<[RedisPlace, string, string]>([
  [{ url: 'http://u:secret@h' }, 'url', '`url`: expected `redis://` or `rediss://`, got `http://`'],
  [{ url: 'secret@h:1' }, 'url', '`url`: expected `redis://` or `rediss://`, got a text without a scheme'],
  [{ url: 'redis://u:a@b/c@h/0' }, 'url', '`url` is not a valid URL: the password in it has to be percent-encoded'],
  [{ url: 'redis://u:/secret@h' }, 'url', '`url` is not a valid URL: the password in it has to be percent-encoded'],
  [{ url: 'redis://u@h:port' }, 'url', '`url` is not a valid URL'],
  [{ url: 'redis://h/x' }, 'url', '`url`: expected the number of a database after the `/`, got `x`'],
  [{ host: 'h', port: '6379x' }, 'port', '`port`: expected a number from 0 to 65535, got `6379x`'],
  [{ host: 'h', db: -1 }, 'db', '`db`: expected the number of a database, got `-1`'],
])('%j is a mistake', (place, setting, mistake) => {
  expect(readRedisAddress(place)).toMatchObject({ setting, mistake });
});

it('is named without the password', () => {
  const read = readRedisAddress({ url: 'redis://u:secret@h:1/2' });
  expect('address' in read && nameRedis(read.address)).toBe('h:1/2');
});
